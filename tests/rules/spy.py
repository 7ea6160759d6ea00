# SPDX-License-Identifier: Apache-2.0
"""Records which terms of an invoice a rule looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from einvoice.model import Invoice, Reading, fields_of, terms
from einvoice.rules.places import generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.registry import Asking


class Spy:
    """A group of the model that remembers what it is asked for."""

    def __init__(self, group: Struct, path: str, seen: set[str]) -> None:
        self._spied = (group, path, seen)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the group holds
        group, path, seen = self._spied
        value = getattr(group, name)
        here = f"{path}.{name}" if path else name
        seen.add(here)
        if isinstance(value, tuple):
            return tuple(Spy(item, here, seen) if isinstance(item, Struct) else item for item in value)
        return Spy(value, here, seen) if isinstance(value, Struct) else value

    def __eq__(self, other: object) -> bool:
        return bool(self._spied[0] == (other._spied[0] if isinstance(other, Spy) else other))

    def __hash__(self) -> int:
        return hash(self._spied[1])


class SpiedReading:
    """A reading whose invoice is spied on."""

    def __init__(self, reading: Reading, seen: set[str]) -> None:
        self.invoice = Spy(reading.invoice, "", seen)
        self.syntax = reading.syntax
        self.profile = reading.profile
        self.remarks, self.lost = reading.remarks, reading.lost
        self.notes = reading.notes


def touched(asking: Asking, reading: Reading) -> set[str]:
    """The places of the model that a rule looks at, without groups it only passes.

    Args:
        asking: what is asked of what.
        reading: the invoice.
    """
    seen: set[str] = set()
    spied = SpiedReading(reading, seen)
    views = [view.of(reading if getattr(view, "structural", False) else spied) for view in asking.views]  # type: ignore[arg-type]
    for subject in _subjects(asking.subject, reading, spied, seen):
        list(asking.check(subject, *views))
    places = {known(generic(path).replace("sub_lines.", "")) for path in seen}
    return {path for path in places if not any(other.startswith(f"{path}.") for other in places)}


def known(path: str) -> str:
    """A place that is a term or a group: parts of a value count as the value.

    Args:
        path: a model path without indices.
    """
    while path not in terms() and "." in path:
        path = path.rpartition(".")[0]
    return path


def _subjects(cls: type, reading: Reading, spied: SpiedReading, seen: set[str]) -> Iterator[object]:
    if cls is Reading:
        yield spied
        return
    for group, path in _walk(reading.invoice, Invoice, ""):
        if isinstance(group, cls):
            yield Spy(group, path, seen)


def _walk(group: Struct, cls: type[Struct], path: str) -> Iterator[tuple[Struct, str]]:
    yield group, path
    for info in fields_of(cls).values():
        if info.is_group:
            value = getattr(group, info.name)
            here = f"{path}.{info.name}" if path else info.name
            for item in value if isinstance(value, tuple) else () if value is None else (value,):
                yield from _walk(item, info.value_type, here)
