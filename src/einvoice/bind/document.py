# SPDX-License-Identifier: Apache-2.0
"""A document in UBL or CII: opened safely, read, judged by its schema, and searched for the place of a finding."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from lxml import etree
from msgspec import Struct

from einvoice.bind import losses as comparing
from einvoice.bind import reader, structure, writer, xml
from einvoice.bind.detect import detect
from einvoice.bind.edits import rewritten
from einvoice.bind.locate import Location, Locator
from einvoice.bind.parts import parts
from einvoice.bind.schema import validate
from einvoice.bind.source import Mark, marks
from einvoice.bind.structure_inquiry import Below
from einvoice.bind.zugferd1 import NOTE, is_zugferd1, modernise
from einvoice.errors import UnknownNameError
from einvoice.model import Invoice, Reading, Remark, Syntax

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from einvoice.bind.edits import Edit
    from einvoice.bind.parts import Part
    from einvoice.bind.schema import DocumentType, SchemaViolation
    from einvoice.model.structure import Structure, StructureHit

_ATTRIBUTES = etree.XPath("//@*", smart_strings=False)

NARROWER: Final = frozenset(
    ["facturx:minimum", "facturx:basicwl", "facturx:basic", "facturx:en16931", "facturx:extended"]
)
"""Schemas that take nothing which that of CII refuses; the tests prove it of the files that the catalog pins."""
_ONCE: Final = 1_000_000
"""Bytes of a document up to which its elements are made objects once, and not again by each that walks over them."""


class Computed(Struct, frozen=True):
    """A value that was not stated and had to be written.

    Attributes:
        term: the number of its term, or its model path where it has none.
        value: what was written.
        was: what stood there before; ``None`` if nothing.
    """

    term: str
    value: str
    was: str | None = None


class Losses(Struct, frozen=True):
    """What a conversion lost and added.

    Attributes:
        losses: each value of the source that is not in what was written.
        computed: each value that was written without being stated.
    """

    losses: tuple[Remark, ...]
    computed: tuple[Computed, ...]


class Document:
    """An invoice in UBL or CII, opened.

    Attributes:
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.
        specification_identifier: BT-24 as stated.
        business_process: BT-23 as stated.
        notes: sentences about the document as a whole.
    """

    def __init__(self, data: bytes, *, limits: xml.Limits, source: str | None = None) -> None:
        root = xml.parse(data, limits=limits, source=source)
        self._former = copy.deepcopy(root) if is_zugferd1(root) else None
        if self._former is not None:
            modernise(root)
        self._met = [*root.iter()] if len(data) <= _ONCE else []
        self._below = Below()
        detected = detect(root, source=source, below=self._below)
        self._data = data
        self._reading: Reading | None = None
        self._refused: dict[DocumentType, list[SchemaViolation]] = {}
        self._element = detected.element
        self.syntax: Syntax = detected.syntax
        self.specification_identifier = detected.specification
        self.business_process = detected.process
        self.notes = detected.notes if self._former is None else (NOTE, *detected.notes)

    def reading(self) -> Reading:
        """The invoice, and what reading had to say. Read once."""
        if self._reading is None:
            self._reading = reader.read(self._element, self.syntax, self.notes)
        return self._reading

    def schema_violations(self, document_type: DocumentType | None = None) -> list[SchemaViolation]:
        """What the official schema refuses. Each schema is asked once.

        A document that obeys the schema of a profile of Factur-X obeys that of CII, which is not asked any more then.

        Args:
            document_type: a type of the schema catalog; the syntax's own if not given.

        Raises:
            UnknownNameError: the catalog has no such type.
        """
        if self._former is not None and document_type is None:
            return validate(self._former, "zugferd-1.0")
        asked = document_type or self.syntax
        found = self._refused.get(asked)
        if found is None:
            found = self._refused[asked] = validate(self._element, asked)
            if not found and asked in NARROWER:
                self._refused["cii"] = []
        return found

    def structure_hits(self, rows: Structure) -> tuple[StructureHit, ...]:
        """What rules about the elements of a document find in it.

        Args:
            rows: the rules; those of the document's syntax.
        """
        return structure.hits(self._element, self.syntax, rows, self._below)

    @cached_property
    def _locator(self) -> Locator:
        return Locator(self._element, self.syntax, self._below)

    def locate(self, model_path: str) -> Location | None:
        """Where a place of the model stands in the document.

        Args:
            model_path: a path with indices, such as ``lines[3].net_amount``.
        """
        return self._locator.locate(model_path)

    def marks(self, paths: Collection[str]) -> dict[str, Mark]:
        """Where places stand in the text of the document: line, column, and the line itself.

        Args:
            paths: XPaths as findings have them.

        Returns:
            The places of those that exist.
        """
        return marks(self._data, self._element, paths)

    def texts(self) -> set[str]:
        """Every text and every value of an attribute, each once, as it stands in the document."""
        values = cast("list[str]", _ATTRIBUTES(self._element))  # what this path finds are attributes
        return {*map(str, self._element.itertext()), *values}

    def parts(self) -> dict[int, Part]:
        """Every element of the invoice as data, by its number, in the order of the document."""
        return parts(self._element, self.syntax)

    def rewritten(self, edits: Sequence[Edit]) -> bytes:
        """The document with changes made; everything else stays as it is, to the byte.

        Args:
            edits: the changes; they name elements by the numbers of :meth:`parts`.

        Raises:
            XmlError: the text cannot be changed safely.
        """
        return rewritten(self._data, self._element.getroottree().getroot(), edits)


def open_document(data: bytes, *, limits: xml.Limits | None = None, source: str | None = None) -> Document:
    """Open an invoice in UBL or CII.

    Args:
        data: the document.
        limits: what is refused as too large.
        source: its name, for messages.

    Raises:
        XmlError: the XML is not well-formed, unsafe, or over a limit.
        FormatError: it is no invoice in UBL 2 or CII; the message says what it is.
    """
    return Document(data, limits=limits or xml.DEFAULT_LIMITS, source=source)


def write(invoice: Invoice, syntax: str) -> bytes:
    """Write an invoice.

    Args:
        invoice: the invoice.
        syntax: ``ubl`` (BT-3 decides between invoice and credit note), ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.

    Raises:
        OutputError: a text contains a character that XML cannot hold.
        UnknownNameError: there is no such syntax.
    """
    match syntax:
        case "ubl":
            return writer.write(invoice, ubl_root(invoice))
        case "ubl-invoice" | "ubl-creditnote" | "cii":
            return writer.write(invoice, syntax)
    raise UnknownNameError(f"there is no syntax {syntax!r}; use ubl, ubl-invoice, ubl-creditnote or cii", code="SYNTAX")


def ubl_root(invoice: Invoice) -> Syntax:
    """Whether UBL writes the invoice as an Invoice or as a CreditNote (CEN/TS 16931-3-2, BT-3)."""
    return "ubl-creditnote" if (invoice.type_code or "").strip() in writer.CREDIT_NOTE_CODES else "ubl-invoice"


def losses(document: Document, written: bytes) -> Losses:
    """What was lost and added between a document and what was written from it.

    Args:
        document: the source.
        written: the result, in any syntax.
    """
    reading = document.reading()
    other = open_document(written)
    after = other.reading()
    difference = comparing.compare(reading.invoice, after.invoice)
    lost = []
    for leaf in difference.lost:
        place = document.locate(leaf.path)
        lost.append(
            Remark(
                "no-place",
                place.path if place else "",
                place.value if place and comparing.says(place.value, leaf.text) else leaf.text,
                comparing.terms_at(leaf.place),
                leaf.path,
                place.line if place else None,
            )
        )
    named = [*reading.lost, *lost]
    same = document.syntax == other.syntax
    named += comparing.unaccounted(document._element, other._element, named, same=same)  # noqa: SLF001 - both are ours
    return Losses(tuple(named), _computed(difference))


def _computed(difference: comparing.Difference) -> tuple[Computed, ...]:
    before = {place: iter(found) for place, found in comparing.grouped(difference.lost).items()}
    found = []
    for leaf in difference.added:
        was = next(before.get(leaf.place, iter(())), None)
        number = comparing.terms_at(leaf.place)
        found.append(Computed(number[0] if number else leaf.path, leaf.text, was.text if was else None))
    return tuple(found)
