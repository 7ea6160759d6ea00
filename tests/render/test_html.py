# SPDX-License-Identifier: Apache-2.0
"""The HTML page shows what the invoice states, says which term it is, and never runs anything of it."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from einvoice.errors import InputError, MissingExtraError
from einvoice.model import Invoice, InvoiceNote
from einvoice.render import html, render_html
from einvoice.render.compose import compose
from einvoice.render.places import texts
from einvoice.render.text import printable
from einvoice.render.words import languages, words
from einvoice.rules.findings import Finding, Report
from tests.render.making import Everything, invoice, png
from tests.render.samples import NAMES, sample
from tests.strategies import invoices

VOID = {"meta", "br", "img", "path"}
HOSTILE = "<script>alert(1)</script> \"' onload=x {{ 7*7 }} ]]> &amp; <img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """A page, taken apart."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(data.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [value for _, found in self.tags if (value := found.get(name)) is not None]


def finding(path: str, *terms: str, **more: Any) -> Finding:  # noqa: ANN401 - any field
    plain = Finding(
        rule="BR-TEST", packs=("en16931",), severity="fatal", effective="fatal", message="Something is wrong."
    )
    return replace(plain, model_path=path, terms=terms, **more)


def judged(*found: Finding) -> Report:
    return Report(verdict="invalid" if found else "valid", findings=found)


# ---------------------------------------------------------------------------------------------- what it shows


@pytest.mark.parametrize("language", languages())
def test_the_page_shows_what_the_sheet_says(language: Any) -> None:  # noqa: ANN401 - a language
    everything = Everything()
    shown = " ".join(Page(render_html(everything.invoice, language=language)).text.split())
    expected = {part.strip() for text, _ in texts(compose(everything.invoice, words(language))) for part in [text]}
    missing = [text for text in expected if text and not all(word in shown for word in printable(text).split())]
    assert missing == []


def test_every_term_can_be_found_by_anchor_and_tooltip() -> None:
    """Each term of the model that has a number: an element has its id, and its tooltip says number and name."""
    page = Page(render_html(Everything().invoice))
    ids, titles = page.all("id"), " ; ".join(page.all("title"))
    assert len(ids) == len(set(ids))
    wanted = {f"BT-{number}" for number in (*range(1, 4), 5, *range(6, 36), 40, 44, 55, 84, 106, 112, 115, 131, 153)}
    assert wanted <= set(ids)
    assert {"BT-112 Invoice total amount with VAT", "BT-153 Item name"} <= set(titles.split(" ; "))
    anchors = [name for name in ids if name.startswith(("BT-", "BG-"))]
    assert {f"#{name}" for name in anchors} <= set(page.all("href"))


def test_names_of_terms_are_said_in_the_language() -> None:
    assert "BT-1 Rechnungsnummer" in Page(render_html(invoice(), language="de")).all("title")
    assert "BT-1 Invoice number" in Page(render_html(invoice(), language="es")).all("title")


def test_the_page_is_written_for_readers_who_cannot_see_it() -> None:
    page = Page(render_html(sample("german"), language="de", logo=png()))
    names = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "de"}) in page.tags
    assert all(names.count(name) == 1 for name in ("h1", "main", "header", "footer", "title"))
    assert all(found.get("scope") in {"col", "row"} for tag, found in page.tags if tag == "th")
    assert ("img", "Logo Hafenwerk") in [(tag, found.get("alt")) for tag, found in page.tags]
    assert any(label.startswith("Europäischer Zahlcode") for label in page.all("aria-label"))
    ids = set(page.all("id"))
    assert set(page.all("aria-labelledby")) <= ids
    assert {target.removeprefix("#") for target in page.all("href")} <= ids


def test_a_qr_bill_has_its_square() -> None:
    assert "translate(" in render_html(sample("swiss"), language="it").decode()


def test_a_qr_bill_keeps_a_white_margin_of_four_modules_on_a_dark_screen() -> None:
    """ISO/IEC 18004 asks for it; the square itself has none, because the form on paper has its own."""
    page = render_html(sample("swiss"), language="de").decode()
    (rule,) = re.findall(r"figure svg\{([^}]*)\}", page)
    styles = dict(part.split(":") for part in rule.split(";"))
    side, margin, corner = (float(styles[name].removesuffix("rem")) for name in ("width", "padding", "border-radius"))
    (modules,) = re.findall(r'viewBox="0 0 (\d+) \1"', page)
    assert (styles["background"], styles["box-sizing"]) == ("#fff", "border-box")
    assert margin >= 4 * (side - 2 * margin) / int(modules)
    assert corner <= margin, "no module is rounded off"


def test_only_the_names_of_the_lines_are_kept_wide() -> None:
    """Elsewhere a wide first column would leave nothing for the reason of an allowance on a narrow screen."""
    page = render_html(sample("german"), language="de").decode()
    assert ".lines tbody th{overflow-wrap:anywhere;min-width:12rem}" in page
    assert ".wide tbody th{overflow-wrap:break-word}" in page, "a short word such as the kind is never torn apart"
    assert re.findall(r'class="wide lines"[^>]* aria-labelledby="(\w+)"', page) == ["lines"]


def test_an_invoice_that_states_nothing_is_a_page() -> None:
    assert "Invoice" in Page(render_html(Invoice())).text


def test_the_same_invoice_gives_the_same_bytes() -> None:
    assert render_html(sample("greek"), language="nl") == render_html(sample("greek"), language="nl")


# ----------------------------------------------------------------------------------------------- what it permits


def test_only_the_style_that_the_page_carries_is_permitted() -> None:
    text = render_html(invoice()).decode()
    style = text.split("<style>", 1)[1].split("</style>", 1)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.replace("&#39;", "'") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import", style)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_asks_for_nothing_and_runs_nothing(name: str) -> None:
    page = Page(render_html(sample(name), report=judged(finding("number", "BT-1")), logo=png()))
    tags = {tag for tag, _ in page.tags}
    assert tags & {"script", "link", "iframe", "object", "embed", "form", "base", "use", "image"} == set()
    assert all(not key.startswith("on") and key != "style" for _, found in page.tags for key in found)
    assert all(target.startswith("#") for target in page.all("href"))
    assert all(source.startswith("data:image/png;base64,") for source in page.all("src"))


def test_hostile_text_stays_text() -> None:
    everything = Everything().invoice
    odd = replace(everything, number=HOSTILE, notes=(InvoiceNote(note=HOSTILE),))
    odd = replace(
        odd, seller=replace(everything.seller or pytest.fail("no seller"), name=HOSTILE, trading_name=HOSTILE)
    )
    said = judged(finding("number", "BT-1", found=HOSTILE, expected=HOSTILE, message=HOSTILE, why=HOSTILE))
    page = Page(render_html(odd, report=said))
    assert "script" not in {tag for tag, _ in page.tags}
    assert not any(key.startswith("on") for _, found in page.tags for key in found)
    assert page.text.count(HOSTILE) >= 8


@settings(max_examples=20)
@given(invoices())
def test_any_invoice_is_a_sound_page(drawn: Invoice) -> None:
    page = Page(render_html(drawn))
    assert "script" not in {tag for tag, _ in page.tags}


def test_a_logo_is_checked() -> None:
    with pytest.raises(InputError, match="PNG, JPEG or SVG"):
        render_html(invoice(), logo=b"GIF89a")
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
    assert Page(render_html(invoice(), logo=svg)).all("src")[0].startswith("data:image/svg+xml;base64,")


def test_without_jinja_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    html._template.cache_clear()
    with pytest.raises(MissingExtraError, match=r"einvoice\[pdf\]"):
        render_html(invoice())


# ------------------------------------------------------------------------------------------------ findings


def row_of(text: str, anchor: str) -> str:
    """What stands before a finding, up to the value that it is marked at."""
    return text.split(f'id="{anchor}"', 1)[0].rpartition(f'href="#{anchor}"')[0]


@pytest.mark.parametrize(
    ("found", "beside"),
    [
        (finding("totals.invoice_total_amount_with_vat", "BT-112"), "1,234,567.891"),
        (finding("lines[1]", "BT-131"), "37.50"),
        (finding("lines[1].item_information", "BT-153"), "Steel bracket 2"),
        (finding("", "BT-44"), "Ponts de l’Est SARL"),
        (finding("seller.contact", "BT-41"), "Nordwind Werkzeuge GmbH"),
    ],
    ids=["its path", "its term in its row", "its term in its group", "its term alone", "near what is missing"],
)
def test_a_finding_stands_beside_its_value(found: Finding, beside: str) -> None:
    text = render_html(invoice(), report=judged(found)).decode()
    before = row_of(text, "f1")
    assert beside in before.rpartition('<span class="v')[2] or beside in before[-400:]
    assert text.count('id="f1"') == 1


def test_a_finding_about_nothing_on_the_page_stands_at_the_top() -> None:
    text = render_html(invoice(), report=judged(finding("", "BT-999"), finding("number", "BT-1"))).decode()
    assert text.index('id="f1"') < text.index('<div class="top">') < text.index('id="f2"')


def test_a_finding_shows_its_work() -> None:
    told = finding("totals.paid_amount", "BT-113", found="61.80", expected="61.90", why="because")
    text = Page(render_html(invoice(), report=judged(told))).text
    assert all(
        part in text for part in ("BR-TEST", "Something is wrong.", "Found: 61.80", "Expected: 61.90", "because")
    )


def test_every_finding_is_on_the_page_once() -> None:
    everything = Everything().invoice
    found = [finding(at[0], "BT-1") for _, at in texts(compose(everything, words("en")))]
    found = list({one.model_path: one for one in found}.values())
    ids = Page(render_html(everything, report=judged(*found))).all("id")
    assert sorted(int(name[1:]) for name in ids if re.fullmatch(r"f\d+", name)) == list(range(1, len(found) + 1))


def test_an_invoice_that_nobody_judged_says_nothing_of_findings() -> None:
    assert 'id="findings"' not in render_html(invoice()).decode()
    assert "The rules that were asked found nothing wrong." in Page(render_html(invoice(), report=judged())).text


def test_a_large_invoice_is_written() -> None:
    assert Page(render_html(invoice(2_000))).text.count("Steel bracket") == 2_000
