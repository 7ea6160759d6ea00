# SPDX-License-Identifier: Apache-2.0
"""The place of an element in the text is where its start tag begins, whatever the text looks like."""

from __future__ import annotations

import pytest
from lxml import etree

from einvoice.bind import xml
from einvoice.bind.paths import path_of
from einvoice.bind.source import Mark, marks

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
START = f'<Invoice xmlns="{UBL}" xmlns:cac="{CAC}" xmlns:cbc="{CBC}">'


def mark(body: str, path: str, *, start: str = START) -> Mark:
    """The place of a path in an invoice."""
    data = f"{start}{body}</Invoice>".encode()
    return marks(data, xml.parse(data), [path])[path]


def test_line_and_column_are_those_of_the_start_tag() -> None:
    found = mark("\n  <cbc:ID>7</cbc:ID>\n", "/Invoice/cbc:ID")
    assert found == Mark(2, 3, "  ", "<cbc:ID>7</cbc:ID>", "")


def test_a_start_tag_over_several_lines_stands_where_it_begins() -> None:
    found = mark('\n<cbc:ID\n  schemeID="x"\n>7</cbc:ID>', "/Invoice/cbc:ID")
    assert found == Mark(2, 1, "", "<cbc:ID", "")


def test_columns_count_characters_and_not_bytes() -> None:
    found = mark("<cbc:Note>äöü€𝄞</cbc:Note><cbc:ID/>", "/Invoice/cbc:ID")
    assert found.column == len(START) + len("<cbc:Note>äöü€𝄞</cbc:Note>") + 1
    assert found.marked == "<cbc:ID/>"


def test_what_only_looks_like_a_tag_does_not_count() -> None:
    body = '<!-- <cbc:ID>1</cbc:ID> --><?x <cbc:ID> ?><cbc:Note a=">"><![CDATA[<cbc:ID>]]></cbc:Note><cbc:ID>2</cbc:ID>'
    assert mark(body, "/Invoice/cbc:ID").marked == "<cbc:ID>2</cbc:ID>"
    assert mark(body, "/Invoice/cbc:Note").marked == '<cbc:Note a=">"><![CDATA[<cbc:ID>]]></cbc:Note>'


def test_sisters_are_told_apart_by_their_position() -> None:
    line = "<cac:InvoiceLine><cbc:ID>{}</cbc:ID></cac:InvoiceLine>\n"
    body = "".join(line.format(number) for number in (1, 2, 3))
    assert mark(body, "/Invoice/cac:InvoiceLine[2]/cbc:ID").marked == "<cbc:ID>2</cbc:ID>"
    assert mark(body, "/Invoice/cac:InvoiceLine[3]").line == 3


def test_of_an_element_with_elements_only_the_start_tag_is_marked() -> None:
    found = mark("<cac:Party><cbc:ID>7</cbc:ID></cac:Party>", "/Invoice/cac:Party")
    assert (found.marked, found.after) == ("<cac:Party>", "<cbc:ID>7</cbc:ID></cac:Party></Invoice>")


def test_an_attribute_is_marked_itself() -> None:
    found = mark("<cbc:ID schemeID='0088'\tx:schemeName = \"a\" xmlns:x='u'>7</cbc:ID>", "/Invoice/cbc:ID/@schemeID")
    assert (found.marked, found.after[:3]) == ("schemeID='0088'", "\tx:")
    found = mark("<cbc:ID xmlns:x='u' x:schemeID = \"a\">7</cbc:ID>", "/Invoice/cbc:ID/@schemeID")
    assert found.marked == 'x:schemeID = "a"'
    assert mark("<cbc:ID>7</cbc:ID>", "/Invoice/cbc:ID/@schemeID").marked == "<cbc:ID>7</cbc:ID>"


def test_any_prefix_of_the_document_will_do() -> None:
    found = mark("<b:ID>7</b:ID>", "/Invoice/cbc:ID", start=f'<Invoice xmlns="{UBL}" xmlns:b="{CBC}">')
    assert found.marked == "<b:ID>7</b:ID>"


def test_of_a_long_line_a_window_is_shown() -> None:
    found = mark(
        f"<cbc:Note>{'x' * 500}</cbc:Note><cbc:ID>7</cbc:ID><cbc:Note>{'y' * 500}</cbc:Note>", "/Invoice/cbc:ID"
    )
    assert (found.before[0], len(found.before)) == ("…", 73)
    assert (found.after[-1], len(found.after)) == ("…", 61)
    found = mark(f"<cbc:ID>{'x' * 500}</cbc:ID>", "/Invoice/cbc:ID")
    assert (found.marked[-1], len(found.marked), found.after) == ("…", 120, "")


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_other_encodings_give_the_same_place(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\r\n{START}\r\n<cbc:Note>é</cbc:Note> <cbc:ID>7</cbc:ID></Invoice>'
    )
    data = text.encode(encoding)
    found = marks(data, xml.parse(data), ["/Invoice/cbc:ID"])["/Invoice/cbc:ID"]
    assert (found.line, found.column) == (3, 24)


def test_a_byte_order_mark_is_no_character() -> None:
    data = f"\ufeff{START}<cbc:ID>7</cbc:ID></Invoice>".encode()
    assert marks(data, xml.parse(data), ["/Invoice"])["/Invoice"].column == 1


@pytest.mark.parametrize("path", ["/Invoice/cbc:Note", "/Invoice/cbc:ID[2]", "/CreditNote", "/Invoice/cbc:ID/[", "x"])
def test_a_path_that_leads_nowhere_has_no_place(path: str) -> None:
    data = f"{START}<cbc:ID>7</cbc:ID></Invoice>".encode()
    assert marks(data, xml.parse(data), [path]) == {}


def test_a_text_that_is_not_that_of_the_tree_has_no_places() -> None:
    tree = xml.parse(f"{START}<cbc:ID>7</cbc:ID></Invoice>".encode())
    other = f"{START}<cbc:Note/><cbc:ID>7</cbc:ID></Invoice>".encode()
    assert marks(other, tree, ["/Invoice/cbc:ID"]) == {}
    assert marks(b"", tree, ["/Invoice/cbc:ID"]) == {}


def test_a_path_may_start_at_an_envelope_or_at_the_invoice() -> None:
    data = f'<e:A xmlns:e="urn:e"><e:B/>\n{START}<cbc:ID>7</cbc:ID></Invoice></e:A>'.encode()
    root = xml.parse(data)
    path = path_of(root[1][0])
    found = marks(data, root[1], [path, "/Invoice/cbc:ID"])
    assert found[path] == found["/Invoice/cbc:ID"]
    assert found[path].line == 2


def test_every_element_is_found_where_it_is() -> None:
    """The text at the place of every element begins with its own start tag."""
    lines = "".join(f'\n <cac:InvoiceLine><cbc:ID a="{n}">{n}</cbc:ID><!-- < --></cac:InvoiceLine>' for n in range(50))
    data = f"{START}{lines}\n</Invoice>".encode()
    root = xml.parse(data)
    elements = {path_of(element): element for element in root.iter("*")}
    found = marks(data, root, elements)
    text = data.decode().split("\n")
    assert found.keys() == elements.keys()
    for path, element in elements.items():
        name = etree.QName(element).localname
        place = text[found[path].line - 1][found[path].column - 1 :]
        assert place.startswith((f"<cbc:{name}", f"<cac:{name}", f"<{name}"))
        if element.text and element.text.strip():
            assert f">{element.text}<" in found[path].marked
