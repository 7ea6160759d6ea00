# SPDX-License-Identifier: Apache-2.0
"""Which terms a mapping and a seller profile have to say between them, by the specification that invoices shall obey.

What follows from the rest of an invoice (totals, VAT breakdown) is computed and not in the lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.importers.required import MANDATORY_GROUPS, REQUIRED
from einvoice.importers.targets import described

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class Need(Struct, frozen=True):
    """Something that a specification asks for.

    Attributes:
        paths: the terms of which one is enough, as model paths without indices.
        rule: the rule, or the cardinality, that asks.
    """

    paths: tuple[str, ...]
    rule: str

    def met(self, said: Collection[str]) -> bool:
        """Whether one of its terms, or a part of one, is said."""
        return any(path == one or one.startswith(f"{path}.") for path in self.paths for one in said)

    def __str__(self) -> str:
        return f"{' or '.join(described(path) for path in self.paths)} ({self.rule})"


def _core() -> tuple[Need, ...]:
    asked = [
        Need(tuple(f"{group}.{name}" if group else name for name in names), "EN 16931-1, mandatory")
        for group, alternatives in REQUIRED.items()
        if group in MANDATORY_GROUPS
        for names in alternatives
    ]
    return (
        *asked,
        Need(("seller.identifiers", "seller.legal_registration_identifier", "seller.vat_identifier"), "BR-CO-26"),
        Need(("payment_due_date", "payment_terms"), "BR-CO-25, where an amount is due"),
    )


CORE: Final = _core()
_ADDRESSES: Final = (
    Need(("seller.electronic_address",), "PEPPOL-EN16931-R020"),
    Need(("buyer.electronic_address",), "PEPPOL-EN16931-R010"),
)
_PEPPOL: Final = (
    *_ADDRESSES,
    Need(("process_control.business_process_type",), "PEPPOL-EN16931-R001; --profile sets it"),
    Need(("buyer_reference", "purchase_order_reference"), "PEPPOL-EN16931-R003"),
)
_GERMAN: Final = (
    *_ADDRESSES,
    Need(("process_control.business_process_type",), "PEPPOL-EN16931-R001; --profile sets it"),
    Need(("payment_instructions.means.type_code",), "BR-DE-1"),
    Need(("seller.postal_address.city",), "BR-DE-3"),
    Need(("seller.postal_address.post_code",), "BR-DE-4"),
    Need(("seller.contact.contact_point",), "BR-DE-2, BR-DE-5"),
    Need(("seller.contact.telephone_number",), "BR-DE-2, BR-DE-6"),
    Need(("seller.contact.email_address",), "BR-DE-2, BR-DE-7"),
    Need(("buyer.postal_address.city",), "BR-DE-8"),
    Need(("buyer.postal_address.post_code",), "BR-DE-9"),
    Need(("buyer_reference",), "BR-DE-15"),
)
_HEADER: Final = tuple(need for need in CORE if not need.paths[0].startswith("lines"))
_MINIMUM: Final = ("number", "issue_date", "type_code", "currency_code", "process_control", "seller.name", "buyer.name")

NEEDS: Final[dict[str, tuple[Need, ...]]] = {
    "EN 16931": CORE,
    "Peppol BIS Billing": (*CORE, *_PEPPOL),
    "XRechnung": (*CORE, *_GERMAN),
    "Factur-X MINIMUM": (
        *(need for need in CORE if need.paths[0].startswith(_MINIMUM)),
        Need(("seller.postal_address.country_code",), "EN 16931-1, mandatory"),
    ),
    "Factur-X BASIC WL": _HEADER,
    "Factur-X BASIC": CORE,
    "Factur-X EN 16931": CORE,
    "Factur-X EXTENDED": CORE,
}
"""What each specification asks for: EN 16931-1 table 2; Peppol BIS Billing 3.0; XRechnung 3.0; Factur-X 1.0."""


def lacking(said: Collection[str]) -> Iterator[tuple[str, tuple[Need, ...]]]:
    """What is not said, by specification.

    Args:
        said: the model paths that a mapping and a profile say.
    """
    for name, needs in NEEDS.items():
        yield name, tuple(need for need in needs if not need.met(said))
