# SPDX-License-Identifier: Apache-2.0
"""Documents whose elements are asked: what the invoice found too is told as the invoice tells it, and once."""

from __future__ import annotations

from collections import Counter

import pytest

from einvoice import validate
from tests.rules.en16931.cases_anywhere import ODD, base

PACK = "en16931@1.3.16"
_EXTENSION = (
    "<ext:UBLExtensions xmlns:ext='urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2'>"
    "<ext:UBLExtension><ext:ExtensionContent><x xmlns='u'/></ext:ExtensionContent></ext:UBLExtension>"
    "</ext:UBLExtensions>"
)


def told(text: str) -> set[tuple[object, ...]]:
    findings = validate(text.encode(), packs=PACK).findings
    return {
        (one.rule, one.location, one.model_path, one.found, one.expected, one.why)
        for one in findings
        if one.rule != "UBL-CR-001"
    }


def extended(text: str) -> str:
    before, mark, after = text.partition("<cbc:CustomizationID>")
    return before + _EXTENSION + mark + after


@pytest.mark.parametrize("name", ["PayableAmount", "LineExtensionAmount", "TaxableAmount"])
def test_an_extension_takes_nothing_from_what_is_said_of_the_rest(name: str) -> None:
    before, mark, after = base().partition(f"<cbc:{name} ")
    wrong = before + mark + after.replace(">", ">77", 1)
    plain = told(wrong)
    assert any(path and expected for _, _, path, _, expected, _ in plain)
    assert told(extended(wrong)) == plain


def test_what_several_lines_break_keeps_each_its_place_in_the_model() -> None:
    wrong = base().replace("</cbc:LineExtensionAmount>", "1</cbc:LineExtensionAmount>")
    lines = {one for one in told(wrong) if one[0] == "BR-DEC-23"}
    assert {path for _, _, path, *_ in lines} == {"lines[0].net_amount", "lines[1].net_amount"}
    assert {one for one in told(extended(wrong)) if one[0] == "BR-DEC-23"} == lines


def test_what_only_elements_find_stays_where_they_find_it() -> None:
    odd = ODD["a line in an extension"].data.decode()
    before, mark, after = odd.rpartition("<cac:InvoiceLine>")
    wrong = (
        before + mark + after.replace("<cbc:Name>", "<cbc:Description>").replace("</cbc:Name>", "</cbc:Description>")
    )
    found = [one for one in validate(wrong.encode(), packs=PACK).findings if one.rule == "BR-25"]
    places = {("UBLExtensions" in (one.location or ""), bool(one.model_path)) for one in found}
    assert places == {(True, False), (False, True)}
    assert all(one.packs == ("en16931",) for one in found)


def test_an_element_without_content_is_reported_once() -> None:
    before, end, after = base().partition("</cac:AccountingCustomerParty>")
    wrong = extended(f"{before}{end}<cac:PayeeParty/>{after}")
    found = Counter((one.rule, one.location) for one in validate(wrong.encode(), packs=PACK).findings)
    assert [count for (rule, _), count in found.items() if rule == "BR-17"] == [1]


def test_a_sum_is_the_one_of_all_lines_wherever_they_stand() -> None:
    """The invoice adds up its own lines, the published test those in extensions too."""
    plain = {(one[0], one[4], one[5]) for one in told(_wrong_sum(base())) if one[0] == "BR-CO-10"}
    odd = {(one[0], one[4], one[5]) for one in told(_wrong_sum(ODD["a line in an extension"].data.decode()))}
    assert plain == {("BR-CO-10", "200", "100.00 + 100.00 = 200.00")}
    assert {one for one in odd if one[0] == "BR-CO-10"} == {("BR-CO-10", "205", "5.00 + 100.00 + 100.00 = 205.00")}


def _wrong_sum(text: str) -> str:
    before, total, after = text.partition("<cac:LegalMonetaryTotal>")
    return before + total + after.replace(">200.00<", ">77.00<", 1)
