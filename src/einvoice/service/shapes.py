# SPDX-License-Identifier: Apache-2.0
"""Reading back what was written, only as often as it can say something new.

What a syntax does to an invoice depends on which terms it states, not on how often other invoices stated the same.
The first invoice of each shape (the terms it states) is written, read back and compared. Once a shape survived that
unchanged, the next one of it is checked more cheaply: every single value of it has to stand in what was written. A
value that does not stand there word for word (a note behind its subject code, a number with an exponent) sends the
invoice the long way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.model import Reading
from einvoice.service.intake import Intake

if TYPE_CHECKING:
    from einvoice.bind import Document
    from einvoice.model import Invoice

_MOST: Final = 10_000
_TEXTS: Final = re.compile(r">([^<\s][^<]*)<").findall
_ATTRIBUTES: Final = re.compile(r'="([^"<]*)"').findall
Shape = frozenset[tuple[str, str]]


class Shapes:
    """The shapes that survived being written in one syntax; each worker learns its own."""

    def __init__(self) -> None:
        self._known: set[Shape] = set()

    def survives(self, invoice: Invoice, data: bytes, document: Document) -> bool:
        """Whether an invoice is known to stand unchanged in the document that was written of it.

        Args:
            invoice: the invoice.
            data: what was written.
            document: the same, opened.
        """
        shape, values = _taken_apart(invoice)
        return shape in self._known and (values <= _plain_texts(data) or values <= document.texts())

    def learn(self, invoice: Invoice) -> None:
        """Note that an invoice was read back as it had been written, and that nothing had to be added.

        Args:
            invoice: the invoice.
        """
        if len(self._known) < _MOST:
            self._known.add(_taken_apart(invoice)[0])


def as_written(invoice: Invoice, data: bytes, document: Document) -> Intake:
    """What was written, taken in again without being read: it is known to say what the invoice says.

    Args:
        invoice: the invoice.
        data: what was written.
        document: the same, opened.
    """
    intake = Intake(source=None, data=data, kind="xml", document=document)
    control = invoice.process_control
    profile = control.specification_identifier if control else None
    intake.__dict__["reading"] = Reading(invoice, document.syntax, profile, (), document.notes)
    return intake


def _plain_texts(data: bytes) -> set[str]:
    """The texts and attributes of a document as its bytes say them; no text that begins with a blank.

    A document that holds anything but elements and texts has none: what stands in a comment is not said.
    """
    if b"<!" in data or data.find(b"<?", 1) > 0:
        return set()
    text = data.decode()
    found = {*_TEXTS(text), *_ATTRIBUTES(text)}
    return {_said(one) if "&" in one else one for one in found} if b"&" in data else found


def _said(text: str) -> str:
    """What a text says whose signs were written as the syntax demands."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def _taken_apart(invoice: Invoice) -> tuple[Shape, set[str]]:
    """The terms that an invoice states, and what they say."""
    shape: set[tuple[str, str]] = set()
    values: set[str] = set()
    stack: list[tuple[str, Any]] = [("", msgspec.to_builtins(invoice))]
    while stack:
        path, group = stack.pop()
        for name, value in group.items():
            if type(value) is str:
                shape.add((path, name))
                values.add(value)
            elif type(value) is dict:
                stack.append((f"{path}.{name}", value))
            elif value and type(value[0]) is str:
                shape.add((path, name))
                values.update(value)
            else:
                here = f"{path}.{name}"
                stack.extend((here, one) for one in value)
    return frozenset(shape), values
