# SPDX-License-Identifier: Apache-2.0
"""What a result says that its source does not: set by a profile, calculated, or demanded by the syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice import bind
    from einvoice.model.calculate import Figure


class Computed(Struct, frozen=True):
    """A value that the source does not state.

    Attributes:
        term: the number of its term, or its model path where it has none.
        value: what the result says.
        was: what stood there before; ``None`` if nothing.
        why: how it comes about, such as ``BT-109 + BT-110 = 764.45 + 136.26 = 900.71``; empty where the syntax demands
            it.
    """

    term: str
    value: str
    was: str | None = None
    why: str = ""


def demanded(computed: Iterable[bind.Computed]) -> tuple[Computed, ...]:
    """What writing had to add.

    Args:
        computed: as the bindings found it.
    """
    return tuple(Computed(one.term, one.value, one.was) for one in computed)


def calculated(figures: Iterable[Figure]) -> tuple[Computed, ...]:
    """What the calculation filled in, each with its arithmetic.

    Args:
        figures: as the calculation found them.
    """
    return tuple(
        Computed(
            figure.term, figure.value if isinstance(figure.value, str) else f"{figure.value:f}", None, figure.arithmetic
        )
        for figure in figures
    )
