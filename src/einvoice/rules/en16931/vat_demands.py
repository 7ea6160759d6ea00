# SPDX-License-Identifier: Apache-2.0
"""What VAT categories demand: which tax numbers the parties have, and which rate is stated (EN 16931-1, 6.4.2)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from msgspec import Struct

from einvoice.rules.arithmetic import is_zero, not_below_zero
from einvoice.rules.en16931.tax_ids import Known


class Demand(Struct, frozen=True):
    """Which tax numbers a category demands.

    Attributes:
        met: whether they are there.
        text: what they are, for the sentence.
        reads: the terms.
        term: the term to point at.
    """

    met: Callable[[Known], bool]
    text: str
    reads: tuple[str, ...]
    term: str = "BT-31"


def _seller(ids: Known) -> bool:
    return ids.seller_vat or ids.seller_other or ids.representative_vat


def _seller_vat(ids: Known) -> bool:
    return ids.seller_vat or ids.representative_vat


SELLER: Final = Demand(
    _seller,
    "the seller has a VAT identifier or a tax registration identifier, or its tax representative a VAT identifier",
    ("BT-31", "BT-32", "BT-63"),
)
SELLER_VAT: Final = Demand(_seller_vat, "the seller or its tax representative has a VAT identifier", ("BT-31", "BT-63"))
BOTH: Final = Demand(
    lambda ids: _seller(ids) and (ids.buyer_vat or ids.buyer_legal),
    "the seller (or its tax representative) has a tax number, and the buyer a VAT or legal registration identifier",
    ("BT-31", "BT-32", "BT-63", "BT-48", "BT-47"),
)
BOTH_VAT: Final = Demand(
    lambda ids: _seller_vat(ids) and ids.buyer_vat,
    "the seller (or its tax representative) and the buyer have VAT identifiers",
    ("BT-31", "BT-63", "BT-48"),
)
NOBODY: Final = Demand(
    lambda ids: not (_seller_vat(ids) or ids.buyer_vat),
    "neither the seller nor its tax representative nor the buyer has a VAT identifier",
    ("BT-31", "BT-63", "BT-48"),
)


class Rate(Struct, frozen=True):
    """What a rate must be.

    Attributes:
        met: whether it is so.
        text: what it must be, for the sentence.
        expected: the same as a value.
    """

    met: Callable[[Decimal | None], bool]
    text: str
    expected: str


ABOVE_ZERO: Final = Rate(lambda rate: rate is not None and rate > 0, "has a VAT rate above zero", "> 0")
NOT_NEGATIVE: Final = Rate(
    lambda rate: rate is not None and not_below_zero(rate), "has a VAT rate of zero or more", ">= 0"
)
EXACTLY_ZERO: Final = Rate(lambda rate: rate is not None and rate == 0, "has the VAT rate zero", "0")
UNSIGNED_ZERO: Final = Rate(lambda rate: rate is not None and is_zero(rate), EXACTLY_ZERO.text, "0")
NO_RATE: Final = Rate(lambda rate: rate is None, "has no VAT rate", "none")
