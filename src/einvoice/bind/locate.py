# SPDX-License-Identifier: Apache-2.0
"""Where in a document a place of the model stands.

Reading keeps no map of the source. When a finding needs a location, the tree of the syntax and the indices of the
model path are followed over the document again; a valid invoice pays nothing.
"""

from __future__ import annotations

import re
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.bind.context import Context, test_of
from einvoice.bind.paths import Paths, line_of
from einvoice.bind.structure_inquiry import NONE
from einvoice.bind.tree import Element, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.etree import _Element

    from einvoice.bind.structure_inquiry import Below
    from einvoice.bind.tree import Target
    from einvoice.model import Syntax


class Location(Struct, frozen=True):
    """A place in a document.

    Attributes:
        path: an XPath with standard prefixes.
        line: the line in the source, counted from 1.
        value: the text that stands there; empty for an element with elements in it.
        exact: whether the place itself exists; otherwise it is the nearest element that could hold it.
    """

    path: str
    line: int | None
    value: str
    exact: bool


class _Step(Struct, frozen=True):
    """One element on the way, and whether the path's next index picks among several of it."""

    element: Element
    picks: bool


class _Place(Struct, frozen=True):
    """Where a model path without indices stands: the elements from the root on, perhaps an attribute."""

    steps: tuple[_Step, ...]
    attribute: str


CURRENCIES = {"BT-5": ("DocumentCurrencyCode", "InvoiceCurrencyCode"), "BT-6": ("TaxCurrencyCode",)}
"""Where a document says the currencies that some conditions compare with: names of elements, by term."""
_INDEX = re.compile(r"\[([0-9]+)\]")

# Where the hooks of a syntax move a term: model path as it is read by the rows. The first place that exists is used;
# [*] stands for any of the first few groups.
_MOVED: dict[str, tuple[tuple[str, str], ...]] = {
    "ubl": (
        (r"^payment_terms$", "extension.payment_terms[0].description"),
        (r"^payment_due_date$", "payment_instructions.means[*].payment_due_date"),
        (r"^payment_instructions\.remittance_information$", "payment_instructions.means[*].remittance_information"),
        (
            r"^payment_instructions\.direct_debit\.(mandate_reference_identifier|debited_account_identifier)$",
            r"payment_instructions.means[*].\1",
        ),
        (r"^(notes\[\d+\])\.subject_code$", r"\1.note"),
    ),
    "cii": (
        (r"^payment_terms$", "extension.payment_terms[0].description"),
        (r"^payment_due_date$", "extension.payment_terms[0].due_date"),
        (
            r"^payment_instructions\.direct_debit\.mandate_reference_identifier$",
            "extension.payment_terms[0].mandate_reference_identifier",
        ),
        (
            r"^payment_instructions\.direct_debit\.debited_account_identifier$",
            "payment_instructions.means[*].debited_account_identifier",
        ),
        (r"^value_added_tax_point_date$", "vat_breakdown[*].tax_point_date"),
        (r"^value_added_tax_point_date_code$", "vat_breakdown[*].tax_point_date_code"),
        (r"^(.*\.credit_transfers\[\d+\])\.payment_account_identifier$", r"\1.proprietary_account_identifier"),
        (r"^(.*\.price_details)\.item_price_discount$", r"\1.further_discounts[0].amount"),
        (r"^(.*\.price_details)\.discount_(\w+)$", r"\1.further_discounts[0].\2"),
    ),
}
_FEW = 5
_MOVED_LINE = (
    (r"^(.*lines\[\d+\])\.note$", r"\1.extension.additional_notes[0].note"),
    (r"^(.*lines\[\d+\])\.extension\.note_(\w+)$", r"\1.extension.additional_notes[0].\2"),
    (r"^(.*lines\[\d+\])\.object_identifier\b", r"\1.extension.additional_object_identifiers[0]"),
)


class Locator:
    """Finds places in one document; the elements that it walks past are looked at once.

    Attributes:
        root: the element of the invoice.
        syntax: its syntax.
    """

    def __init__(self, root: _Element, syntax: Syntax, below: Below) -> None:
        self.root = root
        self.syntax: Syntax = syntax
        self._below = below
        self._paths = Paths(below=below)
        self._same: dict[tuple[_Element, Element], Sequence[_Element]] = {}

    def locate(self, model_path: str) -> Location | None:
        """Find where a place of the model stands.

        Args:
            model_path: a path with indices, such as ``lines[3].net_amount``.

        Returns:
            The place, the nearest element above where it is absent, or ``None`` for a path the syntax does not know.
        """
        found = None
        for path in _moved(self.syntax, model_path):
            nearest = self._best(path)
            if nearest is not None and nearest.exact:
                return nearest
            found = found or nearest
        if found is None and "." in model_path:
            above = self.locate(model_path.rpartition(".")[0])
            return None if above is None else Location(above.path, above.line, "", exact=False)
        return found

    def _best(self, path: str) -> Location | None:
        indices: Sequence[int]
        plain, indices, deeper = _taken_apart(path)
        best: Location | None = None
        for found in _places(self.syntax).get(plain, ()):
            place = _deepened(found, deeper) if deeper > 0 else found
            location, left = self._follow(place, indices)
            if location.exact:
                return location
            indices = left
            best = best or location
        return best

    def _follow(self, place: _Place, indices: Sequence[int]) -> tuple[Location, Sequence[int]]:
        """Walk along a place; with it, the indices for the next place of the same term, if several rows share it."""
        here, left = self.root, list(indices)
        for depth, step in enumerate(place.steps):
            same = self._children(here, step.element)
            index = left.pop(0) if step.picks and left else 0
            if index >= len(same):
                last = depth == len(place.steps) - 1
                used = len(indices) - len(left) - 1
                rest = [*indices[:used], index - len(same), *indices[used + 1 :]] if step.picks and last else indices
                return self._location(here, "", exact=False), rest
            here = same[index]
        if place.attribute:
            exact = here.get(place.attribute) is not None
            return self._location(here, place.attribute, exact=exact), indices
        return self._location(here, "", exact=True), indices

    def _location(self, element: _Element, attribute: str, *, exact: bool) -> Location:
        path = self._paths.of(element)
        value = str(element.get(attribute, "")) if attribute else element.text or ""
        return Location(
            f"{path}/@{attribute}" if attribute and exact else path,
            line_of(element),
            value if exact and not len(element) else "",
            exact,
        )

    def _children(self, parent: _Element, element: Element) -> Sequence[_Element]:
        """The children that are a certain element of the tree, under its condition."""
        tag, conditional = _named(element)
        if not conditional:
            return self._below[parent].get(tag, NONE)
        same = self._same.get((parent, element))
        if same is None:
            same = [child for child in self._below[parent].get(tag, NONE) if self._fits(child, element)]
            self._same[parent, element] = same
        return same

    def _fits(self, child: _Element, element: Element) -> bool:
        if element.test is not None:
            return _condition(element)(child, self._context if element.test.term else _NOTHING_SAID)
        return not any(self._fits(child, sister) for sister in _tested(element))

    @cached_property
    def _context(self) -> Context:
        """What the document says as BT-5 and BT-6, which some conditions compare with."""
        context = Context()
        for term, names in CURRENCIES.items():
            found = next(self.root.iter(*(f"{{*}}{name}" for name in names)), None)
            context.say(term, (found.text or "") if found is not None else "")
        return context


_NOTHING_SAID: Final = Context()
"""Enough for a condition that compares with no currency of the document."""


@cache
def _condition(element: Element) -> Callable[[_Element, Context], bool]:
    """Whether an element of the document meets the condition of one of the tree, which has one."""
    assert element.test is not None  # noqa: S101 - nothing else is asked
    return test_of(element.test)


@cache
def _named(element: Element) -> tuple[str, bool]:
    """The name of an element as lxml writes it, and whether conditions tell elements of that name apart."""
    return element.tag, element.test is not None or bool(_tested(element))


@cache
def _tested(element: Element) -> tuple[Element, ...]:
    """The elements of the same name beside one, of which conditions tell them apart."""
    sisters = element.parent.children if element.parent is not None else []
    return tuple(one for one in sisters if one.test is not None and one.name == element.name)


def is_bound(syntax: Syntax, model_path: str) -> bool:
    """Whether a syntax has a place for a term.

    Args:
        syntax: the syntax.
        model_path: a path; indices do not matter.
    """
    indexed = model_path.replace("lines", "lines[0]").replace("notes", "notes[0]")
    indexed = indexed.replace("credit_transfers", "credit_transfers[0]")
    return any(_plain(path) in _places(syntax) for path in (model_path, *_moved(syntax, indexed)))


@lru_cache(maxsize=4096)
def _moved(syntax: Syntax, path: str) -> tuple[str, ...]:
    # The first of these stands in the group itself, so the others are one further along in the document.
    path = re.sub(r"(additional_notes|additional_object_identifiers|further_discounts)\[(\d+)\]", _next, path)
    moved = (*_MOVED["cii" if syntax == "cii" else "ubl"], *_MOVED_LINE)
    places = [re.sub(pattern, place, path) for pattern, place in moved if re.search(pattern, path)]
    each = [place.replace("[*]", f"[{index}]") for place in places for index in range(_FEW if "[*]" in place else 1)]
    return (path, *each)


def _next(match: re.Match[str]) -> str:
    return f"{match[1]}[{int(match[2]) + 1}]"


@lru_cache(maxsize=4096)
def _taken_apart(path: str) -> tuple[str, tuple[int, ...], int]:
    """A path without indices, these, and how many lines within lines it leads through, but for the first."""
    return _plain(path), tuple(map(int, _INDEX.findall(path))), path.count("sub_lines[") - 1


def _plain(path: str) -> str:
    # A line within a line stands where the first one does; its index picks again.
    return re.sub(r"(?:\bsub_lines\.)+", "sub_lines.", _INDEX.sub("", path))


def _deepened(place: _Place, times: int) -> _Place:
    """A place within lines that stand in lines that stand in lines."""
    at = next(depth for depth, step in enumerate(place.steps) if step.element.group and step.element.shares)
    return _Place((*place.steps[:at], *([place.steps[at]] * times), *place.steps[at:]), place.attribute)


@cache
def _places(syntax: Syntax) -> dict[str, tuple[_Place, ...]]:
    found: dict[str, list[_Place]] = {}
    root = tree(syntax)
    _collect(root, (), "", found, ())
    return {path: tuple(places) for path, places in found.items()}


def _collect(
    element: Element,
    steps: tuple[_Step, ...],
    group: str,
    found: dict[str, list[_Place]],
    inside: tuple[Element, ...],
) -> None:
    """Note the places of an element and of all below it; ``group`` is the model path of the open group."""
    paths = {id(anchor): path for anchor, path in _anchors(steps)}
    for attribute, target in (("", element.text), *element.attributes.items()):
        if target is not None:
            path = _path(target, paths)
            found.setdefault(path, []).append(_Place(_picking(steps, target), attribute))
    if element.shares is not None and element.shares in inside and steps.count(steps[-1]) > 1:
        return
    for child in element.children:
        step = _Step(child, child.group is not None and child.group.info.repeats)
        below = (*steps, step)
        name = group
        if child.group is not None:
            name = _path(child.group, {id(anchor): path for anchor, path in _anchors(steps)})
            found.setdefault(name, []).append(_Place(below, ""))
        _collect(child, below, name, found, (*inside, element))


def _picking(steps: tuple[_Step, ...], target: Target) -> tuple[_Step, ...]:
    if not target.info.repeats or not steps:
        return steps
    return (*steps[:-1], _Step(steps[-1].element, picks=True))


def _anchors(steps: tuple[_Step, ...]) -> list[tuple[Element, str]]:
    """The groups that are open along the way, each with its model path; the root's is empty."""
    open_groups: list[tuple[Element, str]] = []
    for step in steps:
        target = step.element.group
        if target is not None:
            paths = {id(anchor): path for anchor, path in open_groups}
            open_groups.append((step.element, _path(target, paths)))
            if step.element.shares is not None:
                open_groups.append((step.element.shares, open_groups[-1][1]))
    return open_groups


def _path(target: Target, anchors: dict[int, str]) -> str:
    start = "" if target.from_root else anchors.get(id(target.anchor), "")
    names = [*(info.name for info in target.chain), target.info.name]
    return ".".join([start, *names] if start else names)
