# SPDX-License-Identifier: Apache-2.0
"""Our rules and the official Schematron say the same of every document, however it was spoiled.

Two environment variables steer a run: ``EINVOICE_MUTANTS``, how many documents, and ``EINVOICE_MUTANTS_SEED``, which
ones. A failure names the seed; the same seed makes the same documents.
"""

from __future__ import annotations

import os
from math import sqrt
from typing import TYPE_CHECKING

import pytest

from tests.differential.directed import NEVER
from tests.differential.run import SHARES, explore, family_of, report

if TYPE_CHECKING:
    from einvoice.bind.order import Syntax
    from tests.differential.official import Official

pytestmark = [pytest.mark.peers, pytest.mark.differential]

MUTANTS = int(os.environ.get("EINVOICE_MUTANTS", "1000"))
SEED = int(os.environ.get("EINVOICE_MUTANTS_SEED", "1"))
ELSEWHERE = 0.1
"""The share of the documents that the schema refuses on which the judges may disagree: there a rule may rightly be
left undetermined, and here such documents are worse than any program makes them."""


def allowed(judged: int) -> float:
    """How many disagreements do not yet say that the share is larger: three standard deviations above it."""
    return judged * ELSEWHERE + 3 * sqrt(judged * ELSEWHERE * (1 - ELSEWHERE))


@pytest.mark.slow
@pytest.mark.parametrize("syntax", SHARES)
def test_both_judges_say_the_same_of_every_mutant(official: Official, syntax: Syntax) -> None:
    """Ids and severities are the same on what the schema accepts; what the official judge dies on is never valid."""
    outcome = explore(official, syntax, round(MUTANTS * SHARES[syntax]), SEED)
    print(outcome.summary())  # noqa: T201 -- pytest shows it with a failure
    assert not outcome.disagreements, report(official, outcome)
    assert outcome.counts["schema-invalid, disagree"] <= allowed(outcome.judged_elsewhere), outcome.summary()
    assert outcome.fired.keys().isdisjoint(NEVER[family_of(syntax)])
