# SPDX-License-Identifier: Apache-2.0
"""Our rules and the official Schematron say the same of documents that the schema allows and no program would write.

``EINVOICE_INVENTED`` says how many documents of each syntax, ``EINVOICE_MUTANTS_SEED`` which ones.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from tests.differential.compare import compared
from tests.differential.grammar import grammar
from tests.differential.invented import Inventor, invented
from tests.differential.run import SHARES, imagined, report
from tests.differential.smaller import smaller
from tests.differential.test_mutants import SEED
from tests.rules.en16931.cases_anywhere import ODD

if TYPE_CHECKING:
    from einvoice.bind.order import Syntax
    from tests.differential.official import Official

INVENTED: Final = int(os.environ.get("EINVOICE_INVENTED", "50"))


@pytest.mark.slow
@pytest.mark.peers
@pytest.mark.differential
@pytest.mark.parametrize("syntax", SHARES)
def test_both_judges_say_the_same_of_what_the_schema_allows(official: Official, syntax: Syntax) -> None:
    outcome = imagined(official, syntax, INVENTED, SEED)
    print(outcome.summary())  # noqa: T201 -- pytest shows it with a failure
    assert not outcome.disagreements, report(official, outcome)
    assert outcome.counts["schema-valid"] > INVENTED // 2


@pytest.mark.peers
@pytest.mark.differential
def test_both_judges_say_the_same_of_what_stands_out_of_place(official: Official) -> None:
    judged = {name: compared(official, "ubl", odd.data) for name, odd in ODD.items()}
    assert all(one.schema_valid for one in judged.values())
    assert not {name: one.signature for name, one in judged.items() if not one.agrees}


@pytest.mark.parametrize("syntax", SHARES)
def test_the_same_chance_invents_the_same_document(syntax: Syntax) -> None:
    assert invented(syntax, Random(7)).data == invented(syntax, Random(7)).data  # noqa: S311 -- no secret
    assert len({invented(syntax, Random(seed)).data for seed in range(9)}) > 5  # noqa: S311 -- no secret


@pytest.mark.parametrize("syntax", SHARES)
def test_the_grammar_knows_what_the_schema_says(syntax: Syntax) -> None:
    known = grammar(syntax)
    root = known.kind(known.root.kind)
    assert [place.tag.rpartition("}")[2] for place in root.places if place.least]
    assert all(known.kind(place.kind).places or known.kind(place.kind).base for place in root.places)
    assert Inventor(syntax, Random(1)).texts  # noqa: S311 -- no secret


def test_a_document_is_made_smaller_as_far_as_it_still_shows_what_it_shall() -> None:
    data = b"<a x='1' y='2'><b><c/><d/></b><e/></a>"
    assert smaller(data, lambda one: b"<d/>" in one and b"y=" in one, 99) == b'<a y="2"><b><d/></b></a>'
