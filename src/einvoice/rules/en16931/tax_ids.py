# SPDX-License-Identifier: Apache-2.0
"""By which tax numbers the parties are known: what the VAT rules 02 to 04 of each category ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, Self

if TYPE_CHECKING:
    from einvoice.model import Reading


_SELLERS_NUMBER: Final = "/ram:SellerTradeParty/ram:SpecifiedTaxRegistration"


class Known(Protocol):
    """By which tax numbers the parties are known."""

    @property
    def seller_vat(self) -> bool:
        """Whether the seller has a VAT identifier (BT-31)."""
        ...

    @property
    def seller_other(self) -> bool:
        """Whether the seller has another tax number (BT-32)."""
        ...

    @property
    def representative_vat(self) -> bool:
        """Whether the seller's tax representative has a VAT identifier (BT-63)."""
        ...

    @property
    def buyer_vat(self) -> bool:
        """Whether the buyer has a VAT identifier (BT-48)."""
        ...

    @property
    def buyer_legal(self) -> bool:
        """Whether the buyer has a legal registration identifier (BT-47)."""
        ...


class TaxIds:
    """The tax numbers of an invoice (a view, see ``rules.registry``). A number counts when it is there, even empty."""

    def __init__(self, reading: Reading) -> None:
        self._invoice = reading.invoice
        self._again = {
            remark.value
            for remark in reading.remarks
            if remark.path.endswith("/ram:ID/@schemeID") and _SELLERS_NUMBER in remark.path
        }
        self._only_fc = reading.syntax == "cii"

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Look at the parties of an invoice.

        Args:
            reading: what was read.
        """
        return cls(reading)

    @property
    def seller_vat(self) -> bool:
        """Whether the seller has a VAT identifier (BT-31)."""
        seller = self._invoice.seller
        return seller is not None and seller.vat_identifier is not None

    @property
    def seller_other(self) -> bool:
        """Whether the seller has another tax number (BT-32): in UBL of any scheme, in CII of the scheme FC.

        A number beyond the first has no place in the model; it is among the remarks. An empty number is none in UBL,
        which may name a tax scheme without a number.
        """
        if "FC" in self._again:
            return True
        seller = self._invoice.seller
        number = None if seller is None else seller.tax_registration_identifier
        if number is None:
            return False
        return number.scheme == "FC" if self._only_fc else bool(number.value)

    @property
    def representative_vat(self) -> bool:
        """Whether the seller's tax representative has a VAT identifier (BT-63)."""
        representative = self._invoice.seller_tax_representative
        return representative is not None and representative.vat_identifier is not None

    @property
    def buyer_vat(self) -> bool:
        """Whether the buyer has a VAT identifier (BT-48)."""
        buyer = self._invoice.buyer
        return buyer is not None and buyer.vat_identifier is not None

    @property
    def buyer_legal(self) -> bool:
        """Whether the buyer has a legal registration identifier (BT-47)."""
        buyer = self._invoice.buyer
        number = None if buyer is None else buyer.legal_registration_identifier
        return number is not None and number.value is not None
