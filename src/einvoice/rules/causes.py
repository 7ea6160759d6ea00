# SPDX-License-Identifier: Apache-2.0
"""Which rule's failure explains that of others: one mistake often breaks several rules.

A row of the table says that repairing what one rule reports also settles what others report. Where that depends on
the figures, the row says how they have to fit: a wrong BT-106 explains that BT-109 does not fit it only if BT-109 is
off by just as much. What is made of the table stands in :mod:`einvoice.rules.families`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

Fit = Literal[
    "always", "same place", "same group", "same branch", "not computed", "carried", "deducted", "alike", "product"
]

SCHEMA: Final = frozenset({"XSD", "FX-XSD"})
"""Ids of findings that report a violation of a schema; what they explain is told by place and term."""


class Link(Struct, frozen=True):
    """A rule whose failure explains the failure of others.

    Attributes:
        cause: the id of the rule.
        consequences: the ids of the rules that fail with it.
        fit: what else has to hold: ``always`` nothing; ``same place``, ``same group``, ``same branch``, both speak of
            the same place of the invoice, of the same group, or of an element and one in it; ``not computed``, the
            consequence names no figure that it expects; ``carried``, what the cause is too high the consequence is
            too low, since it adds the wrong figure (``deducted``: subtracts it); ``alike``, both are off by the same;
            ``product``, the consequence is what the repaired figure times the same rate comes to.
    """

    cause: str
    consequences: tuple[str, ...]
    fit: Fit = "always"


_RATED: Final = ("S", "AF", "AG")
_DECIMALS: Final = (1, 2, 5, 6, *range(9, 21), 23, 24, 25, 27, 28)
_CATEGORIES: Final = ("S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG")


def _each(number: str, categories: Iterable[str] = _CATEGORIES) -> tuple[str, ...]:
    return tuple(f"BR-{category}-{number}" for category in categories)


TABLE: Final = (
    # What is missing cannot be compared, counted or described.
    Link("BR-08", ("BR-09",)),
    Link("BR-10", ("BR-11",)),
    Link("BR-19", ("BR-20",)),
    Link("BR-22", ("BR-23",), "same group"),
    Link("BR-26", ("BR-27",), "same group"),
    Link("BR-32", ("BR-CL-17",), "same place"),
    Link("BR-37", ("BR-CL-17",), "same place"),
    Link("BR-16", ("BR-CO-10", *_each("01"), *_each("08"))),
    Link("BR-24", ("BR-CO-10", *_each("08"))),
    Link("BR-31", ("BR-CO-11", *_each("08"))),
    Link("BR-36", ("BR-CO-12", *_each("08"))),
    Link("BR-12", ("BR-CO-10", "BR-CO-13")),
    Link("BR-13", ("BR-CO-13", "BR-CO-15")),
    Link("BR-14", ("BR-CO-15", "BR-CO-16")),
    Link("BR-15", ("BR-CO-16",)),
    Link("BR-CO-18", ("BR-CO-14", *_each("01"), *_each("08"))),
    Link("BR-CO-04", (*_each("01"), *_each("08"))),
    *(Link(f"BR-{category}-01", (f"BR-{category}-08",)) for category in _CATEGORIES),
    Link("BR-45", ("BR-CO-17", *_each("08"), *_each("09", _RATED)), "same group"),
    Link("BR-46", ("BR-CO-17", *_each("09")), "same group"),
    Link("BR-46", ("BR-CO-14",)),
    Link("BR-47", ("BR-48", "BR-CO-17", *_each("01"))),
    Link("BR-48", ("BR-CO-17", *_each("08", _RATED), *_each("09", _RATED)), "same group"),
    Link("BR-05", ("BR-CO-15",), "not computed"),
    Link("BR-CL-04", ("BR-CO-15",), "not computed"),
    # Two rules that demand the same.
    Link("BR-33", ("BR-CO-21",), "same group"),
    Link("BR-38", ("BR-CO-22",), "same group"),
    Link("BR-42", ("BR-CO-23",), "same group"),
    Link("BR-44", ("BR-CO-24",), "same group"),
    Link("BR-17", ("UBL-SR-19", "UBL-SR-20", "UBL-SR-21"), "same place"),
    Link("BR-54", ("CII-SR-069", "CII-SR-072"), "same place"),
    Link("BR-CO-04", ("UBL-SR-48",), "same branch"),
    *(Link(f"BR-DEC-{number:02}", ("UBL-DT-01",), "same place") for number in _DECIMALS),
    *(Link(f"BR-{category}-02", (f"BR-{category}-03", f"BR-{category}-04")) for category in _CATEGORIES),
    *(Link(f"BR-{category}-03", (f"BR-{category}-04",)) for category in _CATEGORIES),
    Link("BR-CO-17", _each("09"), "same place"),
    # A wrong figure that the next one is computed from.
    Link("BR-CO-10", ("BR-CO-13",), "carried"),
    Link("BR-CO-11", ("BR-CO-13",), "deducted"),
    Link("BR-CO-12", ("BR-CO-13",), "carried"),
    Link("BR-CO-10", _each("08"), "alike"),
    *(Link(f"BR-{category}-08", ("BR-CO-17", f"BR-{category}-09"), "product") for category in _RATED),
    Link("BR-CO-17", ("BR-CO-14",), "carried"),
    *(Link(f"BR-{category}-09", ("BR-CO-14",), "carried") for category in _CATEGORIES),
    Link("BR-CO-13", ("BR-CO-15",), "carried"),
    Link("BR-CO-14", ("BR-CO-15",), "carried"),
    Link("BR-CO-15", ("BR-CO-16",), "carried"),
)
"""Cause by cause. Where several explain a finding, the first row that does is taken."""
