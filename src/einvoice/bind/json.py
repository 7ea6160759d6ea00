# SPDX-License-Identifier: Apache-2.0
"""An invoice as JSON, exactly: the form that ``schemas/invoice.schema.json`` publishes.

The names are the fields of the model. Decimals are texts (``"12.50"``); a JSON number is accepted too and taken as the
digits that are written, never through binary floating point, so ``12.50`` keeps its two decimals. Days are
``YYYY-MM-DD``, attachments base64. What is absent is left out; ``null`` is read as absent.

Reading is strict, because a misspelt field that is silently dropped is a lost value: unknown fields, keys that occur
twice, numbers with exponents, NaN, lone surrogates and bottomless nesting are refused, each with the place where it
stands. The standard library parses (it shows every key and the digits of every number); the model's own definitions
say what has to stand where.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import msgspec

from einvoice.bind.json_trouble import unreadable
from einvoice.bind.values import write_decimal
from einvoice.errors import JsonError, OutputError
from einvoice.model import Invoice, fields_of, terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from msgspec import Struct

    Reader = Callable[[Any, int], Any]

S = TypeVar("S", bound="Struct")

MOST_BYTES: Final = 100_000_000
MOST_NESTED: Final = 128
DECIMAL_PATTERN: Final = (
    r"^(?![+-]?[0.]*[1-9](?:\.?[0-9]){40})(?!(?:[^0-9]*[0-9]){43})[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$"
)
DATE_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
BASE64_PATTERN: Final = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"

_FOREIGN: Final = (
    "this is JSON, but not an invoice as einvoice writes it (schemas/invoice.schema.json); if it is the export of an"
    " ERP, convert it with --map"
)

_DECIMAL: Final = re.compile(DECIMAL_PATTERN.replace("$", r"\Z"), re.ASCII)
_DATE: Final = re.compile(DATE_PATTERN.replace("$", r"\Z"), re.ASCII)
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_INDEX: Final = re.compile(r"\[[0-9]+\]")
_SHOWN: Final = 40
_LONGEST_DECIMAL: Final = 44
_LONGEST_NAME: Final = 80
_FIRST_NAMES: Final = 20
"""Names that are compared with those of an invoice letter by letter, which costs much."""


class _Number(str):
    """The digits of a JSON number as they are written."""

    __slots__ = ()


class _Repeated:
    """An object with a key that occurs twice."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key


class _MisfitError(Exception):
    """A value does not fit; the path is collected on the way out."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.path: list[str | int] = []


# ------------------------------------------------------------------------------------------ reading


def read_json(data: bytes, *, source: str | None = None) -> Invoice:
    """Read an invoice from JSON.

    Args:
        data: UTF-8, with or without a byte order mark; at most 100 MB.
        source: its name, for messages.

    Raises:
        JsonError: it is no JSON (``code`` is ``JSON_SYNTAX`` or ``JSON_ENCODING``), too large or too deep
            (``JSON_LIMIT``), or does not fit the schema (``JSON_SCHEMA``; the message begins with the place).
    """
    if len(data) > MOST_BYTES:
        raise JsonError(
            f"{len(data):,} bytes are more than the {MOST_BYTES:,} allowed", source=source, code="JSON_LIMIT"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = f"the file is not UTF-8 (byte {error.start} is 0x{data[error.start]:02X}); save it as UTF-8"
        raise JsonError(why, source=source, code="JSON_ENCODING") from None
    try:
        value = _parsed(text)
        if _is_foreign(value):
            raise JsonError(_FOREIGN, source=source, code="JSON_SCHEMA")
        return _group(Invoice, value, 0)
    except json.JSONDecodeError as error:
        why = f"not well-formed JSON: {unreadable(error)}"
        raise JsonError(why, source=source, line=error.lineno, column=error.colno, code="JSON_SYNTAX") from None
    except RecursionError:
        raise JsonError("the values are nested too deeply", source=source, code="JSON_LIMIT") from None
    except _MisfitError as error:
        raise JsonError(_message(error), source=source, code="JSON_SCHEMA") from None


def _is_foreign(value: object) -> bool:
    """Whether this is the JSON of another program: nothing at its top is called as in an invoice, or nearly so."""
    if isinstance(value, list):
        return bool(value)
    if not isinstance(value, dict) or not value:
        return False
    known = _readers(Invoice)
    if not known.keys().isdisjoint(value):
        return False
    return not any(get_close_matches(key[:_LONGEST_NAME], known, 1) for key in islice(value, _FIRST_NAMES))


def _parsed(text: str) -> object:
    value = json.loads(
        text, object_pairs_hook=_object, parse_float=_Number, parse_int=_Number, parse_constant=_refuse_constant
    )
    if _SURROGATE.search(text):
        _check_surrogates(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Repeated:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    return _Repeated(next(key for key in found if keys.count(key) > 1))


def _refuse_constant(name: str) -> NoReturn:
    raise _MisfitError(f"{name} is no value that JSON knows")


def _check_surrogates(value: object) -> None:
    """Refuse half characters: the escape ``ud83d`` alone is JSON, but no text."""
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _MisfitError("the text holds half a character (a lone surrogate)") from None
    elif isinstance(value, dict):
        for key, item in value.items():
            _at(key, partial(_check_surrogates, item))
            _check_surrogates(key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _at(index, partial(_check_surrogates, item))


def _at(step: str | int, action: Callable[[], Any]) -> None:
    try:
        action()
    except _MisfitError as misfit:
        misfit.path.append(step)
        raise


@cache
def _readers(cls: type[Struct]) -> dict[str, tuple[Reader, bool]]:
    """How each field of a struct is read, and whether ``null`` may stand for its absence."""
    optional = {field.name: field.default is None for field in msgspec.structs.fields(cls)}
    return {
        name: (_reader(info.value_type, repeats=info.repeats), optional[name]) for name, info in fields_of(cls).items()
    }


def _reader(kind: type, *, repeats: bool) -> Reader:
    leaves: dict[type, Reader] = {str: _text, Decimal: _decimal, date: _date, bytes: _bytes}
    one = leaves.get(kind) or partial(_group, kind)
    return partial(_list, one) if repeats else one


def _group(cls: type[S], value: object, depth: int) -> S:
    if type(value) is not dict:
        _refuse(value, "an object")
    if depth > MOST_NESTED:
        raise _MisfitError(f"more than {MOST_NESTED} groups within each other")
    readers = _readers(cls)
    fields: dict[str, Any] = {}
    key = ""
    try:
        for key, item in value.items():
            if key not in readers:
                _refuse_name(key, readers)
            reader, optional = readers[key]
            if item is not None or not optional:
                fields[key] = reader(item, depth + 1)
    except _MisfitError as misfit:
        misfit.path.append(key)
        raise
    return cls(**fields)


def _list(one: Reader, value: object, depth: int) -> tuple[Any, ...]:
    if type(value) is not list:
        _refuse(value, "a list")
    items: list[Any] = []
    for index, item in enumerate(value):
        try:
            items.append(one(item, depth))
        except _MisfitError as misfit:
            misfit.path.append(index)
            raise
    return tuple(items)


def _text(value: object, _: int) -> str:
    return value if type(value) is str else _refuse(value, "a text")


def _decimal(value: object, _: int) -> Decimal:
    if not isinstance(value, str):
        _refuse(value, "a decimal number")
    if len(value) <= _LONGEST_DECIMAL and _DECIMAL.match(value):
        return Decimal(value)
    hint = "digits with a point, no exponent, at most 40 of them"
    raise _MisfitError(f"{_shown(value)} is no decimal number ({hint})")


def _date(value: object, _: int) -> date:
    if type(value) is str and _DATE.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return _refuse(value, "a day as YYYY-MM-DD")


def _bytes(value: object, _: int) -> bytes:
    if type(value) is str:
        try:
            return b64decode(value, validate=True)
        except ValueError:
            pass
    return _refuse(value, "base64 (RFC 4648, 4, without line breaks)")


# ------------------------------------------------------------------------------------------ messages


def _refuse(value: object, wanted: str) -> NoReturn:
    if isinstance(value, _Repeated):
        raise _MisfitError(f"the key {_shown(value.key)} occurs twice")
    raise _MisfitError(f"{wanted} has to stand here, not {_kind(value)}")


def _refuse_name(key: str, known: dict[str, Any]) -> NoReturn:
    close = get_close_matches(key, known, 1)
    raise _MisfitError(f"there is no such field{f'; did you mean {close[0]}?' if close else ''}")


def _kind(value: object) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, _Number):
        return f"the number {_shown(value)}"
    if isinstance(value, str):
        return f"the text {_shown(value)}"
    return "a list" if isinstance(value, list) else "an object"


def _shown(text: str) -> str:
    """A value as it may stand in a message: one line, printable, not too long."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return short if isinstance(text, _Number) else json.dumps(short)


def _message(misfit: _MisfitError) -> str:
    path = "$"
    for step in reversed(misfit.path):
        path += f"[{step}]" if isinstance(step, int) else _step(step)
    place = _INDEX.sub("", path[2:]).replace(".sub_lines", "")
    term = terms().get(place)
    number = f" ({term.id})" if term and term.id.startswith("B") else ""
    return f"{path}{number}: {misfit.why}"


def _step(name: str) -> str:
    return f".{name}" if name.isidentifier() and len(name) <= _LONGEST_NAME else f"[{_shown(name)}]"


# ------------------------------------------------------------------------------------------ writing


def write_json(invoice: Invoice, *, indent: int = 2) -> bytes:
    """Write an invoice as JSON.

    Args:
        invoice: the invoice.
        indent: by how many spaces each level is moved to the right; 0 writes everything into one line.

    Raises:
        OutputError: a number is not finite or has more than 40 digits, a text holds half a character, or groups lie
            in each other more than 128 deep; JSON that could not be read back is not written.
    """
    try:
        data = msgspec.json.encode(_plain_group(invoice, 0))
    except _MisfitError as error:
        raise OutputError(_message(error), code="JSON_OUTPUT") from None
    except UnicodeEncodeError as error:
        why = f"a text holds half a character (a lone surrogate): {error.object[:_SHOWN]!a}"
        raise OutputError(why, code="JSON_OUTPUT") from None
    return msgspec.json.format(data, indent=indent or -1) + b"\n"


@cache
def _defaults(cls: type[Struct]) -> tuple[tuple[str, object], ...]:
    return tuple((field.name, field.default) for field in msgspec.structs.fields(cls))


def _plain_group(group: Struct, depth: int) -> dict[str, Any]:
    if depth > MOST_NESTED:
        raise _MisfitError(f"more than {MOST_NESTED} groups within each other")
    plain: dict[str, Any] = {}
    name = ""
    try:
        for name, default in _defaults(type(group)):
            value = getattr(group, name)
            if value is not default and value != default:
                plain[name] = _plain(value, depth + 1)
    except _MisfitError as misfit:
        misfit.path.append(name)
        raise
    return plain


def _plain(value: object, depth: int) -> object:
    """A value of the model as JSON knows it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return _plain_decimal(value)
    if isinstance(value, tuple):
        return _plain_list(value, depth)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    return _plain_group(value, depth)  # type: ignore[arg-type] # nothing else is in the model


def _plain_list(values: tuple[Any, ...], depth: int) -> list[Any]:
    plain: list[Any] = []
    for index, value in enumerate(values):
        try:
            plain.append(_plain(value, depth))
        except _MisfitError as misfit:
            misfit.path.append(index)
            raise
    return plain


def _plain_decimal(value: Decimal) -> str:
    if value.is_finite() and abs(value.adjusted()) <= _LONGEST_DECIMAL:
        text = write_decimal(value)
        if _DECIMAL.match(text):
            return text
    raise _MisfitError(f"{str(value)[:_SHOWN]} cannot be written as a decimal number of at most 40 digits")
