# SPDX-License-Identifier: Apache-2.0
"""What becomes of a message with an open form when somebody insists on it who did not at first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from einvoice.store import ledger
from einvoice.store.messages import FORCE, FORM, Message, Order, changed, from_row
from einvoice.store.tables import State, message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from einvoice.store.ledger import Event

_UNSENT: Final = frozenset({State.QUEUED, State.RETRY, State.HELD, State.REJECTED, State.FAILED})


def insist(connection: Connection, known: Message, order: Order, now: datetime) -> Message:
    """Let a message whose form is open go out though it is not valid, where its order, given again, is forced.

    Nothing of such a message has left yet. Whoever forms it in this moment loses it by the fence, so that it is formed
    once more, and sent once. What a person stopped, or the receiver refused, stays where it is.

    Args:
        connection: the transaction that takes the order.
        known: the message that the order made before.
        order: the order.
        now: the moment.

    Returns:
        The message as it stands then.
    """
    if (order.forced is None and FORCE not in order.request) or not _can(known):
        return known
    locked = connection.execute(select(message).where(message.c.id == known.id).with_for_update()).mappings().one()
    known = from_row(locked)
    if not _can(known):  # it was formed between the look and this moment
        return known
    values: dict[str, Any] = {"request": json.dumps(known.request | {FORCE: "yes"}, sort_keys=True), "changed": now}
    if known.state is State.RETRY or _for_its_faults(known, ledger.read(connection, known.id)):
        values |= {"state": State.QUEUED.value, "due": now}
    values |= {"fence": known.fence + 1, "lease_until": None}
    connection.execute(update(message).where(message.c.id == known.id).values(values))
    ledger.append(connection, known.id, "forced", order.forced or {}, now=now)
    return changed(known, values)


def _can(known: Message) -> bool:
    """Whether a message waits with its form open, and nobody has insisted on it."""
    waits = known.state in _UNSENT and known.attempts == 0 and known.wire is None
    return waits and FORM in known.request and FORCE not in known.request


def _for_its_faults(known: Message, story: Iterable[Event]) -> bool:
    """Whether a message is held because it is not valid, and not because a person stopped it."""
    held = [each for each in story if each.kind == State.HELD]
    return known.state is State.HELD and held[-1].data.get("code") == "NOT_VALID"
