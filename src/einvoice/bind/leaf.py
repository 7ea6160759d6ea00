# SPDX-License-Identifier: Apache-2.0
"""Elements with a text: the long way, which looks at everything and remarks what does not reach the model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from einvoice.bind.plan import Values, Way, listed, model_path, place_of
from einvoice.bind.values import TIMING_READ, WHITE, read_bytes, read_date, read_date_102, read_decimal, write_decimal

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.bind.context import Context
    from einvoice.bind.tree import Element, Target
    from einvoice.model import Reason, Syntax

Convert = Callable[[str], Any]


class Leaf:
    """The long way for an element with a text: looks at everything, remarks what does not reach the model."""

    def __init__(self, element: Element, syntax: Syntax) -> None:
        self.element = element
        self.target = element.text
        self.way = Way(element.text, syntax) if element.text else None
        self.convert = converter(element.text) if element.text else None
        self.default = element.text.options.get("default") if element.text else None
        self.blanks = "" if syntax == "cii" else WHITE  # that do not count around a default: CII's tests trim nothing
        self.attributes = {name: (target, Way(target, syntax)) for name, target in element.attributes.items()}

    def __call__(self, el: _Element, values: Values, context: Context) -> None:
        """Read the element."""
        for child in el:
            context.remarks.subtree(child, "unbound")
        kept: Reason | None = None
        if self.target is not None and self.way is not None:
            kept = self._text(el, values, context, self.target, self.way)
        else:
            self._constant(el, values, context)
        for name, value in el.items():
            if kept is not None and name not in self.attributes:
                context.remarks.attribute(el, str(name), kept)
            else:
                self._attribute(el, str(name), str(value), values, context)
        for name in self.element.constant_attributes if kept != "repeated" else ():
            if el.get(name) is None:
                context.remarks.attribute(el, name, "spelled")

    def _constant(self, el: _Element, values: Values, context: Context) -> None:
        """Look at a text that only tells which element this is; some tests compare how a truth value is written."""
        known, text = self.element.constant, (el.text or "").strip()
        if len(known) > 1 and text in known:
            if el.text != known[0]:
                context.remarks.text(el, "spelled", (), place_of(values))
        elif text and (text,) != known[:1]:
            context.remarks.text(el, "unbound")

    def _text(self, el: _Element, values: Values, context: Context, target: Target, way: Way) -> Reason | None:
        """Take the text; return why it could not be kept."""
        text = "".join(map(str, el.itertext())) if len(el) else el.text or ""  # as XPath sees it
        if text.strip(self.blanks) == self.default:
            if way.direct:
                values[way.slot] = self.default
            return None
        value = text if self.convert is None else self.convert(text)
        if value is None:
            context.remarks.text(el, "malformed", target.terms, model_path(target, values, way))
            return "malformed"
        owner = way.group(values)
        known = owner[way.slot]
        if target.info.repeats:
            listed(owner, way.slot).append(text)
            return None
        if known is not None:
            context.remarks.text(el, "repeated", target.terms)
            return "repeated"
        owner[way.slot] = value
        if target.terms[:1] in (("BT-5",), ("BT-6",)):
            context.say(target.terms[0], text)
        reason = _not_kept(text, value)
        if reason is not None:
            context.remarks.text(el, reason, target.terms, model_path(target, values, way))
        return None

    def _attribute(self, el: _Element, name: str, value: str, values: Values, context: Context) -> None:
        bound = self.attributes.get(name)
        if bound is None:
            expected = self.element.constant_attributes.get(name)
            if expected is not None and expected.startswith("$"):
                expected = context.said.get(expected[1:])
            if value != expected or not value:
                context.remarks.attribute(el, name, "unbound")
            return
        target, way = bound
        if not value and target.info.name == "scheme":
            context.remarks.attribute(el, name, "spelled", target.terms)  # it names none
            return
        owner = way.group(values)
        if owner[way.slot] is None:
            owner[way.slot] = value
        else:
            context.remarks.attribute(el, name, "repeated", target.terms)


def _not_kept(text: str, value: object) -> Reason | None:
    """What a text says beyond its value: a date its time zone, base64 its line breaks, a number its spelling."""
    if type(value) is Decimal:
        return "spelled" if write_decimal(value) != text else None
    if type(value) is bytes:
        return "unbound" if len(text.split(maxsplit=1)) > 1 else None
    if type(value) is str or not isinstance(value, date):
        return None
    if ":" in text or "Z" in text:
        return "unbound"
    return "spelled" if text != text.strip(WHITE) else None


def converter(target: Target) -> Convert | None:
    """What makes a value of a text; nothing where the value is the text.

    Args:
        target: the term.
    """
    kind = target.info.value_type.__name__
    if target.options.get("map") == "timing":
        return lambda text: TIMING_READ.get(text.strip(WHITE), text)
    if kind == "date":
        return read_date_102 if target.options.get("as") == "date102" else read_date
    by_kind: dict[str, Convert] = {"Decimal": read_decimal, "bytes": read_bytes}
    return by_kind.get(kind)
