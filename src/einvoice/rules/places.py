# SPDX-License-Identifier: Apache-2.0
"""Where terms and groups stand in the model: what a declaration may name, and what a finding points at."""

from __future__ import annotations

import re
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from einvoice.model import Invoice, fields_of, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.model import Term

_INDEX = re.compile(r"\[\d+\]")
_COUNTED = re.compile(r"(lines|document_level_allowances|document_level_charges)\[(\d+)\]")
_NOUNS = {
    "lines": "invoice line",
    "document_level_allowances": "document level allowance",
    "document_level_charges": "document level charge",
}


def generic(path: str) -> str:
    """A model path without its indices: ``lines[3].net_amount`` becomes ``lines.net_amount``."""
    return _INDEX.sub("", path)


def counted(path: str) -> str:
    """What a path leads to as people count it: ``lines[0]`` is invoice line 1; any other path stays.

    Args:
        path: a model path with indices.
    """
    match = _COUNTED.fullmatch(path)
    return f"{_NOUNS[match[1]]} {int(match[2]) + 1}" if match else path


@cache
def by_number() -> dict[str, tuple[Term, ...]]:
    """The places of each term by its number: BT-40 stands once, an extension's field perhaps often."""
    found: dict[str, list[Term]] = {}
    for term in terms().values():
        found.setdefault(term.id, []).append(term)
    return {number: tuple(places) for number, places in found.items()}


@cache
def paths_of(name: str) -> tuple[str, ...]:
    """The model paths that a declaration means.

    Args:
        name: a term's or a group's number (``BT-112``), or a model path without indices.

    Raises:
        LookupError: the model has no such term, group or path.
    """
    if name in terms() or name in _parts():
        return (name,)
    places = by_number().get(name)
    if not places:
        raise LookupError(f"the model has no term, group or path {name!r}")
    return tuple(place.path for place in places)


@cache
def _parts() -> frozenset[str]:
    """Paths to the parts of values and to fields without a title: schemes of identifiers, attached files ..."""
    return frozenset(
        f"{path}.{field}" if path else field
        for cls, paths in places().items()
        for path in paths
        for field in _names(cls)
    )


def _names(cls: type[Struct]) -> tuple[str, ...]:
    return tuple(fields_of(cls))


@cache
def places() -> dict[type[Struct], tuple[str, ...]]:
    """Every struct class of the model and the paths at which it stands (within itself it is left out)."""
    found: dict[type[Struct], list[str]] = {}
    for cls, path in _walk(Invoice, "", ()):
        found.setdefault(cls, []).append(path)
    return {cls: tuple(paths) for cls, paths in found.items()}


def _walk(cls: type[Struct], path: str, above: tuple[type[Struct], ...]) -> Iterator[tuple[type[Struct], str]]:
    if cls in above:
        return
    yield cls, path
    for info in fields_of(cls).values():
        if info.is_group:
            yield from _walk(info.value_type, f"{path}.{info.name}" if path else info.name, (*above, cls))


@cache
def terms_at(path: str) -> tuple[str, ...]:
    """The number of the term or group at a path; that of the term it is a part of; nothing if it has none.

    Args:
        path: a model path, with or without indices.
    """
    known = terms()
    plain = generic(path).replace("sub_lines.", "")
    while plain and plain not in known:
        plain = plain.rpartition(".")[0]
    term = known.get(plain)
    return (term.id,) if term is not None and term.id.startswith(("BT-", "BG-")) else ()


def value_of(path: str) -> Callable[[Any], Any]:
    """A function that reads a path below a struct, and gives ``None`` where a group on the way is absent.

    Args:
        path: fields joined by dots, none of which repeats, such as ``postal_address.country_code``.
    """
    steps = path.split(".")
    if len(steps) == 1:
        return attrgetter(path)

    def read(subject: Any) -> Any:  # noqa: ANN401 -- any struct of the model
        for step in steps:
            if subject is None:
                return None
            subject = getattr(subject, step)
        return subject

    return read


@cache
def repeats(cls: type[Struct], path: str) -> bool:
    """Whether a path below a class passes a field that holds several values.

    Args:
        cls: the class.
        path: fields joined by dots.
    """
    first, _, rest = path.partition(".")
    info = fields_of(cls)[first]
    return info.repeats or (bool(rest) and repeats(info.value_type, rest))


def values_of(subject: Any, path: str) -> list[tuple[str, Any]]:  # noqa: ANN401 -- any struct of the model
    """The values at a path below a struct, each with the path and its indices.

    Args:
        subject: the struct.
        path: fields joined by dots, some of which may repeat, such as ``identifiers.scheme``.
    """
    found: list[tuple[str, Any]] = [("", subject)]
    for step in path.split("."):
        below_it: list[tuple[str, Any]] = []
        for at, thing in found:
            value = getattr(thing, step)
            if value is None:
                continue
            here = f"{at}.{step}" if at else step
            if isinstance(value, tuple):
                below_it += [(f"{here}[{index}]", item) for index, item in enumerate(value)]
            else:
                below_it.append((here, value))
        found = below_it
        if not found:
            break
    return found


def below(cls: type[Struct], name: str) -> str:
    """The path from a class of the model down to a term.

    Args:
        cls: the class that a rule is asked of.
        name: the term's number, or a path from the class.

    Raises:
        LookupError: the class does not hold the term, or holds it at several places.
    """
    if name.split(".", maxsplit=1)[0] in fields_of(cls):
        return name
    starts = [f"{path}." if path else "" for path in places()[cls]]
    found = {path.removeprefix(start) for path in paths_of(name) for start in starts if path.startswith(start)}
    if len(found) != 1:
        raise LookupError(f"{cls.__name__} does not hold exactly one {name}")
    return found.pop()


@cache
def reachable(cls: type[Struct]) -> frozenset[type[Struct]]:
    """A class and all classes below it.

    Args:
        cls: a class of the model.
    """
    found: set[type[Struct]] = set()
    waiting = [cls]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(info.value_type for info in fields_of(here).values() if info.is_group)
    return frozenset(found)
