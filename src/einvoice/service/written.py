# SPDX-License-Identifier: Apache-2.0
"""An invoice that never was XML, written so that rules about elements can be asked, and the way back into the model.

The paths of such a document would lead nowhere: nobody has it. A place in it is told as the place in the model that is
written there; where something is missing, as the place in the model where it belongs.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from msgspec import structs

from einvoice import profiles
from einvoice.bind import open_document, write
from einvoice.bind.losses import leaves
from einvoice.errors import EinvoiceError
from einvoice.model import Invoice, fields_of
from einvoice.rules.findings import Finding, Undetermined
from einvoice.rules.places import generic, paths_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from einvoice.bind import Document

Family = Literal["ubl", "cii"]
FAMILIES: Final[tuple[Family, ...]] = ("ubl", "cii")
T = TypeVar("T", Finding, Undetermined)
_LAST: Final = re.compile(r"(/@?[^/]+)$")


class Written:
    """An invoice as it is written, in each syntax once.

    Args:
        invoice: the invoice.

    Attributes:
        why: why it cannot be written in a syntax, in one sentence; empty if it can.
    """

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.why = ""
        self._documents: dict[Family, Document | None] = {}
        self._places: dict[Family, dict[str, str]] = {}

    def document(self, family: Family) -> Document | None:
        """The invoice in a syntax; ``None`` if it cannot be written.

        Args:
            family: ``ubl`` (BT-3 decides between invoice and credit note) or ``cii``.
        """
        if family not in self._documents:
            try:
                self._documents[family] = open_document(write(self.invoice, family))
            except EinvoiceError as error:
                self._documents[family] = None
                self.why = f"the invoice cannot be written as {family.upper()}: {error}"
        return self._documents[family]

    def in_model(self, one: T, family: Family) -> T:
        """A finding about an element of the document, as one about the place in the model that is written there.

        Args:
            one: the finding; one that has a place in the model keeps it.
            family: the syntax that it was found in.
        """
        if one.location is None or one.model_path:
            return one
        return structs.replace(one, model_path=self._place(one.location, one.terms, family), location=None, line=None)

    def _place(self, location: str, terms: tuple[str, ...], family: Family) -> str:
        places = self._known(family)
        while location and location not in places:
            location = _LAST.sub("", location)
        return _refined(places.get(location, ""), terms)

    def _known(self, family: Family) -> dict[str, str]:
        """Where values and groups of the model stand in the document, by path; of several at a path the first."""
        if family not in self._places:
            document = self.document(family)
            found: dict[str, str] = {}
            if document is not None:
                located = ((document.locate(path), path) for path in self._paths())
                for place, path in located:
                    if place is not None and place.exact:
                        found.setdefault(place.path, path)
            self._places[family] = found
        return self._places[family]

    def _paths(self) -> dict[str, None]:
        """Every value and group of the model: groups before what is in them."""
        found: dict[str, None] = {}
        for leaf in leaves(self.invoice):
            steps = leaf.path.split(".")
            found.update(dict.fromkeys(".".join(steps[: count + 1]) for count in range(len(steps))))
        return found


def home(known: Collection[Collection[Family]], profile: str | None) -> Family:
    """The syntax that an invoice without one is judged in by packs that know both.

    Args:
        known: the syntaxes of each pack.
        profile: its specification identifier (BT-24).

    Returns:
        UBL; or CII, if a pack knows CII only or the specification exists in CII only, and no pack knows UBL only.
    """
    only = {family for some in known if len(some) == 1 for family in some}
    row = profiles.find(profile)
    to_cii = "cii" in only or (row is not None and row.syntaxes == profiles.CII)
    return "cii" if to_cii and "ubl" not in only else "ubl"


def _refined(place: str, terms: tuple[str, ...]) -> str:
    """A place in the model, or that of a term below it where only one can be meant."""
    above = generic(place)
    steps = above.count(".") + 1 if above else 0
    for path in (path for term in terms for path in _paths_of(term)):
        if path == above:
            return place
        if (not above or path.startswith(f"{above}.")) and _single(path, steps):
            return place + path[len(above) :]
    return place


@cache
def _paths_of(term: str) -> tuple[str, ...]:
    try:
        return paths_of(term)
    except LookupError:
        return ()


@cache
def _single(path: str, steps: int) -> bool:
    """Whether no field of a path holds several values, but for its first steps and its last."""
    cls: type = Invoice
    names = path.split(".")
    for place, name in enumerate(names):
        info = fields_of(cls).get(name)
        if info is None or (info.repeats and steps <= place < len(names) - 1):
            return False
        cls = info.value_type
    return True
