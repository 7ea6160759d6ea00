# SPDX-License-Identifier: Apache-2.0
"""Read a JSON export strictly: what two programs could understand differently is refused.

Numbers become ``Decimal`` from their digits, never ``float``. The same name twice in an object, ``NaN``, half of a
surrogate pair and numbers or nesting beyond reason are refused with their place (RFC 8259 leaves all of these open).
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from einvoice.bind.json_trouble import unreadable
from einvoice.errors import MappingError
from einvoice.importers.tree import Tree, pointer
from einvoice.importers.wording import shown

if TYPE_CHECKING:
    from einvoice.importers.declaration import Source

MAX_DEPTH: Final = 60
MAX_DIGITS: Final = 40
MAX_EXPONENT: Final = 40
_HALF: Final = re.compile("[\ud800-\udfff]")


def read_json_tree(data: bytes, _source: Source, file: str) -> Tree:
    """Read a JSON export; lines of JSON, one document each, are read as a list.

    Args:
        data: its bytes, in UTF-8.
        file: its name, for messages.

    Raises:
        MappingError: it is not JSON, or not JSON that everybody understands alike.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MappingError("JSON is written in UTF-8, and this is not", source=file, line=line, code="JSON") from None
    _check_depth(text, file)
    try:
        return Tree(file, _parse(text, file), pointer)
    except MappingError as error:
        raise error.at(file) from None


def _parse(text: str, file: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if error.msg == "Extra data" and len(lines) > 1:
            return [_line(line, at, file) for at, line in enumerate(lines, 1)]
        raise _not_json(error, file, error.lineno) from None


def _line(text: str, at: int, file: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(error, file, at) from None


def _not_json(error: json.JSONDecodeError, file: str, line: int) -> MappingError:
    return MappingError(
        f"this is not JSON: {unreadable(error)}",
        source=file,
        line=line,
        column=error.colno,
        code="JSON",
    )


def _check_depth(text: str, file: str) -> None:
    """Refuse what is nested too deeply, before anything recursive looks at it."""
    depth = 0
    for found in _NESTING.finditer(text):
        sign = found.group()
        if sign in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                line = text.count("\n", 0, found.start()) + 1
                raise MappingError(
                    f"JSON nested more than {MAX_DEPTH} times", source=file, line=line, code="JSON_LIMIT"
                )
        elif sign in "]}":
            depth -= 1


_NESTING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise MappingError(
            f"the name {shown(twice)} stands twice in one object: which one is meant?", code="JSON_TWICE"
        )
    for name, value in pairs:
        if isinstance(value, str) and not value.isprintable() and _HALF.search(value):
            raise MappingError(f"the text of {shown(name)} holds half of a surrogate pair", code="JSON_TEXT")
        if isinstance(value, list):
            _check_texts(name, value)
    return made


def _check_texts(name: str, values: list[Any]) -> None:
    for value in values:
        if isinstance(value, str) and _HALF.search(value):
            raise MappingError(f"a text in {shown(name)} holds half of a surrogate pair", code="JSON_TEXT")


def _number(text: str) -> Decimal:
    value = Decimal(text) if len(text) <= MAX_DIGITS else None
    if value is None or abs(value.adjusted()) > MAX_EXPONENT:
        raise MappingError(f"{shown(text)} is no number that an invoice can hold", code="JSON_NUMBER")
    return value


def _constant(text: str) -> Any:  # noqa: ANN401 - never returns
    raise MappingError(f"{text} is no number, and JSON knows no such value", code="JSON_NUMBER")


_DECODER: Final = json.JSONDecoder(
    parse_float=_number, parse_int=_number, parse_constant=_constant, object_pairs_hook=_object
)
