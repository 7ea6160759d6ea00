# SPDX-License-Identifier: Apache-2.0
"""The row grammar of the binding tables ``ubl.txt`` and ``cii.txt``.

A row says where a term stands in a syntax, and is used for reading and for writing alike::

    BG-4 cac:AccountingSupplierParty/cac:Party
      BT-31 cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID

* The first word is a term's number, or ``.field`` for a field of the group that has none, or ``'text'`` for
  what the schema demands and no term holds, or ``X=`` for an abbreviation.
* Indented rows belong to the group above them; their paths start at the group's element. A path that starts with
  ``/`` starts at the document's root element. The path ``.`` is the group's own element: such a group exists in the
  model if one of its terms does.
* ``*`` after a step: the group repeats with that element.
* ``[path='a'|'b']`` selects when reading and is made true (with the first value) when writing; ``[!path='a']`` selects
  the others; ``=$BT-5`` compares with the value of a term of the document; ``~$BT-5`` also takes an absent one.
* ``Invoice:`` or ``CreditNote:`` in front: only in that document.
* Options behind the path: ``use=BLOCK`` (the rows of a ``define BLOCK`` stand below); ``value=PATH scheme=PATH
  version=PATH`` (parts of an identifier); ``bare=yes`` (an identifier without a scheme has an empty one);
  ``when=scheme`` or ``when=!scheme`` (which of two rows writes an identifier); ``spare=yes`` (no group where only terms
  of other groups stand in the element); ``as=date102`` (format); ``map=NAME`` (a code list that the syntaxes number
  differently); ``else=TEXT`` (written where the schema demands the element and the term is absent); ``default=TEXT``
  (the same, and the term is absent where that is read).

Element order is not said here: it comes from the official schemas (``einvoice.bind.order``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Root = Literal["Invoice", "CreditNote", ""]

_WORD = re.compile(r"(?:[^\s']|'[^']*')+")
_STEP = re.compile(r"(?P<name>@?[\w:]+)(?P<star>\*?)(?P<test>\[[^\]]*\])?|\.")
_TEST = re.compile(
    r"\[(?P<negated>!?)(?P<path>[\w:@/]+?)(?P<operator>[=~])(?P<values>\$[\w-]+|'[^']*'(?:\|'[^']*')*)\]"
)


class TableError(ValueError):
    """A row that does not follow the grammar; the table is part of the program, so this is a defect of it."""


@dataclass(frozen=True, slots=True)
class Test:
    """What an element must say to be the one that is meant.

    Attributes:
        path: steps from the element to the text that is compared; the last may be ``@attribute``.
        values: the texts that satisfy it; the first is written.
        term: the term of the document it is compared with instead, such as ``BT-5``.
        negated: whether the others are meant.
        absent: whether an absent text satisfies it too.
    """

    path: tuple[str, ...]
    values: tuple[str, ...]
    term: str = ""
    negated: bool = False
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One element (or attribute) on the way to a term."""

    name: str
    star: bool = False
    test: Test | None = None


@dataclass(slots=True)
class Row:
    """One row of a table, with the rows that belong to it."""

    key: str
    steps: tuple[Step, ...]
    absolute: bool
    root: Root
    options: dict[str, str]
    number: int
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A binding table: the rows at document level and the blocks that groups share."""

    rows: list[Row]
    blocks: dict[str, list[Row]]


def load(name: str) -> Table:
    """Read a table that comes with the package.

    Args:
        name: ``ubl`` or ``cii``.

    Raises:
        TableError: a row does not follow the grammar.
    """
    return parse(Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8"))


def parse(text: str) -> Table:
    """Read the rows of a table.

    Args:
        text: the table; ``#`` starts a comment line.

    Raises:
        TableError: a row does not follow the grammar; the message names the line.
    """
    table = Table([], {})
    short: dict[str, str] = {}
    below: list[tuple[int, list[Row]]] = [(0, table.rows)]
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0] == "#":
            continue
        depth = (len(line) - len(line.lstrip(" "))) // 2
        if words[0] == "define":
            below = [(1, table.blocks.setdefault(words[1], []))]
        elif words[0].endswith("="):
            short[words[0][:-1]] = words[1]
        else:
            if depth == 0:
                below = [(0, table.rows)]
            while below[-1][0] > depth:
                below.pop()
            row = _row(line, number, short)
            below[-1][1].append(row)
            below.append((depth + 1, row.rows))
    return table


def _row(line: str, number: int, short: dict[str, str]) -> Row:
    words = _WORD.findall(line)
    root: Root = ""
    if words[0] in ("Invoice:", "CreditNote:"):
        root = "Invoice" if words[0] == "Invoice:" else "CreditNote"
        words = words[1:]
    try:
        key, path, *rest = words
        options = dict(word.split("=", 1) for word in rest)
    except ValueError:
        raise TableError(f"line {number}: a row is KEY PATH [OPTION=VALUE ...]: {line.strip()}") from None
    for name, value in short.items():
        path = path.replace(f"{{{name}}}", value)
    return Row(key, steps(path.lstrip("/"), number), path.startswith("/"), root, options, number)


def steps(path: str, number: int = 0) -> tuple[Step, ...]:
    """Take a path apart.

    Args:
        path: steps joined by ``/``; ``.`` is the empty path.
        number: the line, for messages.

    Raises:
        TableError: the path does not follow the grammar.
    """
    found: list[Step] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None or path[match.end() : match.end() + 1] not in ("", "/"):
            raise TableError(f"line {number}: cannot read {path[position:]!r}")
        if match["name"]:
            found.append(Step(match["name"], bool(match["star"]), _test(match["test"], number)))
        position = match.end() + 1
    return tuple(found)


def _test(text: str | None, number: int) -> Test | None:
    if text is None:
        return None
    match = _TEST.fullmatch(text)
    if match is None:
        raise TableError(f"line {number}: cannot read the condition {text}")
    values = match["values"]
    return Test(
        path=tuple(match["path"].split("/")),
        values=() if values.startswith("$") else tuple(part.strip("'") for part in values.split("|")),
        term=values[1:] if values.startswith("$") else "",
        negated=bool(match["negated"]),
        absent=match["operator"] == "~",
    )
