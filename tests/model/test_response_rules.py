# SPDX-License-Identifier: Apache-2.0
"""Which answer counts: by the time of issue, in the order of BIS 63, whatever arrives first."""

from __future__ import annotations

from datetime import UTC, date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.codes.responses import INVOICE_STATUSES, names
from einvoice.model.response_rules import Standing, overruled

ORDER = list(names(INVOICE_STATUSES))
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def at(status: str, day: date = MONDAY, clock: time | None = None, *, partial: bool = False) -> Standing:
    return Standing(status=status, issued=day, issued_at=clock, partial=partial)


@pytest.mark.parametrize("status", ORDER)
def test_any_status_may_be_the_first_one(status: str) -> None:
    assert overruled(None, at(status)) is None


@pytest.mark.parametrize(
    ("now", "other"),
    [
        (at("AB"), at("PD", TUESDAY)),
        (at("AB"), at("IP")),
        (at("UQ"), at("UQ", TUESDAY)),
        (at("CA"), at("RE", TUESDAY)),
        (at("AP"), at("PD", TUESDAY)),
        (at("PD", partial=True), at("PD", TUESDAY, partial=True)),
        (at("PD", partial=True), at("PD", TUESDAY)),
        (at("IP", clock=time(9, tzinfo=UTC)), at("AP", clock=time(10, tzinfo=UTC))),
    ],
)
def test_a_later_status_that_advances_counts(now: Standing, other: Standing) -> None:
    assert overruled(now, other) is None


@pytest.mark.parametrize(
    ("now", "other", "why"),
    [
        (at("IP", TUESDAY), at("AP"), "issued before"),
        (at("IP", clock=time(10, tzinfo=UTC)), at("AP", clock=time(9, tzinfo=UTC)), "issued before"),
        (at("RE"), at("AP", TUESDAY), "final"),
        (at("PD"), at("PD", TUESDAY), "final"),
        (at("AP"), at("UQ", TUESDAY), "only PD"),
        (at("AP"), at("AP", TUESDAY), "only PD"),
        (at("CA"), at("IP", TUESDAY), "does not follow"),
        (at("IP"), at("IP", TUESDAY), "does not follow"),
    ],
)
def test_what_comes_too_late_or_goes_back_does_not_count(now: Standing, other: Standing, why: str) -> None:
    assert why in str(overruled(now, other))


def test_the_french_life_cycle_may_go_back() -> None:
    assert overruled(at("AP"), at("RE", TUESDAY), in_order=False) is None
    assert overruled(at("AP", TUESDAY), at("RE"), in_order=False) is not None


@given(
    st.lists(st.tuples(st.sampled_from(ORDER), st.integers(0, 23)), max_size=6, unique_by=lambda some: some[1]),
    st.randoms(use_true_random=False),
)
def test_a_final_status_stays_whatever_arrives_in_whatever_order(some: list[tuple[str, int]], random: object) -> None:
    stories = [at(status, clock=time(hour, tzinfo=UTC)) for status, hour in some]
    random.shuffle(stories)  # type: ignore[attr-defined]
    now: Standing | None = None
    for each in stories:
        before = now
        if overruled(now, each) is None:
            now = each
        if before is not None and before.final:
            assert now is before
    if now is not None and before is not None:
        assert now.moment >= before.moment
