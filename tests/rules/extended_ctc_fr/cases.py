# SPDX-License-Identifier: Apache-2.0
"""The cases of both syntaxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.rules.extended_ctc_fr import cases_cii, cases_ubl
from tests.rules.extended_ctc_fr.documents import SYNTAXES

if TYPE_CHECKING:
    from einvoice.model import Syntax
    from einvoice.rules.registry import Family
    from tests.rules.extended_ctc_fr.case import Case, Cases

CASES: Final[dict[Family, Cases]] = {"ubl": cases_ubl.CASES, "cii": cases_cii.CASES}
EACH: Final[dict[str, tuple[Case, Syntax]]] = {
    f"{syntax} {name}": (case, syntax) for syntax, family in SYNTAXES.items() for name, case in CASES[family].items()
}
"""Every case in every syntax that it has."""
