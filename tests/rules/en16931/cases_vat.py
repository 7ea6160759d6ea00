# SPDX-License-Identifier: Apache-2.0
"""The same for the VAT categories; importing this module enters its cases beside those of ``cases``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from einvoice.model import InvoiceLineAllowance, LineVatInformation, VatBreakdown
from einvoice.model.extensions import AllowanceChargeExtension
from tests.rules.en16931.cases import breaks
from tests.rules.invoices import LINE, clean, in_category, italian, not_subject, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.model import Invoice

# family -> the clean invoice all in that category, and a rate that the category must not have
FAMILIES: Final[dict[str, tuple[Callable[[], Invoice], str]]] = {
    "S": (partial(in_category, "S", "19", taxed=True), "0"),
    "Z": (partial(in_category, "Z", "0"), "7"),
    "E": (partial(in_category, "E", "0"), "7"),
    "AE": (partial(in_category, "AE", "0"), "7"),
    "IC": (partial(in_category, "K", "0"), "7"),
    "G": (partial(in_category, "G", "0"), "7"),
    "O": (not_subject, "0"),
    "AF": (partial(in_category, "L", "19", taxed=True), "-1"),
    "AG": (partial(in_category, "M", "19", taxed=True), "-1"),
}
TAXED: Final = ("S", "AF", "AG")
WITHOUT_REASON: Final = ("S", "Z", "AF", "AG")
ANONYMOUS: Final[dict[str, Any]] = {
    "seller.vat_identifier": None,
    "seller.tax_registration_identifier": None,
    "seller_tax_representative": None,
}
SPLIT: Final = {f"lines[{n}].vat_information.category_code": "B" for n in (0, 1)}
NO_ALLOWANCES: Final[dict[str, Any]] = {"document_level_allowances": ()}
NO_CHARGES: Final[dict[str, Any]] = {"document_level_charges": ()}


def changes(family: str) -> dict[str, dict[str, Any]]:
    """What is changed, by the words that name the case."""
    base, wrong = FAMILIES[family]
    own = base().vat_breakdown[0]
    nothing = structs.replace(own, taxable_amount=number("0"), tax_amount=number("0"))
    found: dict[str, dict[str, Any]] = {
        "01 gone": {"vat_breakdown[0].category_code": "Z" if family == "S" else "S"},
        "01 twice": {"vat_breakdown": (own, nothing)},
        "05": {"lines[0].vat_information.rate": number(wrong)},
        "06": {"document_level_allowances[0].vat_rate": number(wrong)},
        "07": {"document_level_charges[0].vat_rate": number(wrong)},
        "08": {"vat_breakdown[0].taxable_amount": number("211.00")},
        "08 cent": {"vat_breakdown[0].taxable_amount": number("210.01")},
        "09": {"vat_breakdown[0].tax_amount": number("41.90" if family in TAXED else "2.00")},
        "09 near": {"vat_breakdown[0].tax_amount": number("40.89" if family in TAXED else "-0.00")},
        "10": {"vat_breakdown[0].exemption_reason_text": "x" if family in WITHOUT_REASON else None},
    }
    if family == "O":
        named = {"seller.vat_identifier": "DE1"}
        found["02"] = {**named, **NO_ALLOWANCES, **NO_CHARGES}
        found["03"] = {**named, **NO_CHARGES}
        found["04"] = {**named, **NO_ALLOWANCES}
    else:
        found["02"] = {**ANONYMOUS, **NO_ALLOWANCES, **NO_CHARGES}
        found["03"] = {**ANONYMOUS, **NO_CHARGES, **SPLIT}
        found["04"] = {**ANONYMOUS, **NO_ALLOWANCES, **SPLIT}
    return found


# What fires, in UBL and in CII; ``-NN`` stands for the rule of the family with that number.
COMMON: Final = {
    "02": ("BR-CO-11 BR-CO-12 -02 -08", "BR-CO-11 BR-CO-12 -02 -08"),
    "03": ("BR-B-01 BR-CO-12 -03 -08", "BR-B-01 BR-CO-12 -03 -08"),
    "04": ("BR-B-01 BR-CO-11 -04 -08", "BR-B-01 BR-CO-11 -04 -08"),
    "01 gone": ("-01 BR-S-01 BR-S-08 BR-S-10", "-01 BR-S-08 BR-S-10"),
    "01 twice": ("-01 -08", "-01 -08"),
    "05": ("-05", "-05"),
    "06": ("-06", "-06"),
    "07": ("-07", "-07"),
    "08": ("-08", "-08"),
    "08 cent": ("-08", ""),
    "09": ("BR-CO-14 BR-CO-17 -09", "BR-CO-14 BR-CO-17 -09"),
    "09 near": ("", "BR-CO-14 -09"),
    "10": ("-10", "-10"),
}
IGIC: Final = {
    "01 gone": ("-01 BR-S-01 BR-S-08", "BR-S-08"),
    "01 twice": ("-08", ""),
    "02": ("BR-CO-11 BR-CO-12 -02 -08", "BR-CO-11 BR-CO-12 -02"),
    "03": ("BR-B-01 BR-CO-12 -03 -08", "BR-B-01 BR-CO-12 -03"),
    "04": ("BR-B-01 BR-CO-11 -04 -08", "BR-B-01 BR-CO-11 -04"),
    "05": ("-05 -08", "-05"),
    "06": ("-06 -08", "-06"),
    "07": ("-07 -08", "-07"),
    "08": ("-08", ""),
    "08 cent": ("", ""),
    "09": ("BR-CO-14 BR-CO-17 -09", "BR-CO-14"),
    "09 near": ("BR-CO-14", "BR-CO-14"),
}
SPECIAL: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "S": {
        "01 gone": ("-01 BR-Z-08 BR-Z-09", "BR-Z-01 BR-Z-08 BR-Z-09"),
        "01 twice": ("-08", "-08"),
        "03": ("BR-B-01 BR-B-02 BR-CO-12 -03 -08", "BR-B-01 BR-B-02 BR-CO-12 -03 -08"),
        "04": ("BR-B-01 BR-B-02 BR-CO-11 -04 -08", "BR-B-01 BR-B-02 BR-CO-11 -04 -08"),
        "05": ("-05 -08", "-05 -08"),
        "06": ("-06 -08", "-06 -08"),
        "07": ("-07 -08", "-07 -08"),
        "08 cent": ("", "-08"),
        "09 near": ("BR-CO-14", "BR-CO-14"),
    },
    "Z": {"01 gone": ("-01 BR-S-01 BR-S-08", "-01 BR-S-08")},
    "O": {
        "01 gone": ("BR-48 -01 BR-S-01 BR-S-09 BR-S-10", "BR-48 BR-S-09 BR-S-10"),
        "03": ("BR-CO-12 -02 -03 -08", "BR-CO-12 -02 -03 -08"),
        "04": ("BR-CO-11 -02 -04 -08", "BR-CO-11 -02 -04 -08"),
        "08 cent": ("-08", "-08"),
        "09": ("BR-CO-14 BR-CO-17 -09", "BR-CO-14 -09"),
    },
    "AF": IGIC,
    "AG": IGIC,
}

for prefix, (make, _) in FAMILIES.items():
    for words, change in changes(prefix).items():
        fired = SPECIAL.get(prefix, {}).get(words, COMMON[words])
        in_ubl, in_cii = (
            " ".join(f"BR-{prefix}{one}" if one.startswith("-") else one for one in ids.split()) for ids in fired
        )
        breaks(f"BR-{prefix}-{words}", change, base=make, ubl=in_ubl, cii=in_cii)

# CII counts: one thing without a breakdown is noticed, two are not.
for prefix, code in (("S", "S"), ("AF", "L"), ("AG", "M")):
    breaks(
        f"BR-{prefix}-01 alone",
        {
            "lines": (structs.replace(LINE, vat_information=LineVatInformation(code, number("19"))),),
            "vat_breakdown[0].category_code": "Z" if code == "S" else "S",
            **NO_ALLOWANCES,
            **NO_CHARGES,
        },
        base=FAMILIES[prefix][0],
        ubl="BR-CO-10 BR-CO-11 BR-CO-12 "
        + {"S": "BR-S-01 BR-Z-08 BR-Z-09"}.get(prefix, f"BR-{prefix}-01 BR-S-01 BR-S-08"),
        cii="BR-CO-10 BR-CO-11 BR-CO-12 "
        + {"S": "BR-S-01 BR-Z-01 BR-Z-08 BR-Z-09"}.get(prefix, f"BR-{prefix}-01 BR-S-08"),
    )
for prefix in ("Z", "E", "AE", "IC", "G"):
    beside = FAMILIES[prefix][0]().vat_breakdown[0]
    breaks(
        f"BR-{prefix}-01 unused",
        {
            "vat_breakdown": (
                *clean().vat_breakdown,
                structs.replace(beside, taxable_amount=number("0"), tax_amount=number("0")),
            )
        },
        ubl="",
        cii=f"BR-{prefix}-01",
    )
breaks(
    "BR-AE-02 buyer",
    {"buyer.vat_identifier": None, "buyer.legal_registration_identifier": None},
    base=FAMILIES["AE"][0],
    ubl="BR-AE-02 BR-AE-03 BR-AE-04",
    cii="BR-AE-02 BR-AE-03 BR-AE-04",
)
breaks(
    "BR-IC-02 buyer",
    {"buyer.vat_identifier": None},
    base=FAMILIES["IC"][0],
    ubl="BR-IC-02 BR-IC-03 BR-IC-04",
    cii="BR-IC-02 BR-IC-03 BR-IC-04",
)
breaks(
    "BR-AF-05 zero",
    {"lines[0].vat_information.rate": number("0")},
    base=FAMILIES["AF"][0],
    ubl="BR-AF-08",
    cii="BR-AF-05",
)
breaks(
    "BR-S-02 tax",
    {f"lines[{n}].vat_information.tax_scheme_identifier": "GST" for n in (0, 1)},
    ubl="BR-CO-04 BR-S-02",
    cii="BR-CO-04",
)

breaks(
    "BR-S-08 beside lines",
    {"vat_breakdown[0].taxable_amount": number("10.00"), "vat_breakdown[0].tax_amount": number("1.90")},
    base=FAMILIES["S"][0],
    ubl="BR-CO-14",
    cii="BR-CO-14 BR-S-08",
)

# ---- what only one category has

_DELIVERED: dict[str, Any] = {"delivery_information.actual_delivery_date": None, "invoicing_period": None}
breaks("BR-IC-11", _DELIVERED, base=FAMILIES["IC"][0])
breaks(
    "BR-IC-11 description",
    {
        "delivery_information.actual_delivery_date": None,
        "invoicing_period.start_date": None,
        "invoicing_period.end_date": None,
        "invoicing_period.description": "March",
    },
    base=FAMILIES["IC"][0],
    ubl="BR-CO-19",
    cii="BR-CO-19 BR-IC-11",
)
breaks("BR-IC-12", {"delivery_information.deliver_to_address": None}, base=FAMILIES["IC"][0])
breaks(
    "BR-IC-12 letter",
    {"delivery_information.deliver_to_address.country_code": "D"},
    base=FAMILIES["IC"][0],
    ubl="BR-CL-14 BR-IC-12",
    cii="BR-CL-14",
)
_OTHER = VatBreakdown(number("0"), number("0"), "S", number("19"))
breaks(
    "BR-O-11",
    {"vat_breakdown": (*not_subject().vat_breakdown, _OTHER)},
    base=not_subject,
    ubl="BR-O-11 BR-S-01 BR-S-08",
    cii="BR-O-11 BR-O-12",
)
breaks(
    "BR-O-12",
    {"lines[0].vat_information.category_code": "AE", "lines[0].vat_information.rate": number("0")},
    base=not_subject,
    ubl="BR-AE-01 BR-O-08 BR-O-12",
    cii="BR-AE-01 BR-O-08 BR-O-11 BR-O-12",
)
breaks(
    "BR-O-13",
    {"document_level_allowances[0].vat_category_code": "B"},
    base=not_subject,
    ubl="BR-B-01 BR-O-08 BR-O-13",
    cii="BR-B-01 BR-O-08 BR-O-13 BR-O-14",
)
breaks(
    "BR-O-14",
    {"document_level_charges[0].vat_category_code": "B"},
    base=not_subject,
    ubl="BR-B-01 BR-O-08 BR-O-14",
    cii="BR-B-01 BR-O-08 BR-O-13 BR-O-14",
)
breaks("BR-B-01", {"seller.postal_address.country_code": "DE"}, base=italian)
breaks("BR-B-01 origin", {"lines[0].item_information.country_of_origin": "DE"}, base=italian, cii="")
breaks(
    "BR-B-02",
    {"lines[0].vat_information.category_code": "S"},
    base=italian,
    ubl="BR-B-02 BR-S-01",
    cii="BR-B-02 BR-S-01",
)
breaks(
    "BR-S-06 line",
    {
        "lines[0].allowances": (
            InvoiceLineAllowance(
                amount=number("5.00"),
                reason="Rebate",
                extension=AllowanceChargeExtension(vat_category_code="S", vat_rate=number("0")),
            ),
        )
    },
)
