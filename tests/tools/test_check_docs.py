# SPDX-License-Identifier: Apache-2.0
"""The check of the documentation finds what it is there to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools import check_docs

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "# 0001 Title\n\nStatus: accepted\n\n## Context\n\n## Decision\n\n## Consequences\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two pages, to which the check is pointed."""
    monkeypatch.setattr(check_docs, "ROOT", tmp_path)
    for folder in ("docs/adr", "changes"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "README.md").write_text("# One two\n\n## A `code`, and more\n", encoding="utf-8")
    (tmp_path / "docs" / "README.md").write_text("[a](adr/README.md)", encoding="utf-8")
    (tmp_path / "docs" / "adr" / "README.md").write_text("[b](0001-title.md)", encoding="utf-8")
    (tmp_path / "docs" / "adr" / "0001-title.md").write_text(RECORD, encoding="utf-8")
    (tmp_path / "changes" / "README.md").write_text("", encoding="utf-8")
    return tmp_path


def test_a_project_in_order_has_no_faults(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert root.is_dir()
    assert check_docs.main() == 0
    assert capsys.readouterr().out == "5 pages checked, 0 faults\n"


@pytest.mark.parametrize(
    ("link", "faults"),
    [
        ("docs/README.md", 0),
        ("#a-code-and-more", 0),
        ("https://example.com/missing", 0),
        ("docs/missing.md", 1),
        ("#one", 1),
        ("README.md#three", 1),
    ],
)
def test_a_link_leads_to_a_file_or_a_heading(root: Path, link: str, faults: int) -> None:
    page = root / "README.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n[link]({link})\n", encoding="utf-8")
    assert len(list(check_docs.broken_links(page))) == faults


def test_a_link_in_an_example_is_not_followed(root: Path) -> None:
    page = root / "README.md"
    page.write_text("```\n[link](missing.md)\n```\n", encoding="utf-8")
    assert not list(check_docs.broken_links(page))


def test_a_page_that_no_index_lists_is_a_fault(root: Path) -> None:
    (root / "docs" / "lost.md").write_text("# Lost\n", encoding="utf-8")
    assert list(check_docs.unlisted(root / "docs" / "README.md")) == ["docs/README.md does not list lost.md"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("002-short.md", RECORD.replace("0001", "002")),
        ("0002-Capital.md", RECORD.replace("0001", "0002")),
        ("0002-heading.md", RECORD),
        ("0002-status.md", RECORD.replace("0001", "0002").replace("accepted", "maybe")),
        ("0002-sections.md", RECORD.replace("0001", "0002").replace("## Decision\n", "")),
    ],
)
def test_a_decision_out_of_form_is_a_fault(root: Path, file: str, text: str) -> None:
    folder = root / "docs" / "adr"
    assert not list(check_docs.wrong_decisions(folder))
    (folder / file).write_text(text, encoding="utf-8")
    assert len(list(check_docs.wrong_decisions(folder))) == 1


def test_a_number_is_given_once(root: Path) -> None:
    folder = root / "docs" / "adr"
    (folder / "0001-again.md").write_text(RECORD, encoding="utf-8")
    assert len(list(check_docs.wrong_decisions(folder))) == 2


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("Upper.md", "A sentence."),
        ("note.txt", "A sentence."),
        ("empty.md", "\n"),
        ("heading.md", "# A heading"),
        ("long.md", "word " * 200),
        ("paragraphs.md", "One.\n\nTwo."),
    ],
)
def test_a_fragment_out_of_form_is_a_fault(root: Path, file: str, text: str) -> None:
    (root / "changes" / "sound.md").write_text("`einvoice show` prints the VAT breakdown.\n", encoding="utf-8")
    assert not list(check_docs.wrong_fragments(root / "changes"))
    (root / "changes" / file).write_text(text, encoding="utf-8")
    assert len(list(check_docs.wrong_fragments(root / "changes"))) == 1
