# SPDX-License-Identifier: Apache-2.0
"""Writing: text from the invoice, along the same tree that reading uses.

The tree is compiled once into functions, one per element, that return the element's text or nothing. No tree of XML
nodes is built.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from einvoice.bind import hooks, order
from einvoice.bind.tree import is_constant, tree
from einvoice.bind.values import TIMING_WRITE, write_bytes, write_date_102, write_decimal
from einvoice.errors import OutputError
from einvoice.model import Identifier

if TYPE_CHECKING:
    from msgspec import Struct

    from einvoice.bind.tree import Element, Target
    from einvoice.model import Invoice, Syntax

# The groups that are open, the innermost last. A tuple would be copied at every group; a list is pushed and popped.
Groups = list[Any]
Emit = Callable[[Groups, "Context"], str]
Get = Callable[[Groups], Any]

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE = {**_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_SPECIAL_TEXT = re.compile("[&<>\r]")
_SPECIAL_ATTRIBUTE = re.compile('[&<>\r"\n\t]')

# UNTDID 1001 codes that EN 16931 binds to the UBL CreditNote (CEN/TS 16931-3-2, BT-3).
CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})


class Context:
    """What is known while one invoice is written.

    Attributes:
        said: currencies by ``$`` and the term that says them, ready to stand in an attribute.
    """

    __slots__ = ("said",)

    def __init__(self, invoice: Invoice) -> None:
        self.said = {
            "$BT-5": _attribute(invoice.currency_code or ""),
            "$BT-6": _attribute(invoice.vat_accounting_currency_code or ""),
        }


def write(invoice: Invoice, syntax: Syntax) -> bytes:
    """Write an invoice in a syntax, UTF-8, elements in the order of the official schema.

    Args:
        invoice: the invoice; its totals are written as they stand.
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.

    Raises:
        OutputError: a text contains a character that XML 1.0 cannot hold (section 2.2).
    """
    hook = hooks.BEFORE_WRITING[syntax].get(type(invoice))
    ready = hook(invoice) if hook else invoice
    text = _writer(syntax)([ready], Context(ready))
    illegal = _ILLEGAL.search(text)
    if illegal is not None:
        around = text[max(0, illegal.start() - 40) : illegal.start()].rpartition("<")[2]
        raise OutputError(
            f"the character U+{ord(illegal[0]):04X} cannot stand in XML; remove it from the value in <{around}",
            code="XML_CHARACTER",
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


@cache
def _writer(syntax: Syntax) -> Emit:
    return _Compiler(syntax).root(tree(syntax))


class _Compiler:
    """Makes the functions that write the elements of one syntax."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax: Syntax = syntax
        self.order = order.load(syntax)
        self._below: dict[tuple[Element, int], Body] = {}

    def root(self, element: Element) -> Emit:
        namespaces = order.CII_NAMESPACES if self.syntax == "cii" else _ubl_namespaces(element.name)
        declared = "".join(
            f' xmlns:{prefix}="{uri}"' if prefix else f' xmlns="{uri}"' for prefix, uri in namespaces.items()
        )
        body = self.body(element, 1)

        def root(groups: Groups, context: Context) -> str:
            inside = body(groups, context, forced=True)
            return f"<{element.name}{declared}>{inside}\n</{element.name}>"

        return root

    def element(self, element: Element, depth: int) -> Emit:
        """The function that writes an element, group and all; an empty text where there is nothing to say."""
        if element.group is not None:
            return self._group(element, element.group, depth)
        return self._content(element, depth, forced=False)

    def body(self, element: Element, depth: int) -> Body:
        """What stands in an element; made once per depth, since a line may contain lines."""
        source = element.shares or element
        if (source, depth) not in self._below:
            body = self._below[source, depth] = Body()
            children = [child for child in source.children if not is_constant(child)]
            constants = {child: self._constant(child, depth) for child in source.children if is_constant(child)}
            parts: list[tuple[Emit | None, str]] = []
            for child in source.children:
                if child in constants:
                    parts.append((None, constants[child]))
                else:
                    emit = self.element(child, depth)
                    parts.append((emit, self._fallback(child, depth)))
            body.fill(parts, has_fallbacks=len(children) < len(parts) or any(text for _, text in parts))
        return self._below[source, depth]

    def _fallback(self, element: Element, depth: int) -> str:
        """What stands where the schema demands an element and the model has nothing to say in it."""
        space, name = "  " * depth, element.name
        if element.fallback:
            return f"\n{space}<{name}>{element.fallback}</{name}>"
        known = self.order.child(element.parent.schema_type, name) if element.parent else None
        chosen = element.parent is not None and self.order.type(element.parent.schema_type).choice
        if known is None or not (known.min or chosen) or (element.group is not None and element.group.info.repeats):
            return ""
        if element.text is not None:
            return self._demanded_leaf(element, space)
        inside = "".join(self._fallback(child, depth + 1) for child in element.children)
        needs = (
            any(child.min for child in self.order.children(element.schema_type))
            or self.order.type(element.schema_type).choice
        )
        if inside:
            return f"\n{space}<{name}>{inside}\n{space}</{name}>"
        return "" if needs else f"\n{space}<{name}/>"

    def _demanded_leaf(self, element: Element, space: str) -> str:
        """A leaf that the schema demands: an empty text, or an amount of 0. No date can be made up."""
        content = self.order.type(element.schema_type).content
        if content not in ("string", "decimal"):
            return ""
        fixed, said = _fixed_attributes(element)
        # The currency of an amount is not known while compiling; Body puts it in.
        said_text = "".join(f' {name}="{term}"' for name, term in said)
        text = "0" if content == "decimal" else ""
        return f"\n{space}<{element.name}{fixed}{said_text}>{text}</{element.name}>"

    def _constant(self, element: Element, depth: int) -> str:
        space = "  " * depth
        if element.constant:
            return f"\n{space}<{element.name}>{element.constant[0]}</{element.name}>"
        inside = "".join(self._constant(child, depth + 1) for child in element.children)
        return f"\n{space}<{element.name}>{inside}\n{space}</{element.name}>"

    def _content(self, element: Element, depth: int, *, forced: bool) -> Emit:
        if element.children or element.shares is not None:
            return self._container(element, depth, forced=forced)
        return self._leaf(element, depth)

    def _container(self, element: Element, depth: int, *, forced: bool) -> Emit:
        body = self.body(element, depth + 1)
        space, name = "  " * depth, element.name
        empty_allowed = forced and not any(child.min for child in self.order.children(element.schema_type))
        empty = f"\n{space}<{name}/>" if empty_allowed else ""

        def container(groups: Groups, context: Context) -> str:
            inside = body(groups, context, forced=forced)
            return f"\n{space}<{name}>{inside}\n{space}</{name}>" if inside else empty

        return container

    def _group(self, element: Element, target: Target, depth: int) -> Emit:
        get = _getter(target)
        before = hooks.BEFORE_WRITING[self.syntax].get(target.info.value_type)
        repeats, once = target.info.repeats, element.most == 1
        chosen = _chooser(target)

        nothing = _nothing(element) if element.foreign and not repeats else None
        content = _Later(lambda: self._content(element, depth, forced=True))
        bare = _Later(lambda: self._content(element, depth, forced=False))

        def one(value: Struct, groups: Groups, context: Context) -> str:
            groups.append(value if before is None else before(value))
            text = content.emit(groups, context)
            groups.pop()
            return text

        def group(groups: Groups, context: Context) -> str:
            value = get(groups)
            if not value:
                if nothing is None:
                    return ""
                groups.append(nothing)  # terms of other groups may still stand in the element
                text = bare.emit(groups, context)
                groups.pop()
                return text
            if not repeats:
                return one(value, groups, context)
            some = [item for item in value if chosen(item)] if chosen else value
            return "".join([one(item, groups, context) for item in (some[:1] if once else some)])

        return group

    def _leaf(self, element: Element, depth: int) -> Emit:
        start, end = f"\n{'  ' * depth}<{element.name}", f"</{element.name}>"
        fixed, said = _fixed_attributes(element)
        get = _getter(element.text) if element.text else None
        convert = _converter(element.text) if element.text else _text
        attributes = [(name, _attribute_getter(target)) for name, target in element.attributes.items()]
        most = element.most if element.text and element.text.info.repeats else None
        many = bool(element.text and element.text.info.repeats)

        if get is not None and not attributes and not said and not many:
            opened = f"{start}{fixed}>"

            def short(groups: Groups, context: Context) -> str:  # noqa: ARG001 - all have the same shape
                value = get(groups)
                return "" if value is None else f"{opened}{convert(value)}{end}"

            return short
        if get is not None and not attributes and not many and len(said) == 1 and said[0][0] == "currencyID":
            term, opened = said[0][1], f'{start}{fixed} currencyID="'

            def amount(groups: Groups, context: Context) -> str:
                value = get(groups)
                return "" if value is None else f'{opened}{context.said[term]}">{convert(value)}{end}'

            return amount

        def leaf(groups: Groups, context: Context) -> str:
            value = get(groups) if get is not None else None
            written = [
                f' {name}="{_attribute(found)}"' for name, read in attributes if (found := read(groups)) is not None
            ]
            if value is None and not written:
                return ""
            written += [f' {name}="{context.said[term]}"' for name, term in said]
            opened = f"{start}{''.join(written)}{fixed}>"
            if many:
                return "".join(f"{opened}{convert(item)}{end}" for item in (value or ())[:most])
            return f"{opened}{'' if value is None else convert(value)}{end}"

        return leaf


class _Later:
    """A function that is made when it is first called for: most groups stand in few invoices."""

    def __init__(self, make: Callable[[], Emit]) -> None:
        self._make = make

    @cached_property
    def emit(self) -> Emit:
        """The function."""
        return self._make()


class Body:
    """The children of an element; constants and fallbacks are written only beside something that is said."""

    __slots__ = ("_emits", "_parts", "_plain")

    def fill(self, parts: list[tuple[Emit | None, str]], *, has_fallbacks: bool) -> None:
        """Give the body its children.

        Args:
            parts: for each child what writes it, or nothing, and the text that stands there otherwise.
            has_fallbacks: whether any of them has such a text.
        """
        self._parts = parts
        self._emits = [emit for emit, _ in parts if emit is not None]
        self._plain = not has_fallbacks

    def __call__(self, groups: Groups, context: Context, *, forced: bool) -> str:
        """Write the children.

        Args:
            groups: the open groups.
            context: what is known of the invoice.
            forced: whether constants are written even beside nothing.
        """
        if self._plain:
            return "".join([emit(groups, context) for emit in self._emits])
        said = [emit(groups, context) if emit is not None else "" for emit, _ in self._parts]
        if not any(said):
            return "".join([_with_currency(text, context) for _, text in self._parts]) if forced else ""
        return "".join([text or _with_currency(self._parts[place][1], context) for place, text in enumerate(said)])


def _with_currency(text: str, context: Context) -> str:
    """A fallback with the document's currency in it."""
    for term, currency in context.said.items() if "$" in text else ():
        text = text.replace(f'"{term}"', f'"{currency}"')
    return text


def _getter(target: Target) -> Get:
    """A function that finds a term's value from the groups that are open."""
    position, name = (0 if target.from_root else -1 - target.up), target.info.name
    if not target.chain:
        return lambda groups: getattr(groups[position], name)
    chain = [(info.name, info.repeats) for info in target.chain]

    def get(groups: Groups) -> Any:  # noqa: ANN401 - terms have many types
        found = groups[position]
        for step, repeats in chain:
            found = getattr(found, step)
            if not found:
                return None
            if repeats:
                found = found[0]
        return getattr(found, name)

    return get


def _attribute_getter(target: Target) -> Get:
    """The same for an attribute; a scheme that is not named is no attribute."""
    get = _getter(target)
    return (lambda groups: get(groups) or None) if target.info.name == "scheme" else get


def _nothing(element: Element) -> Any:  # noqa: ANN401 - the struct of the element, whichever
    """A group without any value."""
    return Identifier(None) if element.cls is Identifier else element.cls and element.cls()  # type: ignore[arg-type]


def _chooser(target: Target) -> Callable[[Any], bool] | None:
    """Which identifiers a row writes, where two rows share them."""
    when = target.options.get("when")
    if when == "scheme":
        return lambda identifier: identifier.scheme is not None
    if when == "!scheme":
        return lambda identifier: identifier.scheme is None
    return None


def _fixed_attributes(element: Element) -> tuple[str, list[tuple[str, str]]]:
    """The attributes that are always the same, as text, and those that a term says."""
    fixed = "".join(
        f' {name}="{value}"' for name, value in element.constant_attributes.items() if not value.startswith("$")
    )
    said = [(name, value) for name, value in element.constant_attributes.items() if value.startswith("$")]
    return fixed, said


def _converter(target: Target) -> Callable[[Any], str]:
    kind = target.info.value_type.__name__
    if target.options.get("map") == "timing":
        return lambda code: _text(TIMING_WRITE.get(code, code))
    if target.options.get("as") == "date102":
        return write_date_102
    by_kind: dict[str, Callable[[Any], str]] = {"Decimal": write_decimal, "date": str, "bytes": write_bytes}
    return by_kind.get(kind, _text)


def _text(value: str) -> str:
    if _SPECIAL_TEXT.search(value) is None:
        return value
    return _SPECIAL_TEXT.sub(lambda match: _TEXT[match[0]], value)


def _attribute(value: str) -> str:
    if _SPECIAL_ATTRIBUTE.search(value) is None:
        return value
    return _SPECIAL_ATTRIBUTE.sub(lambda match: _ATTRIBUTE[match[0]], value)


def _ubl_namespaces(root: str) -> dict[str, str]:
    used = {prefix: uri for prefix, uri in order.UBL_NAMESPACES.items() if prefix != "ext"}
    return {"": order.UBL_ROOTS[root], **used}
