# SPDX-License-Identifier: Apache-2.0
"""Records to write reports of: a valid document, one with chains of findings, one that is open, one unreadable."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from einvoice.model import Remark
from einvoice.render.report import Occasion, render
from einvoice.rules.findings import Finding, PackResult, Undetermined
from einvoice.rules.record import Excerpt, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
VERSION: Final = "1.3.16"
OCCASION: Final = Occasion(judged_at=NOW, einvoice="1.2.3")
MANY: Final = Occasion(judged_at=NOW, einvoice="1.2.3", many=True)
TOTALS: Final = "/Invoice/cac:LegalMonetaryTotal"


def finding(rule: str, **changes: Any) -> Finding:  # noqa: ANN401 -- fields of Finding
    """A fatal finding of EN 16931, with changes."""
    plain = Finding(rule=rule, packs=("en16931",), severity="fatal", effective="fatal", message=f"What {rule} demands.")
    return structs.replace(plain, **changes)


def pack(verdict: Any = "valid", **changes: Any) -> PackResult:  # noqa: ANN401 -- fields of PackResult
    """What EN 16931 said."""
    return structs.replace(PackResult(id="en16931", version=VERSION, verdict=verdict), **changes)


VALID: Final = Record(
    file="in/valid.xml",
    sha256="a" * 64,
    judged_at=NOW,
    einvoice="1.2.3",
    syntax="ubl-invoice",
    profile="urn:cen.eu:en16931:2017",
    profile_name="EN 16931",
    verdict="valid",
    schema_valid=True,
    packs=(pack(),),
)
INVALID: Final = structs.replace(
    VALID,
    file="in/invalid.xml",
    verdict="invalid",
    schema_valid=False,
    error_class="format",
    packs=(pack("invalid"),),
    findings=(
        finding(
            "XSD",
            packs=(),
            message="cbc:IssueDate has the value 'soon', which is not a date",
            location="/Invoice/cbc:IssueDate",
            line=5,
            column=3,
        ),
        finding(
            "BR-CO-10",
            terms=("BT-106",),
            found="31.94",
            expected="31.00",
            why="20.00 + 11.00 = 31.00",
            model_path="totals.sum_of_invoice_line_net_amount",
            location=f"{TOTALS}/cbc:LineExtensionAmount",
            line=73,
            column=5,
        ),
        finding(
            "BR-CO-13",
            terms=("BT-109",),
            found="31.00",
            expected="31.94",
            model_path="totals.invoice_total_amount_without_vat",
            location=f"{TOTALS}/cbc:TaxExclusiveAmount",
            line=74,
            column=5,
        ),
        *(
            finding("BR-25", terms=("BT-153",), location=f"/Invoice/cac:InvoiceLine[{number}]/cac:Item", line=number)
            for number in (1, 2)
        ),
        finding("UBL-CR-001", severity="warning", effective="warning", location="/Invoice/ext:UBLExtensions"),
    ),
    remarks=(Remark("unbound", "/Invoice/cbc:Foo", "zzz"), Remark("malformed", "/Invoice/cbc:Bar", "x", ("BT-2",))),
    excerpts=(
        Excerpt(5, 3, "  ", "<cbc:IssueDate>soon</cbc:IssueDate>", ""),
        Excerpt(73, 5, "    ", "<cbc:LineExtensionAmount>31.94</cbc:LineExtensionAmount>", "…"),
    ),
    notes=("the invoice was taken out of a StandardBusinessDocument (SBDH)",),
)
OPEN: Final = structs.replace(
    VALID,
    file="in/open.xml",
    syntax="cii",
    verdict="undetermined",
    packs=(pack("undetermined", open="some rules could not be judged"),),
    undetermined=tuple(
        Undetermined(
            rule=rule,
            packs=("en16931",),
            reason="BT-112 is 'lots', which cannot be read",
            terms=("BT-112",),
            location="/rsm:CrossIndustryInvoice/ram:GrandTotalAmount",
            line=9,
            column=7,
        )
        for rule in ("BR-CO-15", "BR-CO-16")
    ),
    excerpts=(Excerpt(9, 7, "", "<ram:GrandTotalAmount>lots</ram:GrandTotalAmount>", ""),),
)
WITHOUT_PACK: Final = structs.replace(
    VALID,
    file="in/other.json",
    syntax=None,
    schema_valid=None,
    verdict="undetermined",
    packs=(PackResult(id="facturx", version="", profile="minimum", verdict="undetermined", open="there are no rules"),),
)
NOBODY: Final = structs.replace(WITHOUT_PACK, file="in/nobody.json", packs=())
UNREADABLE: Final = Record(
    file="-", judged_at=NOW, einvoice="1.2.3", error_class="format", error="-:1:1: the document is no XML"
)
ALL: Final = (VALID, INVALID, OPEN, WITHOUT_PACK, NOBODY, UNREADABLE)


def written(form: str, records: Iterable[Record], occasion: Occasion = MANY) -> str:
    """A report as one text."""
    return "".join(render(form, records, occasion))


def hostile(text: str) -> Record:
    """A document in which everything that comes from outside says the same text."""
    evil = structs.replace(
        INVALID.findings[1], message=text, found=text, expected=text, why=text, location=f"/{text}", terms=(text,)
    )
    return structs.replace(
        INVALID,
        file=text or "x",
        profile=text or "x",
        profile_name=text,
        findings=(evil, structs.replace(evil, rule="XSD", packs=(), line=5, column=3)),
        undetermined=(Undetermined(rule="BR-CO-15", packs=("en16931",), reason=text, location=f"/{text}"),),
        remarks=(Remark("unbound", f"/{text}", text),),
        excerpts=(Excerpt(5, 3, text, text, text),),
        notes=(text,),
        packs=(pack("invalid", open=text),),
    )
