# SPDX-License-Identifier: Apache-2.0
"""What pyproject.toml promises to whoever installs einvoice."""

from __future__ import annotations

import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement

import einvoice
from tests.architecture.house import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
ASKED = [*PROJECT["dependencies"], *(entry for extra in EXTRAS.values() for entry in extra)]
THIRD_PARTY = sorted(entry for entry in ASKED if Requirement(entry).name != PROJECT["name"])


@pytest.mark.parametrize("entry", THIRD_PARTY)
def test_a_dependency_has_a_floor_and_no_ceiling(entry: str) -> None:
    """A library that caps its dependencies cannot be installed beside others."""
    operators = [specifier.operator for specifier in Requirement(entry).specifier]
    assert operators == [">="]


@pytest.mark.parametrize("entry", THIRD_PARTY)
def test_what_is_installed_satisfies_the_floor(entry: str) -> None:
    requirement = Requirement(entry)
    assert requirement.specifier.contains(version(requirement.name), prereleases=True)


def test_the_extra_all_names_every_other_extra() -> None:
    (everything,) = EXTRAS["all"]
    assert Requirement(everything).extras == set(EXTRAS) - {"all"}


def test_the_installed_version_is_the_declared_one() -> None:
    assert version(PROJECT["name"]) == einvoice.__version__


def test_the_schemas_travel_with_the_wheel() -> None:
    included = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {"schemas": "einvoice/schemas"}
    assert (ROOT / "schemas").is_dir()


def test_official_schemas_are_not_committed() -> None:
    """They belong to their publishers and are installed from packages that may carry them."""
    copies = [path for folder in ("src", "schemas", "fixtures") for path in (ROOT / folder).rglob("*.x[s][dl]*")]
    assert not copies
