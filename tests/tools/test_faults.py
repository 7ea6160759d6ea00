# SPDX-License-Identifier: Apache-2.0
"""The page of faults says what was found, and never more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools import faults

if TYPE_CHECKING:
    from pathlib import Path

REPORT = """<testsuites><testsuite timestamp="2026-11-22T10:00:00">
<testcase classname="tests.e2e.test_kills" name="test_a" time="1.5"><properties>
<property name="wrong" value="sender: SIGKILL"/><property name="expected" value="delivered once"/>
<property name="evidence" value="3 of 3 | 3 receipts"/></properties></testcase>
<testcase classname="tests.e2e.test_kills" name="test_b" time="2"><properties>
<property name="wrong" value="receiver: SIGKILL"/><property name="evidence" value="1 of 3"/>
</properties><failure/></testcase>
<testcase classname="tests.e2e.test_kills" name="test_c" time="2"><properties>
<property name="wrong" value="both: SIGKILL"/></properties></testcase>
<testcase classname="tests.e2e.test_channels" name="test_d" time="3"/>
</testsuite></testsuites>"""


def test_a_case_holds_only_if_it_passed_and_found_something(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT, encoding="utf-8")
    cases = faults.read(report)
    assert [(case.name, case.passed) for case in cases] == [("test_a", True), ("test_b", False), ("test_c", False)]
    page = faults.page(cases)
    assert "**1 of 3 cases hold.**" in page
    assert "| sender: SIGKILL | delivered once | holds | 3 of 3 \\| 3 receipts | 2026-11-22 |" in page
    assert page.count("**fails**") == 2


def test_a_page_is_read_as_it_was_written(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT, encoding="utf-8")
    page = faults.page(faults.read(report))
    assert faults.page(faults.written(page)) == page


def test_the_page_that_is_there_is_read_to_its_last_row() -> None:
    page = faults.TABLE.read_text(encoding="utf-8")
    assert faults.page(faults.written(page)) == page
