# SPDX-License-Identifier: Apache-2.0
"""The releases of EN 16931's validation artefacts beside 1.3.16, each as what differs from it.

CEN/TC 434 publishes twice a year, in April and October. A release is taken from the day on which it is published; CIUS
adopt it on days of their own, which their packs state.

**1.3.15** (20 October 2025). Known whole: what differs was taken from its artefacts, and is compared with them by
``tools/published.py``, ``tools/code_lists.py`` and ``tools/differential.py``. BR-CO-25 was there; UBL-SR-56 and 28
rules on how often CII may say something were not. Where CII says an amount again that EN 16931 has once, its tests
died; here such a rule is left open.

**1.3.17** (October 2026). Nobody could look at the artefacts when this was written. Known is what others print of those
for UBL: the package eracun-hr 0.1.0 (2026-10-26) lists every id with its severity and sentence, and the code lists. The
rules of the Canary Islands (L) and of Ceuta and Melilla (M) have their older names again; UBL-SR-57, -58 and -59 are
new, on what issues 504 and 505 of the publisher's repository asked for; no severity differs. The tests of these three
follow the issues, since their sentences are all that is known of them; all other tests are taken to be those of 1.3.16,
whose sentences they have. Of CII nothing is known but the code lists, which both syntaxes share. So this release judges
by its name only, and calls no CII invoice valid.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.rules.en16931.anywhere_codes import coded
from einvoice.rules.registry import collect
from einvoice.rules.releases import Release, delta_of, derived

if TYPE_CHECKING:
    from einvoice.rules.element_rules import ElementRule
    from einvoice.rules.registry import Family, Pack
    from einvoice.rules.structure import Anywhere, StructureRules

_ONCE: Final = {
    "BT-92": "BR-CO-11",
    "BT-99": "BR-CO-12",
    "BT-136": "BR-DEC-24",
    "BT-141": "BR-DEC-27",
    "BT-106": "BR-CO-13",
    "BT-107": "BR-CO-13",
    "BT-108": "BR-CO-13",
    "BT-109": "BR-CO-13",
    "BT-112": "BR-CO-15",
    "BT-113": "BR-CO-16",
    "BT-114": "BR-CO-16",
    "BT-115": "BR-CO-16",
}
"""Amounts that the schema of CII lets repeat, and of which 1.3.15 could compare one."""
_REPOSITORY: Final = "https://github.com/ConnectingEurope/eInvoicing-EN16931/releases/tag/validation-"


def before(base: Pack) -> Release:
    """The release before 1.3.16.

    Args:
        base: release 1.3.16.
    """
    day = date(2025, 10, 20)
    return Release(id=base.id, version="1.3.15", valid_from=day, make=partial(_before, base, day))


def _before(base: Pack, day: date) -> Pack:
    from einvoice.rules.en16931 import earlier as mended  # noqa: PLC0415 -- rules that no other release needs

    return derived(
        base,
        delta_of(__package__, "deltas/1.3.15.csv", base.published()),
        edition="en16931-1.3.15",
        instead=collect(mended),
        version="1.3.15",
        title="EN 16931-1:2017, CEN validation artefacts 1.3.15",
        source=f"{_REPOSITORY}1.3.15",
        valid_from=day,
        valid_to=base.valid_from - timedelta(days=1),
        structure={
            family: structs.replace(rules, functions=(mended.DUE[family],))
            for family, rules in _structure(base, "1.3.15", "ubl", "cii", instead=mended.ANYWHERE).items()
        },
        once={**base.once, "cii": {**base.once["cii"], **_ONCE}},
    )


def after(base: Pack) -> Release:
    """The release after 1.3.16.

    Args:
        base: release 1.3.16.
    """
    day, reason = date(2026, 10, 23), "its artefacts could not be looked at"
    return Release(
        id=base.id, version="1.3.17", valid_from=day, by_name=reason, make=partial(_after, base, day, reason)
    )


def _after(base: Pack, day: date, reason: str) -> Pack:
    return derived(
        base,
        delta_of(__package__, "deltas/1.3.17.csv", base.published()),
        edition="en16931-1.3.17",
        version="1.3.17",
        title="EN 16931-1:2017, CEN validation artefacts 1.3.17, as far as they are known",
        source=f"{_REPOSITORY}1.3.17",
        valid_from=day,
        structure=_structure(base, "1.3.17", "ubl"),
        by_name=reason,
        unknown={"cii": "what release 1.3.17 changes for CII is not known here, but for its code lists"},
        notes={
            "ubl": (
                "en16931 1.3.17 is known by its ids, sentences and code lists: its tests are taken to be those of"
                " 1.3.16, and UBL-SR-57, UBL-SR-58 and UBL-SR-59 are judged by what was asked of the publisher"
            ),
            "cii": "for CII, en16931 1.3.17 is 1.3.16 with newer code lists: what else it changes is not known here",
        },
    )


def _structure(
    base: Pack, version: str, *families: Family, instead: tuple[ElementRule, ...] = ()
) -> dict[Family, StructureRules]:
    """The rules about elements, with what differs in some syntaxes, and the code lists of the release."""
    renamed = delta_of(__package__, f"deltas/{version}.csv", base.published()).renamed
    changed = {
        family: structs.replace(
            base.structure[family],
            delta=f"deltas/{version}_{family}.csv",
            anywhere=_anywhere(base.structure[family].anywhere, (*coded(f"en16931-{version}"), *instead)),
            renamed={was: new for (was, of), new in renamed.items() if of == family},
        )
        for family in families
    }
    return {**base.structure, **changed}


def _anywhere(known: Anywhere | None, instead: tuple[ElementRule, ...]) -> Anywhere | None:
    """The rules that are asked of the elements of odd documents, some of them as a release has them."""
    own = {one.id: one for one in instead}
    return structs.replace(known, rules=tuple(own.get(one.id, one) for one in known.rules)) if known else None
