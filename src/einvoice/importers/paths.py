# SPDX-License-Identifier: Apache-2.0
"""Where a value stands in a tree: a path, and nothing that computes.

============================  ===========================================================================
``Contact.Name``              a member of a member
``Addresses[0].City``         the first of several, counted from 0
``LineItems[*]``              all of several
``Addresses[Type=POBOX].City``  the one whose member ``Type`` says ``POBOX``; ``[Type=POBOX/STREET]``: or ``STREET``
``due_date | date``           the first of two that says something
``/currency``                 from the top of the invoice, where a path otherwise begins at the line or group
``.``                         the value itself
``'Nr.'.x``                   a name with other signs in it stands between apostrophes
============================  ===========================================================================

One value is wanted where ``[*]`` does not say otherwise: several are an error, not a choice.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from einvoice.errors import MappingError
from einvoice.importers.wording import shown

MAX_LENGTH: Final = 400
_NAME: Final = re.compile(r"'((?:[^']|'')+)'|([^.\[\]|'=]+)")
_INDEX: Final = re.compile(r"\[\s*([0-9]{1,9}|\*)\s*\]")
_WHERE: Final = re.compile(r"\[\s*(?P<key>[^=\[\]'|]+?)\s*=\s*(?P<values>(?:'(?:[^']|'')*'|[^\]'])*)\]")
_VALUE: Final = re.compile(r"'((?:[^']|'')*)'|([^/']+)")


class Where(NamedTuple):
    """A choice among several: those whose member says one of the values."""

    key: tuple[str, ...]
    values: frozenset[str]


Step = str | int | Where | None
"""A name, an index from 0, a choice, or ``None`` for all."""


class Way(NamedTuple):
    """One alternative of a path.

    Attributes:
        top: whether it begins at the top of the invoice.
        steps: what is taken, one after another.
        many: whether it may lead to more than one value.
    """

    top: bool
    steps: tuple[Step, ...]
    many: bool


class Path(NamedTuple):
    """A path, read.

    Attributes:
        text: as it is written.
        ways: its alternatives, first to last.
    """

    text: str
    ways: tuple[Way, ...]


@lru_cache(maxsize=4096)
def parse_path(text: str) -> Path:
    """Read a path.

    Args:
        text: as a mapping writes it.

    Raises:
        MappingError: it is none; the message shows where reading stopped.
    """
    if len(text) > MAX_LENGTH:
        raise MappingError(f"{shown(text)} is too long for a path", code="MAPPING_PATH")
    return Path(text, tuple(_way(part.strip(), text) for part in _alternatives(text)))


def _alternatives(text: str) -> list[str]:
    """Split at ``|``, but not inside apostrophes."""
    pieces, quoted = [""], False
    for sign in text:
        quoted ^= sign == "'"
        if sign == "|" and not quoted:
            pieces.append("")
        else:
            pieces[-1] += sign
    return pieces


def _way(part: str, text: str) -> Way:
    top = part.startswith("/")
    rest = part[1:] if top else part
    if rest == ".":
        return Way(top, (), many=False)
    steps: list[Step] = []
    at = 0
    while at < len(rest):
        if rest[at] == "[":
            step, at = _choice(rest, at, text)
        else:
            if steps:
                at = _dot(rest, at, text)
            step, at = _name(rest, at, text)
        steps.append(step)
    if not steps:
        raise _refused(text, part)
    return Way(top, tuple(steps), many=None in steps)


def _dot(rest: str, at: int, text: str) -> int:
    if rest[at] != ".":
        raise _refused(text, rest[at:])
    return at + 1


def _name(rest: str, at: int, text: str) -> tuple[str, int]:
    found = _NAME.match(rest, at)
    name = (found[1].replace("''", "'") if found[1] else found[2].strip()) if found else ""
    if found is None or not name:
        raise _refused(text, rest[at:])
    return name, found.end()


def _choice(rest: str, at: int, text: str) -> tuple[Step, int]:
    if found := _INDEX.match(rest, at):
        return (None if found[1] == "*" else int(found[1])), found.end()
    found = _WHERE.match(rest, at)
    values = [one[0].replace("''", "'") or one[1].strip() for one in _VALUE.findall(found["values"])] if found else []
    if found is None or not values:
        raise _refused(text, rest[at:])
    key = ["."] if found["key"] == "." else found["key"].split(".")
    return Where(tuple(part.strip() for part in key), frozenset(values)), found.end()


def _refused(text: str, rest: str) -> MappingError:
    return MappingError(
        f"{shown(text)} is not a path: it cannot be read from {shown(rest)}; write such as a.b[0], a[*].b, a[k=v].b"
        " or a | b",
        code="MAPPING_PATH",
    )
