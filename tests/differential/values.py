# SPDX-License-Identifier: Apache-2.0
"""Texts to put into a document: right ones, and wrong ones that are wrong by a little."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from einvoice.codes import codes

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

LISTS: Final = {
    "InvoiceTypeCode": "untdid-1001-invoice",
    "CreditNoteTypeCode": "untdid-1001-credit-note",
    "DocumentCurrencyCode": "iso-4217",
    "InvoiceCurrencyCode": "iso-4217",
    "TaxCurrencyCode": "iso-4217",
    "currencyID": "iso-4217",
    "IdentificationCode": "iso-3166-1",
    "CountryID": "iso-3166-1",
    "PaymentMeansCode": "untdid-4461",
    "AllowanceChargeReasonCode": "untdid-5189",
    "ReasonCode": "untdid-7161",
    "TaxExemptionReasonCode": "vatex",
    "ExemptionReasonCode": "vatex",
    "SubjectCode": "untdid-4451",
    "ReferenceTypeCode": "untdid-1153",
    "DescriptionCode": "untdid-2005",
    "DueDateTypeCode": "untdid-2475",
    "unitCode": "unece-rec20-21",
    "mimeCode": "mime",
    "listID": "untdid-7143",
    "schemeID": "iso-6523",
}
"""The code list of an element or attribute, by its local name."""
CATEGORIES: Final = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B")
_ODD_CATEGORIES: Final = ("X", "s", " S ", "S\n", "", "A E", "IC")
RATES: Final = ("0", "19", "7", "0.00", "19.0", "-1", "100", "5.5", "0.4", "0.5", "")
_SCHEMES: Final = ("SEPA", "sepa", "VA", "FC", "0002", "0088", "EM", "9930", "ABT", "VAT", "", " ")
_SMALL: Final = (
    "130",
    "50",
    "916",
    "380",
    "381",
    "30",
    "58",
    "48",
    "49",
    "59",
    "VAT",
    "vat",
    " VAT ",
    "GST",
    "VA",
    "102",
    "610",
    "false",
    "true",
    "0",
    "1",
    "SEPA",
    "NA",
    "#AAI#text",
    "Bolt & Nut GmbH",
    "DE123456789",
    "IT12345678901",
    "EL123",
    "XX1",
    "de123",
    "1A2",
)
_BLANKS: Final = ("", " ", "\n\t ", "\u00a0")


def text_like(name: str, old: str) -> SearchStrategy[str]:
    """A text for an element or attribute, by what its name says it holds and by what stands there.

    Args:
        name: the local name.
        old: what stands there.
    """
    kinds = [st.just(""), _around(old), st.sampled_from(_BLANKS)]
    if name in LISTS:
        kinds += [codes_of(LISTS[name]), codes_of(LISTS[name]).flatmap(_spoiled)]
    for endings, texts in _ENDINGS:
        if name.endswith(endings):
            kinds.append(texts)
    if number_in(old) is not None:
        kinds += [amounts_near(old)] * 3
    if len(kinds) < _KNOWN:
        kinds += [st.sampled_from(_SMALL), _spoiled(old), st.just("X" * 11), st.just("text")]
    return st.one_of(kinds)


def codes_of(name: str) -> SearchStrategy[str]:
    """The codes of a list."""
    return st.sampled_from(sorted(codes(name)))


def _around(old: str) -> SearchStrategy[str]:
    return st.sampled_from((f" {old}", f"{old} ", f"\n  {old}\n", f"{old}\u00a0"))


def _spoiled(code: str) -> SearchStrategy[str]:
    return st.sampled_from(spoiled(code))


def spoiled(code: str) -> tuple[str, ...]:
    """Texts that are nearly a code.

    Args:
        code: the code.
    """
    middle = len(code) // 2
    return (
        code.lower(),
        code.upper(),
        code.title(),
        f" {code} ",
        f"{code} {code}",
        f"{code[:middle]} {code[middle:]}",
        code[:-1],
        f"{code}X",
        f"0{code}",
        "",
    )


def _dates() -> SearchStrategy[str]:
    day = st.dates().map(str)
    fixed = st.sampled_from(
        ("2026-03-01", "20260301", "2026-02-30", "20260230", "2026-3-1", "2026-03-01Z", "2026-03-01+14:00", "20261301")
    )
    return st.one_of(fixed, day, day.map(lambda text: text.replace("-", "")))


def number_in(text: str) -> Decimal | None:
    """The number that a text is; ``None`` if it is none."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 15 else None


def amounts_near(text: str) -> SearchStrategy[str]:
    """Numbers close to one: off by a cent, by one, by its sign, by its decimals, by how it is written.

    Args:
        text: the number.
    """
    old = number_in(text) or Decimal(0)
    cent, one = Decimal("0.01"), Decimal(1)
    near = [
        *(
            old + step * sign
            for step in (cent, Decimal("0.005"), Decimal("0.004"), one, Decimal("1.01"))
            for sign in (1, -1)
        ),
        -old,
        Decimal(0),
        old * 2,
        round(old),
        old.quantize(Decimal("0.1")),
        Decimal("0.001"),
        Decimal("-0.01"),
    ]
    written = [format(value, "f") for value in near]
    plain = format(old, "f")
    whole = plain if "." in plain else f"{plain}."
    odd = [
        f"{whole}0",
        f"{whole}000",
        f"+{plain}",
        f"0{plain}",
        f"-{plain.lstrip('-')}",
        f" {plain} ",
        "-0.00",
        ".5",
        "5.",
    ]
    bad = ["", "1E2", "NaN", "INF", "1,5", "1 000", "abc", "-"]
    return st.one_of(st.sampled_from(written), st.sampled_from(odd), st.sampled_from(bad))


_KNOWN: Final = 5  # kinds of texts; with fewer, nothing is known of a place but that it holds a text
_ENDINGS: Final = (
    (("Category", "CategoryCode"), st.sampled_from(CATEGORIES + _ODD_CATEGORIES)),
    (("Percent", "Rate", "Numeric"), st.sampled_from(RATES)),
    (("Date", "DateTimeString", "DateString", "Time"), _dates()),
    (("Indicator",), st.sampled_from(("true", "false", "1", "0", " true ", "TRUE", ""))),
    (("schemeID", "listID"), st.one_of(st.sampled_from(_SCHEMES), codes_of("eas"))),
)
