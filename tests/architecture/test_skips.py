# SPDX-License-Identifier: Apache-2.0
"""A skip cannot pass for a success, and no test reaches the network unless it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MARKERS = "[pytest]\nmarkers =\n    corpus\n    peers\n    network\n"
SKIPPING = """
import pytest

@pytest.mark.corpus
def test_marked():
    pytest.skip("not here")

def test_plain():
    pytest.skip("not here either")
"""
COUNTING = """
def test_rows(corpus, manifest):
    assert [row["path"] for row in manifest] == ["a.xml", "b.xml"]
    assert all((corpus / row["path"]).parent == corpus for row in manifest)
"""
CONNECTING = """
import socket, pytest

def test_away():
    with socket.socket() as door:
        door.connect(("192.0.2.1", 80))

def test_home():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as door:
        assert door.getpeername() == server.getsockname()
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A pytest inside pytest that uses our conftest and none of our environment."""
    for variable in ("EINVOICE_CORPUS", "EINVOICE_REQUIRE", "EINVOICE_NETWORK", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(variable, raising=False)
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makefile(".ini", pytest=MARKERS)
    return pytester


def run(inner: pytest.Pytester, code: str, *arguments: str) -> pytest.RunResult:
    """Run a test module in the inner pytest."""
    inner.makepyfile(code)
    return inner.runpytest_inprocess("-p", "no:randomly", "-p", "no:cacheprovider", *arguments)


def test_a_skip_is_a_skip_where_nothing_is_required(inner: pytest.Pytester) -> None:
    run(inner, SKIPPING).assert_outcomes(skipped=2)


def test_a_skip_of_a_required_marker_fails(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINVOICE_REQUIRE", "peers, corpus")
    result = run(inner, SKIPPING)
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*EINVOICE_REQUIRE asks for corpus tests*not here*"])


def test_a_module_that_skips_itself_fails_where_markers_are_required(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EINVOICE_REQUIRE", "peers")
    run(inner, "import pytest\npytest.importorskip('no_such_module')").assert_outcomes(errors=1)


def test_a_mistyped_marker_is_refused(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINVOICE_REQUIRE", "corpse")
    result = run(inner, SKIPPING)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*unknown markers: corpse*"])


def test_the_fixtures_of_the_corpus_mark_the_test(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    run(inner, COUNTING).assert_outcomes(skipped=1)
    run(inner, COUNTING, "-m", "not corpus").assert_outcomes(deselected=1)
    monkeypatch.setenv("EINVOICE_REQUIRE", "corpus")
    run(inner, COUNTING).assert_outcomes(errors=1)


def test_the_manifest_is_read_from_the_named_folder(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "manifest.jsonl").write_text('{"path": "a.xml"}\n{"path": "b.xml"}\n', encoding="utf-8")
    monkeypatch.setenv("EINVOICE_CORPUS", str(tmp_path))
    run(inner, COUNTING).assert_outcomes(passed=1)


def test_a_module_that_uses_the_corpus_says_so(inner: pytest.Pytester) -> None:
    result = run(inner, "def test_rows(manifest):\n    assert manifest\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*test_rows uses the corpus, so its module must say so*"])


def test_a_named_corpus_that_is_not_there_is_an_error(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EINVOICE_CORPUS", str(tmp_path / "missing"))
    run(inner, COUNTING).assert_outcomes(errors=1)


def test_a_test_can_talk_to_itself_and_to_nobody_else(inner: pytest.Pytester) -> None:
    result = run(inner, CONNECTING)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*without the network marker connects to 192.0.2.1*"])


def test_a_network_test_runs_only_when_asked(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import pytest\n\n@pytest.mark.network\ndef test_far():\n    pass\n"
    run(inner, code).assert_outcomes(skipped=1)
    monkeypatch.setenv("EINVOICE_NETWORK", "1")
    run(inner, code).assert_outcomes(passed=1)
