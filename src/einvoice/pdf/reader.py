# SPDX-License-Identifier: Apache-2.0
"""A PDF opened for reading only, within limits (ISO 32000-1, 7.3 to 7.6).

pypdf parses. What bounds it here: its own limits for this call, a source that counts every read, a look at each
object stream before it is parsed, and references to nothing that stay nothing (7.3.10) instead of being searched for.
"""

from __future__ import annotations

import io
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, LimitReachedError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
    read_object,
)

from einvoice.bind import magic
from einvoice.errors import PdfError
from einvoice.pdf import streams, visible
from einvoice.pdf.limits import Meter, PdfLimits, over

if TYPE_CHECKING:
    from collections.abc import Iterator

# Without a handler, Python prints the warnings of pypdf about broken files to standard error.
logging.getLogger("pypdf").addHandler(logging.NullHandler())

_HEAD: Final = 1024
_TAIL: Final = 1024
_BYTES_A_STEP: Final = 512  # copying and searching bytes is that much cheaper than reading a token
_STEPS_A_TOKEN: Final = 4
_DELIMITERS: Final = b" \t\r\n\f\0/[]<>()"
_NOT_DELIMITERS: Final = bytes(set(range(256)) - set(_DELIMITERS))
_READ: Final = io.BytesIO.read  # faster than super(), and it is called for every token
_PLAIN: Final = 1  # /Predictor 1: none


class Document:
    """A PDF that is open: its catalog, and the way from one object to the next.

    Nothing here raises on a broken object: it is null, and :attr:`trouble` keeps what was wrong with it.
    """

    def __init__(self, reader: _Reader, limits: PdfLimits) -> None:
        self._reader = reader
        self.limits = limits
        self.trouble: Exception | None = None
        self.catalog: DictionaryObject = reader.root_object

    def charge(self, steps: int) -> None:
        """Use up steps of the work that the limits allow."""
        self._reader.meter.charge(steps)

    def note(self, error: Exception) -> None:
        """Remember that a part of the file is broken; it matters only if the invoice is not found."""
        self.trouble = self.trouble or error

    def resolve(self, value: object) -> object:
        """Follow a reference. Null, a reference to nothing and a broken object are ``None``."""
        if not isinstance(value, PdfObject):
            return None
        try:
            found = value.get_object()
        except PdfError:
            raise
        except Exception as error:  # noqa: BLE001 -- pypdf meets broken objects with any exception there is
            self.note(error)
            return None
        return None if isinstance(found, NullObject) else found

    def dictionary(self, value: object) -> DictionaryObject:
        """Follow a reference to a dictionary or stream; an empty one if it is none."""
        found = self.resolve(value)
        return found if isinstance(found, DictionaryObject) else DictionaryObject()

    def stream(self, value: object) -> StreamObject | None:
        """Follow a reference to a stream."""
        found = self.resolve(value)
        return found if isinstance(found, StreamObject) else None

    def array(self, value: object) -> list[object]:
        """Follow a reference to an array; one value that is no array counts as an array of it."""
        found = self.resolve(value)
        if found is None:
            return []
        return list(found) if isinstance(found, ArrayObject) else [value]

    def text(self, value: object) -> str | None:
        """Follow a reference to a string; one in no known encoding is read as Latin-1."""
        found = self.resolve(value)
        if isinstance(found, ByteStringObject):
            return found.decode("latin-1")
        return str(found) if isinstance(found, TextStringObject) else None

    def name(self, value: object) -> str | None:
        """Follow a reference to a name and return it without its slash."""
        found = self.resolve(value)
        return str(found).removeprefix("/") if isinstance(found, NameObject) else None

    def pages(self, most: int) -> list[str]:
        """Return what can be read on the first and the last pages; totals stand at one end, the number at the other.

        Args:
            most: of how many pages.

        Raises:
            PdfError: reading them costs too much (``PDF_LIMIT``), or they are broken (``PDF_DAMAGED``).
        """
        try:
            pages = list(self._reader.pages)
            chosen = pages if len(pages) <= most else pages[: most - most // 2] + pages[-(most // 2) :]
            return [visible.text_of(self, page) for page in chosen]
        except PdfError:
            raise
        except Exception as error:
            self.charge(0)  # pypdf may have met the end of its steps with another exception
            raise unreadable(error) from error

    def packing(self, stream: StreamObject) -> tuple[bytes, list[str]]:
        """Return the data of a stream as it stands in the file, and the filters that unpack it.

        Raises:
            PdfError: it needs a predictor, which is for pictures (``PDF_DAMAGED``).
        """
        filters = [self.name(value) or "an unnamed filter" for value in self.array(stream.get("/Filter"))]
        for value in self.array(stream.get("/DecodeParms")):
            predictor = self.resolve(self.dictionary(value).get("/Predictor"))
            if isinstance(predictor, NumberObject) and predictor != _PLAIN:
                raise PdfError(
                    "an attachment is packed like a picture (with a predictor), which this reader does not unpack;"
                    " ask the sender for the XML",
                    code="PDF_DAMAGED",
                )
        return StreamObject.get_data(stream), filters  # the base class returns what was read, undecoded

    def content(self, stream: StreamObject, limit: int | None = None) -> bytes:
        """Return the decoded bytes of a stream.

        Raises:
            PdfError: they are too many (``PDF_LIMIT``) or broken (``PDF_DAMAGED``).
        """
        return streams.decode(*self.packing(stream), self.limits.inflated_bytes if limit is None else limit)


@contextmanager
def open_pdf(data: bytes, limits: PdfLimits) -> Iterator[Document]:
    """Open a PDF that may be hostile.

    A file that is encrypted so that anyone may open it (only with an owner password) is opened.

    Args:
        data: the file.
        limits: what reading it may cost.

    Yields:
        The open document; it is of no use after the ``with`` block.

    Raises:
        PdfError: ``PDF_LIMIT``, ``PDF_ENCRYPTED``, or ``PDF_DAMAGED`` if it cannot be opened.
    """
    size = limits.structure_bytes
    with apply_configuration(
        maximum_declared_stream_length=limits.file_bytes,
        zlib_maximum_output_length=size,
        lzw_maximum_output_length=size,
        run_length_maximum_output_length=size,
        brotli_maximum_output_length=size,
        stream_decoding_work_maximum_length=4 * size,
        array_maximum_element_count=limits.objects,
        dictionary_maximum_element_count=limits.objects,
    ):
        yield _open(_trimmed(data, limits), limits)


def unreadable(error: BaseException) -> PdfError:
    """Return the error for a PDF that pypdf could not read, in the words of this project."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, LimitReachedError | MemoryError | RecursionError):
            return PdfError(
                "the PDF is refused: it is nested or packed beyond all measure; ask the sender for the XML",
                code="PDF_LIMIT",
            )
        cause = cause.__cause__ or cause.__context__
    return PdfError(
        "the PDF is damaged: its inner structure cannot be read; ask the sender for the file again, or for the XML",
        code="PDF_DAMAGED",
    )


def _trimmed(data: bytes, limits: PdfLimits) -> bytes:
    """Refuse what cannot be a PDF before it is parsed, and cut off what stands before and after it."""
    if len(data) > limits.file_bytes:
        raise over(f"it has {len(data):,} bytes, and at most {limits.file_bytes:,} are read", "file_bytes")
    start = data.find(b"%PDF-", 0, _HEAD)
    if start < 0:
        what = {"xml": "XML; give it where XML is accepted", "json": "JSON", "empty": "empty"}.get(magic.kind(data))
        raise PdfError(
            f"this is not a PDF: it is {what or f'something that begins with {data[:20]!r}'}", code="PDF_DAMAGED"
        )
    end = data.rfind(b"%%EOF") + len(b"%%EOF")
    if end < len(b"%%EOF"):
        raise PdfError("the PDF is cut off: its end is missing; transfer or download it again", code="PDF_DAMAGED")
    return data[start:end] if start or len(data) - end > _TAIL else data


def _open(data: bytes, limits: PdfLimits) -> Document:
    meter = Meter(limits.work)
    try:
        reader = _Reader(data, meter, limits.objects)
        _decrypt(reader)
        return Document(reader, limits)
    except PdfError:
        raise
    except DependencyError as error:
        raise PdfError(
            "the PDF is encrypted with AES, and the package that decrypts it is missing: pip install cryptography,"
            " or save the PDF without encryption",
            code="PDF_ENCRYPTED",
        ) from error
    except Exception as error:
        meter.charge(0)  # pypdf may have met the end of its steps with another exception
        raise unreadable(error) from error


def _decrypt(reader: _Reader) -> None:
    """Open an encrypted PDF that needs no password; only its owner's rights are protected then (7.6.3)."""
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise PdfError(
            "the PDF is encrypted and opens only with a password; save it without one, or ask the sender to",
            code="PDF_ENCRYPTED",
        )


class _Source(io.BytesIO):
    """The bytes of a file, with a count of the reads: pypdf reads token by token, so this counts its work."""

    def __init__(self, data: bytes, meter: Meter) -> None:
        super().__init__(data)
        self._meter = meter

    def read(self, size: int | None = -1, /) -> bytes:
        found = _READ(self, size)
        meter = self._meter
        meter.left -= 1 + len(found) // _BYTES_A_STEP
        if meter.left < 0:
            meter.charge(0)
        return found

    def getbuffer(self) -> memoryview:
        view = super().getbuffer()
        self._meter.charge(1 + view.nbytes // _BYTES_A_STEP)
        return view


class _Reader(PdfReader):
    """pypdf, with the one door that all indirect objects come through guarded."""

    def __init__(self, data: bytes, meter: Meter, objects: int) -> None:
        self.meter = meter
        self._weighed: set[int] = set()
        self._indices: dict[int, tuple[bytes, dict[int, int]]] = {}
        super().__init__(_Source(data, meter), xref_stream_maximum_entries=objects)

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        if isinstance(indirect_reference, int):
            indirect_reference = IndirectObject(indirect_reference, 0, self)
        number, generation = indirect_reference.idnum, indirect_reference.generation
        if generation == 0 and number in self.xref_objStm:
            self._weigh(cast("int", self.xref_objStm[number][0]))
        elif number not in self.xref.get(generation, {}):
            return None
        return super().get_object(indirect_reference)

    def _get_object_from_stream(self, indirect_reference: IndirectObject) -> PdfObject:
        """Read one object of an object stream (7.5.7); pypdf would read all of them, which takes most of its time.

        Where the index of the stream is not quite in order, pypdf does as it does.
        """
        number = indirect_reference.idnum
        holder = cast("int", self.xref_objStm[number][0])
        if holder not in self._indices:
            self._indices[holder] = self._index(holder)
        data, offsets = self._indices[holder]
        if number not in offsets:
            return super()._get_object_from_stream(indirect_reference)
        source = io.BytesIO(data)
        source.seek(offsets[number])
        found = read_object(source, self)
        if found is None:
            return NullObject()
        self.cache_indirect_object(0, number, found)
        return found

    def _index(self, holder: int) -> tuple[bytes, dict[int, int]]:
        """The contents of an object stream, and where in them its objects begin; nothing unless all is in order."""
        stream = self.get_object(holder)
        first = stream.get("/First") if isinstance(stream, StreamObject) else None
        count = stream.get("/N") if isinstance(stream, StreamObject) else None
        if not isinstance(stream, StreamObject) or not isinstance(first, NumberObject) or not first > 0:
            return b"", {}
        data = stream.get_data()
        words = data[:first].split()
        if len(words) != 2 * int(count if isinstance(count, NumberObject) else -1) or not all(
            map(bytes.isdigit, words)
        ):
            return b"", {}
        numbers = [int(word) for word in words]
        offsets = [first + offset for offset in numbers[1::2]]
        orderly = all(one < two for one, two in zip(offsets, [*offsets[1:], len(data)], strict=True))
        return (data, dict(zip(numbers[::2], offsets, strict=True))) if orderly else (b"", {})

    def _weigh(self, number: int) -> None:
        """Charge an object stream before it is parsed: pypdf parses all objects of one at once."""
        if number in self._weighed:
            return
        self._weighed.add(number)
        stream = self.get_object(number)
        if isinstance(stream, StreamObject):
            data = stream.get_data()
            tokens = len(data.translate(None, _NOT_DELIMITERS))
            self.meter.charge(_STEPS_A_TOKEN * tokens + len(StreamObject.get_data(stream)) // 8)
