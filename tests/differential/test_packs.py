# SPDX-License-Identifier: Apache-2.0
"""Our packs and their publishers say the same of every document that the schema accepts, however it was spoiled.

Three environment variables steer a run: ``EINVOICE_PACK_MUTANTS``, how many documents a pack,
``EINVOICE_PACK_INVENTED``, how many that the schema allows, and ``EINVOICE_MUTANTS_SEED``, which ones.
`tools/differential_packs.py` runs thousands, and tries every change.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from lxml import etree

from einvoice.official.engine import Engine
from tests.differential import pack_bases
from tests.differential.official import MissingError
from tests.differential.pack_invented import imagined, invented
from tests.differential.pack_run import compared, explore, told
from tests.differential.packs import TARGETS, artefact, judged, words
from tests.differential.test_mutants import allowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.bind.order import Syntax

pytestmark = [pytest.mark.peers, pytest.mark.differential]

MUTANTS: Final = int(os.environ.get("EINVOICE_PACK_MUTANTS", "200"))
INVENTED: Final = int(os.environ.get("EINVOICE_PACK_INVENTED", "12"))
SEED: Final = int(os.environ.get("EINVOICE_MUTANTS_SEED", "1"))
_UBL: Final[tuple[Syntax, ...]] = ("ubl-invoice", "ubl-creditnote")
INSTALLABLE: Final[dict[str, tuple[Syntax, ...]]] = {
    name: target.syntaxes for name, target in TARGETS.items() if not target.french
} | {"br-fr": ("cii",), "extended-ctc-fr": _UBL}
"""The packs with the syntaxes whose stylesheets of that very release packages carry."""
EACH: Final = [
    pytest.param(name, syntax, id=f"{name} {syntax}")
    for name, syntaxes in INSTALLABLE.items()
    if judged(TARGETS[name])
    for syntax in syntaxes
]
PROFILES: Final = 5


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The official engine, for the module."""
    found = Engine()
    yield found
    found.close()


def share(name: str) -> int:
    """How many documents of a pack and syntax are judged."""
    parts = PROFILES if name.startswith("facturx") else len(INSTALLABLE[name])
    return -(-MUTANTS // parts)


def needed(name: str, syntax: Syntax) -> None:
    """Skip a test whose stylesheet is not there."""
    try:
        artefact(TARGETS[name], syntax)
    except MissingError as error:
        pytest.skip(str(error))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), EACH)
def test_both_judges_say_the_same_of_every_mutant_and_of_what_the_schema_allows(
    engine: Engine, name: str, kind: Syntax
) -> None:
    needed(name, kind)
    target = TARGETS[name]
    outcome = explore(engine, name, target, kind, share(name), SEED)
    print(outcome.summary())  # noqa: T201 -- pytest shows it with a failure
    assert not outcome.disagreements, told(target, outcome)
    assert outcome.counts["schema-invalid, disagree"] <= allowed(outcome.counts["schema-invalid"]), told(
        target, outcome, outcome.elsewhere
    )
    assert outcome.counts["schema-valid"] > share(name) // 4
    assert len(outcome.fired) > 5
    allows = imagined(engine, name, kind, INVENTED, SEED)  # here, as the stylesheet is compiled already
    assert not allows.disagreements, told(target, allows)
    assert allows.counts["schema-valid"] > INVENTED // 6


def test_the_same_chance_invents_the_same_document_with_the_words_of_the_pack() -> None:
    needed("peppol", "ubl-invoice")
    made = [invented("peppol", "ubl-invoice", Random(seed)).data for seed in range(40)]  # noqa: S311 -- no secret
    assert made[7] == invented("peppol", "ubl-invoice", Random(7)).data  # noqa: S311 -- no secret
    assert len(set(made)) > 30
    assert any(b"ExtensionContent" in one and b">DK<" in one for one in made)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), EACH)
def test_both_judges_say_the_same_of_the_documents_that_are_changed(engine: Engine, name: str, kind: Syntax) -> None:
    needed(name, kind)
    target = TARGETS[name]
    sound = {one: data for one, data in target.bases(kind).items() if one in target.sound}
    assert sound
    for one, data in sound.items():
        said = compared(engine, target, kind, data)
        assert said.schema_valid, one
        assert not said.signature, (one, said.signature)


@pytest.mark.parametrize("profile", pack_bases.GUIDELINES)
def test_a_base_of_facturx_has_all_that_its_profile_uses_and_nothing_else(profile: str) -> None:
    broad = etree.fromstring(pack_bases.facturx(profile)["broad"])
    whole = etree.fromstring(pack_bases.broad())
    assert len(list(broad.iter())) > 100
    assert len(list(broad.iter())) <= len(list(whole.iter()))
    assert pack_bases.GUIDELINES[profile] in {element.text for element in broad.iter("{*}ID")}


def test_the_words_of_a_pack_are_what_its_rules_are_about() -> None:
    needed("peppol", "ubl-invoice")
    found = words("peppol", "ubl-invoice")
    assert "DK" in found["IdentificationCode"]
    assert "0192" in found["schemeID"]
    assert "130" in found["DocumentTypeCode"]
