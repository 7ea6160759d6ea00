# SPDX-License-Identifier: Apache-2.0
"""Invoices for property tests.

``invoices()`` is whatever the model can hold, good or bad, built from the definitions of its structs. A struct is
given a few of its fields at a time, so that examples stay small; over many examples every field comes up.

``plausible_invoices()`` are invoices as the core of EN 16931 wants them: complete, and their figures right.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from einvoice.model import (
    Buyer,
    BuyerPostalAddress,
    CreditTransfer,
    DeliverToAddress,
    DeliveryInformation,
    DocumentLevelAllowance,
    DocumentLevelCharge,
    DocumentTotals,
    Identifier,
    Invoice,
    InvoiceLine,
    InvoiceLineAllowance,
    InvoiceLineCharge,
    InvoiceNote,
    InvoicingPeriod,
    ItemInformation,
    LineVatInformation,
    PaymentInstructions,
    PaymentMeans,
    PrecedingInvoiceReference,
    PriceDetails,
    ProcessControl,
    Seller,
    SellerContact,
    SellerPostalAddress,
    VatBreakdown,
    fields_of,
)
from einvoice.model.calculate import calculate

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy
    from msgspec import Struct

MOST_DIGITS: Final = 40
DEPTH: Final = 6
REPEATED_AT_MOST: Final = 3
FIELDS_AT_MOST: Final = (10, 6, 4, 3)  # at the top, one level down ...; the last holds for everything deeper

XML_CHARACTERS: Final = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.sampled_from("\t\n\r\u00a0\u200b\u2028\ufeff"),
    st.characters(min_codepoint=0xA0, max_codepoint=0xD7FF),
    st.characters(min_codepoint=0xE000, max_codepoint=0xFFFD),
    st.characters(min_codepoint=0x10000, max_codepoint=0x10FFFF),
)


def xml_text(*, min_size: int = 1, max_size: int = 12) -> SearchStrategy[str]:
    """Text of characters that XML 1.0 allows, white space and markup characters among them."""
    awkward = st.sampled_from(["<a href='x'>&amp;</a>", "]]>", " padded ", "line\nline", "Ärger & Größe", "#AAI#", "𝄞"])
    return st.one_of(st.text(XML_CHARACTERS, min_size=min_size, max_size=max_size), awkward)


TEXT: Final = xml_text()


def amounts(places: int = 2, limit: int = 10**9) -> SearchStrategy[Decimal]:
    """Decimals of an everyday size with up to ``places`` decimals, negative ones and zeros with decimals included."""
    return st.builds(
        lambda units, decimals: Decimal(units).scaleb(-decimals), st.integers(-limit, limit), st.integers(0, places)
    )


def decimals() -> SearchStrategy[Decimal]:
    """Finite decimals of up to 40 digits that can be written without an exponent in 40 digits."""

    def digits(count: int) -> SearchStrategy[Decimal]:
        most = 10**count - 1
        scaled = st.tuples(st.integers(-most, most), st.integers(0, count - 1))
        return scaled.map(lambda pair: Decimal(f"{pair[0]}E-{pair[1]}"))

    return st.one_of(amounts(), amounts(places=6), st.integers(1, MOST_DIGITS).flatmap(digits))


def dates() -> SearchStrategy[date]:
    """Days from year 1 to year 9999, mostly of this century."""
    return st.one_of(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)), st.dates())


@cache
def _leaf(kind: type, text: SearchStrategy[str]) -> SearchStrategy[Any]:
    return {str: text, Decimal: decimals(), date: dates(), bytes: st.binary(max_size=24)}[kind]


@cache
def _values(cls: type[Struct], text: SearchStrategy[str], depth: int) -> dict[str, SearchStrategy[Any]]:
    """What the fields of a struct can hold; below a certain depth, only those that are no groups."""
    values: dict[str, SearchStrategy[Any]] = {}
    for name, info in fields_of(cls).items():
        if info.is_group and depth >= DEPTH:
            continue
        one = _group(info.value_type, text, depth + 1) if info.is_group else _leaf(info.value_type, text)
        values[name] = st.lists(one, min_size=1, max_size=REPEATED_AT_MOST).map(tuple) if info.repeats else one
    return values


@st.composite
def _group(draw: DrawFn, cls: type[Struct], text: SearchStrategy[str], depth: int) -> Struct:
    values = _values(cls, text, depth)
    most = FIELDS_AT_MOST[min(depth, len(FIELDS_AT_MOST) - 1)]
    names = draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=most)) if values else []
    return cls(**{name: draw(values[name]) for name in names})


def groups(cls: type[Struct], *, text: SearchStrategy[str] | None = None) -> SearchStrategy[Any]:
    """Values of one struct of the model.

    Args:
        cls: the struct, such as ``InvoiceLine``.
        text: what text fields hold; text that XML 1.0 allows, unless given.
    """
    return _group(cls, TEXT if text is None else text, 0)


def invoices(*, text: SearchStrategy[str] | None = None) -> SearchStrategy[Invoice]:
    """Invoices of any content, also bad ones: whatever the model can hold.

    Args:
        text: what text fields hold; text that XML 1.0 allows, unless given.
    """
    return groups(Invoice, text=text)


# ------------------------------------------------------------------------------------------ plausible invoices

Vat = tuple[str, str | None]

TAXED: Final[tuple[Vat, ...]] = (("S", "19"), ("S", "7"), ("S", "5.5"), ("S", "25"), ("Z", "0"))
EXEMPT: Final = {
    "E": "VATEX-EU-132",
    "AE": "VATEX-EU-AE",
    "K": "VATEX-EU-IC",
    "G": "VATEX-EU-G",
    "O": "VATEX-EU-O",
}
WORDS: Final = st.sampled_from(
    ["Müller & Söhne GmbH", 'Pump, 3/4"', "Élan S.A.S.", "Wartung <Q3>", "Łódź 7", "Service", "Ὀδυσσεύς", "Café-Bar"]
)
NUMBERS: Final = st.from_regex(r"[A-Z]{1,3}-?[0-9]{1,8}", fullmatch=True)


def maybe(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """A value or nothing."""
    return st.one_of(st.none(), values)


def positive(most: int, places: int) -> SearchStrategy[Decimal]:
    """Positive decimals with exactly so many decimals."""
    return st.integers(1, most * 10**places).map(lambda units: Decimal(units).scaleb(-places))


@st.composite
def _allowance_amounts(draw: DrawFn, money: SearchStrategy[Decimal]) -> dict[str, Any]:
    """An amount, or a base and a percentage that it follows from."""
    if draw(st.booleans()):
        return {"amount": draw(money)}
    return {"base_amount": draw(money), "percentage": draw(positive(90, 2))}


@st.composite
def _lines(draw: DrawFn, number: int, vat: Vat, money: SearchStrategy[Decimal]) -> InvoiceLine:
    price = draw(positive(2_000, draw(st.integers(0, 4))))
    discount = draw(maybe(positive(9, 2)))
    details = PriceDetails(
        item_net_price=price, item_price_base_quantity=draw(maybe(st.sampled_from([Decimal(1), Decimal(100)])))
    )
    if discount is not None:
        details = PriceDetails(item_gross_price=price + discount, item_price_discount=discount)
    allowances = draw(st.lists(_allowance_amounts(money), max_size=2))
    charges = draw(st.lists(_allowance_amounts(money), max_size=1))
    return InvoiceLine(
        identifier=str(number),
        note=draw(maybe(WORDS)),
        invoiced_quantity=draw(positive(500, draw(st.integers(0, 3)))) * draw(st.sampled_from([1, 1, 1, -1])),
        invoiced_quantity_unit_of_measure_code=draw(st.sampled_from(["C62", "HUR", "KGM", "MTR"])),
        allowances=tuple(InvoiceLineAllowance(reason="Rabatt", reason_code="95", **entry) for entry in allowances),
        charges=tuple(InvoiceLineCharge(reason="Fracht", reason_code="FC", **entry) for entry in charges),
        price_details=details,
        vat_information=LineVatInformation(category_code=vat[0], rate=None if vat[1] is None else Decimal(vat[1])),
        item_information=ItemInformation(name=draw(WORDS), sellers_identifier=draw(maybe(NUMBERS))),
    )


@st.composite
def _figures(draw: DrawFn, currency: str) -> dict[str, Any]:
    """Lines, allowances and charges of one of the VAT regimes that may stand together, totals still open."""
    money = positive(20, 0 if currency == "JPY" else 2)
    regime = draw(
        st.sampled_from([(*TAXED, ("E", "0")), TAXED, (("AE", "0"),), (("K", "0"),), (("G", "0"),), (("O", None),)])
    )
    vats = draw(st.lists(st.sampled_from(regime), min_size=1, max_size=5))
    lines = tuple(draw(_lines(number, vat, money)) for number, vat in enumerate(vats, start=1))
    on_document = {
        cls: tuple(
            cls(
                reason="as agreed",
                vat_category_code=vat[0],
                vat_rate=None if vat[1] is None else Decimal(vat[1]),
                **draw(_allowance_amounts(money)),
            )
            for vat in draw(st.lists(st.sampled_from(vats), max_size=2))
        )
        for cls in (DocumentLevelAllowance, DocumentLevelCharge)
    }
    reasons = {category: EXEMPT[category] for category, _ in vats if category in EXEMPT}
    return {
        "lines": lines,
        "document_level_allowances": on_document[DocumentLevelAllowance],
        "document_level_charges": on_document[DocumentLevelCharge],
        "vat_breakdown": tuple(
            VatBreakdown(category_code=code, exemption_reason_code=why) for code, why in reasons.items()
        ),
        "totals": DocumentTotals(paid_amount=draw(maybe(money)), rounding_amount=draw(maybe(amounts(2, 4)))),
    }


@st.composite
def _parties(draw: DrawFn, *, with_vat: bool) -> dict[str, Any]:
    return {
        "seller": Seller(
            name=draw(WORDS),
            identifiers=(Identifier("4000001123452", "0088"),),
            legal_registration_identifier=draw(maybe(st.just(Identifier("HRB 1234")))),
            vat_identifier="DE123456788" if with_vat else None,
            electronic_address=Identifier("seller@example.com", "EM"),
            postal_address=SellerPostalAddress(city=draw(WORDS), post_code="20095", country_code="DE"),
            contact=SellerContact(
                contact_point=draw(WORDS), telephone_number="+49 40 1", email_address="a@example.com"
            ),
        ),
        "buyer": Buyer(
            name=draw(WORDS),
            identifiers=draw(st.sampled_from([(), (Identifier("B-1"),)])),
            vat_identifier="FR32123456789" if with_vat else None,
            electronic_address=Identifier("buyer@example.com", "EM"),
            postal_address=BuyerPostalAddress(city=draw(WORDS), post_code="75001", country_code="FR"),
        ),
        "delivery_information": DeliveryInformation(
            actual_delivery_date=draw(st.dates(date(2020, 1, 1), date(2030, 12, 31))),
            deliver_to_address=DeliverToAddress(country_code="FR"),
        ),
    }


@st.composite
def plausible_invoices(draw: DrawFn, *, currencies: tuple[str, ...] = ("EUR", "SEK", "JPY")) -> Invoice:
    """Invoices and credit notes that are complete by EN 16931 and whose figures were computed.

    Args:
        draw: given by Hypothesis.
        currencies: the invoice currencies to draw from.
    """
    currency = draw(st.sampled_from(currencies))
    figures = draw(_figures(currency))
    other = draw(st.sampled_from([None, None, "NOK"]))
    day = draw(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
    means = PaymentMeans(
        type_code="58", credit_transfers=(CreditTransfer(payment_account_identifier="DE89370400440532013000"),)
    )
    invoice = Invoice(
        number=draw(NUMBERS),
        issue_date=day,
        type_code=draw(st.sampled_from(["380", "381", "384"])),
        currency_code=currency,
        vat_accounting_currency_code=other,
        payment_due_date=day,
        buyer_reference=draw(maybe(NUMBERS)),
        purchase_order_reference=draw(maybe(NUMBERS)),
        notes=draw(st.lists(st.builds(InvoiceNote, note=WORDS), max_size=2).map(tuple)),
        process_control=ProcessControl(specification_identifier="urn:cen.eu:en16931:2017"),
        preceding_invoice_references=(PrecedingInvoiceReference(reference="R-1", issue_date=day),),
        invoicing_period=draw(maybe(st.just(InvoicingPeriod(start_date=day, end_date=day)))),
        payment_instructions=PaymentInstructions(means=(means,), remittance_information=draw(maybe(NUMBERS))),
        **draw(_parties(with_vat=not any(entry.category_code == "O" for entry in figures["vat_breakdown"]))),
        **figures,
    )
    result = calculate(invoice, exchange_rate=Decimal("11.4321") if other else None)
    assert result.differences == ()
    return result.invoice
