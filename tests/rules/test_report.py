# SPDX-License-Identifier: Apache-2.0
"""One pass over the invoice: findings, what cannot be judged, and the verdict."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec import structs

from einvoice.model import DocumentLevelAllowance, DocumentTotals, Identifier, Invoice, InvoiceLine, Reading, Remark
from einvoice.rules import Pack, Report, Rule, find_pack, run
from einvoice.rules.findings import shown
from einvoice.rules.registry import Miss, rule
from einvoice.rules.rows import require
from tests.counting import LINEAR, growth
from tests.rules.invoices import LINE, at, clean, number, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.model import Syntax
    from einvoice.rules import Severity

PACK = find_pack("en16931@1.3.16")


def pack(*rules: Rule, severity: Severity = "fatal", name: str = "test", more: tuple[str, ...] = ()) -> Pack:
    ids = dict.fromkeys([*(one.id for one in rules), *more], severity)
    return Pack(
        id=name,
        version="1",
        title="Test",
        source="here",
        valid_from=date(2026, 1, 1),
        rules=rules,
        published=lambda: {"ubl": dict(ids), "cii": dict(ids)},
        aliases={},
    )


@rule("TT-01", reads="BT-131")
def tt_01(line: InvoiceLine) -> Iterator[Miss]:
    """Each line is worth something."""
    if line.net_amount is not None and line.net_amount <= 0:
        yield Miss("BT-131", line.net_amount, "> 0", "it is free")


@rule("TT-02", reads="BT-113")
def tt_02(totals: DocumentTotals) -> Iterator[Miss]:
    """This rule is broken itself."""
    yield Miss("BT-113", 1 / (totals.paid_amount or 0))


@rule("TT-03", reads="BT-106 BT-131")
def tt_03(invoice: Invoice) -> Iterator[Miss]:
    """The first line is the dearest."""
    yield Miss(at="/lines[0].net_amount", found=invoice.lines[0].net_amount)


# ---- findings


def test_a_finding_says_where_and_what() -> None:
    free = at({"lines[1].net_amount": number("0.00")})(clean())
    (finding,) = run(reading(free, "cii"), [pack(tt_01)]).findings
    assert finding.model_path == "lines[1].net_amount"
    assert finding.terms == ("BT-131",)
    assert (finding.found, finding.expected, finding.why) == ("0.00", "> 0", "it is free")
    assert finding.message == "Each line is worth something."
    assert (finding.severity, finding.effective, finding.packs) == ("fatal", "fatal", ("test",))


def test_a_path_may_start_at_the_invoice() -> None:
    (finding,) = run(reading(clean(), None), [pack(tt_03)]).findings
    assert (finding.model_path, finding.terms) == ("lines[0].net_amount", ("BT-131",))


def test_a_finding_can_be_placed_in_the_source() -> None:
    (finding,) = run(reading(clean(), None), [pack(tt_03)]).findings
    placed = finding.with_location("/Invoice/cac:InvoiceLine[1]", 7, 3)
    assert (placed.location, placed.line, placed.column, placed.rule) == ("/Invoice/cac:InvoiceLine[1]", 7, 3, "TT-03")


def test_sub_lines_are_asked_only_what_concerns_them() -> None:
    nested = at({"lines[0].sub_lines": (structs.replace(LINE, net_amount=None, identifier=None),)})(clean())
    assert not run(reading(nested, "ubl-invoice"), [PACK]).findings
    coded = at({"lines[0].sub_lines": (structs.replace(LINE, invoiced_quantity_unit_of_measure_code="??"),)})(clean())
    (finding,) = run(reading(coded, "ubl-invoice"), [PACK]).findings
    assert (finding.rule, finding.terms) == ("BR-CL-23", ("BT-130",))
    assert finding.model_path == "lines[0].sub_lines[0].invoiced_quantity_unit_of_measure_code"


def test_a_rule_of_two_packs_is_one_finding() -> None:
    free = at({"lines[1].net_amount": number("0.00")})(clean())
    (finding,) = run(reading(free, None), [pack(tt_01), pack(tt_01, name="other")]).findings
    assert finding.packs == ("test", "other")


def test_a_rule_that_two_packs_weigh_differently_is_two_findings() -> None:
    free = at({"lines[1].net_amount": number("0.00")})(clean())
    report = run(reading(free, None), [pack(tt_01), pack(tt_01, name="other", severity="warning")])
    assert [(one.packs, one.severity) for one in report.findings] == [(("test",), "fatal"), (("other",), "warning")]
    assert [one.verdict for one in report.packs] == ["invalid", "valid"]
    assert report.verdict == "invalid"


def test_a_report_is_json() -> None:
    free = at({"lines[1].net_amount": number("0.00")})(clean())
    told = msgspec.json.decode(run(reading(free, "cii"), [pack(tt_01)]).to_json())
    assert told["verdict"] == "invalid"
    assert set(told["packs"][0]) >= {"id", "version", "profile", "engine", "verdict", "not_implemented"}
    wanted = {"rule", "packs", "severity", "effective", "message", "terms", "found", "expected", "location", "line"}
    assert set(told["findings"][0]) >= wanted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (number("1E+2"), "100"),
        (number("0.10"), "0.10"),
        (date(2026, 4, 1), "2026-04-01"),
        (Identifier("7", "0088"), "0088:7"),
    ],
)
def test_values_are_shown_as_people_write_them(value: object, text: str | None) -> None:
    assert shown(value) == text


# ---- what cannot be judged


def test_a_rule_that_raises_is_undetermined_and_the_others_run() -> None:
    poor = at({"totals.paid_amount": None, "lines[0].net_amount": number("-1")})(clean())
    report = run(reading(poor, "cii"), [pack(tt_01, tt_02, severity="warning")])
    (left,) = report.undetermined
    assert (left.rule, left.packs, left.model_path) == ("TT-02", ("test",), "totals")
    assert left.reason == "ZeroDivisionError: division by zero"
    assert [finding.rule for finding in report.findings] == ["TT-01"]
    assert report.verdict == "undetermined"


def malformed(path: str, term: str, value: str) -> Remark:
    return Remark("malformed", "/Invoice/x", value, (term,), path, 41)


def test_a_number_that_is_no_number_makes_the_rules_that_need_it_undetermined() -> None:
    unread = at({"lines[0].net_amount": None})(clean())
    report = run(reading(unread, "ubl-invoice", malformed("lines[0].net_amount", "BT-131", "abc")), [PACK])
    left = {one.rule: one for one in report.undetermined}
    assert set(left) == {"BR-CO-10", "BR-DEC-23", "BR-S-08", *_taxable()}
    assert left["BR-CO-10"].reason == "BT-131 is 'abc', which cannot be read"
    assert (left["BR-CO-10"].location, left["BR-CO-10"].line) == ("/Invoice/x", 41)
    assert "BR-24" not in {finding.rule for finding in report.findings}, "it is there, though unreadable"
    assert report.verdict == "undetermined"


def _taxable() -> set[str]:
    return {f"BR-{family}-08" for family in ("Z", "E", "AE", "IC", "G", "O", "AF", "AG")}


def test_a_number_that_is_no_number_leaves_the_sister_lines_judged() -> None:
    unread = at({"lines[0].net_amount": None, "lines[1].net_amount": number("100.000")})(clean())
    report = run(reading(unread, "ubl-invoice", malformed("lines[0].net_amount", "BT-131", "abc")), [PACK])
    assert [(one.rule, one.model_path) for one in report.findings] == [("BR-DEC-23", "lines[1].net_amount")]


def test_a_date_that_is_empty_is_missing() -> None:
    undated = at({"issue_date": None})(clean())
    report = run(reading(undated, "ubl-invoice", malformed("issue_date", "BT-2", " ")), [PACK])
    assert {finding.rule for finding in report.findings} == {"BR-03"}
    report = run(reading(undated, "ubl-invoice", malformed("issue_date", "BT-2", "soon")), [PACK])
    assert not report.findings


def test_what_is_not_implemented_keeps_a_document_from_being_valid() -> None:
    (result,) = run(reading(clean(), "cii"), [pack(tt_01, more=("TT-99",))]).packs
    assert (result.verdict, result.not_implemented) == ("undetermined", ("TT-99",))
    assert result.open == "1 of the published rules are not judged here"


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii", None])
def test_a_document_whose_elements_were_not_looked_at_is_not_valid(syntax: Syntax | None) -> None:
    (unasked,) = run(reading(clean(), syntax), [PACK]).packs
    assert (unasked.verdict, unasked.open) == ("undetermined", "the elements of the document were not looked at")
    assert run(reading(clean(), syntax), [PACK], {PACK.id: ()}).verdict == "valid"


def test_an_invoice_that_nobody_judged_is_not_valid() -> None:
    assert run(reading(clean(), "cii"), []).verdict == "undetermined"


# ---- invoices that never were XML


def test_an_empty_invoice_misses_everything_a_schema_would_demand() -> None:
    report = run(Reading(Invoice()), [PACK])
    missed = {finding.rule for finding in report.findings}
    assert missed >= {"BR-01", "BR-02", "BR-06", "BR-12", "BR-13", "BR-14", "BR-15", "BR-16", "BR-CO-18", "BR-CO-26"}
    assert report.verdict == "invalid"


def test_judging_does_not_change_the_invoice() -> None:
    invoice = clean()
    run(reading(invoice, "ubl-invoice"), [PACK])
    assert invoice == clean()


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
def test_the_same_invoice_gives_the_same_report(syntax: Syntax) -> None:
    def judge() -> Report:
        return run(reading(at({"lines[1].net_amount": number("0.00")})(clean()), syntax), [PACK])

    assert judge() == judge()


# ---- how it is compiled


def test_a_rule_is_asked_once_of_each_thing() -> None:
    asked: list[str | None] = []

    def check(line: InvoiceLine) -> Iterator[Miss]:
        asked.append(line.identifier)
        yield from ()

    one = require("TT-04", InvoiceLine, "BT-126", "Each line has an identifier.")
    one = structs.replace(one, askings=(structs.replace(one.askings[0], check=check, demand=None),))
    run(reading(clean(), None), [pack(one)])
    assert asked == ["1", "2"]


def test_steps_grow_with_the_lines_and_not_faster() -> None:
    def judging(lines: int) -> Callable[[], Report]:
        many = reading(at({"lines": (LINE,) * lines})(clean()), "ubl-invoice")
        return lambda: run(many, [PACK])

    assert growth(judging, 500) < LINEAR


def test_an_allowance_that_says_in_a_digit_what_it_is_takes_no_rule_from_others() -> None:
    path = "/rsm:CrossIndustryInvoice/ram:SpecifiedTradeAllowanceCharge/ram:ChargeIndicator/udt:Indicator"
    digit = Remark("spelled", path, "0", ("BG-20",), "document_level_allowances[1]")
    many = at({"document_level_allowances": (DocumentLevelAllowance(),) * 12})(clean())
    found = [one.model_path for one in run(reading(many, "cii", digit), [PACK]).findings if one.rule == "BR-33"]
    assert {one.partition(".")[0] for one in found} == {f"document_level_allowances[{n}]" for n in range(12) if n != 1}
