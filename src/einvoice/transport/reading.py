# SPDX-License-Identifier: Apache-2.0
"""What every reader of an XML message asks: the one child of a name, its text, a moment, the bytes in base64.

Each takes what makes the error of its message, so that a fault is told in the words of what is being read.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from einvoice.errors import TransportError

_LONGEST: Final = 1024


def one(parent: _Element, name: str, fault: Callable[[str], TransportError]) -> _Element:
    """The only child of a name.

    Args:
        parent: the element.
        name: the child, with its namespace.
        fault: makes the error where it is missing or there more than once.
    """
    found = parent.findall(name)
    if len(found) != 1:
        raise fault(f"{etree.QName(name).localname} is {'missing' if not found else 'there more than once'}")
    return found[0]


def text(parent: _Element, name: str, fault: Callable[[str], TransportError]) -> str:
    """The text of the only child of a name, without white space around it.

    Args:
        parent: the element.
        name: the child, with its namespace.
        fault: makes the error where there is not one, or where it is empty or longer than 1,024 characters.
    """
    found = (one(parent, name, fault).text or "").strip()
    if not found or len(found) > _LONGEST:
        raise fault(f"{etree.QName(name).localname} is {'empty' if not found else 'longer than 1,024 characters'}")
    return found


def moment(written: str, fault: Callable[[str], TransportError], what: str = "") -> datetime:
    """A moment in UTC; one without a zone is taken for UTC.

    Args:
        written: a date with time by ISO 8601.
        fault: makes the error where it is none.
        what: what is written there, for the error.
    """
    try:
        found = datetime.fromisoformat(written)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # the year 1 with a zone in the east is in no year that there is
        raise fault(f"{what}{written[:40]!r} is no date with time") from None


def octets(element: _Element, fault: Callable[[str], TransportError]) -> bytes:
    """The bytes that an element holds as base64, white space within aside.

    Args:
        element: the element.
        fault: makes the error where it is no base64.
    """
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except ValueError:  # binascii.Error, and a plain one for what is not ASCII
        raise fault(f"{etree.QName(element).localname} is no base64") from None
