# SPDX-License-Identifier: Apache-2.0
"""Running stylesheets: compiled once, replaced when killed, and honest about what went wrong."""

from __future__ import annotations

import pytest

from einvoice.errors import InputError, MissingExtraError
from einvoice.official import engine as engine_module
from einvoice.official.engine import Engine, engine, required
from tests.official.making import failed, sheet, xslt


def test_a_stylesheet_is_compiled_once_for_a_process() -> None:
    one = Engine()
    try:
        rules = sheet(xslt(failed("X-1")))
        assert 'id="X-1"' in str(one.run(rules, "<a/>").report)
        (process,) = one._idle
        assert process.compiled == {rules.key}
        assert 'id="X-1"' in str(one.run(rules, "<b/>").report)
        assert one._idle == [process]
    finally:
        one.close()


def test_a_process_that_was_killed_is_replaced() -> None:
    one = Engine()
    try:
        one.run(sheet(xslt()), "<a/>")
        (process,) = one._idle
        process.process.kill()
        process.process.wait()
        assert "schematron-output" in str(one.run(sheet(xslt()), "<a/>").report)
        assert one._idle != [process]
    finally:
        one.close()


def test_a_process_that_dies_after_other_documents_gets_a_second_chance_and_no_third(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What earlier documents left in its memory may be to blame; the document itself kills a fresh one, too."""
    one = Engine(memory=400)
    started: list[object] = []
    make = engine_module._Worker

    def counted(memory: int) -> object:
        started.append(memory)
        return make(memory)

    monkeypatch.setattr(engine_module, "_Worker", counted)
    greedy = "count(let $all := (1 to 40000000) ! string(.) return ($all, $all[last()]))"
    try:
        one.run(sheet(xslt()), "<a/>")
        done = one.run(sheet(xslt(f'<xsl:value-of select="{greedy}"/>')), "<a/>")
        assert done.report is None
        assert "EINVOICE_OFFICIAL_MEMORY" in done.error
        assert len(started) == 2
    finally:
        one.close()


def test_what_does_not_compile_says_why_and_is_not_taken_for_compiled(saxon: Engine) -> None:
    broken = sheet(xslt('<xsl:value-of select="this is no XPath"/>'))
    for _ in range(2):
        done = saxon.run(broken, "<a/>")
        assert done.report is None
        assert "XPST0003" in done.error
        assert "file:" not in done.error


def test_an_error_while_running_is_told_in_the_words_of_saxon(saxon: Engine) -> None:
    done = saxon.run(sheet(xslt("<xsl:value-of select=\"xs:decimal('1E2')\"/>")), "<a/>")
    assert done.error == "Cannot convert string \"1E2\" to xs:decimal: invalid character 'E'"


def test_a_message_that_ends_the_stylesheet_is_an_error_too(saxon: Engine) -> None:
    done = saxon.run(sheet(xslt('<xsl:message terminate="yes">enough</xsl:message>')), "<a/>")
    assert done.report is None
    assert done.error


def test_a_stylesheet_that_cannot_be_used_costs_no_process(saxon: Engine) -> None:
    saxon.run(sheet(xslt()), "<a/>")
    before = list(saxon._idle)
    with pytest.raises(InputError, match="no XSLT stylesheet"):
        saxon.run(sheet(b"<html xmlns='x'/>"), "<a/>")
    assert saxon._idle == before


def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "_START", "raise SystemExit(7)")
    one = Engine()
    done = one.run(sheet(xslt()), "<a/>")
    assert "ended the process that ran it" in done.error
    one.close()


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'einvoice\[official\]'"):
        required()


def test_there_is_one_engine_for_a_process_and_its_settings() -> None:
    assert engine(60, 2_048) is engine(60, 2_048)
    assert engine(60, 2_048) is not engine(61, 2_048)
