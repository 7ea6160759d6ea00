# SPDX-License-Identifier: Apache-2.0
"""Pages of what the user named: from any syntax, in input order, and whatever happens to one, the others go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from einvoice import convert
from einvoice.errors import InputError, UnknownNameError
from einvoice.render import render_html, render_pdf
from einvoice.service import render
from einvoice.service.render import Look, Renderings, form_of, logo_from, moment_of
from einvoice.service.settings import Settings
from einvoice.service.status import Status
from tests.model.test_payment_codes import asking
from tests.render.making import png
from tests.render.samples import FOLDER, TEMPLATE, sample

if TYPE_CHECKING:
    from pathlib import Path

GERMAN = FOLDER / "german.json"


def look(form: render.Form = "pdf", **more: Any) -> Look:  # noqa: ANN401 - any attribute
    return Look(form=form, settings=Settings(), **more)


@pytest.mark.parametrize("to", ["ubl", "cii", "json", "facturx"])
def test_the_page_is_the_same_from_any_syntax(tmp_path: Path, to: Any) -> None:  # noqa: ANN401 - a target
    source = tmp_path / f"source.{to}"
    source.write_bytes(convert(GERMAN, to).output)
    (done,) = Renderings([str(source)], look("html", language="de"), output=f"{tmp_path}/").run()
    assert done.error is None
    assert done.path == tmp_path / "source.html"
    shown = (tmp_path / "source.html").read_text(encoding="utf-8")
    assert all(part in shown for part in ("RE-2026-00417", "Kreiselpumpe KP-400", "20.185,75"))


def test_the_language_is_that_of_the_buyer_unless_the_user_says_another(tmp_path: Path) -> None:
    for language, expected in ((None, b"Rechnung"), ("it", b"Fattura")):
        (done,) = Renderings([str(GERMAN)], look("html", language=language), output="-").run()
        assert done.page is not None
        assert expected in done.page
    assert list(tmp_path.iterdir()) == []


def test_the_pdf_is_dated_to_the_day_of_issue_and_so_always_the_same() -> None:
    (done,) = Renderings([str(GERMAN)], look(language="en"), output="-").run()
    invoice = sample("german")
    assert done.page == render_pdf(invoice, language="en", timestamp=moment_of(invoice))


def test_template_and_logo_reach_the_page(tmp_path: Path) -> None:
    (own,) = Renderings([str(GERMAN)], look(template=TEMPLATE), output=f"{tmp_path}/own.pdf").run()
    (plain,) = Renderings([str(GERMAN)], look(), output=f"{tmp_path}/plain.pdf").run()
    (marked,) = Renderings([str(GERMAN)], look(logo=png()), output=f"{tmp_path}/marked.pdf").run()
    assert len({own.page, plain.page, marked.page}) == 3


def test_findings_are_shown_when_asked_for(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(GERMAN.read_bytes().replace(b'"20185.75"', b'"20185.76"'))
    pages = [
        next(Renderings([str(broken)], look("html", language="en", findings=wanted), output="-").run()).page or b""
        for wanted in (True, False)
    ]
    assert b"BR-CO-15" in pages[0]
    assert b"BR-CO-" not in pages[1]


def test_one_bad_document_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_text("<nothing/>", encoding="utf-8")
    done = list(Renderings([str(bad), str(GERMAN), str(GERMAN)], look("html"), output=f"{tmp_path}/out").run())
    assert [one.status for one in done] == [Status.UNREADABLE, Status.DONE, Status.DONE]
    assert [one.path and one.path.name for one in done] == [None, "german.html", "german-2.html"]


def test_a_file_that_exists_is_kept_unless_the_user_says_otherwise(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    target.write_text("mine", encoding="utf-8")
    (kept,) = Renderings([str(GERMAN)], look("html"), output=str(target)).run()
    assert (kept.status, target.read_text(encoding="utf-8")) == (Status.USAGE, "mine")
    (replaced,) = Renderings([str(GERMAN)], look("html"), output=str(target), force=True).run()
    assert replaced.page == render_html(sample("german"), language="de")


def test_why_there_is_no_payment_code_is_told(tmp_path: Path) -> None:
    from einvoice.bind.json import write_json

    source = tmp_path / "a.json"
    source.write_bytes(write_json(asking("DE88370400440532013000")))
    (done,) = Renderings([str(source)], look("html"), output="-").run()
    assert any("DE88370400440532013000 (BT-84) is no IBAN" in note for note in done.notes)


def test_a_defect_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> bytes:
        raise RuntimeError("boom")

    monkeypatch.setattr(render, "page", fails)
    monkeypatch.delenv("EINVOICE_DEBUG", raising=False)
    (done,) = Renderings([str(GERMAN)], look(), output="-").run()
    assert "RuntimeError: boom" in str(done.error)


@pytest.mark.parametrize(
    ("output", "stated", "form"),
    [
        (None, None, "pdf"),
        ("a.pdf", None, "pdf"),
        ("a.HTML", None, "html"),
        ("a.htm", "html", "html"),
        ("out/", "html", "html"),
        ("out", "html", "html"),
        ("out", None, "pdf"),
    ],
)
def test_the_form_is_what_the_user_names(output: str | None, stated: render.Form | None, form: str) -> None:
    assert form_of(output, stated) == form


@pytest.mark.parametrize(("output", "stated"), [("a.pdf", "html"), ("a.html", "pdf"), ("a.docx", None)])
def test_a_form_that_contradicts_its_name_is_refused(output: str, stated: render.Form | None) -> None:
    with pytest.raises(UnknownNameError, match="--to"):
        form_of(output, stated)


def test_a_logo_is_read_and_checked(tmp_path: Path) -> None:
    assert logo_from(None) is None
    (tmp_path / "logo.png").write_bytes(png())
    assert logo_from(str(tmp_path / "logo.png")) == png()
    (tmp_path / "logo.gif").write_bytes(b"GIF89a")
    with pytest.raises(InputError, match=r"logo\.gif: the logo is no PNG"):
        logo_from(str(tmp_path / "logo.gif"))
    with pytest.raises(InputError, match="cannot be read"):
        logo_from(str(tmp_path / "nowhere.png"))
