# SPDX-License-Identifier: Apache-2.0
"""Reading: one walk over the elements of a document, along the tree of its syntax.

The tree is compiled once into functions, one per element. Each has a short way for what nearly every document says,
and a long one that looks at everything and remarks what does not reach the model.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from einvoice.bind.plan import OPENER, SEEN, Values, Way, model_path, plan_of
from einvoice.bind.remarks import Remarks
from einvoice.bind.tree import NAMESPACES, is_constant, tree
from einvoice.bind.values import TIMING_READ, read_bytes, read_date, read_date_102, read_decimal
from einvoice.model import Identifier, Invoice, Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.bind.table import Test
    from einvoice.bind.tree import Element, Target
    from einvoice.model import Reason, Syntax

Action = Callable[["_Element", Values, "Context"], None]
Convert = Callable[[str], Any]

_CURRENCIES = ("BT-5", "BT-6")


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

    def say(self, term: str, value: str) -> None:
        """Note a currency that later elements are compared with."""
        self.said[term] = value
        if term == "BT-5":
            self.amount_attributes = [("currencyID", value)]


def read(root: _Element, syntax: Syntax, notes: tuple[str, ...] = ()) -> Reading:
    """Read the element of an invoice.

    Args:
        root: the root element of the invoice.
        syntax: its syntax.
        notes: sentences about the document as a whole.
    """
    context = Context()
    plan = plan_of(Invoice, syntax)
    values = plan.open(None)
    _reader(syntax)(root, values, context)
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
        self._below: dict[Element, dict[str, Action]] = {}

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
        get = actions.get
        constants = element.constant_attributes
        demanded = _demanded(element)

        def container(el: _Element, values: Values, context: Context) -> None:
            child = None
            for child in el:
                action = get(child.tag)
                if action is None:
                    context.remarks.subtree(child, "unbound")
                else:
                    action(child, values, context)
            if child is None and el.text and el.text.strip():
                context.remarks.text(el, "unbound")
            for name in el.keys():  # noqa: SIM118 - an element is not a mapping
                if name not in constants:
                    context.remarks.attribute(el, str(name), "unbound")

        return container if demanded is None else _telling(container, demanded)

    def _actions(self, element: Element) -> dict[str, Action]:
        source = element.shares or element
        if source not in self._below:
            actions = self._below[source] = {}
            variants: dict[str, list[Element]] = {}
            for child in source.children:
                variants.setdefault(child.tag, []).append(child)
            for tag, same in variants.items():
                actions[tag] = self.element(same[0]) if len(same) == 1 and same[0].test is None else self._choice(same)
        return self._below[source]

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
        slot, direct, foreign = way.slot, way.direct, element.foreign
        bare = element.cls is Identifier and _is_global(target)

        def group(el: _Element, values: Values, context: Context) -> None:
            owner = values if direct else way.group(values)
            known = owner[slot]
            if repeats:
                if not known:
                    known = owner[slot] = []
            elif known is not None:
                context.remarks.subtree(el, "repeated")
                return
            mine = plan.open(values, element, len(known) if repeats else 0)
            body(el, mine, context)
            if bare and mine[1] is None:
                mine[1] = ""  # an identifier that the syntax calls global, without naming the scheme
            if foreign and len(el) and plan.is_empty(mine):
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
            if len(el) or len(said) > 1 or (said and said[0][0] != scheme) or (not repeats and known is not None):
                long(el, values, context)
                return
            value = Identifier(el.text or "", str(said[0][1]) if said else bare)
            if not repeats:
                owner[slot] = value
            elif known:
                known.append(value)
            else:
                owner[slot] = [value]

        return identifier

    # ---- elements with a text

    def _leaf(self, element: Element) -> Action:
        long = _Leaf(element, self.syntax)
        target = element.text
        if target is None or element.attributes or target.info.repeats or target.terms[:1] in (("BT-5",), ("BT-6",)):
            return long
        if "default" in target.options:
            return _short_default(long, target.options["default"])
        way, convert = long.way, _converter(target)
        constants = element.constant_attributes
        if way is None or len(constants) > 1:
            return long
        if convert is None and not constants and way.direct:
            return _short_text(long, way.slot)
        amount = constants.get("currencyID") == "$BT-5"
        if constants and not amount and any(value.startswith("$") for value in constants.values()):
            return long
        return _short_value(long, way, convert or str, None if amount else list(constants.items()))


def _short_text(long: _Leaf, slot: int) -> Action:
    def text(el: _Element, values: Values, context: Context) -> None:
        if values[slot] is not None or len(el) or el.items():
            long(el, values, context)
        else:
            values[slot] = el.text or ""

    return text


def _short_default(long: _Leaf, default: str) -> Action:
    def usual(el: _Element, values: Values, context: Context) -> None:
        if el.text != default or len(el) or el.items():
            long(el, values, context)

    return usual


def _short_value(long: _Leaf, way: Way, convert: Convert, expected: list[tuple[str, str]] | None) -> Action:
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


class _Leaf:
    """The long way for an element with a text: looks at everything, remarks what does not reach the model."""

    def __init__(self, element: Element, syntax: Syntax) -> None:
        self.element = element
        self.target = element.text
        self.way = Way(element.text, syntax) if element.text else None
        self.convert = _converter(element.text) if element.text else None
        self.attributes = {name: (target, Way(target, syntax)) for name, target in element.attributes.items()}

    def __call__(self, el: _Element, values: Values, context: Context) -> None:
        """Read the element."""
        for child in el:
            context.remarks.subtree(child, "unbound")
        kept: Reason | None = None
        if self.target is not None and self.way is not None:
            kept = self._text(el, values, context, self.target, self.way)
        elif (el.text or "").strip() and ((el.text or "").strip(),) != self.element.constant[:1]:
            context.remarks.text(el, "unbound")
        for name, value in el.items():
            if kept is not None and name not in self.attributes:
                context.remarks.attribute(el, str(name), kept)
            else:
                self._attribute(el, str(name), str(value), values, context)

    def _text(self, el: _Element, values: Values, context: Context, target: Target, way: Way) -> Reason | None:
        """Take the text; return why it could not be kept."""
        text = el.text or ""
        if text.strip() == target.options.get("default"):
            return None
        value = text if self.convert is None else self.convert(text)
        if value is None:
            context.remarks.text(el, "malformed", target.terms, model_path(target, values, way))
            return "malformed"
        owner = way.group(values)
        known = owner[way.slot]
        if target.info.repeats:
            if known:
                known.append(text)
            else:
                owner[way.slot] = [text]
            return None
        if known is not None:
            context.remarks.text(el, "repeated", target.terms)
            return "repeated"
        owner[way.slot] = value
        if target.terms[:1] in (("BT-5",), ("BT-6",)):
            context.say(target.terms[0], text)
        if _says_more(text, value):
            context.remarks.text(el, "unbound", target.terms)
        return None

    def _attribute(self, el: _Element, name: str, value: str, values: Values, context: Context) -> None:
        bound = self.attributes.get(name)
        if bound is None:
            expected = self.element.constant_attributes.get(name)
            if expected is not None and expected.startswith("$"):
                expected = context.said.get(expected[1:])
            if value != expected:
                context.remarks.attribute(el, name, "unbound")
            return
        target, way = bound
        owner = way.group(values)
        if owner[way.slot] is None:
            owner[way.slot] = value
        else:
            context.remarks.attribute(el, name, "repeated", target.terms)


def _says_more(text: str, value: object) -> bool:
    """Whether a text says what its value does not: a time zone of a date, the line breaks of base64."""
    if type(value) is bytes:
        return len(text.split()) > 1
    return type(value) is not str and type(value) is not Decimal and (":" in text or "Z" in text)


def _telling(container: Action, demanded: frozenset[str]) -> Action:
    """A container that remarks what only tells which element it is, where nothing else stands in it."""

    def telling(el: _Element, values: Values, context: Context) -> None:
        container(el, values, context)
        if demanded.issuperset([str(child.tag) for child in el]):
            for child in el:
                context.remarks.subtree(child, "unbound")

    return telling


def _demanded(element: Element) -> frozenset[str] | None:
    """The elements that only tell which one this is; without others beside them nothing reaches the model."""
    if element.test is None or element.group is not None:
        return None
    return frozenset(child.tag for child in element.children if is_constant(child))


def _is_plain(element: Element) -> bool:
    """Whether an identifier stands in one element, with only its scheme beside it."""
    return not element.children and len(element.attributes) == 1 and not element.constant_attributes


def _is_global(target: Target) -> bool:
    """Whether an identifier at this place has a scheme even where none is named."""
    return target.options.get("when") == "scheme" or target.options.get("bare") == "yes"


def _converter(target: Target) -> Convert | None:
    kind = target.info.value_type.__name__
    if target.options.get("map") == "timing":
        return lambda text: TIMING_READ.get(text.strip(), text)
    if kind == "date":
        return read_date_102 if target.options.get("as") == "date102" else read_date
    by_kind: dict[str, Convert] = {"Decimal": read_decimal, "bytes": read_bytes}
    return by_kind.get(kind)


def test_of(test: Test) -> Callable[[_Element, Context], bool]:
    """A function that says whether an element is the one that a condition means.

    Args:
        test: the condition.
    """
    find = _finder(test.path)
    values, term, negated, absent = frozenset(v.upper() for v in test.values), test.term, test.negated, test.absent

    def matches(el: _Element, context: Context) -> bool:
        text = find(el)
        if text is None:
            return absent or negated
        if not term:
            return (text.strip().upper() in values) is not negated
        said = context.said.get(term)
        return text.strip() == said if said is not None else term == "BT-5"

    return matches


def _finder(path: tuple[str, ...]) -> Callable[[_Element], str | None]:
    """A function that finds the text (or the attribute) that a condition compares."""
    attribute = path[-1][1:] if path[-1].startswith("@") else ""
    names = path[:-1] if attribute else path
    tags = [f"{{{NAMESPACES[prefix]}}}{local}" for prefix, _, local in (name.partition(":") for name in names)]

    def find(el: _Element) -> str | None:
        here: _Element | None = el
        for tag in tags:
            here = next((child for child in here if child.tag == tag), None) if here is not None else None
        if here is None:
            return None
        return here.get(attribute) if attribute else here.text or ""

    return find
