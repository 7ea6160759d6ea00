# SPDX-License-Identifier: Apache-2.0
"""The official judge for the tests of this folder; where something that it needs is missing, they are skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.differential.official import MissingError, Official, stylesheet
from tests.differential.run import family_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def official() -> Iterator[Official]:
    """The official judge, one process per session."""
    try:
        judge = Official()
    except MissingError as error:
        pytest.skip(str(error))
    with judge:
        yield judge


@pytest.fixture(autouse=True)
def _needs_the_stylesheet(request: pytest.FixtureRequest) -> None:
    """Skip a test about a family or a syntax whose stylesheet is not there."""
    asked = getattr(getattr(request.node, "callspec", None), "params", {})
    family = asked.get("family") or ("syntax" in asked and family_of(asked["syntax"]))
    if family:
        try:
            stylesheet(family)
        except MissingError as error:
            pytest.skip(str(error))
