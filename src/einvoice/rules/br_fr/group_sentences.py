# SPDX-License-Identifier: Apache-2.0
"""What the rules about groups of lines (BR-FR-MV, BR-FR-BD) demand, in both syntaxes."""

from __future__ import annotations

from typing import Final

KIND: Final = "Each line says what it is in its group (EXT-FR-FE-163): GROUP, DETAIL or INFORMATION."
NAME: Final = "A group of lines names its seller (EXT-FR-FE-164)."
LEGAL: Final = "A group of lines states the legal identifier of its seller (EXT-FR-FE-167)."
COUNTRY: Final = "A group of lines states the country of its seller (EXT-FR-FE-177)."
VAT: Final = "A group of lines states its VAT in the invoice currency (EXT-FR-FE-181)."
VAT_ACCOUNTED: Final = (
    "A group of lines states its VAT in the accounting currency too, where there is one (EXT-FR-FE-182)."
)
NUMBERED: Final = "A group of lines states the number of its invoice (BT-128, scheme AFL)."
FRAMED: Final = "A group of lines states its own framework (BT-128, scheme AVV), which is none of several sellers."
SAME_SELLER: Final = "A line states the legal identifier of its seller (EXT-FR-FE-167), the same as the line above it."
SAME_NUMBER: Final = "A line states the number of its invoice (BT-128, scheme AFL), the same as the line above it."
REASON: Final = "The reason for an exemption of a detail line begins with the number of its invoice between two #."
OF_SELLER: Final = "Of the groups of lines of the seller (BG-4), exactly one has the invoice number (BT-1) as its own."
APART: Final = "No two groups of lines have the same number (BT-128, scheme AFL)."
A_GROUP: Final = "An invoice of several sellers (BT-23: B8, S8, M8) has a group of lines that is in no other group."
NOT_SELF_BILLED: Final = "An invoice of several sellers (BT-23: B8, S8, M8) is not self-billed (BT-3)."
PRECEDED: Final = (
    "A group of a corrected invoice of several sellers has the number of a preceding invoice (EXT-FR-FE-136)."
)
PRECEDED_DATED: Final = (
    "A group of a corrected invoice of several sellers has the date of a preceding invoice (EXT-FR-FE-138)."
)
TWO_GROUPS: Final = (
    "An invoice that goes both ways (BT-23: B9, S9, M9) has two groups of lines that are in no other group."
)
OWN_GROUP: Final = (
    "One group of an invoice that goes both ways is the seller's, by its legal identifier (EXT-FR-FE-167)."
)
BUYERS_GROUP: Final = (
    "One group of an invoice that goes both ways is the buyer's, by its legal identifier (EXT-FR-FE-167)."
)
SELF_BILLED: Final = "An invoice that goes both ways (BT-23: B9, S9, M9) is self-billed (BT-3)."
PRECEDED_BOTH: Final = (
    "A group of a corrected invoice that goes both ways has the number of a preceding invoice (EXT-FR-FE-136)."
)
PRECEDED_BOTH_DATED: Final = (
    "A group of a corrected invoice that goes both ways has the date of a preceding invoice (EXT-FR-FE-138)."
)
