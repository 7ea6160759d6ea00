# SPDX-License-Identifier: Apache-2.0
"""The public face: what ``import einvoice`` offers is a contract, and costs nothing until it is used."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib.resources import files

import pytest

import einvoice

HEAVY = ("click", "facturx", "lxml", "msgspec", "pikepdf", "pypdf", "typst", "xmlschema")
VERBS = {
    "read": ("source",),
    "write": ("invoice", "to", "*profile"),
    "convert": ("source", "to", "*profile", "*lossless"),
    "validate": ("source", "*packs", "*as_of", "*engine", "*artefacts"),
    "explain": ("rule_or_term", "*language"),
}
OFFERED: tuple[str, ...] = tuple(getattr(einvoice, "__all__", ()))
NOUNS = {"Invoice", "Reading", "Conversion", "Report", "Explanation"}

built = pytest.mark.skipif(not OFFERED, reason="the front door is not wired yet")


def shape(function: object) -> tuple[str, ...]:
    """The parameters of a function, keyword-only ones with a star."""
    assert callable(function)
    parameters = inspect.signature(function).parameters.values()
    return tuple(("*" if entry.kind is entry.KEYWORD_ONLY else "") + entry.name for entry in parameters)


@built
def test_the_face_offers_the_verbs_and_the_nouns_of_the_contract() -> None:
    assert set(VERBS) | NOUNS <= set(OFFERED)


@built
def test_everything_offered_exists_and_is_listed() -> None:
    for offered in OFFERED:
        assert getattr(einvoice, offered) is not None
    assert set(OFFERED) <= set(dir(einvoice))
    assert len(set(OFFERED)) == len(OFFERED)


@built
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_the_parameters_of_the_contract(verb: str) -> None:
    assert shape(getattr(einvoice, verb)) == VERBS[verb]


@built
@pytest.mark.parametrize("offered", sorted(set(VERBS) | NOUNS))
def test_what_is_offered_is_documented(offered: str) -> None:
    assert inspect.getdoc(getattr(einvoice, offered))


@built
def test_a_name_that_is_not_offered_is_an_attribute_error() -> None:
    name = "no_such_name"
    with pytest.raises(AttributeError, match=name):
        getattr(einvoice, name)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys, einvoice; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_package_is_typed() -> None:
    assert (files("einvoice") / "py.typed").is_file()
