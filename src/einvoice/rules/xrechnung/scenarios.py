# SPDX-License-Identifier: Apache-2.0
"""The scenarios of KoSIT's validator: which severities count in which documents, from ``levels.csv``.

The validator judges a document by the rules of EN 16931 and of XRechnung, and then weighs some of them by levels of its
own, ``customLevel`` in its configuration. ``tools/kosit.py levels`` compares the file with a release of that.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TYPE_CHECKING, Final, cast

from einvoice.rules.registry import Scenario
from einvoice.rules.xrechnung.specification import CIUS, CVD, EXTENSION

if TYPE_CHECKING:
    from einvoice.model import Syntax
    from einvoice.rules.registry import Severity

_SPECIFICATIONS: Final = {"cius": CIUS, "extension": EXTENSION, "cvd": CVD}


def _read() -> tuple[Scenario, ...]:
    found: dict[tuple[str, str], dict[str, Severity]] = {}
    lines = (files(__package__) / "levels.csv").read_text(encoding="utf-8").splitlines()
    for specification, syntax, identifier, level in csv.reader(lines[2:]):
        found.setdefault((_SPECIFICATIONS[specification], syntax), {})[identifier] = cast("Severity", level)
    return tuple(Scenario(profile, cast("Syntax", syntax), levels) for (profile, syntax), levels in found.items())


SCENARIOS: Final = _read()
"""The scenarios of XRechnung 3.0."""
