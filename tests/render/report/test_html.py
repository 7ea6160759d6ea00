# SPDX-License-Identifier: Apache-2.0
"""The page: complete, accessible, self-contained, and never more than text where an invoice speaks."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from einvoice.render.report import Occasion
from tests.render.report.records import (
    ALL,
    INVALID,
    NOW,
    OCCASION,
    OPEN,
    UNREADABLE,
    VALID,
    WITHOUT_PACK,
    finding,
    hostile,
    pack,
    written,
)

VOID = {"meta", "br", "wbr"}


class Page(HTMLParser):
    """What a browser would see: elements, their attributes, the text in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.headings: list[int] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, key, value in self.attributes if key == name]


def seen(text: str) -> str:
    """The text of a page, with single blanks."""
    return re.sub(r"\s+", " ", "".join(Page(text).text))


def in_language(language: str) -> Occasion:
    return Occasion(judged_at=NOW, einvoice="1.2.3", language=language)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_page_is_well_formed_in_every_language(language: str) -> None:
    page = Page(written("html", ALL, structs.replace(in_language(language), many=True)))
    assert ("html", "lang", language) in page.attributes
    assert page.tags["h1"] == 1
    assert page.tags["main"] == 1


def test_headings_go_down_one_level_at_a_time() -> None:
    headings = Page(written("html", ALL)).headings
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_links_and_labels_lead_somewhere_and_ids_are_unique() -> None:
    page = Page(written("html", ALL))
    ids = page.values("id")
    assert len(set(ids)) == len(ids)
    targets = [value.removeprefix("#") for value in page.values("href")] + page.values("aria-labelledby")
    assert set(targets) <= set(ids)
    assert len(targets) > len(ALL)


def test_the_page_permits_nothing_but_its_own_style() -> None:
    text = written("html", [VALID], OCCASION)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert ("meta", "content", policy) in Page(text).attributes


def test_the_page_needs_nothing_but_itself() -> None:
    text = written("html", ALL)
    page = Page(text)
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name in ("src", "style", "srcset") or name.startswith("on")]
    assert all(value.startswith("#") for value in page.values("href"))
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_has_a_dark_side_and_a_printed_one() -> None:
    text = written("html", [VALID], OCCASION)
    assert "@media (prefers-color-scheme:dark)" in text
    assert "@media print" in text


@settings(max_examples=80)
@given(text=st.text(alphabet=st.characters(exclude_categories=()), max_size=20) | st.text("<>&\"'/=!- \nscript"))
def test_whatever_an_invoice_says_adds_no_element_and_no_attribute(text: str) -> None:
    evil, plain = Page(written("html", [hostile(f"x{text}")])), Page(written("html", [hostile("x")]))
    slashes = 4 * text.count("/") * 10  # a path may break before each of its steps
    assert evil.tags - plain.tags <= Counter(wbr=slashes)
    assert plain.tags - evil.tags == Counter()
    assert [(tag, name) for tag, name, _ in evil.attributes] == [(tag, name) for tag, name, _ in plain.attributes]


def test_a_script_in_an_invoice_is_shown_as_it_stands() -> None:
    script = "</pre></style><script>alert(1)</script><img src=x onerror=alert(1)>"
    assert script in seen(written("html", [hostile(script)], OCCASION))


def test_what_reorders_text_is_shown_as_an_escape() -> None:
    text = written("html", [hostile("a\u202eb\x1b[31m")], OCCASION)
    assert not set(text) & {"\u202e", "\x1b"}
    assert "a\\u202eb\\x1b[31m" in text


def test_a_finding_shows_its_work() -> None:
    text = seen(written("html", [INVALID], OCCASION))
    for part in (
        "fatal BR-CO-10 What BR-CO-10 demands.",
        "BT-106 Sum of Invoice line net amount",
        "73 <cbc:LineExtensionAmount>31.94</cbc:LineExtensionAmount>…",
        "Found31.94",
        "Expected31.00",
        "Because20.00 + 11.00 = 31.00",
        "line 73, column 5/Invoice/cac:LegalMonetaryTotal/cbc:LineExtensionAmount",
        "Correct BT-106, or what it is computed from.",
    ):
        assert part in text


def test_a_consequence_stands_under_its_cause_and_nowhere_else() -> None:
    text = written("html", [INVALID], OCCASION)
    cause, follows, consequence = (
        text.index(part) for part in ("BR-CO-10", "The same mistake also breaks", "BR-CO-13")
    )
    assert cause < follows < consequence
    assert text.count(">BR-CO-13<") == 1
    assert text.count('<li class="card') == len(INVALID.findings) - 2  # BR-CO-13, and the second place of BR-25


def test_the_places_of_one_rule_share_a_card() -> None:
    text = seen(written("html", [INVALID], OCCASION))
    assert text.count("What BR-25 demands.") == 1
    assert "Rules of en16931 · 2 places" in text
    assert text.count("State BT-153, as the rule demands.") == 2


def test_the_error_class_and_its_limit_are_said() -> None:
    assert "Format error – " in seen(written("html", [INVALID], OCCASION))
    assert "No format error and no business rule error was found." in seen(written("html", [VALID], OCCASION))
    assert "in what could be judged" in seen(written("html", [OPEN], OCCASION))
    for record in ALL:
        assert "cannot be judged by a validator" in seen(written("html", [record], OCCASION))
    assert "Formatfehler" in seen(written("html", [INVALID], in_language("de")))


def test_a_format_error_without_a_finding_is_that_of_the_profile() -> None:
    text = seen(written("html", [structs.replace(VALID, error_class="format")], OCCASION))
    assert "Format error – By its profile the file is no e-invoice" in text
    assert "must have" in seen(written("html", [UNREADABLE], OCCASION))


def test_what_the_model_did_not_take_is_listed() -> None:
    text = seen(written("html", [INVALID], OCCASION))
    assert "/Invoice/cbc:Foozzzno term of EN 16931 means this" in text
    assert "not of the form that the term must have (BT-2)" in text


def test_rules_that_could_not_be_judged_for_one_reason_stand_together() -> None:
    text = seen(written("html", [OPEN], OCCASION))
    assert text.count("BT-112 is 'lots', which cannot be read") == 1
    assert "RulesBR-CO-15, BR-CO-16" in text
    assert "2 rules could not be judged" in text
    assert "9<ram:GrandTotalAmount>lots</ram:GrandTotalAmount>" in text


def test_a_pack_says_what_it_does_not_judge_and_why_it_is_open() -> None:
    ids = (*(f"UBL-CR-{number:03}" for number in (1, 2, 3, 5, 7, 8)), "BR-B-01")
    text = seen(written("html", [structs.replace(VALID, packs=(pack(not_implemented=ids),))], OCCASION))
    assert "7 published rules of en16931 1.3.16 are not judged" in text
    assert "BR-B-01, UBL-CR-001 – UBL-CR-003, UBL-CR-005, UBL-CR-007, UBL-CR-008" in text
    assert "facturx:minimum" in seen(written("html", [WITHOUT_PACK], OCCASION))
    assert "there are no rules" in seen(written("html", [WITHOUT_PACK], OCCASION))


def test_an_unreadable_document_says_why_and_claims_nothing_else() -> None:
    text = seen(written("html", [UNREADABLE], OCCASION))
    assert "Unreadable" in text
    assert "Reason-:1:1: the document is no XML" in text
    assert "Specification" not in text
    assert "Rules that judged" not in text


def test_many_documents_end_in_a_summary() -> None:
    text = seen(written("html", ALL))
    assert "Summary – 6 documents" in text
    assert "in/invalid.xmlInvalid5 fatal errors, 1 warning" in text
    assert "Summary" not in seen(written("html", [VALID], OCCASION))


def test_a_severity_that_was_changed_is_said() -> None:
    changed = structs.replace(VALID, findings=(finding("BR-DE-21", severity="fatal", effective="warning"),))
    assert "warning BR-DE-21" in seen(written("html", [changed], OCCASION))
    assert "published as fatal" in seen(written("html", [changed], OCCASION))
