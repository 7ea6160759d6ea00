# SPDX-License-Identifier: Apache-2.0
"""Rules about the elements of a syntax, as data, and what a document says to them.

A publisher's rule such as "there is at most one ``cbc:Note`` in a line" is about the shape of a document and not about
an invoice. The rule packs hold such rules as rows; the room that knows the syntaxes asks a document about them. What
passes between the two is here.
"""

from __future__ import annotations

from msgspec import Struct


class StructureRow(Struct, frozen=True):
    """One demand on the elements of a document; a rule has one row or several.

    The grammar of ``context``, ``path`` and ``unless`` is that of :mod:`einvoice.bind.structure_paths`.

    Attributes:
        rule: the official id.
        context: the elements that are asked. ``/Invoice | /CreditNote`` is the document itself, ``cac:PayeeParty`` any
            element of that name; ``ram:*ID`` any whose name ends so.
        test: what is asked of what stands at ``path``: ``absent``, ``at most N``, ``exactly N``, ``some``; ``alike``,
            ``alike trimmed`` (all say the same); ``decimals N``, ``date 102`` (what a text looks like); ``true``
            (``path`` is a condition).
        path: elements or attributes below the context, or anywhere after ``//``; ``.`` is the context.
        unless: a condition on the context under which nothing is asked; empty for none.
    """

    rule: str
    context: str
    test: str
    path: str
    unless: str = ""


class Structure(Struct, frozen=True, eq=False):
    """The rows of a pack for one family of documents.

    An element is asked by the first context, in the order of the rows, that fits it and has no condition, and by those
    before it that have one. The contexts after it do not see the element.

    Attributes:
        rows: the rows, contexts in the publisher's order of precedence.
    """

    rows: tuple[StructureRow, ...]


class StructureHit(Struct, frozen=True):
    """A place in a document that does not answer a row as it should.

    Attributes:
        row: the row.
        path: where, as an XPath with prefixes and positions; for something that is missing, where it is missing.
        value: the text that stands there; ``None`` for an element with elements in it.
        terms: the terms and groups that stand there, such as ``("BT-22",)``.
        line: the line in the source, counted from 1.
        open: why the row could not be judged; empty if it was, and is broken.
    """

    row: StructureRow
    path: str
    value: str | None = None
    terms: tuple[str, ...] = ()
    line: int | None = None
    open: str = ""
