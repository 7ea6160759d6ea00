# SPDX-License-Identifier: Apache-2.0
"""Numbers of more digits than an invoice keeps, judged all the same.

The model keeps 40 digits of a number, more than anything that is bought or sold needs; what has more is a leaf beside
it. The published tests compute with numbers of any length, so for judging such a leaf is put where it belongs. Only a
document that states one pays for that.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from einvoice.model import fields_of
from einvoice.model.decimals import decimal_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msgspec import Struct

    from einvoice.model import Invoice, Reading, Reason, Remark

LONGEST: Final = 90
"""Digits that are judged: sums and products of two such numbers are exact in the arithmetic of the rules."""
_NUMBER: Final = re.compile(r"[ \t\r\n]*([+-]?(?=\.?[0-9])0*(?P<digits>[0-9]*\.?[0-9]*))[ \t\r\n]*", re.ASCII)
_STEP: Final = re.compile(r"(\w+)(?:\[(\d+)\])?")
_Tree = dict[str, "_Tree | Decimal"]
"""The steps of paths to numbers, ``lines[3]`` and ``net_amount``, each below the one before it."""


def with_long_numbers(reading: Reading) -> Reading:
    """A reading as rules see it: with the numbers that the invoice does not keep for their length.

    Args:
        reading: the invoice, with what reading it remarked.

    Returns:
        The same reading, if it has none; else one in which they stand, and are remarked for their spelling.
    """
    tree: _Tree = {}
    reasons: dict[str, Reason] = {}
    for remark in reading.remarks if reading.syntax is not None else ():  # what is yet to be written lacks the number
        if remark.reason == "malformed" and (number := _long(remark.value)) is not None:
            reason = _enter(tree, reading.invoice, remark.model_path, number)
            if reason is not None:
                reasons[remark.path] = reason
    if not reasons:
        return reading
    remarks = tuple(_told(one, reasons, reading.invoice.currency_code) for one in reading.remarks)
    changed: Invoice = _filled(reading.invoice, tree)
    return structs.replace(reading, invoice=changed, remarks=tuple(one for one in remarks if one is not None))


def _told(remark: Remark, reasons: Mapping[str, Reason], currency: str | None) -> Remark | None:
    """A leaf as it is remarked where the number is judged; ``None`` for a currency that goes without saying."""
    element, _, attribute = remark.path.partition("/@")
    reason = reasons.get(element)
    if reason is None:
        return remark
    if not attribute or reason == "repeated":
        return structs.replace(remark, reason=reason)
    return None if attribute == "currencyID" and remark.value == currency else structs.replace(remark, reason="unbound")


def _long(text: str) -> Decimal | None:
    """The number that a text is; ``None`` if it is none, or has too many digits, zeros in front not counted."""
    match = _NUMBER.fullmatch(text)
    if match is None or len(match["digits"].replace(".", "")) > LONGEST:
        return None
    return decimal_of(match[1])


def _enter(tree: _Tree, invoice: Invoice, path: str, number: Decimal) -> Reason | None:
    """Note a number at a path, unless there is no place for a number (``None``), or another one stands there."""
    *above, last = path.split(".")
    kind: type[Struct] = type(invoice)
    group: Struct | None = invoice
    for step in above:
        match = _STEP.fullmatch(step)
        info = fields_of(kind).get(match[1]) if match is not None else None
        if match is None or info is None or not info.is_group or info.repeats is not bool(match[2]):
            return None
        kind, group = info.value_type, _inside(group, match[1], match[2])
        if group is None and match[2]:
            return None
    info = fields_of(kind).get(last)
    if info is None or info.value_type is not Decimal or info.repeats:
        return None
    if getattr(group, last, None) is not None:
        return "repeated"
    for step in above:
        tree = tree.setdefault(step, {})  # type: ignore[assignment]  # what has a place below is no number
    return "spelled" if tree.setdefault(last, number) is number else "repeated"


def _inside(group: Any, name: str, index: str | None) -> Any:  # noqa: ANN401 -- any struct of the model
    """What stands at a step of a path; ``None`` if nothing does."""
    found = getattr(group, name, None)
    if index is None or found is None:
        return found
    return found[int(index)] if int(index) < len(found) else None


def _filled(group: Any, tree: _Tree) -> Any:  # noqa: ANN401 -- any struct of the model
    """A group with the numbers that belong into it and below it."""
    changed: dict[str, Any] = {}
    kinds: type[Struct] = type(group)
    for step, below in tree.items():
        name, _, index = step.rstrip("]").partition("[")
        known = changed.get(name, getattr(group, name))
        if isinstance(below, Decimal):
            changed[name] = below
        elif not index:
            changed[name] = _filled(fields_of(kinds)[name].value_type() if known is None else known, below)
        else:
            some = changed[name] = known if isinstance(known, list) else list(known)
            some[int(index)] = _filled(some[int(index)], below)
    return structs.replace(
        group, **{name: tuple(one) if isinstance(one, list) else one for name, one in changed.items()}
    )
