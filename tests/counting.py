# SPDX-License-Identifier: Apache-2.0
"""Counting steps instead of seconds: a count is the same on every machine, however busy.

A step is a call of a function, written in Python or in C, or the resumption of a generator. What happens inside one
call into C is not seen; `make bench` measures that.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

LINEAR = 2.1
"""Twice the size takes twice the steps; a little more is allowed for what is done now and then. Quadratic is 4."""


def steps(work: Callable[[], object]) -> int:
    """How many steps a piece of work takes in this thread."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before, collecting = sys.getprofile(), gc.isenabled()
    gc.disable()  # its callbacks are nobody's work
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
        if collecting:
            gc.enable()
    return count


def growth(prepare: Callable[[int], Callable[[], object]], size: int) -> float:
    """How many times as many steps the work takes at twice the size: 1 if it is constant, 2 if linear, 4 if quadratic.

    Args:
        prepare: makes the work of a size; what it does itself is not counted.
        size: the smaller one of the two sizes.
    """
    prepare(1)()  # fills the caches
    few, many = steps(prepare(size)), steps(prepare(2 * size))
    assert few >= size, "the steps grow with something else than the size"
    return many / few
