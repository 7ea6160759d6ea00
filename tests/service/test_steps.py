# SPDX-License-Identifier: Apache-2.0
"""Works abreast: each step of all before the next one, and no work stops another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.service.steps import abreast, ended

if TYPE_CHECKING:
    from einvoice.service.steps import Steps


def work(name: str, steps: int, told: list[str], *, fails: bool = False) -> Steps[str]:
    """A work of so many steps, which tells each."""
    for step in range(steps):
        told.append(f"{name}{step}")
        yield
    if fails:
        raise ZeroDivisionError(name)
    return name


def test_works_abreast_take_their_steps_in_turn_and_end_in_their_order() -> None:
    told: list[str] = []
    done = abreast([work("a", 3, told), work("b", 1, told), work("c", 2, told)], failed)
    assert told == ["a0", "b0", "c0", "a1", "c1", "a2"]
    assert done == ["a", "b", "c"]


def test_a_work_that_raises_stops_no_other() -> None:
    told: list[str] = []
    done = abreast([work("a", 2, told), work("b", 1, told, fails=True), work("c", 3, told)], failed)
    assert done == ["a", "failed: b", "c"]


def test_nothing_abreast_is_nothing() -> None:
    assert abreast([], failed) == []


def test_a_work_alone_is_done_to_its_end() -> None:
    told: list[str] = []
    assert ended(work("a", 2, told)) == "a"
    assert told == ["a0", "a1"]
    with pytest.raises(ZeroDivisionError):
        ended(work("b", 1, told, fails=True))


def failed(error: Exception) -> str:
    return f"failed: {error}"
