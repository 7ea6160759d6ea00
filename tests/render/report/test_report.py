# SPDX-License-Identifier: Apache-2.0
"""What holds for reports in every format."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec import structs

from einvoice.errors import UnknownNameError
from einvoice.render.report import FORMATS, Occasion, render
from tests.render.report.records import ALL, INVALID, MANY, OCCASION, VALID, hostile, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.record import Record

ANYTHING = st.text(alphabet=st.characters(exclude_categories=()), max_size=30)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_records_give_the_same_report(form: str) -> None:
    assert written(form, ALL) == written(form, ALL)


@pytest.mark.parametrize("form", FORMATS)
def test_every_official_id_is_there(form: str) -> None:
    report = written(form, [INVALID], OCCASION)
    assert [one.rule for one in INVALID.findings if one.rule not in report] == []


@pytest.mark.parametrize("form", FORMATS)
def test_the_report_says_what_was_judged_by_what_and_when(form: str) -> None:
    report = written(form, [VALID], OCCASION)
    expected = [VALID.sha256, "urn:cen.eu:en16931:2017", "en16931", "1.3.16", "2026-04-10", "native", "valid"]
    assert [one for one in expected if str(one).lower() not in report.lower()] == []
    assert "2026-11-22T09:30:00" in report


@pytest.mark.parametrize("form", FORMATS)
def test_without_a_time_nothing_is_said_about_it(form: str) -> None:
    untimed = structs.replace(VALID, judged_at=None)
    assert "2026-11-22" not in written(form, [untimed], Occasion(einvoice="1.2.3"))


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_is_written_before_the_next_one_is_judged(form: str) -> None:
    judged = []

    def judging() -> Iterator[Record]:
        for number in range(3):
            judged.append(number)
            yield structs.replace(INVALID, file=f"document-{number}.xml")

    soon = ""
    for part in render(form, judging(), MANY):
        soon += part
        if "BR-CO-10" in soon:
            break
    assert judged == [0]


@pytest.mark.parametrize("form", FORMATS)
def test_documents_stand_in_input_order(form: str) -> None:
    files = [f"{name}.xml" for name in "cab"]
    report = written(form, [structs.replace(INVALID, file=file) for file in files])
    assert sorted(files, key=report.index) == files


@pytest.mark.parametrize("form", FORMATS)
def test_no_document_at_all_is_a_report_too(form: str) -> None:
    report = written(form, [])
    assert json.loads(report) if form == "sarif" else report.startswith(("<?xml", "<!DOCTYPE html>"))


@pytest.mark.parametrize("form", ["junit", "svrl"])
@settings(max_examples=60)
@given(text=ANYTHING)
def test_xml_is_well_formed_whatever_an_invoice_says(form: str, text: str) -> None:
    etree.fromstring(written(form, [hostile(text)]).encode())


@settings(max_examples=60)
@given(text=ANYTHING)
def test_sarif_is_json_and_ascii_whatever_an_invoice_says(text: str) -> None:
    report = written("sarif", [hostile(text)])
    assert report.isascii()
    json.loads(report)


def test_a_format_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UnknownNameError, match="'pdf'; there are html, sarif, junit, svrl"):
        render("pdf", [], OCCASION)


def test_reports_need_nothing_but_the_core() -> None:
    code = (
        "import sys; from einvoice.render.report import *; [list(render(form, [], Occasion())) for form in FORMATS];"
        "print(*sorted({'babel', 'jinja2', 'typst', 'pikepdf', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
