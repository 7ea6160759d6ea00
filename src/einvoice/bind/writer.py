# SPDX-License-Identifier: Apache-2.0
"""Writing: text from the invoice, along the same tree that reading uses.

The tree is compiled once into functions, one per element, that return the element's text or nothing. No tree of XML
nodes is built.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from einvoice.bind import hooks, order
from einvoice.bind.body import Body, Child, Context, Emit, Groups, Needs, Present, present_in
from einvoice.bind.tree import is_constant, tree
from einvoice.bind.values import TIMING_WRITE, write_bytes, write_date_102, write_decimal
from einvoice.errors import OutputError
from einvoice.model import Identifier, Invoice

if TYPE_CHECKING:
    from einvoice.bind.tree import Element, Target
    from einvoice.model import Syntax

Get = Callable[[Groups], Any]

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE = {**_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_SPECIAL_TEXT = re.compile("[&<>\r]")
_SPECIAL_ATTRIBUTE = re.compile('[&<>\r"\n\t]')

# UNTDID 1001 codes that EN 16931 binds to the UBL CreditNote (CEN/TS 16931-3-2, BT-3).
CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})


def write(invoice: Invoice, syntax: Syntax) -> bytes:
    """Write an invoice in a syntax, UTF-8, elements in the order of the official schema.

    Args:
        invoice: the invoice; its totals are written as they stand.
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.

    Raises:
        OutputError: a text contains a character that XML 1.0 cannot hold (section 2.2), or lines stand in lines so
            deep that the interpreter's stack is too small for them.
    """
    hook = hooks.BEFORE_WRITING[syntax].get(type(invoice))
    ready = hook(invoice) if hook else invoice
    said = {
        "$BT-5": _attribute(ready.currency_code or ""),
        "$BT-6": _attribute(ready.vat_accounting_currency_code or ""),
    }
    try:
        text = _writer(syntax)(ready, Context(said))
    except RecursionError:
        raise OutputError("the invoice cannot be written: its lines stand too deep within each other") from None
    return _encoded(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _encoded(text: str) -> bytes:
    """The text as UTF-8; looked through as bytes, which is ten times as fast as a regular expression."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise _illegal(text) from None
    if len(data.translate(None, _CONTROLS)) < len(data) or any(character in data for character in _NO_CHARACTERS):
        raise _illegal(text)
    return data


def _illegal(text: str) -> OutputError:
    found = next(_ILLEGAL.finditer(text))
    around = text[max(0, found.start() - 40) : found.start()].rpartition("<")[2]
    return OutputError(
        f"the character U+{ord(found[0]):04X} cannot stand in XML; remove it from the value in <{around}",
        code="XML_CHARACTER",
    )


@cache
def _writer(syntax: Syntax) -> Callable[[Invoice, Context], str]:
    return _Compiler(syntax).root(tree(syntax))


class _Compiler:
    """Makes the functions that write the elements of one syntax."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax: Syntax = syntax
        self.order = order.load(syntax)
        self._below: dict[tuple[Element, int], Body] = {}
        self._needs = Needs(tree(syntax))

    def root(self, element: Element) -> Callable[[Invoice, Context], str]:
        """The function that writes a document."""
        namespaces = order.CII_NAMESPACES if self.syntax == "cii" else _ubl_namespaces(element.name)
        declared = "".join(
            f' xmlns:{prefix}="{uri}"' if prefix else f' xmlns="{uri}"' for prefix, uri in namespaces.items()
        )
        write_root = self.body(element, 1).within(
            f"<{element.name}{declared}>", f"\n</{element.name}>", "", forced=True
        )
        layout = self._needs.layout(Invoice)
        return lambda invoice, context: write_root([invoice], context, present_in(invoice, layout))

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
            for child in source.children:
                if is_constant(child):
                    body.children.append(Child(None, self._constant(child, depth), 0))
                else:
                    needs = self._needs.of(child)
                    body.children.append(
                        Child(partial(self.element, child, depth), self._fallback(child, depth), needs)
                    )
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

        return body.within(f"\n{space}<{name}>", f"\n{space}</{name}>", empty, forced=forced)

    def _group(self, element: Element, target: Target, depth: int) -> Emit:
        get, layout = _getter(target), self._needs.layout(target.info.value_type)
        before = hooks.BEFORE_WRITING[self.syntax].get(target.info.value_type)
        repeats, most = target.info.repeats, 1 if element.most == 1 else None
        chosen = _chooser(target)

        nothing = _nothing(element) if element.foreign and not repeats else None
        content = self._content(element, depth, forced=True)
        bare = self._content(element, depth, forced=False) if nothing is not None else content

        def group(groups: Groups, context: Context, present: Present) -> str:  # noqa: ARG001 - all have one shape
            value = get(groups)
            if not value:
                if nothing is None:
                    return ""
                groups.append(nothing)  # terms of other groups may still stand in the element
                text = bare(groups, context, 0)
                groups.pop()
                return text
            written = []
            some = [item for item in value if chosen(item)] if chosen else value
            for item in some[:most] if repeats else (value,):
                inner = item if before is None else before(item)
                groups.append(inner)
                written.append(content(groups, context, present_in(inner, layout)))
                groups.pop()
            return "".join(written)

        return group

    def _leaf(self, element: Element, depth: int) -> Emit:
        start, end = f"\n{'  ' * depth}<{element.name}", f"</{element.name}>"
        fixed, said = _fixed_attributes(element)
        get = _getter(element.text) if element.text else None
        convert = _converter(element.text) if element.text else _text
        many = bool(element.text and element.text.info.repeats)
        if (
            get is not None
            and not element.attributes
            and not many
            and [name for name, _ in said] in ([], ["currencyID"])
        ):
            short = _short(get, convert, f"{start}{fixed}", said[0][1] if said else "", end)
            return _unless_none_named(get, short) if element.text and "default" in element.text.options else short
        demanded = {known.name for known in self.order.attributes(element.schema_type) if known.required}
        attributes = [
            (name, _attribute_getter(target), "" if name in demanded else None)
            for name, target in element.attributes.items()
        ]
        most = element.most if element.text and element.text.info.repeats else None

        def leaf(groups: Groups, context: Context, present: Present) -> str:  # noqa: ARG001 - all have one shape
            value = get(groups) if get is not None else None
            found = [(name, read(groups), otherwise) for name, read, otherwise in attributes]
            if value is None and all(text is None for _, text, _ in found):
                return ""
            kept = [(name, text or "") for name, text, other in found if text is not None or other is not None]
            written = [f' {name}="{_attribute(text)}"' for name, text in kept]
            written += [f' {name}="{context.said[term]}"' for name, term in said]
            opened = f"{start}{''.join(written)}{fixed}>"
            if many:
                return "".join([f"{opened}{convert(item)}{end}" for item in (value or ())[:most]])
            return f"{opened}{'' if value is None else convert(value)}{end}"

        return leaf


def _unless_none_named(get: Get, short: Emit) -> Emit:
    """A leaf whose absence means the usual name: an empty name is written as a blank, which keeps that name away."""

    def named(groups: Groups, context: Context, present: Present) -> str:
        return "\n" if get(groups) == "" else short(groups, context, present)

    return named


def _short(get: Get, convert: Callable[[Any], str], start: str, currency: str, end: str) -> Emit:
    """A leaf without attributes, or with the currency that a term says."""
    opened, before, plain = f"{start}>", f'{start} currencyID="', _SPECIAL_TEXT.search

    def short(groups: Groups, context: Context, present: Present) -> str:  # noqa: ARG001 - all have one shape
        value = get(groups)
        return "" if value is None else f"{opened}{convert(value)}{end}"

    def text(groups: Groups, context: Context, present: Present) -> str:  # noqa: ARG001 - all have one shape
        value = get(groups)
        return "" if value is None else f"{opened}{value if plain(value) is None else _text(value)}{end}"

    def amount(groups: Groups, context: Context, present: Present) -> str:  # noqa: ARG001 - all have one shape
        value = get(groups)
        return "" if value is None else f'{before}{context.said[currency]}">{convert(value)}{end}'

    if currency:
        return amount
    return text if convert is _text else short


def _getter(target: Target) -> Get:
    """A function that finds a term's value from the groups that are open."""
    position, name = (0 if target.from_root else -1 - target.up), target.info.name
    if not target.chain:
        return lambda groups: getattr(groups[position], name)
    chain = [(info.name, info.repeats) for info in target.chain]
    (first, several), *further = chain
    if not further and not several:

        def below(groups: Groups) -> Any:  # noqa: ANN401 - terms have many types
            found = getattr(groups[position], first)
            return None if found is None else getattr(found, name)

        return below

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
