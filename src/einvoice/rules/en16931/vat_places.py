# SPDX-License-Identifier: Apache-2.0
"""The places of an invoice that state a VAT category, each with its rate, its amount and its tax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from einvoice.rules.rows import WHITE

if TYPE_CHECKING:
    from decimal import Decimal

    from einvoice.model import VatBreakdown


class Use:
    """One place that states a VAT category: an allowance or a charge of the document.

    Attributes:
        path: where in the model.
        code: the category, in the form that the tests compare; ``None`` if none is stated.
        raw: the same as it is written.
        thing: the group that states it.
        exact: whether the tests compare texts as they stand, blanks and all.
    """

    __slots__ = ("_vat", "code", "exact", "path", "raw", "thing")
    stands = False  # whether it is known that an element for the category is there, although it states none

    def __init__(self, path: str, code: str | None, thing: Any, *, exact: bool) -> None:  # noqa: ANN401 -- of several classes
        self.path = path
        self.raw = code
        self.code = code if code is None or exact else code.strip(WHITE)
        self.thing = thing
        self.exact = exact
        self._vat: bool | None = None

    @property
    def rate(self) -> Decimal | None:
        """The rate in percent (BT-96, BT-103)."""
        rate: Decimal | None = self.thing.vat_rate
        return rate

    @property
    def amount(self) -> Decimal | None:
        """The amount without VAT (BT-92, BT-99)."""
        amount: Decimal | None = self.thing.amount
        return amount

    @property
    def scheme(self) -> str | None:
        """Which tax it is, where the source says another than VAT."""
        more = self.thing.extension
        return None if more is None else more.tax_scheme_identifier

    @property
    def vat(self) -> bool:
        """Whether the tax is VAT; every rule of a family asks."""
        if self._vat is None:
            scheme = self.scheme
            self._vat = scheme is None or (scheme if self.exact else scheme.strip(WHITE)).upper() == "VAT"
        return self._vat

    @property
    def trimmed_vat(self) -> bool:
        """Whether the tax is VAT for the one test of CII that does not mind white space around it (BR-CO-17)."""
        scheme = self.scheme
        return scheme is None or scheme.strip(WHITE).upper() == "VAT"


class LineUse(Use):
    """The VAT category of a line."""

    __slots__ = ()
    stands = True

    @property
    def rate(self) -> Decimal | None:
        """The rate in percent (BT-152)."""
        vat = self.thing.vat_information
        return None if vat is None else vat.rate

    @property
    def amount(self) -> Decimal | None:
        """The net amount of the line (BT-131)."""
        amount: Decimal | None = self.thing.net_amount
        return amount

    @property
    def scheme(self) -> str | None:
        """Which tax it is, where the source says another than VAT; a line without a category has no tax."""
        vat = self.thing.vat_information
        return "" if vat is None else vat.tax_scheme_identifier


class BreakdownUse(Use):
    """The VAT category of a VAT breakdown."""

    __slots__ = ()
    stands = True
    thing: VatBreakdown

    @property
    def rate(self) -> Decimal | None:
        """The rate in percent (BT-119)."""
        return self.thing.rate

    @property
    def amount(self) -> Decimal | None:
        """The taxable amount (BT-116)."""
        return self.thing.taxable_amount

    @property
    def scheme(self) -> str | None:
        """Which tax it is, where the source says another than VAT."""
        return self.thing.tax_scheme_identifier


class LineTaxUse(BreakdownUse):
    """The tax of one category within a line, which UBL allows and EN 16931 does not know."""

    __slots__ = ()


class OnLineUse(Use):
    """The VAT category of an allowance or a charge on a line, which UBL allows and EN 16931 does not know."""

    __slots__ = ()

    @property
    def rate(self) -> Decimal | None:
        """The rate in percent."""
        rate: Decimal | None = self.thing.extension.vat_rate
        return rate


class AgainUse(Use):
    """A VAT category that stands beside the first one of a line, an allowance or a charge."""

    __slots__ = ("_amount", "_rate", "_scheme")
    stands = True

    def __init__(self, first: Use, code: str | None, rate: Decimal | None, scheme: str) -> None:
        super().__init__(first.path, code, first.thing, exact=first.exact)
        self._amount, self._rate, self._scheme = first.amount, rate, scheme

    @property
    def rate(self) -> Decimal | None:
        """Its rate in percent."""
        return self._rate

    @property
    def amount(self) -> Decimal | None:
        """The amount of what states it."""
        return self._amount

    @property
    def scheme(self) -> str | None:
        """Which tax it is."""
        return self._scheme
