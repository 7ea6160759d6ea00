# SPDX-License-Identifier: Apache-2.0
"""How a field of the model says which business term it is.

``bt("BT-112", "Invoice total amount with VAT", "...")`` in a field's annotation is the only place where a
number is tied to a name. Everything else (binding tables, rules, findings, ``explain``) looks the number up.
"""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Any

import msgspec
from msgspec import Meta, Struct

EN = "EN 16931-1:2017"
FX = "Factur-X 1.09 EXTENDED"
XR = "XRechnung 3.0.2 extension"
UBL = "OASIS UBL 2.1, outside EN 16931"


class Group(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The base of every group of the model: immutable, comparable, every field optional."""


class Term(Struct, frozen=True):
    """One business term or group, at one place of the model.

    Attributes:
        id: the number, such as ``BT-112`` or ``BG-22``; for an extension the publisher's (``BT-X-226``,
            ``BG-DEX-01``), or the model path where the publisher gives no number.
        name: the name the source gives it.
        meaning: what it says, in our words.
        source: the document that defines it.
        path: where it stands in the model, without indices, such as ``totals.amount_due_for_payment``.
        repeats: whether the model holds several.
    """

    id: str
    name: str
    meaning: str
    source: str
    path: str
    repeats: bool


def bt(number: str, name: str, meaning: str, source: str = EN) -> Meta:
    """Tie a field to a business term.

    Args:
        number: the term's number, such as ``BT-1``; empty for a field that a shared group uses.
        name: the name the source gives the term.
        meaning: what it says, in our words.
        source: the document that defines the term.
    """
    return Meta(
        title=f"{number} {name}".strip(), description=meaning, extra={"id": number, "name": name, "source": source}
    )


def bg(number: str, name: str, meaning: str, source: str = EN, parts: dict[str, str] | None = None) -> Meta:
    """Tie a field to a business group.

    Args:
        number: the group's number, such as ``BG-4``.
        name: the name the source gives the group.
        meaning: what it holds, in our words.
        source: the document that defines the group.
        parts: where the group is a class that several groups share: field path within it -> number.
    """
    extra = {"id": number, "name": name, "source": source, "parts": parts or {}}
    return Meta(title=f"{number} {name}".strip(), description=meaning, extra=extra)


class FieldInfo(Struct, frozen=True):
    """What the annotation of one field says, taken apart.

    Attributes:
        name: the field's name.
        value_type: the type of one value (``str``, ``Decimal``, a ``Group`` ...).
        repeats: whether the field holds a tuple of them.
        id: the number of its term or group, or an empty string.
        title: the name the source gives it.
        meaning: what it says.
        source: the document that defines it.
        parts: numbers of the fields below, where the class is shared.
    """

    name: str
    value_type: type
    repeats: bool
    id: str
    title: str
    meaning: str
    source: str
    parts: dict[str, str]

    @property
    def is_group(self) -> bool:
        """Whether the value is itself a struct."""
        return issubclass(self.value_type, Struct)


@cache
def fields_of(cls: type[Struct]) -> dict[str, FieldInfo]:
    """The fields of a group, in their order.

    Args:
        cls: a group of the model.
    """
    hints = typing.get_type_hints(cls, include_extras=True)
    return {name: _field(name, hints[name]) for name in cls.__struct_fields__}


def _field(name: str, hint: Any) -> FieldInfo:  # noqa: ANN401 - annotations have no common type
    meta: Meta | None = None
    if typing.get_origin(hint) is typing.Annotated:
        hint, meta = typing.get_args(hint)[:2]
    extra: dict[str, Any] = (meta.extra or {}) if meta else {}
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    repeats = typing.get_origin(hint) is tuple
    if repeats:
        hint = typing.get_args(hint)[0]
    return FieldInfo(
        name=name,
        value_type=hint,
        repeats=repeats,
        id=extra.get("id", ""),
        title=extra.get("name", ""),
        meaning=(meta.description or "") if meta else "",
        source=extra.get("source", ""),
        parts=extra.get("parts", {}),
    )


def collect(root: type[Struct]) -> tuple[Term, ...]:
    """Every term of a model, one per place where it stands.

    A class that contains itself (sub lines) is entered once.

    Args:
        root: the class to start from.
    """
    found: list[Term] = []
    _walk(root, "", "", {}, (), found)
    return tuple(found)


def _walk(
    cls: type[Struct], path: str, inside: str, parts: dict[str, str], seen: tuple[type, ...], found: list[Term]
) -> None:
    for info in fields_of(cls).values():
        here = f"{path}.{info.name}" if path else info.name
        below = f"{inside}.{info.name}" if inside else info.name
        number = parts.get(below) or info.id
        if info.title:
            found.append(Term(number or here, info.title, info.meaning, info.source, here, info.repeats))
        if info.is_group and info.value_type not in seen:
            shared = bool(info.parts) or bool(parts)
            _walk(
                info.value_type,
                here,
                "" if info.parts or not shared else below,
                info.parts or parts,
                (*seen, cls, info.value_type),
                found,
            )


def encode(value: object) -> bytes:
    """Write a struct of the model as JSON: ``Decimal`` as string, ``bytes`` as base64, absent terms left out."""
    return msgspec.json.encode(value)
