# SPDX-License-Identifier: Apache-2.0
"""The presets: each loads, says what it is for, keeps to the schema, and holds nothing that only a user can know."""

from __future__ import annotations

import tomllib
from collections import defaultdict

import pytest

from einvoice.errors import MappingError, UnknownNameError
from einvoice.importers import load_mapping, load_named
from einvoice.importers.presets import preset_names, preset_text
from einvoice.importers.tables import header_words
from einvoice.importers.wording import folded
from tests.importers.test_schema import errors
from tools.header_presets import SAID, preset

ONLY_A_SENTENCE = {"datev-extf", "sage"}
ASKED_FOR = {
    "csv",
    "xlsx",
    "odoo",
    "erpnext",
    "sap-idoc",
    "sap-s4",
    "business-central",
    "xero",
    "quickbooks",
    "stripe",
    "shopify",
    "datev",
    "timesheet",
    "milestones",
    "edifact",
    "x12",
}


def test_the_presets_of_the_contract_exist() -> None:
    assert set(preset_names()) >= ASKED_FOR | ONLY_A_SENTENCE


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_keeps_to_the_schema_and_describes_itself(name: str) -> None:
    text = preset_text(name)
    assert errors(text) == []
    table = tomllib.loads(text)
    assert table["mapping"] == f"{name}/{table['mapping'].rpartition('/')[2]}"
    assert table["description"].endswith(".")


@pytest.mark.parametrize("name", sorted(set(preset_names()) - ONLY_A_SENTENCE))
def test_a_preset_loads_and_names_no_seller_that_is_not_in_the_source(name: str) -> None:
    mapping = load_named(name)
    assert mapping.description
    seller = mapping.invoice.groups.get("seller", [])
    assert not [leaf for branch in seller for leaf in branch.leaves.values() if leaf.value.constant is not None]


@pytest.mark.parametrize("name", sorted(ONLY_A_SENTENCE))
def test_what_cannot_carry_an_invoice_says_so(name: str) -> None:
    with pytest.raises(MappingError, match="so no invoice can be made of it"):
        load_named(name)


@pytest.mark.parametrize("kind", sorted(SAID))
def test_the_generated_presets_are_current(kind: str) -> None:
    assert preset_text(kind) == preset(kind)


def test_a_word_means_one_term() -> None:
    seen = defaultdict(set)
    for section, terms in header_words().items():
        for term, words in terms.items():
            for word in words:
                seen[folded(word)].add(f"{section}.{term}")
    assert {word: terms for word, terms in seen.items() if len(terms) > 1} == {}


def test_a_mapping_that_extends_a_preset_merges_tables_and_replaces_the_rest() -> None:
    made = load_mapping(
        b'mapping = "mine/1"\nextends = "xero"\n[invoice]\nbuyer_reference = { constant = "X" }\n'
        b'[[vat]]\nwhen = { code = "OUTPUT" }\ncategory = "S"\nrate = 25\n'
    )
    assert made.id == "mine/1"
    assert made.invoice.leaves["buyer_reference"].value.constant == "X"
    assert "number" in made.invoice.leaves
    assert len(made.vat.rows) == 1


def test_an_unknown_preset_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'stripe'"):
        preset_text("strpe")
    with pytest.raises(MappingError, match="nor is it a preset; did you mean 'stripe'"):
        load_named("strpe")
