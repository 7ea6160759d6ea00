# SPDX-License-Identifier: Apache-2.0
"""The places of an invoice that state a VAT category, each with its rate, its amount and its tax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from einvoice.rules.rows import WHITE

if TYPE_CHECKING:
    from decimal import Decimal

    from einvoice.model import (
        DocumentLevelAllowance,
        DocumentLevelCharge,
        InvoiceLine,
        InvoiceLineAllowance,
        InvoiceLineCharge,
        VatBreakdown,
    )
    from einvoice.model.extensions import LineTaxPart

    Stated = tuple[Decimal | None, Decimal | None, str | None]
    """A rate in percent, an amount, and which tax it is, where the source says another than VAT."""


class Use:
    """One place that states a VAT category.

    Attributes:
        path: where in the model.
        code: the category, in the form that the tests compare; ``None`` if none is stated.
        raw: the same as it is written.
        thing: the group that states it.
        rate: the rate in percent.
        amount: the amount that is taxed.
        scheme: which tax it is, where the source says another than VAT.
        vat: whether the tax is VAT.
        stands: whether it is known that an element for the category is there, although it states none.
    """

    __slots__ = ("amount", "code", "path", "rate", "raw", "scheme", "stands", "thing", "vat")

    def __init__(
        self,
        path: str,
        code: str | None,
        thing: Any,  # noqa: ANN401 -- of several classes
        stated: Stated,
        *,
        exact: bool,
        stands: bool = True,
    ) -> None:
        """Note what is stated.

        Args:
            path: see above.
            code: the category as it is stated.
            thing: see above.
            stated: rate, amount and scheme.
            exact: whether the tests compare texts as they stand, blanks and all.
            stands: see above.
        """
        self.path, self.thing, self.stands, self.raw = path, thing, stands, code
        self.code = code if code is None or exact else code.strip(WHITE)
        self.rate, self.amount, scheme = stated
        self.scheme = scheme
        self.vat = scheme is None or (scheme if exact else scheme.strip(WHITE)).upper() == "VAT"

    @property
    def trimmed_vat(self) -> bool:
        """Whether the tax is VAT for the one test of CII that does not mind white space around it (BR-CO-17)."""
        scheme = self.scheme
        return scheme is None or scheme.strip(WHITE).upper() == "VAT"


def on_document(path: str, thing: DocumentLevelAllowance | DocumentLevelCharge, *, exact: bool) -> Use:
    """An allowance or a charge of the document (BT-92, BT-95, BT-96; BT-99, BT-102, BT-103).

    Args:
        path: where in the model.
        thing: the allowance or the charge.
        exact: see :class:`Use`.
    """
    more = thing.extension
    stated = thing.vat_rate, thing.amount, None if more is None else more.tax_scheme_identifier
    return Use(path, thing.vat_category_code, thing, stated, exact=exact, stands=False)


def on_line(path: str, line: InvoiceLine, *, exact: bool) -> Use:
    """A line with its net amount (BT-131, BT-151, BT-152); one that says nothing of VAT has no tax.

    Args:
        path: where in the model.
        line: the line.
        exact: see :class:`Use`.
    """
    vat = line.vat_information
    if vat is None:
        return Use(path, None, line, (None, line.net_amount, ""), exact=exact)
    return Use(path, vat.category_code, line, (vat.rate, line.net_amount, vat.tax_scheme_identifier), exact=exact)


def in_breakdown(path: str, one: VatBreakdown | LineTaxPart, *, exact: bool) -> Use:
    """A VAT breakdown with its taxable amount (BT-116, BT-118, BT-119), also one within a line.

    Args:
        path: where in the model.
        one: the breakdown.
        exact: see :class:`Use`.
    """
    return Use(path, one.category_code, one, (one.rate, one.taxable_amount, one.tax_scheme_identifier), exact=exact)


def beside_line(path: str, one: InvoiceLineAllowance | InvoiceLineCharge, *, exact: bool) -> list[Use]:
    """The category of an allowance or a charge on a line, which UBL allows and EN 16931 does not know; if it has one.

    Args:
        path: where in the model.
        one: the allowance or the charge.
        exact: see :class:`Use`.
    """
    more = one.extension
    if more is None:
        return []
    stated = more.vat_rate, one.amount, more.tax_scheme_identifier
    return [Use(path, more.vat_category_code, one, stated, exact=exact, stands=False)]


def again(first: Use, code: str | None, rate: Decimal | None, scheme: str, *, exact: bool) -> Use:
    """A category that stands beside the first one of a line, an allowance or a charge.

    Args:
        first: the place of the first.
        code: the category.
        rate: its rate in percent.
        scheme: which tax it is.
        exact: see :class:`Use`.
    """
    return Use(first.path, code, first.thing, (rate, first.amount, scheme), exact=exact)
