# SPDX-License-Identifier: Apache-2.0
"""What rows demand of a class of the model, and functions that say whether anything is to be asked.

Most of what a document is asked are rows: a term is there, a code is of a list, an amount has two decimals. Nearly all
of them are content, and asking each by a function of its own costs more than looking. So the demands of a class are
written into one function, once, when a plan is compiled. It says only that nothing is wrong; otherwise every rule of
the class is asked as usual, and what is found is found by the rules alone.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from einvoice.model import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from einvoice.model import FieldInfo

    Clear = Callable[[Struct], bool]


class Codes(Protocol):
    """A code list: only the codes as they are written are looked at."""

    @property
    def codes(self) -> frozenset[str]:
        """The codes."""
        ...


class Demand(Struct, frozen=True):
    """What a row demands of a struct.

    Attributes:
        kind: ``nothing``; ``there`` (the path leads to a value), ``filled`` (to one that is no blank text); ``some``
            (one of the paths does); ``decimals`` (an amount, if there is one, has not too many); ``coded`` (each text,
            if there are some, is a code).
        paths: fields joined by dots.
        codes: the code list.
        most: how many decimals there may be.
    """

    kind: Literal["nothing", "there", "filled", "some", "decimals", "coded"]
    paths: tuple[str, ...] = ()
    codes: Codes | None = None
    most: int = 0


def clear_of(cls: type[Struct], demands: Iterable[Demand]) -> Clear | None:
    """A function that says whether a struct does all that is demanded; ``None`` where nothing is.

    It may say no where a rule would be content, never yes where one would not.

    Args:
        cls: the class of the struct.
        demands: the demands.
    """
    names: dict[str, object] = {}
    lines: list[str] = []
    for demand in dict.fromkeys(demands):
        lines += _Writer(cls, names).lines(demand)
    if not lines:
        return None
    return _compiled([*lines, "return True"], names)


def plain_test(cls: type[Struct], paths: Iterable[str]) -> str:
    """The same as :func:`holds_of`, as an expression of ``it``, where all paths are fields of the struct itself.

    Args:
        cls: the class of the struct.
        paths: fields joined by dots.

    Returns:
        The expression; empty where a path leads further.
    """
    fields, names = fields_of(cls), tuple(paths)
    if any("." in name for name in names):
        return ""
    return " or ".join(f"it.{name}{'' if fields[name].repeats else ' is not None'}" for name in names)


def holds_of(cls: type[Struct], paths: Iterable[str]) -> Clear:
    """A function that says whether a struct holds anything at one of some paths.

    Args:
        cls: the class of the struct.
        paths: fields joined by dots.
    """
    lines = [line for path in paths for line in _Writer(cls, {}).held(path)]
    return _compiled([*lines, "return False"], {})


def _compiled(lines: Iterable[str], names: dict[str, object]) -> Clear:
    source = "\n".join(["def clear(it):", *(f"    {line}" for line in lines)])
    exec(source, names)  # noqa: S102 -- written here, of names of the model alone
    clear: Clear = names["clear"]  # type: ignore[assignment]
    return clear


class _Writer:
    """Writes the lines that look at one demand; the struct is called ``it``."""

    def __init__(self, cls: type[Struct], names: dict[str, object]) -> None:
        self.cls = cls
        self.names = names

    def lines(self, demand: Demand) -> list[str]:
        """The lines."""
        if demand.kind == "nothing":
            return []
        if demand.kind == "some":
            return [f"if {' and '.join(map(self._absent, demand.paths))}: return False"]
        return [line for path in demand.paths for line in self._along(demand, path)]

    def _test(self, demand: Demand, end: FieldInfo) -> str:
        """The line that looks at a value."""
        if demand.kind == "filled" and end.value_type is str:
            return "if not value or value.isspace(): return False"
        if demand.kind in ("there", "filled"):
            return "if not value: return False" if end.repeats else "if value is None: return False"
        if demand.codes is not None:
            return f"if value is not None and value not in {self._named(demand.codes.codes)}: return False"
        quanta = [self._named(Decimal(1).scaleb(-places)) for places in range(demand.most, -1, -1)]
        fits = " or ".join(f"value.same_quantum({name})" for name in quanta)
        return f"if value is not None and not ({fits}): return False"

    def _named(self, value: object) -> str:
        """A name for a value that the lines need."""
        name = f"known_{len(self.names)}"
        self.names[name] = value
        return name

    def held(self, path: str) -> Iterator[str]:
        """The lines that look whether there is anything at a path."""
        cls, here, indent = self.cls, "it", ""
        *above, last = path.split(".")
        for depth, step in enumerate(above):
            info, there = fields_of(cls)[step], f"at_{depth}"
            if info.repeats:
                yield f"{indent}for {there} in {here}.{step}:"
            else:
                yield f"{indent}{there} = {here}.{step}"
                yield f"{indent}if {there} is not None:"
            cls, here, indent = info.value_type, there, f"{indent}    "
        yield f"{indent}if {here}.{last}{'' if fields_of(cls)[last].repeats else ' is not None'}: return True"

    def _absent(self, path: str) -> str:
        """That there is nothing at a path."""
        steps = path.split(".")
        wholes = (f"it.{'.'.join(steps[: end + 1])} is None" for end in range(len(steps)))
        return f"({' or '.join(wholes)})"

    def _along(self, demand: Demand, path: str) -> Iterator[str]:
        """The lines that go along a path and look at its end."""
        cls, here, indent = self.cls, "it", ""
        *above, last = path.split(".")
        for depth, step in enumerate(above):
            info, there = fields_of(cls)[step], f"at_{depth}"
            if info.repeats:
                yield f"{indent}for {there} in {here}.{step}:"
            else:
                yield f"{indent}{there} = {here}.{step}"
                if demand.kind in ("there", "filled"):
                    yield f"{indent}if {there} is None: return False"
                yield f"{indent}if {there} is not None:"
            cls, here, indent = info.value_type, there, f"{indent}    "
        end = fields_of(cls)[last]
        if end.repeats and demand.kind == "coded":
            yield f"{indent}for value in {here}.{last}:"
            indent += "    "
        else:
            yield f"{indent}value = {here}.{last}"
        yield f"{indent}{self._test(demand, end)}"
