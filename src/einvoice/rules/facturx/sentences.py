# SPDX-License-Identifier: Apache-2.0
"""What rows of Factur-X demand, where that can be said better than the row says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.rules.en16931 import CURRENT
from einvoice.rules.en16931.vat import AE, AF, AG, IC, E, G, O, S, Z

if TYPE_CHECKING:
    from collections.abc import Iterable

_TESTS: Final = ("some", "true", "absent", "exactly 1", "at most 1", "decimals 2", "alike trimmed", "said")
_CATEGORIES: Final = {"S": S, "Z": Z, "E": E, "AE": AE, "IC": IC, "G": G, "O": O, "AF": AF, "AG": AG}
_COUNTED: Final = "Each line that does not group others, and does not only inform,"
_NOTE: Final = "A note with a subject code has a text, or a code for it."

_OWN: Final = {
    "BR-CO-25": "If an amount is due for payment, the due date or the payment terms are stated.",
    "BR-FXEXT-01": _NOTE,
    "BR-FXEXT-02": _NOTE,
    "BR-FXEXT-03": "Nobody but the seller has a tax registration that is no VAT identifier.",
    "BR-FXEXT-06": "A line that names the line it belongs to says by a code (BT-X-8) whether it counts.",
    "BR-FXEXT-BR-22": f"{_COUNTED} has an invoiced quantity.",
    "BR-FXEXT-BR-23": f"{_COUNTED} has a unit for its quantity.",
    "BR-FXEXT-BR-24": f"{_COUNTED} has a net amount.",
    "BR-FXEXT-BR-26": f"{_COUNTED} has the net price of its item.",
    "BR-FXEXT-BR-38": "Each document level charge has a reason or its code.",
    "BR-FXEXT-BR-44": "Each charge on a line has a reason or its code.",
    "BR-FXEXT-BR-54-1": "Each characteristic of an item has a name, or a code for its kind.",
    "BR-FXEXT-BR-54-2": "Each characteristic of an item has a value, or a measure with its unit, and not both.",
    "BR-FXEXT-CO-04": f"{_COUNTED} has a VAT category.",
    "CII-SR-464": "Payment means name the payee's bank, the payer's, both or none; the published test always passes.",
    "CII-SR-470": "Payment means for a credit transfer (30, 58) name one account: ram:IBANID or ram:ProprietaryID.",
    "PEPPOL-EN16931-R008": "No element of the document is empty.",
    **{
        f"BR-FXEXT-{letters}-01": f"There is a VAT breakdown of category {category} if a line, an allowance, a charge"
        " or a logistics service charge is of that category, and only then."
        for letters, category in _CATEGORIES.items()
    },
}
UNUSED: Final = "FX-UNUSED"
"""The id of what the publisher reports without one: an element or attribute that the profile does not use."""
_UNUSED: Final = "Elements and attributes that the profile does not use are absent."


def sentences(published: Iterable[str]) -> dict[tuple[str, str], str]:
    """The sentences of the rules of a profile: those of EN 16931 for the rules that it has too, and our own.

    Args:
        published: the ids of the profile.
    """
    known = {rule.id: rule.sentence for rule in CURRENT.rules_for("cii")}
    known |= {identifier: sentence for (identifier, _), sentence in CURRENT.structure["cii"].sentences.items()}
    known |= _OWN
    told = {(name, test): known[name] for name in published if name in known for test in _TESTS}
    return told | {(UNUSED, ""): _UNUSED}
