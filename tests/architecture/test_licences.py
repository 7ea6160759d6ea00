# SPDX-License-Identifier: Apache-2.0
"""Whoever installs einvoice, with all its extras, installs nothing under the GPL or the AGPL.

The LGPL is accepted: its libraries are used unchanged and through their public interface.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ACCEPTED = re.compile(
    r"\b(MIT|BSD|Apache|MPL|Mozilla Public License|LGPL|Lesser General Public License|ISC|PSF"
    r"|Python Software Foundation|Unlicense|Public Domain|Zlib|0BSD|HPND)",
    re.IGNORECASE,
)
REFUSED = re.compile(r"(?<!L)(AGPL|GPL)|(?<!Lesser )General Public License|Affero", re.IGNORECASE)

# Packages whose metadata name no licence; each was read in the package itself.
READ_BY_US: dict[str, str] = {
    "saxonche": "MPL-2.0",  # the Home Edition, by the headers of its sources; its wheel says nothing
}


def closure(root: str, extras: set[str]) -> dict[str, Distribution]:
    """The distributions that installing ``root[extras]`` brings along, without the root itself."""
    found: dict[str, Distribution] = {}
    todo = [(root, extras)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        current, wanted = todo.pop()
        if (current, frozenset(wanted)) in seen:
            continue
        seen.add((current, frozenset(wanted)))
        found[current] = distribution(current)
        for requirement in map(Requirement, found[current].requires or []):
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in wanted | {""}):
                todo.append((canonicalize_name(requirement.name), set(requirement.extras)))
    return {key: value for key, value in found.items() if key != root}


def licence(dist: Distribution) -> str:
    """What a distribution says about its licence: the SPDX expression, else classifiers, else the free text."""
    metadata = dist.metadata
    stated = metadata.get_all("License-Expression") or [
        entry for entry in metadata.get_all("Classifier") or [] if entry.startswith("License ::")
    ]
    free = metadata["License"].strip().partition("\n")[0] if "License" in metadata else ""
    return " | ".join(stated) or free or READ_BY_US.get(canonicalize_name(metadata["Name"]), "")


RUNTIME = closure("einvoice", {"all"})


@pytest.mark.parametrize("name", sorted(RUNTIME))
def test_a_runtime_dependency_is_under_an_accepted_licence(name: str) -> None:
    stated = licence(RUNTIME[name])
    assert ACCEPTED.search(stated), f"{name} says {stated!r}: read its licence and decide"
    assert not REFUSED.search(stated), f"{name} is under {stated!r}"


def test_the_closure_reaches_what_a_dependency_needs() -> None:
    assert {"lxml", "msgspec", "charset-normalizer", "typst"} <= set(RUNTIME)


@pytest.mark.parametrize(
    "stated",
    ["GPL-3.0-or-later", "AGPL-3.0-only", "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"],
)
def test_the_gpl_is_recognised(stated: str) -> None:
    assert REFUSED.search(stated)


@pytest.mark.parametrize(
    "stated", ["LGPL-2.1-only", "License :: OSI Approved :: GNU Lesser General Public License v2 (LGPLv2)"]
)
def test_the_lgpl_is_not_taken_for_the_gpl(stated: str) -> None:
    assert ACCEPTED.search(stated)
    assert not REFUSED.search(stated)
