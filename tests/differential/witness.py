# SPDX-License-Identifier: Apache-2.0
"""Documents of ours that fire the published ids which no document of the corpus fires, told in a line each.

A line is one of three:

- ``case NAME``: the document of that name in the tests of the pack;
- ``row N KIND``: the smallest document that breaks the N-th row of the id (``broken``), or says no code (``code``)
- ``BASE | PATH | CHANGE``: a document of :mod:`tests.differential.pack_bases`, with a change to the first element at a
  path: ``drop``, ``repeat``, ``strip @NAME``, ``add NAME``, ``= 'TEXT'`` or ``@NAME = 'TEXT'``; more behind ``;``
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.bind.order import Syntax
from einvoice.rules.facturx.profiles import SYNTAX
from tests.differential.packs import TARGETS
from tests.differential.sweep import changes
from tests.differential.trees import Tree, path_of
from tests.rules.en16931.syntax_examples import example
from tests.rules.facturx.test_rows import spoken
from tests.rules.peppol.cases import BASE, SELF_BILLING
from tests.rules.peppol.cases_national import NATIONAL
from tests.rules.xrechnung.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model.structure import StructureRow

TABLE: Final = Path(__file__).with_name("unfired.csv")
_SAID: Final = re.compile(r"(?:@(?P<attribute>\w+) )?= '(?P<text>.*)'")
COLUMNS: Final = ("pack", "syntax", "id", "witness", "why")


class Unfired(Struct, frozen=True):
    """A published id that no document of the corpus fires.

    Attributes:
        pack: the pack, as the table of targets has it.
        syntax: the syntax.
        id: the id.
        witness: the document of ours that fires it; empty if none can.
        why: why none can.
    """

    pack: str
    syntax: Syntax
    id: str
    witness: str
    why: str = ""


@cache
def table() -> tuple[Unfired, ...]:
    """The table, as it stands in the file."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return tuple(Unfired(**{name: row[name] for name in COLUMNS}) for row in rows)  # type: ignore[arg-type]


def rows_of(pack: str, identifier: str) -> list[StructureRow]:
    """The rows of an id in a profile of Factur-X.

    Args:
        pack: such as ``facturx:basic``.
        identifier: the id.
    """
    return [row for row in SYNTAX[pack.partition(":")[2]].rows.rows if row.rule == identifier]


def examples(pack: str, identifier: str) -> Iterator[str]:
    """The lines of rows that may fire an id.

    Args:
        pack: such as ``facturx:basic``.
        identifier: the id.
    """
    for number in range(len(rows_of(pack, identifier))):
        yield from (f"row {number} {kind}" for kind in ("broken", "code"))


def document(told: Unfired) -> bytes:
    """The document of a line.

    Args:
        told: the id with its line.

    Raises:
        LookupError: there is no such document, row, element or change.
    """
    if told.witness.startswith("case "):
        return _case(told.witness.removeprefix("case "), told.pack, told.syntax)
    if told.witness.startswith("row "):
        _, number, kind = told.witness.split()
        row = rows_of(told.pack, told.id)[int(number)]
        return example(row, "cii").broken if kind == "broken" else spoken(row, "no code")
    base, _, changed = told.witness.partition(" | ")
    tree = Tree(TARGETS[told.pack].bases(told.syntax)[base])
    for one in changed.split("; "):
        path, _, name = one.partition(" | ")
        _change(tree, path, name)
    return tree.bytes()


def _case(name: str, pack: str, syntax: Syntax) -> bytes:
    if pack == "xrechnung":
        return CASES[name].document(syntax)
    return (SELF_BILLING if pack == "peppol-selfbilling" else BASE | NATIONAL)[name].document.encode()


def _change(tree: Tree, path: str, name: str) -> None:
    said = _SAID.fullmatch(name)
    for element in tree.root.iter("*"):
        if path_of(element) != path:
            continue
        if said is not None and said["attribute"]:
            element.set(said["attribute"], said["text"])
        elif said is not None:
            element.text = said["text"]
        elif (found := changes(element, tree).get(name)) is not None:
            found(tree, element)
        else:
            continue
        return
    raise LookupError(f"nothing at {path} to which this can be done: {name}")
