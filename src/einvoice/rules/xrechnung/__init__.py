# SPDX-License-Identifier: Apache-2.0
"""The rules of XRechnung, as KoSIT publishes them for UBL and CII.

They come on top of those of EN 16931. Most ask about elements, and the tests of the two syntaxes differ in more than
names; so nearly every rule is two functions, each named after the official id and the syntax.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from einvoice.rules.element_rules import gather, sentences
from einvoice.rules.registry import Pack
from einvoice.rules.releases import published_in
from einvoice.rules.structure import StructureRules
from einvoice.rules.xrechnung import br_de, br_de_cvd, br_de_payment, br_dex, br_tmp, peppol, peppol_cii
from einvoice.rules.xrechnung.releases import later, of_family
from einvoice.rules.xrechnung.scenarios import SCENARIOS
from einvoice.rules.xrechnung.specification import is_cvd, is_extension

if TYPE_CHECKING:
    from einvoice.rules.registry import Family, Severity

__all__ = ["PACKS"]


def published() -> dict[Family, dict[str, Severity]]:
    """Every rule of the publisher: syntax -> id -> severity, from ``published.csv``."""
    return published_in(__package__)


_FUNCTIONS: Final = gather(br_de, br_de_payment, br_tmp, peppol, peppol_cii)
_SENTENCES: Final = {
    ("PEPPOL-EN16931-R008", "said"): "No element is empty.",
    **sentences((*_FUNCTIONS, *gather(br_dex, br_de_cvd))),
}


def _structure(family: Family) -> StructureRules:
    return StructureRules(
        package="einvoice.rules.xrechnung",
        file=f"syntax_{family}.csv",
        beside="",
        title="XRechnung",
        sentences=_SENTENCES,
        functions=of_family(family, _FUNCTIONS),
        sections=(
            (is_extension, of_family(family, (*gather(br_dex), *br_dex.schemes("xrechnung-2.5.0", "0244")))),
            (is_cvd, of_family(family, gather(br_de_cvd))),
        ),
    )


_CURRENT: Final = Pack(
    id="xrechnung",
    version="2.5.0",
    title="XRechnung 3.0.2, Schematron rules 2.5.0",
    source="https://github.com/itplr-kosit/xrechnung-schematron/releases/tag/v2.5.0",
    valid_from=date(2026, 1, 31),
    rules=(),
    published=published,
    aliases={},
    needs=("en16931",),
    structure={"ubl": _structure("ubl"), "cii": _structure("cii")},
    scenarios=SCENARIOS,
)

PACKS: Final = (_CURRENT, *later(_CURRENT))
"""The versions of this pack, the newest last."""
