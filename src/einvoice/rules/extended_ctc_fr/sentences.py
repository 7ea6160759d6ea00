# SPDX-License-Identifier: Apache-2.0
"""What rows demand, where that can be said better than the row says it; those of EN 16931 keep their sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.rules.extended_ctc_fr.code_lists import UNNAMED

if TYPE_CHECKING:
    from einvoice.rules.registry import Family

_COUNTED: Final = "Each line that does not group others, and does not only inform,"
_NAME: Final = "Each characteristic of an item has a name, or a code for its kind."
_VALUE: Final = "Each characteristic of an item has a value, or a measure with its unit, and not both."

SENTENCES: Final[dict[Family, dict[tuple[str, str], str]]] = {
    "ubl": {
        ("BR-55", "some"): "Each preceding invoice has its number.",
        ("BR-FREXT-54-1", "true"): _NAME,
        ("BR-FREXT-54-2", "true"): _VALUE,
    },
    "cii": {
        ("BR-45", "some"): "Each VAT breakdown has a taxable amount.",
        ("BR-46", "some"): "Each VAT breakdown has a tax amount.",
        ("BR-47", "true"): "Each VAT breakdown has a VAT category.",
        ("BR-48", "true"): "Each VAT breakdown has a rate, unless it is not subject to VAT (O).",
        ("BR-CO-03", "true"): "The tax point is stated as a date or as a code, not as both.",
        ("BR-DEC-19", "decimals 2"): "The taxable amount of a VAT category has at most two decimals.",
        ("BR-DEC-20", "decimals 2"): "The tax amount of a VAT category has at most two decimals.",
        ("BR-FREXT-BR-22", "some"): f"{_COUNTED} has an invoiced quantity.",
        ("BR-FREXT-BR-23", "some"): f"{_COUNTED} has a unit for its quantity.",
        ("BR-FREXT-BR-24", "some"): f"{_COUNTED} has a net amount.",
        ("BR-FREXT-BR-26", "some"): f"{_COUNTED} has the net price of its item.",
        ("BR-FREXT-CO-04", "some"): f"{_COUNTED} has a VAT category.",
        ("BR-FREXT-BR-38", "true"): "Each document level charge has a reason or its code.",
        ("BR-FREXT-BR-44", "true"): "Each charge on a line has a reason or its code.",
        ("BR-FREXT-54-1", "true"): _NAME,
        ("BR-FREXT-54-2", "true"): _VALUE,
        ("CII-EXT-DT-018", "true"): "A reference has a type if it is to an earlier invoice, or to a further document"
        " (50, 130, 916).",
        ("CII-FREXT-DT-024", "true"): "A reference has a scheme for its number (ram:ReferenceTypeCode) if it is to the"
        " contract, or to the invoiced object (130).",
        ("CII-FREXTDT-027", "true"): "A reference has a date if it is to an earlier invoice, the contract, the order or"
        " the despatch advice.",
        (UNNAMED, "true"): "Payment means for a credit transfer (30, 58) name one account: ram:IBANID or"
        " ram:ProprietaryID.",
        (UNNAMED, ""): "An item's characteristic is of a known kind, and a credit transfer (30, 58) names one account:"
        " ram:IBANID or ram:ProprietaryID.",
    },
}
"""Rule and test -> the sentence, by syntax."""
