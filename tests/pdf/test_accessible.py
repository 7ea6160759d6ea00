# SPDX-License-Identifier: Apache-2.0
"""A claim of PDF/UA-1 stays only where everything that it demands is proven; each change here breaks one demand.

What is expected is what veraPDF says of the same change; where it passes, the claim may go too, but need not.
"""

from __future__ import annotations

import io
import sys
import tracemalloc
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, NumberTree, Stream, String

from einvoice.pdf import tables
from einvoice.pdf.accessible import doubt
from einvoice.pdf.marked import unmarked
from einvoice.pdf.packets import packet_of
from einvoice.pdf.tables import ILL_BUILT, VAST, ill_built
from einvoice.pdf.tags import Element, Tags
from einvoice.pdf.xmp import Packet
from tests.counting import LINEAR, growth
from tests.pdf.making import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from _typeshed import TraceFunction

    Change = Callable[[pikepdf.Pdf], object]


def clause(change: Change) -> str:
    """The clause that speaks against the claim of a page after a change; nothing if the claim may stay."""
    with pikepdf.open(io.BytesIO(page("a-3u"))) as pdf:
        change(pdf)
        found = doubt(pdf, Packet(packet_of(pdf)))
    return found[0] if found is not None else ""


def elements(pdf: pikepdf.Pdf, kind: str) -> list[Dictionary]:
    return [
        item
        for item in pdf.objects
        if isinstance(item, Dictionary) and item.get("/S") == Name(f"/{kind}") and "/P" in item
    ]


def renamed(kind: str, new: str) -> Change:
    return lambda pdf: elements(pdf, kind)[0].__setitem__("/S", Name(f"/{new}"))


def entry(kind: str, key: str, value: object) -> Change:
    return lambda pdf: elements(pdf, kind)[0].__setitem__(key, value)


def without(kind: str, key: str) -> Change:
    return lambda pdf: elements(pdf, kind)[0].__delitem__(key)


def painted(contents: bytes) -> Change:
    return lambda pdf: pdf.pages[0].contents_add(contents)


def roles(**mapped: str) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.StructTreeRoot.RoleMap = Dictionary({f"/{key}": Name(f"/{value}") for key, value in mapped.items()})
        if "Absatz" in mapped:
            elements(pdf, "P")[0].S = Name.Absatz

    return change


def link(change: Callable[[pikepdf.Object], object]) -> Change:
    def apply(pdf: pikepdf.Pdf) -> None:
        change(pdf.pages[0].obj.Annots[0])

    return apply


def cell(kind: str, key: str, value: object) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        said = elements(pdf, kind)[0].A
        for one in said if isinstance(said, Array) else [said]:
            if isinstance(one, Dictionary) and one.get("/O") == Name.Table:
                one[key] = value

    return change


def form(contents: bytes, call: bytes, **keys: object) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        drawn = Stream(pdf, contents, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), **keys)
        pdf.pages[0].obj.Resources.XObject = Dictionary(Fm=pdf.make_indirect(drawn))
        pdf.pages[0].contents_add(call)

    return change


def shortened(pdf: pikepdf.Pdf) -> None:
    """The tree of parents knows one mark less."""
    del NumberTree(pdf.Root.StructTreeRoot.ParentTree)[int(pdf.pages[0].obj.StructParents)][2]


def titled(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Metadata = Stream(pdf, pdf.Root.Metadata.read_bytes().replace(b"dc:title", b"dc:relation"))


def prefixed(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Metadata = Stream(
        pdf, pdf.Root.Metadata.read_bytes().replace(b"pdfuaid:", b"ua:").replace(b":pdfuaid", b":ua")
    )


DENIED: list[tuple[str, str, Change]] = [
    ("a skipped heading", "7.4.2", renamed("H1", "H3")),
    ("an unnumbered heading", "7.1", renamed("H1", "H")),
    ("a figure without words", "7.3", renamed("P", "Figure")),
    (
        "a figure with empty words",
        "7.3",
        lambda pdf: (renamed("P", "Figure")(pdf), entry("Figure", "/Alt", String(""))(pdf)),
    ),
    ("a figure by its role", "7.3", roles(Absatz="Figure")),
    ("a formula", "7.7", renamed("P", "Formula")),
    ("a note without a name", "7.9", renamed("P", "Note")),
    ("a type of its own", "7.1", renamed("P", "Absatz")),
    ("a role in a circle", "7.1", roles(Absatz="Bild", Bild="Absatz")),
    ("a standard type with a role", "7.1", roles(P="H1")),
    ("an item outside of lists", "7.2", renamed("P", "LI")),
    ("a row outside of tables", "7.2", renamed("P", "TR")),
    ("a paragraph in a row", "7.2", renamed("TD", "P")),
    ("two heads", "7.2", renamed("TBody", "THead")),
    ("a broad cell", "7.2", cell("TD", "/ColSpan", 2)),
    ("a tall cell", "7.2", cell("TD", "/RowSpan", 3)),
    ("an unknown header", "7.5", cell("TD", "/Headers", Array([String("nowhere")]))),
    ("a header without a scope", "7.5", cell("TH", "/Scope", Name.Foo)),
    ("a strange language", "7.2", lambda pdf: setattr(pdf.Root, "Lang", String("xx yy"))),
    ("no language", "7.2", lambda pdf: pdf.Root.__delitem__("/Lang")),
    ("a strange language of a paragraph", "7.2", entry("P", "/Lang", String("xx yy"))),
    ("a strange language of a mark", "7.2", painted(b"/Artifact <</Lang (xx yy)>> BDC 0 0 1 1 re f EMC")),
    ("an unknown mark", "7.1", painted(b"/P <</MCID 99>> BDC 0 0 1 1 re f EMC")),
    ("a negative mark", "7.1", painted(b"/P <</MCID -1>> BDC 0 0 1 1 re f EMC")),
    ("a mark that tags nothing", "7.1", painted(b"/Foo BMC 0 0 1 1 re f EMC")),
    ("a clip without a mark", "7.1", painted(b"0 0 1 1 re W n")),
    ("a tag in an artifact", "7.1", painted(b"/Artifact BMC /P <</MCID 0>> BDC 0 0 1 1 re f EMC EMC")),
    ("an artifact in a tag", "7.1", painted(b"/P <</MCID 0>> BDC /Artifact BMC 0 0 1 1 re f EMC EMC")),
    ("an artifact that is tagged", "7.1", painted(b"/Artifact <</MCID 0>> BDC 0 0 1 1 re f EMC")),
    ("a tag in a plain mark in a tag", "7.1", painted(b"/P <</MCID 0>> BDC /Foo BMC /P <</MCID 1>> BDC EMC EMC EMC")),
    ("something after a mark", "7.1", painted(b"/Artifact BMC EMC 0 0 1 1 re f")),
    ("a mark that does not end", "7.1", painted(b"/Artifact BMC 0 0 1 1 re f")),
    ("a mark that did not begin", "7.1", painted(b"EMC")),
    ("properties that are missing", "7.1", painted(b"/P /MC0 BDC 0 0 1 1 re f EMC")),
    ("a form without a mark", "7.1", form(b"0 0 1 1 re f", b"/Fm Do")),
    ("a tag in a form", "7.1", form(b"/P <</MCID 0>> BDC 0 0 1 1 re f EMC", b"/Artifact BMC /Fm Do EMC")),
    ("a form with parents", "7.20", form(b"0 0 1 1 re f", b"/Artifact BMC /Fm Do EMC", StructParents=0)),
    ("no tree of parents", "7.1", lambda pdf: pdf.Root.StructTreeRoot.__delitem__("/ParentTree")),
    ("a tree of parents that lacks one", "7.1", shortened),
    ("a page without a place in it", "7.1", lambda pdf: pdf.pages[0].obj.__delitem__("/StructParents")),
    ("an element without a parent", "7.1", without("P", "/P")),
    ("an element of another parent", "7.1", lambda pdf: entry("P", "/P", elements(pdf, "H1")[0])(pdf)),
    ("an element in two places", "7.1", lambda pdf: elements(pdf, "Document")[0].K.append(elements(pdf, "P")[0])),
    ("attributes by class", "7.1", entry("P", "/C", Name.Foo)),
    ("a name that is no text", "7.1", entry("P", "/S", pikepdf.Object.parse(b"/Absatz#FC"))),
    ("a link without words", "7.18", link(lambda one: one.__delitem__("/Contents"))),
    ("a link without a tag", "7.18", link(lambda one: one.__delitem__("/StructParent"))),
    ("a link of another tag", "7.18", renamed("Link", "Span")),
    ("a sticky note", "7.18", link(lambda one: one.__setitem__("/Subtype", Name.Text))),
    ("another order of tabs", "7.18.3", lambda pdf: setattr(pdf.pages[0].obj, "Tabs", Name.R)),
    ("suspects", "6.2", lambda pdf: setattr(pdf.Root.MarkInfo, "Suspects", True)),
    ("no title shown", "7.1", lambda pdf: setattr(pdf.Root.ViewerPreferences, "DisplayDocTitle", False)),
    ("no title", "7.1", titled),
    ("another prefix", "7.1", prefixed),
    ("layers", "7.10", lambda pdf: setattr(pdf.Root, "OCProperties", Dictionary())),
]


@pytest.mark.parametrize(("expected", "change"), [case[1:] for case in DENIED], ids=[case[0] for case in DENIED])
def test_what_breaks_a_demand_takes_the_claim_away(expected: str, change: Change) -> None:
    assert clause(change) == expected


KEPT: list[tuple[str, Change]] = [
    ("nothing changed", lambda pdf: pdf),
    ("an artifact", painted(b"/Artifact BMC 0 0 1 1 re f EMC")),
    ("an artifact in an artifact", painted(b"/Artifact BMC /Artifact BMC 0 0 1 1 re f EMC 0 0 1 1 re f EMC")),
    ("a plain mark in an artifact", painted(b"/Artifact BMC /Foo BMC 0 0 1 1 re f EMC EMC")),
    ("a language", entry("P", "/Lang", String("de-DE"))),
    ("a role", roles(Absatz="Text", Text="P")),
    ("a figure with words", lambda pdf: (renamed("P", "Figure")(pdf), entry("Figure", "/Alt", String("A seal"))(pdf))),
    ("a note with a name", lambda pdf: (renamed("P", "Note")(pdf), entry("Note", "/ID", String("n1"))(pdf))),
    ("a form in an artifact", form(b"0 0 1 1 re f", b"/Artifact BMC /Fm Do EMC")),
]


@pytest.mark.parametrize("change", [change for _, change in KEPT], ids=[name for name, _ in KEPT])
def test_what_breaks_none_leaves_it(change: Change) -> None:
    assert clause(change) == ""


def table(rows: int, columns: int, **first: int) -> list[Element]:
    """The elements of a table whose first cell has these attributes."""
    whole = Element(Dictionary(), "Table")
    whole.kids = [Element(Dictionary(), "TR") for _ in range(rows)]
    for row in whole.kids:
        row.kids = [Element(Dictionary(), "TD") for _ in range(columns)]
    cells = [cell for row in whole.kids for cell in row.kids]
    cells[0].item.A = Dictionary({"/O": Name.Table, **{f"/{key}": value for key, value in first.items()}})
    return [whole, *whole.kids, *cells]


@pytest.mark.parametrize(("rows", "expected"), [(3, ILL_BUILT), (1_000, VAST)])
def test_a_cell_that_says_it_spans_a_million_places_costs_no_memory(rows: int, expected: str) -> None:
    hostile = table(rows, 1, ColSpan=999, RowSpan=999)
    tracemalloc.start()
    try:
        found = list(ill_built(hostile))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    assert found == [("7.2", expected)]


def test_the_places_of_all_tables_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    two = [*table(2, 2), *table(3, 3)]
    monkeypatch.setattr(tables, "_MOST", 13)
    assert list(ill_built(two)) == []
    monkeypatch.setattr(tables, "_MOST", 12)
    assert list(ill_built(two)) == [("7.2", VAST)]


def test_half_a_million_places_are_looked_at() -> None:
    """The other rows have a cell more than the one that goes through all of them, so the first row is too short."""
    assert list(ill_built(table(500, 1, ColSpan=999, RowSpan=500))) == [("7.2", ILL_BUILT)]


def lines(work: Callable[[], object]) -> int:
    """How many lines of Python some work takes; what a comprehension does again and again is counted, too."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def test_the_effort_for_a_table_grows_with_its_rows() -> None:
    def effort(rows: int) -> int:
        made = table(rows, 2)
        return lines(lambda: list(ill_built(made)))

    few, many = effort(100), effort(200)
    assert 100 < many <= LINEAR * few


class Copied(set[tuple[int, int]]):
    """A set that counts how often it is copied."""

    copies = 0

    def __or__(self, other: object) -> Copied:  # type: ignore[override]
        self.copies += 1
        return self

    __ror__ = __or__


class Watched(Tags):
    """Tags whose set of the elements seen is watched."""

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, Copied(value) if name == "_seen" and isinstance(value, set) else value)


def test_what_was_seen_is_not_copied_for_each_element() -> None:
    with pikepdf.open(io.BytesIO(page("a-3u"))) as pdf:
        tags = Watched(pdf)
        assert isinstance(tags._seen, Copied)
        assert len(tags._seen) > len(tags.elements) > 10
        assert tags._seen.copies == 0


def test_the_effort_for_marks_within_marks_grows_with_their_number() -> None:
    def prepare(size: int) -> Callable[[], object]:
        pdf = pikepdf.open(io.BytesIO(page("a-3u")))
        painted(b"/Artifact BMC " * size + b"0 0 1 1 re f " + b"EMC " * size)(pdf)
        tags = Tags(pdf)
        return lambda: list(unmarked(pdf, tags))

    assert growth(prepare, 500) <= LINEAR
