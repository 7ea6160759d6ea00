# SPDX-License-Identifier: Apache-2.0
"""A document that cannot be brought stops none of those behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.errors import TransportError
from einvoice.transport.base import Notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.transport.base import Inbound

_ITS_OWN: Final = {"GARBAGE", "TOO_LARGE"}
"""What is wrong with one answer, and says nothing of the next one."""


def brought(wire_id: str, bring: Callable[[], Inbound]) -> Inbound | Notice:
    """A document, or a notice that says what is wrong with it; it is left where it is and tried again next time.

    Args:
        wire_id: what the provider calls the document.
        bring: asks for it.

    Raises:
        TransportError: the provider does not answer now, which is nothing that is wrong with this document.
    """
    try:
        return bring()
    except TransportError as error:
        if error.temporary and error.code not in _ITS_OWN:
            raise
        return Notice(wire_id=wire_id, about={"left": error.message})
