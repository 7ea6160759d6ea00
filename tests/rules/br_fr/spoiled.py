# SPDX-License-Identifier: Apache-2.0
"""Documents to be spoiled, and what may be done to each of their elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.rules import spoiling
from tests.rules.br_fr.documents import CREDIT, INVOICE
from tests.rules.br_fr.documents_cii import CROSS
from tests.rules.br_fr.grouped import BOTH, BOTH_CREDIT, CROSS_BOTH, CROSS_SEVERAL, SEVERAL, SEVERAL_CREDIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from tests.rules.spoiling import Change

SOUND: Final = {
    "invoice": INVOICE,
    "credit note": CREDIT,
    "invoice of several sellers": SEVERAL,
    "credit note of several sellers": SEVERAL_CREDIT,
    "invoice both ways": BOTH,
    "credit note both ways": BOTH_CREDIT,
    "CII": CROSS,
    "CII of several sellers": CROSS_SEVERAL,
    "CII both ways": CROSS_BOTH,
}
"""Documents with which nothing is wrong, by name."""
TEXTS: Final = (
    *(
        "",
        " ",
        "\n",
        "x",
        "x y",
        "\tx",
        "x" * 36,
        "x" * 101,
        "x" * 126,
        "#",
        "#PMT#",
        "#PMT##PMT#",
        "#BAR#",
        "#BAR#B2B",
    ),
    *(
        "#BAR#B2BINT",
        "#BAR#B2B#BAR#B2C#",
        "#TXD#MEMBRE_ASSUJETTI_UNIQUE",
        "MEMBRE_ASSUJETTI_UNIQUE",
        "#BAR#x",
        "BAR#B2B",
    ),
    *("0", "-1", "1.5", "1.005", "1.00005", "1.0000001", "1e2", "NaN", "INF", "+1", "1.", ".5", "00000000000000000001"),
    *("1234567890123456789", "-123456789012345678", "\u0663\u0664", "\u00a0", "19.99", "20.01", "0.01", "180.00"),
    *("B1", "B2", "S4", "M8", "B9", " M8 ", "XX", "380", "381", "384", "386", "389", "261", "262", "471", "502", "503"),
    *(" 389 ", "130", "916", "S", "E", "L", "M", "ZZ", "20", "5.5", "5.50", "19.2", "20.000", "100", "VAT", "FR"),
    *(
        "EUR",
        "GBP",
        "GROUP",
        "DETAIL",
        "INFORMATION",
        "F-2026/17",
        "F-2026/18",
        "#F-2026/17#",
        "#G-9#",
        "G-9",
        "1",
        "2",
    ),
    *("2026-08-15", "2026-12-31", "2026-02-29", "2024-02-29", "1999-12-31", "2026-02-30", "2026-13-01", "2026-08-01Z"),
    *("2026-0\u0663-01", "20\u0662\u0666-08-01", "20\u0662\u0664-02-29", "2026-08-1\u0663", "20260815", "20261231"),
    *("20260229", "20240229", "202608151200", "19991231", "20260230", "2026081", "20\u0662\u06660815", "2026081\u0663"),
    *("111111111", "222222222", " 111111111 ", "1111111111", "\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661"),
    *(
        "11111111100011",
        "22222222200022",
        "222222222000222",
        "LISIBLE",
        "RIB",
        "AFL",
        "AVV",
        "PMT",
        "BAR",
        "TXD",
        "B2B",
        "B2C",
    ),
)
VALUES: Final = ("", " ", "0002", "0009", "0224", "0225", "0231", "AFL", "AVV", "EUR", "GBP", "x")


def changes(element: _Element) -> Iterator[tuple[str, Change]]:
    """What may be done to an element.

    Args:
        element: the element.
    """
    if element.getparent() is not None:
        yield "dropped", spoiling.drop
        yield "twice", spoiling.twice
        yield "within itself", spoiling.within
    if not len(element):
        old = element.text or ""
        for said in (*TEXTS, f" {old}", f"{old} ", f"{old}1", old[:-1], old.lower(), f"{old}#"):
            yield f"says {said!r}", spoiling.saying(said)
        for scheme in ("0009", "0224", "AFL"):
            yield f"has @schemeID {scheme}", spoiling.having("schemeID", scheme)
    for name in map(str, element.keys()):
        for value in VALUES:
            yield f"@{name} {value!r}", spoiling.having(name, value)
        yield f"without @{name}", spoiling.without(name)
