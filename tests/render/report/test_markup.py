# SPDX-License-Identifier: Apache-2.0
"""Markup is made by the program alone: whatever comes from outside stays text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from einvoice.render.report.markup import Markup, cut, element, joined, visible


def test_text_is_escaped_and_markup_is_not() -> None:
    assert element("p", None, "a < b & c", element("b", None, ">")) == "<p>a &lt; b &amp; c<b>&gt;</b></p>"


def test_an_attribute_keeps_quotation_marks_and_line_ends() -> None:
    made = element("p", {"title": "\"a\"\n'b'\t<c>", "lang": None})
    assert dict(etree.fromstring(made).items()) == {"title": "\"a\"\n'b'\t<c>"}


def test_markup_that_went_through_text_is_text_again() -> None:
    assert joined([str(Markup("<b>")) + "x"]) == "&lt;b&gt;x"


def test_void_elements_of_html_have_no_end() -> None:
    assert element("meta", {"charset": "utf-8"}) == '<meta charset="utf-8">'


def test_what_cannot_be_seen_is_shown() -> None:
    assert visible("a\x1b[31mb\u202ec\ud800d\x00e\nf\tg") == "a\\x1b[31mb\\u202ec\\ud800d\\x00e\nf\tg"


def test_a_long_text_is_cut_with_a_sign() -> None:
    assert (cut("abcdef", 6), cut("abcdefg", 6)) == ("abcdef", "abcde…")


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_comes_out_of_xml_as_it_is_shown(text: str) -> None:
    """Also halves of surrogate pairs, control characters and what XML has no place for."""
    tree = etree.fromstring(element("a", {"b": text}, text).encode())
    assert (tree.text or "") == visible(text)
    assert tree.get("b") == visible(text)
