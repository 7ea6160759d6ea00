# SPDX-License-Identifier: Apache-2.0
"""The repairs of ``einvoice fix``: a short list of what can be put right without knowing the business.

Each is declared with its id, a sentence for the user, what it cures, and the function that finds what it would
change. That a repair may suggest a change does not mean that it is made: :mod:`einvoice.service.fix` keeps it only if
judging the result shows that something is cured and nothing is worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from einvoice.service.repairs import amounts, identifiers, shape, spelling
from einvoice.service.repairs.sheet import LeftAlone, Sheet, Suggestion


class Kind(Struct, frozen=True):
    """One repair.

    Attributes:
        id: its name, a contract.
        sentence: what it does, for the user.
        cures: the rules whose findings it is for, as a user would name them; what it cured is told for each document.
        suggest: finds what it would change in a document.
    """

    id: str
    sentence: str
    cures: str
    suggest: Callable[[Sheet], Iterator[Suggestion | LeftAlone]]


KINDS: Final = (
    Kind(
        "element-order", "Put elements into the order of the official schema.", "the schema (XSD)", shape.element_order
    ),
    Kind(
        "white-space",
        "Remove blanks around a code, an identifier, a number or a day, and within an IBAN.",
        "the schema (XSD), BR-CL-*, BR-CO-09, BR-DE-19 and others",
        spelling.white_space,
    ),
    Kind(
        "code-case",
        "Write a code in the letters of its list, and a VAT number in capitals.",
        "BR-CL-*, BR-CO-09 and others",
        spelling.code_case,
    ),
    Kind(
        "number-notation",
        "Write a number as the schema takes it, where it can be read in one way only.",
        "the schema (XSD), and what was undetermined",
        spelling.number_notation,
    ),
    Kind(
        "date-form",
        "Write a day as the syntax takes it, where it can be read in one way only.",
        "the schema (XSD), BR-03, CII-DT-*",
        spelling.date_form,
    ),
    Kind("truth-value", "Write true or false as the schema takes it.", "the schema (XSD)", spelling.truth_value),
    Kind(
        "scheme",
        "Name the scheme of an electronic address or a tax registration that follows from its value.",
        "BR-62, BR-63, BR-CO-26 and others",
        identifiers.scheme,
    ),
    Kind(
        "vat-scheme",
        "Say that a VAT category or a VAT number is one of VAT.",
        "the schema (XSD), BR-CO-18, BR-47 and others",
        shape.vat_scheme,
    ),
    Kind(
        "currency",
        "Write the invoice currency (BT-5) beside an amount that names none.",
        "the schema (XSD), BR-CL-03",
        shape.currency,
    ),
    Kind(
        "specification",
        "Write the specification identifier (BT-24) as its publisher does.",
        "BR-DE-21, PEPPOL-EN16931-R004 and others",
        identifiers.specification,
    ),
    Kind(
        "process",
        "State the business process (BT-23), where the specification has only one.",
        "PEPPOL-EN16931-R001",
        identifiers.process,
    ),
    Kind(
        "decimals",
        "Write an amount with two decimals: without zeros behind them, or rounded if it is computed.",
        "BR-DEC-*",
        amounts.decimals,
    ),
    Kind(
        "totals",
        "Set a total that is off by a rounding to what follows from the stated amounts.",
        "BR-CO-10 to BR-CO-17, BR-S-08 and its sisters, PEPPOL-EN16931-R120",
        amounts.totals,
    ),
)
"""The repairs, in the order in which they are tried."""
