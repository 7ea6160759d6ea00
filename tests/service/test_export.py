# SPDX-License-Identifier: Apache-2.0
"""Invoices of an export made abreast: the same results as one by one, and no invoice stops another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.service.convert import Attempt, Wish
from einvoice.service.export import Exports, abreast, convert_imported, stepwise
from einvoice.service.settings import Settings
from einvoice.service.shapes import Shapes
from einvoice.service.status import Status
from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Generator

STORY = ROOT / "fixtures" / "erp-csv"


def work(name: str, steps: int, told: list[str], *, fails: bool = False) -> Generator[None, None, Attempt]:
    """A work of so many steps, which tells each."""
    for step in range(steps):
        told.append(f"{name}{step}")
        yield
    if fails:
        raise ZeroDivisionError(name)
    return Attempt(output=name.encode())


def failed(error: Exception) -> Attempt:
    return Attempt(status=Status.UNREADABLE, lead=str(error))


def test_works_abreast_take_their_steps_in_turn_and_end_in_their_order() -> None:
    told: list[str] = []
    done = abreast([work("a", 3, told), work("b", 1, told), work("c", 2, told)], failed)
    assert told == ["a0", "b0", "c0", "a1", "c1", "a2"]
    assert [one.output for one in done] == [b"a", b"b", b"c"]


def test_a_work_that_raises_stops_no_other() -> None:
    told: list[str] = []
    done = abreast([work("a", 2, told), work("b", 1, told, fails=True), work("c", 3, told)], failed)
    assert [(one.output, one.lead) for one in done] == [(b"a", ""), (None, "b"), (b"c", "")]


def test_nothing_abreast_is_nothing() -> None:
    assert abreast([], failed) == []


def test_invoices_made_abreast_are_those_made_one_by_one() -> None:
    exports = Exports(str(STORY / "mapping.toml"), str(STORY / "seller.toml"))
    wish = Wish(to="ubl", settings=Settings())
    found = list(exports.read(str(STORY / "export.csv"), limit=1_000_000))
    alone = [convert_imported(one, wish, "in", shapes=Shapes()) for one in found]
    together = abreast([stepwise(one, wish, "in", shapes=Shapes()) for one in found], failed)
    assert len(found) > 1
    assert [one.output for one in together] == [one.output for one in alone]
    assert [one.error is None for one in together] == [True] * len(found)
