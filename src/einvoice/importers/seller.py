# SPDX-License-Identifier: Apache-2.0
"""The seller profile: what an ERP never exports, because it is the same on every invoice.

Name, address, VAT number and contact of the seller, its bank account, the specification its invoices obey. The keys
are the same as in a mapping. A profile fills what the export leaves open; where both speak and differ, that is an
error unless the profile says who wins.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice.importers.declaration import convert, read_toml
from einvoice.importers.fields import typed
from einvoice.importers.mapping import read_bytes
from einvoice.importers.targets import Branch, Grammar, described, parse
from einvoice.model import Invoice

if TYPE_CHECKING:
    from os import PathLike

    from einvoice.importers.transforms import Kind

LEAF_WORDS: Final = frozenset({"value"})
PER_INVOICE: Final = frozenset(
    {
        "number",
        "issue_date",
        "preceding_invoice_references",
        "document_level_allowances",
        "document_level_charges",
        "totals",
        "vat_breakdown",
        "lines",
    }
)


class ProfileEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A value with a word on who wins.

    Attributes:
        value: the value.
        override: ``True``: the profile wins over the export; ``False``: the export wins; ``None``: a difference is
            an error.
    """

    value: Any
    override: bool | None = None


class ProfileValue(Struct, frozen=True):
    """One value of a profile.

    Attributes:
        key: the key as the user wrote it.
        value: the value, of the type that the term needs.
        override: who wins where the export says something else; ``None`` makes a difference an error.
    """

    key: str
    value: str | Decimal | dt.date
    override: bool | None = None


class SellerProfile(Struct, frozen=True):
    """A seller profile, checked.

    Attributes:
        file: where it was loaded from.
        branch: its values; the leaves hold a :class:`ProfileValue`.
    """

    file: str
    branch: Branch


def load_seller(source: bytes | str | PathLike[str], *, name: str | None = None) -> SellerProfile:
    """Load a seller profile.

    Args:
        source: the path of the file, or its bytes.
        name: what messages call it; the path if not given.

    Raises:
        MappingError: the file cannot be read or used; the message names the key and what was probably meant.
    """
    data, file = read_bytes(source, name, "seller profile")

    def read(value: object, key: str, kind: Kind) -> ProfileValue:
        entry = convert(value, ProfileEntry, file, key) if isinstance(value, dict) else ProfileEntry(value)
        return ProfileValue(key, typed(entry.value, kind, key, file), entry.override)

    grammar = Grammar("seller profile", LEAF_WORDS, "value", read, _refuse)
    return SellerProfile(file, parse(read_toml(data, file), Invoice, "", grammar, file))


def _refuse(path: str) -> str:
    if path in PER_INVOICE:
        return f"{described(path)} differs from invoice to invoice: it comes from the export"
    if path.endswith(".attached_document"):
        return "a profile cannot hold a document"
    return ""
