# SPDX-License-Identifier: Apache-2.0
"""The French life cycle as another view on the same story: what a message's state and its answers are called there.

The codes of the life cycle (MDT-105) carry codes of UNTDID 1373 with them (MDT-88), and those of an Invoice Response
are codes of UNTDID 4343; a status is taken for another one where the two lists mean the same: in process, under query,
conditionally accepted, accepted, rejected, paid. No published table says so. AB (the buyer has received and understood
the invoice) is the first thing that a buyer can say there: 204.

Source: XP Z12-012 as FNFE-MPE publishes it, rules BR-FR-CDV-CL-05, CL-06, CL-09 1.4.0; OpenPeppol BIS 63, code list
UNCL4343-T111.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.codes.responses import life_cycle
from einvoice.store.answers import LIFE_CYCLE, Current
from einvoice.store.tables import State

if TYPE_CHECKING:
    from einvoice.store.answers import Noted
    from einvoice.store.outbox import Message

TO_LIFE_CYCLE: Final = {
    "AB": "204",
    "IP": "204",
    "UQ": "207",
    "CA": "206",
    "AP": "205",
    "RE": "210",
    "PD": "211",
}
"""Status of an Invoice Response -> status of the life cycle."""

_FROM_LIFE_CYCLE: Final = {
    "204": "IP",
    "205": "AP",
    "206": "CA",
    "207": "UQ",
    "208": "UQ",
    "209": "UQ",
    "210": "RE",
    "211": "PD",
    "212": "PD",
}
_NOT_SENT: Final = {State.REJECTED, State.FAILED}


class Projected(msgspec.Struct, frozen=True, kw_only=True):
    """A status of the life cycle that follows from what is known."""

    code: str
    at: datetime | None
    reason: str | None = None
    """A reason of the life cycle (MDT-113), where one follows too."""
    told: str = ""
    """The reasons as they were given."""

    @property
    def name(self) -> str:
        """Its French name."""
        return life_cycle()[self.code].name


def business_status(code: str) -> str | None:
    """The status of an Invoice Response that a status of the life cycle amounts to; nothing for a platform's.

    Args:
        code: the status of the life cycle.
    """
    return _FROM_LIFE_CYCLE.get(code)


def projected(message: Message, current: Current) -> list[Projected]:
    """The statuses of the life cycle that a message has reached, in their order.

    Args:
        message: an invoice in the outbox.
        current: the answers that count for it.
    """
    found = [Projected(code="200", at=message.created, reason=_untransmitted(message))]
    if message.state is State.DELIVERED:
        found.append(Projected(code="201", at=message.changed))
    point = current.point
    if point is not None:
        found.append(Projected(code="213" if point.status == "RE" else "203", at=point.at, told=_reasons(point)))
    buyer = current.buyer
    if buyer is not None:
        known = str(buyer.status)
        code = known if buyer.kind == LIFE_CYCLE else TO_LIFE_CYCLE[known]
        if code in life_cycle():
            found.append(Projected(code=code, at=buyer.at, told=_reasons(buyer)))
    return found


def _untransmitted(message: Message) -> str | None:
    """An invoice that a platform has taken and cannot hand on stays there, with a reason that says so."""
    return "NON_TRANSMISE" if message.state in _NOT_SENT else None


def _reasons(noted: Noted) -> str:
    return "; ".join(noted.about.get("reasons", ()))
