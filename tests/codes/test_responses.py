# SPDX-License-Identifier: Apache-2.0
"""The code lists of answers are there, and each says where it comes from."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from einvoice.codes.responses import (
    ACTIONS,
    INVOICE_STATUSES,
    MESSAGE_STATUSES,
    REASONS,
    life_cycle,
    life_cycle_reasons,
    names,
)

LISTS = {INVOICE_STATUSES: 7, REASONS: 14, ACTIONS: 7, MESSAGE_STATUSES: 7}


@pytest.mark.parametrize("name", [*LISTS, "fr-cdv-status", "fr-cdv-reason"])
def test_a_list_says_source_edition_and_date(name: str) -> None:
    text = files("einvoice.codes").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    assert re.fullmatch(r"# .+, [\w.]+, \d{4}-\d\d-\d\d", text.splitlines()[0])


@pytest.mark.parametrize(("name", "size"), LISTS.items())
def test_a_list_is_whole_and_every_code_has_a_meaning(name: str, size: int) -> None:
    assert len(names(name)) == size
    assert all(names(name).values())


def test_the_statuses_advance_in_the_order_of_the_list() -> None:
    assert "".join(names(INVOICE_STATUSES)) == "ABIPUQCAREAPPD"


def test_the_life_cycle_is_whole() -> None:
    assert [int(code) for code in life_cycle()] == [*range(200, 215)]
    assert {each.role for each in life_cycle().values()} == {"WK", "BY", "SE"}
    assert set(life_cycle_reasons()) <= set(life_cycle())
