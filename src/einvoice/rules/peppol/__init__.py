# SPDX-License-Identifier: Apache-2.0
"""The rules of Peppol BIS Billing and Self-Billing, as OpenPeppol publishes them for UBL; they come on top of EN 16931.

Their tests are about elements, wherever in a document these stand, so the rules are functions of elements. The rules
of a country are a section: documents of other countries are not asked.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from einvoice.rules.element_rules import gather, sentences
from einvoice.rules.peppol import (
    amounts,
    base,
    code_lists,
    denmark,
    germany,
    greece,
    iceland,
    identifiers,
    italy,
    netherlands,
    norway,
    sweden,
)
from einvoice.rules.registry import Pack
from einvoice.rules.releases import published_in
from einvoice.rules.structure import StructureRules

if TYPE_CHECKING:
    from einvoice.rules.element_rules import ElementRule
    from einvoice.rules.registry import Family, Severity

__all__ = ["PACKS"]

_SOURCE: Final = "https://docs.peppol.eu/poacc"
_FROM: Final = date(2026, 8, 17)
"""The day on which the release of May 2026 became mandatory."""


def published() -> dict[Family, dict[str, Severity]]:
    """Every rule of Billing: syntax -> id -> severity."""
    return published_in(__package__)


def published_self_billing() -> dict[Family, dict[str, Severity]]:
    """Every rule of Self-Billing: syntax -> id -> severity."""
    return published_in(__package__, "published_self_billing.csv")


_EVERY: Final = gather(base, amounts, identifiers, code_lists)
_OWN: Final[dict[ElementRule, ElementRule]] = {
    base.peppol_en16931_r004: base.peppol_en16931_r004_self_billing,
    base.peppol_en16931_r007: base.peppol_en16931_r007_self_billing,
    base.PEPPOL_EN16931_R051: base.PEPPOL_EN16931_R051_SELF_BILLING,
    code_lists.peppol_en16931_p0100: code_lists.peppol_en16931_p0100_self_billing,
    code_lists.peppol_en16931_p0101: code_lists.peppol_en16931_p0101_self_billing,
}
"""Rules of Billing that Self-Billing has in its own way."""
_BILLING: Final = tuple(rule for rule in _EVERY if rule not in _OWN.values())
_SELF_BILLING: Final = tuple(_OWN.get(rule, rule) for rule in _BILLING if rule is not code_lists.peppol_en16931_p0112)
_SECTIONS: Final = tuple(
    section
    for country in (norway, denmark, italy, sweden, greece, iceland, netherlands, germany)
    for section in country.SECTIONS
)

_SENTENCES: Final = {
    ("PEPPOL-EN16931-R008", "said"): "No element is empty.",
    **sentences((*_EVERY, *(one for _, some in _SECTIONS for one in some))),
}


def _structure(title: str, functions: tuple[ElementRule, ...], *, national: bool) -> StructureRules:
    return StructureRules(
        package="einvoice.rules.peppol",
        file="elements.csv",
        beside="",
        title=title,
        sentences=_SENTENCES,
        functions=functions,
        sections=_SECTIONS if national else (),
    )


PACKS: Final = (
    Pack(
        id="peppol",
        version="3.0.21",
        title="Peppol BIS Billing 3.0.21",
        source=f"{_SOURCE}/billing/3.0/",
        valid_from=_FROM,
        rules=(),
        published=published,
        aliases={},
        needs=("en16931",),
        structure={"ubl": _structure("Peppol BIS Billing", _BILLING, national=True)},
        unknown={"cii": "Peppol BIS Billing has no rules for CII"},
    ),
    Pack(
        id="peppol-selfbilling",
        version="3.0.2",
        title="Peppol BIS Self-Billing 3.0.2",
        source=f"{_SOURCE}/self-billing/3.0/",
        valid_from=_FROM,
        rules=(),
        published=published_self_billing,
        aliases={},
        needs=("en16931",),
        structure={"ubl": _structure("Peppol BIS Self-Billing", _SELF_BILLING, national=False)},
        unknown={"cii": "Peppol BIS Self-Billing has no rules for CII"},
    ),
)
"""The versions of both packs, the newest last."""
