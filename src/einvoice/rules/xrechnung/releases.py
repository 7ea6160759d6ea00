# SPDX-License-Identifier: Apache-2.0
"""The releases of KoSIT's rules beside 2.5.0, each as what differs from it.

KoSIT publishes twice a year, in January and in summer. A release is taken from the day on which it is published.

**2.6.0** (31 August 2026). Its artefacts could not be had when this was written. Known of UBL is a stylesheet that
others compiled from its own part: BR-TMP-6 is new, BR-TMP-2 is fatal, the code lists are those of EN 16931 1.3.16, and
the tests that were looked at are those of 2.5.0. Which release of Peppol's rules it builds in is not known; they are
taken to be those of 2.5.0. Of CII the code lists are known, and BR-TMP-4 and BR-TMP-5 as they were proposed in the
publisher's repository (July 2026); a rule on dates, BR-TMP-7, is known by its name. So this release judges by its name
only, and calls no invoice valid. Its scenarios are those of 31 January 2026, which do not weigh the new rules.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.rules.element_rules import gather
from einvoice.rules.releases import delta_of, derived
from einvoice.rules.xrechnung import br_dex, br_tmp_later
from einvoice.rules.xrechnung.specification import is_cvd, is_extension

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.rules.element_rules import ElementRule
    from einvoice.rules.registry import Family, Pack
    from einvoice.rules.structure import StructureRules

_REPOSITORY: Final = "https://github.com/itplr-kosit/xrechnung-schematron/releases/tag/v"


def of_family(family: Family, rules: Iterable[ElementRule]) -> tuple[ElementRule, ...]:
    """The rules that are asked of the elements of a syntax.

    Args:
        family: ``ubl`` or ``cii``.
        rules: rules of both.
    """
    return tuple(rule for rule in rules if ("ram:" in rule.context or "rsm:" in rule.context) is (family == "cii"))


def later(base: Pack) -> tuple[Pack, ...]:
    """The releases after 2.5.0.

    Args:
        base: release 2.5.0.
    """
    new = derived(
        base,
        delta_of(__package__, "deltas/2.6.0.csv", base.published()),
        version="2.6.0",
        title="XRechnung 3.0.2, Schematron rules 2.6.0, as far as they are known",
        source=f"{_REPOSITORY}2.6.0",
        valid_from=date(2026, 8, 31),
        structure={family: _grown(family, rules) for family, rules in base.structure.items()},
        by_name="its artefacts could not be looked at",
        unknown={
            "ubl": "which of Peppol's rules release 2.6.0 builds in is not known here",
            "cii": "what release 2.6.0 changes for CII is known here in part: BR-TMP-7, on dates, is not",
        },
    )
    return (new,)


def _grown(family: Family, rules: StructureRules) -> StructureRules:
    """The rules of 2.5.0 with those that are new, by the code lists of EN 16931 1.3.16."""
    extension = of_family(family, (*gather(br_dex), *br_dex.schemes("")))
    cvd = next(some for applies, some in rules.sections if applies is is_cvd)
    return structs.replace(
        rules,
        functions=(*rules.functions, *of_family(family, gather(br_tmp_later))),
        sections=((is_extension, extension), (is_cvd, cvd)),
    )
