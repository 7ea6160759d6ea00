# SPDX-License-Identifier: Apache-2.0
"""Every file attached to a PDF, wherever it hangs (ISO 32000-1, 7.11.4; ISO 19005-3, annex E).

The tree of names in the catalog, the associated files of the catalog and of the pages, and file annotations. A stream
that is reached by two ways is one attachment; two streams of one file specification are two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pypdf.generic import IndirectObject

from einvoice.pdf.limits import over
from einvoice.pdf.names import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf.generic import DictionaryObject, StreamObject

    from einvoice.pdf.reader import Document

_FILE_KEYS: Final = ("/UF", "/F", "/DOS", "/Mac", "/Unix")


class Attached:
    """One attached file.

    Attributes:
        names: what the file is called, the best name first: ``/UF``, ``/F``, its key in the tree of names.
        relationship: what it is to the document (``/AFRelationship``), without the slash.
        mime: its media type.
        stream: where its bytes are.
    """

    __slots__ = ("mime", "names", "relationship", "stream")

    def __init__(
        self, names: tuple[str, ...], relationship: str | None, mime: str | None, stream: StreamObject
    ) -> None:
        self.names = names
        self.relationship = relationship
        self.mime = mime
        self.stream = stream

    @property
    def name(self) -> str:
        """The name to show, exactly as it stands in the PDF; it is no path."""
        return self.names[0] if self.names else ""

    @property
    def safe_name(self) -> str:
        """The name under which the file may be saved."""
        return safe_name(self.name)


def attachments(document: Document) -> list[Attached]:
    """Find the attached files of a PDF.

    Args:
        document: the open PDF.

    Returns:
        The files, those of the tree of names first.

    Raises:
        PdfError: there are too many, or the trees are too deep or too large (``PDF_LIMIT``).
    """
    return _Search(document).run()


class _Search:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[tuple[str, object]] = set()
        self._found: list[Attached] = []

    def run(self) -> list[Attached]:
        document = self._document
        catalog = document.catalog
        for key, value in self._named(document.dictionary(catalog.get("/Names")).get("/EmbeddedFiles")):
            self._file(value, key)
        for value in self._items("files", catalog.get("/AF")):
            self._file(value)
        for page in self._pages(catalog.get("/Pages")):
            for value in self._items("files", page.get("/AF")):
                self._file(value)
            for value in self._items("annotations", page.get("/Annots")):
                self._annotation(value)
        document.charge(0)  # pypdf may have met the end of its steps, and gone on
        return self._found

    def _first(self, use: str, value: object) -> bool:
        """Say whether a value is met for the first time in this use; every look costs a step."""
        self._document.charge(1)
        if not isinstance(value, IndirectObject):
            return True
        key = (use, (value.idnum, value.generation))
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _items(self, use: str, value: object) -> Iterator[object]:
        """Yield the items of an array once each, however often the array and its items are referred to."""
        if self._first(f"array of {use}", value):
            yield from (item for item in self._document.array(value) if self._first(use, item))

    def _named(self, root: object) -> Iterator[tuple[str | None, object]]:
        """Yield the keys and values of a name tree (7.9.6)."""
        document = self._document
        todo = [(root, 0)]
        while todo:
            value, depth = todo.pop()
            if depth > document.limits.depth:
                raise over(f"its tree of attachments is more than {document.limits.depth} levels deep", "depth")
            if not self._first("name tree", value):
                continue
            node = document.dictionary(value)
            pairs = document.array(node.get("/Names"))
            for key, found in zip(pairs[::2], pairs[1::2], strict=False):
                yield document.text(key), found
            todo.extend((kid, depth + 1) for kid in reversed(document.array(node.get("/Kids"))))

    def _pages(self, root: object) -> Iterator[DictionaryObject]:
        """Yield the pages (7.7.3) once each; a node that is its own descendant is left out."""
        todo = [root]
        while todo:
            value = todo.pop()
            if not self._first("page", value):
                continue
            node = self._document.dictionary(value)
            if "/Kids" in node:
                todo.extend(reversed(self._document.array(node.get("/Kids"))))
            else:
                yield node

    def _annotation(self, value: object) -> None:
        annotation = self._document.dictionary(value)
        if self._document.name(annotation.get("/Subtype")) == "FileAttachment":
            self._file(annotation.get("/FS"))

    def _file(self, value: object, key: str | None = None) -> None:
        """Take up the streams of a file specification; one without streams points outside and is nothing."""
        document = self._document
        specification = document.dictionary(value)
        streams = document.dictionary(specification.get("/EF"))
        texts = (document.text(specification.get(entry)) for entry in _FILE_KEYS)
        names = tuple(dict.fromkeys(text for text in (*texts, key) if text))
        relationship = document.name(specification.get("/AFRelationship"))
        for entry in _FILE_KEYS:
            stream = document.stream(streams.get(entry))
            if entry in streams and stream is None:
                document.note(ValueError(f"{entry} of a file specification is no stream"))
            if stream is not None and self._first_stream(streams.get(entry), stream):
                self._found.append(Attached(names, relationship, document.name(stream.get("/Subtype")), stream))
        if len(self._found) > document.limits.attachments:
            raise over(f"it has more than {document.limits.attachments:,} attachments", "attachments")

    def _first_stream(self, reference: object, stream: StreamObject) -> bool:
        if isinstance(reference, IndirectObject):
            return self._first("stream", reference)
        if ("stream", id(stream)) in self._seen:
            return False
        self._seen.add(("stream", id(stream)))
        return True
