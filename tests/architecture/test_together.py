# SPDX-License-Identifier: Apache-2.0
"""Cases that are judged together are all judged, and those that fail are named."""

from __future__ import annotations

import pytest

from tests.together import together

TWO, THREE, FOUR, FIVE = range(2, 6)


@pytest.fixture
def limit() -> int:
    return THREE


def test_every_case_is_judged_and_each_that_fails_is_named() -> None:
    seen = []

    @together("number", [TWO, pytest.param(THREE, id="three"), FOUR, FIVE])
    def judge(number: int, limit: int) -> None:
        seen.append(number)
        if number == FIVE:
            pytest.skip("not today")
        if number == TWO:
            int("two")
        assert number < limit

    with pytest.raises(AssertionError) as raised:
        judge(limit=FOUR)
    assert seen == [TWO, THREE, FOUR, FIVE]
    head, *rest = str(raised.value).splitlines()
    assert head == "3 of 4 cases do not hold:"
    assert rest[0].startswith("  2: ValueError: invalid literal")
    assert rest[1].startswith("  4: assert 4 < 4")
    assert rest[2] == "  5: Skipped: not today"


@together("number", [TWO])
def test_a_test_stands_where_its_cases_are_judged(number: int, request: pytest.FixtureRequest) -> None:
    assert number == TWO
    assert request.node.location[0].endswith("test_together.py")


def test_cases_there_must_be() -> None:
    with pytest.raises(AssertionError, match="there are no cases of name"):
        together("name", [])


@pytest.mark.parametrize("more", [0, 1])
@together("low, high", [(TWO, THREE), (THREE, FOUR)])
def test_fixtures_and_parameters_are_handed_through(low: int, high: int, limit: int, more: int) -> None:
    assert low <= limit <= high + more
