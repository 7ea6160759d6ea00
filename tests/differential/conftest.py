# SPDX-License-Identifier: Apache-2.0
"""Tests of this folder about a family or a syntax whose stylesheet is not there are skipped."""

from __future__ import annotations

import pytest

from tests.differential.official import MissingError, stylesheet
from tests.differential.run import family_of


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
