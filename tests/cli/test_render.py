# SPDX-License-Identifier: Apache-2.0
"""``einvoice render``: pages under the names of the contract, with the exit status of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from einvoice.cli import main
from tests.render.samples import FOLDER, TEMPLATE

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

GERMAN, SWISS = str(FOLDER / "german.json"), str(FOLDER / "swiss.json")


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["render", *arguments], input=given)


def test_the_name_of_the_output_says_the_form(tmp_path: Path) -> None:
    for name, start in (("page.pdf", b"%PDF-1.7"), ("page.html", b"<!DOCTYPE html>")):
        done = run(GERMAN, "-o", str(tmp_path / name), "--language", "en")
        assert (done.exit_code, done.stdout) == (0, f"{GERMAN} -> {tmp_path / name}\n")
        assert (tmp_path / name).read_bytes().startswith(start)


def test_several_invoices_go_into_a_folder(tmp_path: Path) -> None:
    done = run(GERMAN, SWISS, "-o", str(tmp_path / "pages"), "--to", "html", "--lang", "fr")
    assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["german.html", "swiss.html"]
    assert 'lang="fr"' in (tmp_path / "pages" / "swiss.html").read_text(encoding="utf-8")


def test_standard_input_and_output_work_together() -> None:
    with open(GERMAN, "rb") as file:  # noqa: PTH123 - a name, as the command gets it
        done = run("-", "--to", "html", given=file.read())
    assert done.exit_code == 0
    assert done.stdout_bytes.startswith(b"<!DOCTYPE html>")


def test_a_template_of_ones_own_draws_the_page(tmp_path: Path) -> None:
    done = run(GERMAN, "-o", str(tmp_path / "letter.pdf"), "--template", str(TEMPLATE))
    assert done.exit_code == 0
    assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_an_error_in_a_template_has_its_place(tmp_path: Path) -> None:
    template = tmp_path / "own.typ"
    template.write_text("\n#nonsense", encoding="utf-8")
    done = run(GERMAN, "-o", str(tmp_path / "a.pdf"), "--template", str(template), "--language", "en")
    assert done.exit_code == 3
    assert f"{template}:2:1: Typst refuses the template: unknown variable: nonsense" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name at least one invoice"),
        ((GERMAN, "-o", "a.pdf", "--findings"), "--findings belongs to HTML"),
        ((GERMAN, "-o", "a.html", "--template", "x.typ"), "--template is a Typst template"),
        ((GERMAN, SWISS, "-o", "-"), "standard output takes one page"),
        ((GERMAN, "--lang", "pl"), "'pl' is not one of"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_name_of_another_form_is_refused(tmp_path: Path) -> None:
    done = run(GERMAN, "-o", str(tmp_path / "a.docx"))
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 2
    assert "neither .pdf nor .html" in done.stderr


def test_a_character_without_a_font_is_a_page_that_cannot_be_drawn(tmp_path: Path) -> None:
    source = tmp_path / "a.json"
    with open(GERMAN, encoding="utf-8") as file:  # noqa: PTH123 - a name, as the command gets it
        source.write_text(file.read().replace("Dichtungssatz", "東京"), encoding="utf-8")
    done = run(str(source), "-o", str(tmp_path / "a.pdf"), "--language", "en")
    assert done.exit_code == 1
    assert "(U+6771) in BT-153 Item name" in done.stderr
    assert run(str(source), "-o", str(tmp_path / "a.html")).exit_code == 0
