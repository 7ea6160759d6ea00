# SPDX-License-Identifier: Apache-2.0
"""Reading: one walk over the elements of a document, along the tree of its syntax.

The tree is compiled once into functions, one per element. Each has a short way for what nearly every document says,
and a long one that looks at everything and remarks what does not reach the model.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from einvoice.bind.containers import Action, demanded_in, naming, telling, unnamed_in
from einvoice.bind.context import Context, test_of
from einvoice.bind.leaf import Convert, Leaf, converter
from einvoice.bind.plan import LISTED, OPENER, SEEN, Values, Way, listed, plan_of
from einvoice.bind.tree import tree
from einvoice.bind.values import plain_decimal, read_date, read_date_102, read_decimal
from einvoice.errors import XmlError
from einvoice.model import Identifier, Invoice, Reading

if TYPE_CHECKING:
    from datetime import date

    from lxml.etree import _Element

    from einvoice.bind.tree import Element, Target
    from einvoice.model import Syntax

_DAY = len("2026-03-31")
_DAY_102 = len("20260331")


def read(root: _Element, syntax: Syntax, notes: tuple[str, ...] = ()) -> Reading:
    """Read the element of an invoice.

    Args:
        root: the root element of the invoice.
        syntax: its syntax.
        notes: sentences about the document as a whole.

    Raises:
        XmlError: lines stand in lines so deep that the interpreter's stack is too small for them.
    """
    context = Context()
    plan = plan_of(Invoice, syntax)
    values = plan.open(None)
    try:
        _reader(syntax)(root, values, context)
    except RecursionError:
        raise XmlError(
            "the document is refused: its lines stand too deep within each other", code="XML_LIMIT"
        ) from None
    invoice = plan.close(values)
    assert isinstance(invoice, Invoice)  # noqa: S101 - what the plan was made for
    control = invoice.process_control
    profile = control.specification_identifier if control else None
    return Reading(invoice, syntax, profile, tuple(context.remarks.found), notes)


@cache
def _reader(syntax: Syntax) -> Action:
    compiler = _Compiler(syntax)
    return compiler.body(tree(syntax))


class _Compiler:
    """Makes the functions that read the elements of one syntax."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax: Syntax = syntax
        self._below: dict[Element, _Actions] = {}

    def element(self, element: Element) -> Action:
        """The function that reads an element, group and all."""
        if element.group is None:
            return self.body(element)
        if element.deferred:
            return self._deferred(element, element.group)
        if element.cls is Identifier and _is_plain(element):
            return self._identifier(element, element.group)
        return self._group(element, element.group)

    def body(self, element: Element) -> Action:
        """The function that reads what stands in an element."""
        if element.children or element.shares is not None:
            return self._container(element)
        return self._leaf(element)

    # ---- elements with elements in them

    def _container(self, element: Element) -> Action:
        actions = self._actions(element)
        constants = element.constant_attributes
        demanded, unnamed = demanded_in(element), unnamed_in(element, self.syntax)

        def container(el: _Element, values: Values, context: Context) -> None:
            child = None
            for child in el:
                action = actions[child.tag]
                if action is None:
                    context.remarks.subtree(child, "unbound")
                else:
                    action(child, values, context)
            if child is None and el.text and el.text.strip():
                context.remarks.text(el, "unbound")
            for name in el.keys():  # noqa: SIM118 - an element is not a mapping
                if name not in constants:
                    context.remarks.attribute(el, str(name), "unbound")

        if unnamed is not None:
            return naming(container, *unnamed)
        return container if demanded is None else telling(container, demanded)

    def _actions(self, element: Element) -> _Actions:
        source = element.shares or element
        if source not in self._below:
            self._below[source] = _Actions(self, source)
        return self._below[source]

    def child(self, same: list[Element]) -> Action:
        """The function that reads the elements of one name."""
        return self.element(same[0]) if len(same) == 1 and same[0].test is None else self._choice(same)

    def _choice(self, variants: list[Element]) -> Action:
        tested = [(test_of(child.test), self.element(child)) for child in variants if child.test is not None]
        default = next((self.element(child) for child in variants if child.test is None), None)

        def choice(el: _Element, values: Values, context: Context) -> None:
            for matches, action in tested:
                if matches(el, context):
                    action(el, values, context)
                    return
            if default is None:
                context.remarks.subtree(el, "unbound")
            else:
                default(el, values, context)

        return choice

    # ---- elements that open a group

    def _group(self, element: Element, target: Target) -> Action:
        body, way, repeats = self.body(element), Way(target, self.syntax), target.info.repeats
        plan = plan_of(target.info.value_type, self.syntax)
        slot, direct, spare = way.slot, way.direct, target.options.get("spare") == "yes"
        bare = element.cls is Identifier and _is_global(target)

        def group(el: _Element, values: Values, context: Context) -> None:
            owner = values if direct else way.group(values)
            known = owner[slot]
            if repeats:
                known = known or listed(owner, slot)
            elif known is not None:
                context.remarks.subtree(el, "repeated")
                return
            mine = plan.open(values, element, len(known) if repeats else 0)
            body(el, mine, context)
            if bare and mine[1] is None:
                mine[1] = ""  # an identifier that the syntax calls global, without naming the scheme
            if spare and len(el) and plan.is_empty(mine):
                return  # the element stands there for terms of other groups
            if repeats:
                known.append(plan.close(mine))
            else:
                owner[slot] = plan.close(mine)

        return group

    def _deferred(self, element: Element, target: Target) -> Action:
        body, way = self.body(element), Way(target, self.syntax)
        plan = plan_of(target.info.value_type, self.syntax)

        def deferred(el: _Element, values: Values, context: Context) -> None:
            owner = way.group(values)
            mine = owner[way.slot]
            if mine is None:
                mine = owner[way.slot] = plan.open(values)
                owner[LISTED] += (way.slot,)
            elif mine[SEEN]:
                context.remarks.subtree(el, "repeated")
                return
            mine[OPENER], mine[SEEN] = element, True
            body(el, mine, context)

        return deferred

    def _identifier(self, element: Element, target: Target) -> Action:
        """The short way for an identifier with at most its scheme beside it."""
        long = self._group(element, target)
        way, repeats = Way(target, self.syntax), target.info.repeats
        slot, direct = way.slot, way.direct
        bare = "" if _is_global(target) else None
        scheme = next(name for name, part in element.attributes.items() if part.info.name == "scheme")

        def identifier(el: _Element, values: Values, context: Context) -> None:
            owner = values if direct else way.group(values)
            known = owner[slot]
            said = el.items()
            unusual = len(el) or len(said) > 1 or (said and (said[0][0] != scheme or not said[0][1]))
            if unusual or (not repeats and known is not None):
                long(el, values, context)
                return
            value = Identifier(el.text or "", str(said[0][1]) if said else bare)
            if not repeats:
                owner[slot] = value
            else:
                (known or listed(owner, slot)).append(value)

        return identifier

    # ---- elements with a text

    def _leaf(self, element: Element) -> Action:
        long = Leaf(element, self.syntax)
        target, way = element.text, long.way
        if target is None or way is None:
            return _short_constant(long) if element.constant and not element.constant_attributes else long
        if _is_pair(element):
            return _short_pair(long, way, number=target.info.value_type is Decimal)
        if target.info.repeats or target.terms[:1] in (("BT-5",), ("BT-6",)):
            return long
        return _short_default(long) if "default" in target.options else _short_way(long, way, converter(target))


class _Actions(dict[object, "Action | None"]):
    """What reads the children of an element, by tag; made when the first of a name is met, ``None`` for a stranger."""

    def __init__(self, compiler: _Compiler, element: Element) -> None:
        super().__init__()
        self._compiler = compiler
        self._known: dict[object, list[Element]] = {}
        for child in element.children:
            self._known.setdefault(child.tag, []).append(child)

    def __missing__(self, tag: object) -> Action | None:
        same = self._known.get(tag)
        if same is None:
            return None
        action = self[tag] = self._compiler.child(same)
        return action


def _short_way(long: Leaf, way: Way, convert: Convert | None) -> Action:
    """The short way for a value that has the attributes which it always has."""
    constants = long.element.constant_attributes
    if convert is None and not constants and way.direct:
        return _short_text(long, way.slot)
    amount = constants.get("currencyID") == "$BT-5"
    if len(constants) > 1 or (constants and not amount and any(said.startswith("$") for said in constants.values())):
        return long
    short: Convert | None = _SHORT.get(convert, convert) if convert is not None else None
    return _short_value(long, way, short or str, None if amount else list(constants.items()))


def _short_constant(long: Leaf) -> Action:
    """The short way for a text that only tells which element this is."""
    usual = long.element.constant[0]

    def constant(el: _Element, values: Values, context: Context) -> None:
        if el.text != usual or len(el) or el.items():
            long(el, values, context)

    return constant


def _short_text(long: Leaf, slot: int) -> Action:
    def text(el: _Element, values: Values, context: Context) -> None:
        if values[slot] is not None or len(el) or el.items():
            long(el, values, context)
        else:
            values[slot] = el.text or ""

    return text


def _short_default(long: Leaf) -> Action:
    default, way = long.default, long.way
    slot, direct = (way.slot, way.direct) if way is not None else (0, False)

    def usual(el: _Element, values: Values, context: Context) -> None:
        if el.text != default or len(el) or el.items():
            long(el, values, context)
        elif direct:
            values[slot] = default  # the group makes it nothing; without it, the group knows that none was named

    return usual


def _short_value(long: Leaf, way: Way, convert: Convert, expected: list[tuple[str, str]] | None) -> Action:
    """The short way for a value; ``expected`` attributes, or those of an amount."""
    slot, direct = way.slot, way.direct

    def value(el: _Element, values: Values, context: Context) -> None:
        if len(el) or el.items() != (context.amount_attributes if expected is None else expected):
            long(el, values, context)
            return
        found = convert(el.text or "")
        if found is not None:
            owner = values if direct else way.group(values)
            if owner[slot] is None:
                owner[slot] = found
                return
        long(el, values, context)

    return value


def _bare_day(text: str) -> date | None:
    """A day without a time zone, which the long way remarks."""
    return read_date(text) if len(text) <= _DAY else None


def _bare_day_102(text: str) -> date | None:
    """A day without white space around it, which the long way remarks."""
    return read_date_102(text) if len(text) == _DAY_102 else None


# The short way knows one spelling of a value; the others take the long way, which remarks them.
_SHORT: dict[Convert, Convert] = {
    read_date: _bare_day,
    read_date_102: _bare_day_102,
    read_decimal: plain_decimal,
}


def _short_pair(long: Leaf, way: Way, *, number: bool) -> Action:
    """The short way for a value with at most one thing beside it: a number with its unit, a code with its list."""
    slots = {name: beside.slot for name, (_, beside) in long.attributes.items()}
    slot, group, direct = way.slot, way.group, way.direct

    def pair(el: _Element, values: Values, context: Context) -> None:
        said = el.items()
        if len(el) or len(said) > 1:
            long(el, values, context)
            return
        owner = values if direct else group(values)
        found = plain_decimal(el.text or "") if number else el.text or ""
        if found is None or owner[slot] is not None:
            long(el, values, context)
        elif not said:
            owner[slot] = found
        elif (beside := slots.get(str(said[0][0]))) is None or not said[0][1] or owner[beside] is not None:
            long(el, values, context)
        else:
            owner[slot], owner[beside] = found, said[0][1]

    return pair


def _is_pair(element: Element) -> bool:
    """Whether an element holds a text or a number, and as its attributes nothing but fields of the same group."""
    text, beside = element.text, element.attributes.values()
    if text is None or not beside or element.constant_attributes or element.fallback:
        return False
    if (
        text.info.repeats
        or not {"default", "map"}.isdisjoint(text.options)
        or text.info.value_type not in (Decimal, str)
    ):
        return False
    ways = [(one.anchor, one.chain, one.from_root, one.up) for one in (text, *beside)]
    return all(way == ways[0] for way in ways) and not any(one.info.repeats for one in (text, *beside))


def _is_plain(element: Element) -> bool:
    """Whether an identifier stands in one element, with only its scheme beside it."""
    return not element.children and len(element.attributes) == 1 and not element.constant_attributes


def _is_global(target: Target) -> bool:
    """Whether an identifier at this place has a scheme even where none is named."""
    return target.options.get("when") == "scheme" or target.options.get("bare") == "yes"
