# SPDX-License-Identifier: Apache-2.0
"""The smallest changes that break structural rules, read off the official expressions.

Most structural rules say that something must not be there (``not(cac:X/cbc:Y)``, ``not(//@uri)``) or not twice
(``count(ram:X) <= 1``). What breaks such a rule is to put it there, or there twice, and everything around it stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from einvoice.bind import order
from tests.differential.trees import Tree, full, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from tests.differential.official import OfficialRule

SPACES: Final = {
    **order.UBL_NAMESPACES,
    **order.CII_NAMESPACES,
    "ubl": order.UBL_ROOTS["Invoice"],
    "cn": order.UBL_ROOTS["CreditNote"],
}
_NOT: Final = re.compile(r"not ?\((?P<path>[^()]*(?:\([^()|]*\|[^()]*\)[^()]*)?)\)(?: or .*)?")
_COUNT: Final = re.compile(r"\(?(?:not ?\([\w:/]+\) or \(?)?count\((?P<path>[^()]*)\) ?(?:<=? ?1|= ?1)\)*(?: and .*)?")
_STEP: Final = re.compile(r"(?P<name>@?[\w:*]+)(?P<condition>\[.*\])?")
_SAID: Final = re.compile(r"\[(?P<name>[\w:]+) ?= ?'(?P<value>[^']*)'\]")
_ENDS: Final = re.compile(r"\[ends-with\(name\(\), ?'(\w+)'\)(?: and not ?\(self::([\w:]+)\))?\]")


def changes(rule: OfficialRule, data: bytes) -> Iterator[bytes]:
    """Documents that should break a rule, each from another place that the rule is asked of.

    Args:
        rule: the rule.
        data: a document that does not break it.
    """
    for pattern, act in ((_NOT, _put), (_COUNT, _twice)):
        said = pattern.fullmatch(rule.test)
        if said is None:
            continue
        for index in range(len(_places(Tree(data).root, rule.context))):
            tree = Tree(data)
            place = _places(tree.root, rule.context)[index]
            if act(tree, place, _path(said["path"], tree)):
                yield tree.bytes()


def _path(text: str, tree: Tree) -> str:
    """The path; of several names that a step may have, the one that the syntax has."""
    credit = tree.order.syntax == "ubl-creditnote"
    return re.sub(r"\(([\w:]+)\|([\w:]+)\)", lambda pair: pair[2] if credit else pair[1], text)


def _places(root: _Element, context: str) -> list[_Element]:
    """The elements that a rule is asked of, as far as XPath 1.0 can tell."""
    found: list[_Element] = []
    for pattern in re.split(r" \| ", context):
        ends = _ENDS.search(pattern)
        if ends is not None:
            found += [
                element for element in root.iter("*") if short(element).endswith(ends[1]) and short(element) != ends[2]
            ]
            continue
        plain = re.sub(r"(false|true)\(\)", r"'\1'", pattern.strip())
        try:
            hits = root.xpath(plain if plain.startswith("/") else f"//{plain}", namespaces=SPACES)
        except etree.XPathEvalError:
            continue
        found += [hit for hit in cast("list[_Element]", hits) if hit not in found]
    return found


def _put(tree: Tree, place: _Element, path: str) -> bool:
    """Put there what must not be there."""
    if path.startswith("//"):
        names = _steps(path[2:])
        if names is None:
            return False
        first = names[0]
        if first[0].startswith("@"):
            carrier = _carrier(tree, first[0][1:])
            return _walk(tree, place if carrier is None else carrier, names, met=True)
        top = next(tree.root.iter(full(first[0])), None)
        if top is None:
            top = _somewhere(tree, first[0])
        return top is not None and _walk(tree, top, names[1:], met=_met(tree, top, first))
    names = _steps(path)
    return names is not None and _walk(tree, place, names, met=True)


def _somewhere(tree: Tree, name: str) -> _Element | None:
    """An element that may stand somewhere in the document, put where it first may."""
    for element in (tree.root, *tree.elements()):
        if any(row.name == name for row in tree.addable(element)):
            return tree.add(element, name)
    return None


def _carrier(tree: Tree, attribute: str) -> _Element | None:
    """The first element that may carry an attribute."""
    for element in tree.elements():
        kind = tree.type_of(element)
        if kind is not None and any(row.name == attribute for row in tree.order.attributes(kind)):
            return element
    return None


def _steps(path: str) -> list[tuple[str, str]] | None:
    steps: list[tuple[str, str]] = []
    for text in re.split(r"/(?![^\[]*\])", path.strip()):
        match = _STEP.fullmatch(text)
        if match is None:
            return None
        steps.append((match["name"], match["condition"] or ""))
    return steps


def _walk(tree: Tree, top: _Element, steps: list[tuple[str, str]], *, met: bool) -> bool:
    if not met:
        return False
    for name, condition in steps:
        if name.startswith("@"):
            top.set(name[1:], "1")
            return True
        there = list(top.iterchildren(full(name)))
        top = there[-1] if there and condition == "" else tree.add(top, name)
        if not _met(tree, top, (name, condition)):
            return False
    return True


def _met(tree: Tree, element: _Element, step: tuple[str, str]) -> bool:
    """Make the condition of a step true."""
    if not step[1]:
        return True
    said = _SAID.fullmatch(step[1])
    if said is None:
        return False
    tree.ensure(element, said["name"]).text = said["value"]
    return True


def _twice(tree: Tree, place: _Element, path: str) -> bool:
    """Put there twice what must be there once at most; the last step of the path first, then the ones before."""
    names = _steps(path)
    if names is None or any(name.startswith("@") for name, _ in names):
        return False
    if not _walk(tree, place, names, met=True):
        return False
    top = place
    for name, _ in names[:-1]:
        top = list(top.iterchildren(full(name)))[-1]
    last = list(top.iterchildren(full(names[-1][0])))[-1]
    again = last
    while not _repeatable(tree, again) and again.getparent() is not place and again.getparent() is not None:
        parent = again.getparent()
        assert parent is not None
        again = parent
    tree.again(again if _repeatable(tree, again) else last)
    return True


def _repeatable(tree: Tree, element: _Element) -> bool:
    parent = element.getparent()
    kind = None if parent is None else tree.type_of(parent)
    row = None if kind is None else tree.order.child(kind, short(element))
    return row is not None and row.max is None
