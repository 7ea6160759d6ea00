# SPDX-License-Identifier: Apache-2.0
"""What a program gives: an invoice in one of several forms, a day, paths; what is none of these is refused by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from os import PathLike, fspath
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from msgspec import Struct

from einvoice.errors import InputError
from einvoice.model import Invoice
from einvoice.model.terms import fields_of
from einvoice.service.intake import Intake, take_in, take_in_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.service.settings import Settings

Source = bytes | bytearray | memoryview | str | PathLike[str] | IO[bytes]
"""An invoice from outside: its bytes, the path of its file, or an open binary file."""

_DOCUMENTS: Final = ("<", "{", "[", "%PDF", "UNA", "UNB")
_LONGEST_PATH: Final = 4_096
_SHOWN: Final = 60


def taken(source: Source | Invoice, settings: Settings) -> Intake:
    """Take in what a program gives as an invoice.

    Args:
        source: bytes, a path, an open binary file, or an invoice.
        settings: what it may cost.

    Raises:
        InputError: it is none of these, cannot be read, or holds no invoice that einvoice knows.
    """
    if isinstance(source, Invoice):
        return Intake(source=None, data=b"", kind="model", invoice=typed(source))
    if isinstance(source, bytes | bytearray | memoryview):
        return take_in_bytes(bytes(source), settings)
    if isinstance(source, str | PathLike):
        return take_in(path_of(source), settings)
    data, name = content(source, settings.limits.bytes)
    return take_in_bytes(data, settings, source=name)


def content(source: Source, limit: int) -> tuple[bytes, str | None]:
    """The bytes of what a program gives, and its name if it has one.

    Args:
        source: bytes, a path, or an open binary file.
        limit: the number of bytes that are read at most.

    Raises:
        InputError: it is none of these, or cannot be read.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), None
    if isinstance(source, str | PathLike):
        from einvoice.service.sources import read_bytes

        path = path_of(source)
        return read_bytes(path, limit=limit), path
    if not callable(getattr(source, "read", None)):
        what = f"a source is bytes, a path or an open binary file, and not {_kind(source)}"
        raise InputError(what, code="WRONG_TYPE")
    given = getattr(source, "name", None)
    name = given if isinstance(given, str) else None
    try:
        data = source.read(limit + 1)
    except (OSError, ValueError) as error:  # such as a file that is closed
        raise InputError(f"the source cannot be read: {error}", source=name, code="NOT_READ") from error
    if not isinstance(data, bytes):
        raise InputError("the source gives text; open the file in binary mode: open(path, 'rb')", code="NOT_BYTES")
    return data, name


def text_of(value: str, name: str) -> str:
    """A text that a program gives.

    Args:
        value: the text.
        name: what it is, for the message.

    Raises:
        InputError: it is none (``WRONG_TYPE``).
    """
    if not isinstance(value, str):
        raise InputError(f"{name} is a str, and not {_kind(value)}", code="WRONG_TYPE")
    return value


def path_of(source: str | PathLike[str]) -> str:
    """The path that a text is.

    Raises:
        InputError: it is the text of a document, of which a message must not quote all.
    """
    path = named_path(source, "a source")
    if "\n" in path or len(path) > _LONGEST_PATH or path.lstrip().startswith(_DOCUMENTS):
        try:
            there = Path(path).exists()
        except (OSError, ValueError):
            there = False
        if not there:
            start = path.strip()[:_SHOWN]
            message = f"a text is taken for the path of a file, and {start!r}… is a document: give bytes, text.encode()"
            raise InputError(message, code="NOT_BYTES")
    return path


def named_path(path: str | PathLike[str], name: str) -> str:
    """A path as a text.

    Args:
        path: the path.
        name: what the program calls it.

    Raises:
        InputError: it is none (``WRONG_TYPE``).
    """
    found: object = fspath(path) if isinstance(path, PathLike) else path
    if not isinstance(found, str):
        raise InputError(f"{name} is a path, a str or a pathlib.Path, and not {_kind(path)}", code="WRONG_TYPE")
    return found


def paths_of(paths: str | PathLike[str] | Sequence[str | PathLike[str]], name: str) -> list[str]:
    """Paths as texts; one that stands alone is one path, and not one a letter.

    Args:
        paths: one path, or several.
        name: what the program calls them.

    Raises:
        InputError: one is none (``WRONG_TYPE``).
    """
    several = isinstance(paths, Iterable) and not isinstance(paths, bytes | bytearray | memoryview | str | PathLike)
    return [named_path(path, name) for path in cast("Sequence[str]", paths if several else (paths,))]


def bytes_of(data: bytes, name: str) -> bytes:
    """Bytes that are no path.

    Args:
        data: the bytes.
        name: what the program calls them.

    Raises:
        InputError: they are none (``WRONG_TYPE``); a path is told how it becomes some.
    """
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    way = ": pathlib.Path(path).read_bytes()" if isinstance(data, str | PathLike) else ""
    raise InputError(f"{name} is bytes, and not {_kind(data)}{way}", code="WRONG_TYPE")


def day_of(day: date | None) -> date | None:
    """A day; that of a moment is its date.

    Args:
        day: a day, or a moment.

    Raises:
        InputError: it is none.
    """
    if isinstance(day, datetime):
        return day.date()
    if day is None or isinstance(day, date):
        return day
    raise InputError(f"as_of is a datetime.date, and not {_kind(day)}", code="WRONG_TYPE")


def typed(invoice: Invoice) -> Invoice:
    """An invoice whose fields hold what their types say.

    Args:
        invoice: as a program built it; Python itself does not look at types.

    Raises:
        InputError: a field holds something else (``WRONG_TYPE``); the message names it.
    """
    if not isinstance(invoice, Invoice):
        raise InputError(f"an einvoice.Invoice is wanted, and not {_kind(invoice)}", code="WRONG_TYPE")
    wrong = next(_wrong(invoice, ""), None)
    if wrong is not None:
        raise InputError(wrong, code="WRONG_TYPE")
    return invoice


def _wrong(group: Struct, path: str) -> Iterator[str]:
    """Sentences about fields that hold what they cannot."""
    for name, info in fields_of(type(group)).items():
        value, here = getattr(group, name), f"{path}{name}"
        if not info.repeats:
            yield from () if value is None else _unfit(value, info.value_type, here)
        elif not isinstance(value, tuple):
            yield f"{here} holds {_kind(value)}, and it must hold a tuple"
        else:
            for index, one in enumerate(value):
                yield from _unfit(one, info.value_type, f"{here}[{index}]")


def _unfit(value: object, wanted: type, path: str) -> Iterator[str]:
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is int):
        hint = f", such as Decimal({str(value)!r})" if wanted is Decimal and type(value) in {int, float, str} else ""
        yield f"{path} holds {_kind(value)}, and it must hold {_named(wanted)}{hint}"
    elif isinstance(value, datetime):
        yield f"{path} holds {_kind(value)}, and it must hold a date: take .date() of it"
    elif isinstance(value, Decimal) and not value.is_finite():
        yield f"{path} holds {value}, which is no number"
    elif isinstance(value, Struct):
        yield from _wrong(value, f"{path}.")


def _kind(value: Any) -> str:  # noqa: ANN401 - whatever a program gives
    said = repr(value)
    return f"{type(value).__name__} {said if len(said) <= _SHOWN else f'{said[:_SHOWN]}…'}"


def _named(wanted: type) -> str:
    return wanted.__name__
