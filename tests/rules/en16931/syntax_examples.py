# SPDX-License-Identifier: Apache-2.0
"""The smallest documents that break a row about structure, and the same documents mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from einvoice.bind.structure_paths import tag_of
from einvoice.model.structure import Operand, Step, StructureRow, Term, condition, divided, steps

if TYPE_CHECKING:
    from lxml.etree import _Element

SAID: Final = "1"
"""What stands in an element, where nothing else is said; it is a number too."""


class Example(NamedTuple):
    """Two documents that differ in one thing.

    Attributes:
        broken: breaks the row.
        mended: does not.
        excused: as broken, but nothing is asked of it; ``None`` for a row that is always asked.
    """

    broken: bytes
    mended: bytes
    excused: bytes | None


def example(row: StructureRow, family: str) -> Example:
    """The smallest example of a row.

    Args:
        row: the row.
        family: ``ubl`` or ``cii``.
    """
    excused = None
    if row.unless:
        context = _context(row, family)
        _break(context, row)
        _meet(context, row.unless)
        excused = _bytes(context)
    broken, mended = _context(row, family), _context(row, family)
    _break(broken, row)
    _mend(mended, row)
    for context in (broken, mended):
        _refuse(context, row.unless)
    return Example(_bytes(broken), _bytes(mended), excused)


def _bytes(element: _Element) -> bytes:
    return etree.tostring(element.getroottree())


# ------------------------------------------------------------------------------------------------------ the context


def _context(row: StructureRow, family: str) -> _Element:
    pattern = divided(row.context.removeprefix("& "), " | ")[0]
    path = steps(pattern.removeprefix("/"))
    root = _root(path[0].names[0] if pattern.startswith("/") else "", family)
    element = root
    for step in path[1:] if pattern.startswith("/") else path:
        element = _below(element, step, family)
    if path[-1].condition:
        _meet(element, path[-1].condition)
    return element


def _root(name: str, family: str) -> _Element:
    return etree.Element(tag_of(name or ("Invoice" if family == "ubl" else "rsm:CrossIndustryInvoice")))


def _below(element: _Element, step: Step, family: str) -> _Element:
    prefix, _, local = step.names[0].rpartition(":")
    if local.startswith("*"):
        prefix = prefix or ("cbc" if family == "ubl" else "ram")
        local = local.removeprefix("*")
    return etree.SubElement(element, tag_of(f"{prefix}:{local}"))


# -------------------------------------------------------------------------------------------------------- the paths


def _break(context: _Element, row: StructureRow) -> None:
    kind, number = _test(row)
    match kind:
        case "absent":
            _put(context, row.path)
        case "at most":
            _put(context, row.path, [SAID] * (number + 1))
        case "alike" | "alike trimmed":
            _put(context, row.path, [SAID, "2"])
        case "decimals":
            context.text = f"1.{'0' * (number + 1)}"
        case "date":
            context.text = "20260230T"
        case "exactly" | "some" | "true" | "full":
            pass  # what is missing breaks it


def _mend(context: _Element, row: StructureRow) -> None:
    kind, number = _test(row)
    texts = {
        "at most": [SAID] * number,
        "exactly": [SAID] * number,
        "some": [SAID],
        "alike": [SAID, SAID],
        "alike trimmed": [SAID, f" {SAID} "],
    }
    match kind:
        case "decimals":
            context.text = f"1.{'0' * number}"
        case "date":
            context.text = " 20260228\n"
        case "true":
            _meet(context, row.path)
        case "full":
            etree.SubElement(context, tag_of("cbc:Note"))
        case _ if kind in texts:
            _put(context, row.path, texts[kind])


def _test(row: StructureRow) -> tuple[str, int]:
    kind, _, number = row.test.rpartition(" ")
    return (kind, int(number)) if number.isdigit() else (row.test, 1)


def _put(context: _Element, path: str, texts: list[str] | None = None) -> None:
    """Put an element at the end of a path, once for each text."""
    texts = texts or [SAID]
    element = context.getroottree().getroot() if path.startswith("//") else context
    way = steps(path.removeprefix("//"))
    attribute = way[-1].names[0].removeprefix("@") if way[-1].names[0].startswith("@") else ""
    ends = way[:-1] if attribute else way
    if attribute and not ends:
        element.set(attribute, texts[0])
        return
    for text in texts:
        last = element
        for step in ends:
            last = _step(last, step)
        if attribute:
            last.set(attribute, text)
        else:
            last.text = text


def _step(element: _Element, step: Step) -> _Element:
    new = etree.SubElement(element, tag_of(step.names[0]))
    if step.condition:
        _meet(new, step.condition)
    return new


# --------------------------------------------------------------------------------------------------- the conditions


def _meet(element: _Element, text: str) -> None:
    """Make a condition true, where it is not yet: the first of its choices."""
    for term in condition(text)[0] if text else ():
        if not term.negated:
            _satisfy(element, term)


def _refuse(element: _Element, text: str) -> None:
    """Make a condition false: only what must not be absent has to be put."""
    for terms in condition(text) if text else ():
        for term in terms:
            if term.negated:
                _satisfy(element, term)


def _satisfy(element: _Element, term: Term) -> None:
    if term.values:
        value = term.values[0] if term.operator == "=" else SAID
    else:
        value = str(term.truth).lower() if term.truth is not None else SAID
    _place(element, term.operand, value)
    if term.other is not None:
        _place(element, term.other, f"not {value}")


def _place(element: _Element, operand: Operand, value: str) -> None:
    names = operand.names
    if operand.axis == "self::":
        element.tag = tag_of(names[0])
        return
    if operand.axis == "ancestor::":
        parent = element.getparent()
        assert parent is not None
        etree.SubElement(parent, tag_of(names[0])).append(element)
        return
    if operand.axis == "../":
        parent = element.getparent()
        assert parent is not None
        element = parent
    elif operand.axis == "/":
        element, names = element.getroottree().getroot(), names[1:]
        element.tag = tag_of(operand.names[0])
    for name in names:
        known = element.find(tag_of(name))
        element = etree.SubElement(element, tag_of(name)) if known is None else known
    if operand.attribute:
        element.set(operand.attribute, value)
    else:
        element.text = value
