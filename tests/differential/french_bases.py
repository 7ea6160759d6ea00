# SPDX-License-Identifier: Apache-2.0
"""Invoices between two French firms, for the rules of the French reform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.bind import open_document
from einvoice.model import Identifier, InvoiceNote
from tests.differential.bases import full, written
from tests.rules.br_fr.cases import UBL
from tests.rules.br_fr.cases_cii import CII
from tests.rules.br_fr.spoiled import SOUND
from tests.rules.extended_ctc_fr.cases import EACH
from tests.rules.extended_ctc_fr.documents import grouped, sound
from tests.rules.invoices import at, clean, in_category

if TYPE_CHECKING:
    from einvoice.bind.order import Syntax
    from einvoice.model import Invoice

EXTENDED: Final = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
_NOTES: Final = (
    ("PMT", "A fixed sum of 40 EUR is due for the costs of recovery."),
    ("PMD", "Late payment bears interest of 10 percent a year."),
    ("AAB", "No discount for early payment."),
)
_HOME: Final = {
    "process_control.business_process_type": "S1",
    "seller.legal_registration_identifier": Identifier("732829320", "0002"),
    "seller.vat_identifier": "FR44732829320",
    "seller.electronic_address": Identifier("732829320", "0225"),
    "seller.postal_address.country_code": "FR",
    "buyer.legal_registration_identifier": Identifier("552100554", "0002"),
    "buyer.electronic_address": Identifier("552100554", "0225"),
    "buyer.postal_address.country_code": "FR",
    "notes": tuple(InvoiceNote(subject_code=code, note=text) for code, text in _NOTES),
}


def documents(pack: str, syntax: Syntax) -> dict[str, bytes]:
    """The documents by name.

    Args:
        pack: ``br-fr`` or ``extended-ctc-fr``.
        syntax: the syntax.
    """
    plain: dict[str, Invoice] = {"clean": clean(), "full": full(), "category E": in_category("E", "0", taxed=False)}
    fill = _HOME | ({"process_control.specification_identifier": EXTENDED} if pack == "extended-ctc-fr" else {})
    found = {name: written(at(fill)(invoice), syntax) for name, invoice in plain.items()}
    return found | (_extended(syntax) if pack == "extended-ctc-fr" else _reformed(syntax))


def _extended(syntax: Syntax) -> dict[str, bytes]:
    """Sound invoices of the extension, and each of them broken in one place."""
    broken = {name: case.document(kind) for name, (case, kind) in EACH.items() if kind == syntax}
    return {"sound": sound(syntax), "grouped": grouped(syntax)} | broken


def _reformed(syntax: Syntax) -> dict[str, bytes]:
    """Sound invoices of the reform, groups of lines among them, and each of them broken in one place."""
    broken = {name: case.document for name, case in (CII if syntax == "cii" else UBL).items() if not case.malformed}
    texts = {name: text.encode() for name, text in (SOUND | broken).items()}
    return {name: data for name, data in texts.items() if open_document(data).syntax == syntax}
