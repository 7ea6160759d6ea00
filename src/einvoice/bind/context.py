# SPDX-License-Identifier: Apache-2.0
"""What is known while a document is read, and the conditions that depend on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.bind.remarks import Remarks
from einvoice.bind.tree import NAMESPACES
from einvoice.bind.values import WHITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from einvoice.bind.table import Test


class Context:
    """What is known while one document is read.

    Attributes:
        remarks: what is remarked.
        said: the currencies the document has named so far, by term.
        amount_attributes: the attributes an amount is expected to carry.
    """

    __slots__ = ("amount_attributes", "remarks", "said")

    def __init__(self) -> None:
        self.remarks = Remarks()
        self.said: dict[str, str] = {}
        self.amount_attributes: list[tuple[str, str]] = []

    def says(self, term: str, currency: str) -> bool:
        """Whether a currency is the one a term names; that of BT-6 counts only where it is not that of BT-5 too."""
        said, own = self.said.get(term), self.said.get("BT-5")
        if term == "BT-5":
            return said is None or said == currency
        return said == currency and said != own

    def say(self, term: str, value: str) -> None:
        """Note a currency that later elements are compared with."""
        self.said[term] = value
        if term == "BT-5":
            self.amount_attributes = [("currencyID", value or "none")]  # an empty one is remarked with each amount


def test_of(test: Test) -> Callable[[_Element, Context], bool]:
    """A function that says whether an element is the one that a condition means.

    Args:
        test: the condition.
    """
    find = _finder(test.path)
    values, term, negated, absent = frozenset(v.upper() for v in test.values), test.term, test.negated, test.absent
    exact = test.path[-1].startswith("@") and test.path[0].startswith("ram:")  # as the tests of CII compare it

    def matches(el: _Element, context: Context) -> bool:
        text = find(el)
        if text is None:
            return absent or negated
        if exact:
            return (text in test.values) is not negated
        if not term:
            return (text.strip(WHITE).upper() in values) is not negated
        return context.says(term, text.strip(WHITE)) is not negated

    return matches


def _finder(path: tuple[str, ...]) -> Callable[[_Element], str | None]:
    """A function that finds the text (or the attribute) that a condition compares."""
    attribute = path[-1][1:] if path[-1].startswith("@") else ""
    names = path[:-1] if attribute else path
    tags = [f"{{{NAMESPACES[prefix]}}}{local}" for prefix, _, local in (name.partition(":") for name in names)]

    def find(el: _Element) -> str | None:
        for tag in tags:
            for child in el:
                if child.tag == tag:
                    el = child
                    break
            else:
                return None
        return el.get(attribute) if attribute else el.text or ""

    return find
