# SPDX-License-Identifier: Apache-2.0
"""What the outbox takes, what it keeps of it, and what it is told: orders, messages, settlements."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.errors import StoreError
from einvoice.store import schedule
from einvoice.store.tables import State
from einvoice.store.texts import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from einvoice.store.ledger import Event

AFTER: Final = {
    "delivered": State.DELIVERED,
    "accepted": State.ACCEPTED,
    "rejected": State.REJECTED,
    "retry": State.RETRY,
    "in-doubt": State.IN_DOUBT,
    "held": State.HELD,
}

_STEPS: Final = {*State, "prepared", "attempt", "told", "bounced"}
"""The events that say where a message stands."""
_STOPS: Final = {None, "ARCHIVE"}
"""Why a message is held by no word of the other side: a person wanted it, or its bytes are not to be read."""
ROUND: Final = 20_000_000
"""Bytes of the documents that one worker has at once; what is made of them for the wire comes on top."""
MADE_FROM: Final = "made_from"
"""What a request calls the SHA-256 of the document that its document was made from."""
FORM: Final = "form"
"""What a request says where the form is open."""
FORCE: Final = "force"
"""What a request with an open form says where somebody insists on it though it may not be valid."""
_NAME: Final = 300


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent, as it is handed over. Two orders with one key are one message."""

    key: str
    channel: str
    payload: bytes
    media_type: str
    request: dict[str, Any]
    """What the channel has to know: receiver, document type, process and so on."""
    number: str | None = None
    seller: str | None = None
    receiver: str | None = None
    forced: dict[str, Any] | None = None
    """Why it should not have gone out, where somebody insisted."""
    put_off: tuple[str, str] | None = None
    """Why it cannot go on at once: a code and a sentence."""


class Formed(msgspec.Struct, frozen=True, kw_only=True):
    """The document that goes out for one whose form was open, because nobody could say what the receiver takes."""

    payload: bytes
    media_type: str
    request: dict[str, Any]
    """What the channel has to know, which takes the place of what the message had."""
    told: dict[str, Any]
    """What the ledger says of it."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the outbox as it stands."""

    id: str
    key: str
    channel: str
    state: State
    payload: str
    request: dict[str, Any]
    wire_id: str
    wire: str | None
    wire_about: dict[str, Any] | None
    remote_id: str | None
    number: str | None
    seller: str | None
    receiver: str | None
    created: datetime
    changed: datetime
    due: datetime
    attempts: int
    doubts: int
    fence: int
    code: str | None
    detail: str | None


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an attempt: one of delivered, accepted, rejected, retry, in-doubt, held."""

    outcome: str
    code: str = ""
    detail: str = ""
    evidence: bytes | None = None
    evidence_type: str = "application/octet-stream"
    remote_id: str | None = None
    retry_after: timedelta | None = None
    renew: bool = False
    """The bytes were surely not delivered and cannot be used any more: they are made anew, identifiers kept."""


def new_row(order: Order, identifier: str, digest: str, wire_id: str, now: datetime) -> dict[str, Any]:
    """The row of a new message."""
    code, detail = order.put_off or (None, None)
    return {
        "id": identifier,
        "key": order.key,
        "channel": order.channel,
        "state": State.RETRY.value if order.put_off else State.QUEUED.value,
        "payload": digest,
        "request": json.dumps(order.request, sort_keys=True),
        "wire_id": wire_id,
        "number": (order.number or "")[:_NAME] or None,
        "seller": (order.seller or "")[:_NAME] or None,
        "receiver": (order.receiver or "")[:_NAME] or None,
        "created": now,
        "changed": now,
        "due": now + schedule.after_failure(1) if order.put_off else now,
        "attempts": 0,
        "doubts": 0,
        "fence": 0,
        "code": code and plain(code)[:60],
        "detail": detail and plain(detail),
    }


def same(order: Order, known: Message | None) -> Message:
    """The message that an order with its key made before, where it is of the same document.

    A document is the same, too, where it was written anew for the receiver, out of the same bytes.

    Args:
        order: what is to be sent.
        known: the message with its key.

    Raises:
        StoreError: it has other bytes (``KEY``), or is gone (``DATABASE``).
    """
    if known is None:  # it was there a moment ago; no message is ever removed
        raise StoreError(f"the order {order.key!r} could not be taken; try again", code="DATABASE")
    payload = hashlib.sha256(order.payload).hexdigest()
    before = known.payload, known.request.get(MADE_FROM) or known.payload
    if payload != before[0] and (order.request.get(MADE_FROM) or payload) != before[1]:
        raise StoreError(
            f"a document with the key {order.key!r} was taken on {known.created:%Y-%m-%d} and has other bytes:"
            " a changed document needs a number of its own",
            code="KEY",
        )
    return known


def from_row(row: Any) -> Message:  # noqa: ANN401 - a row mapping of SQLAlchemy
    """The message that a row is."""
    fields = {name: row[name] for name in Message.__struct_fields__}
    fields["state"] = State(fields["state"])
    fields["request"] = json.loads(fields["request"])
    fields["wire_about"] = json.loads(fields["wire_about"]) if fields["wire_about"] else None
    return Message(**fields)


def together_at_most(due: list[Message], sizes: Mapping[str, int]) -> list[Message]:
    """The first messages whose documents fit into one round; the very first one whatever its size.

    Args:
        due: the messages.
        sizes: how many bytes their documents have, by their SHA-256.
    """
    sums = accumulate(sizes.get(each.payload, 0) for each in due)
    return due[: max(sum(1 for size in sums if size <= ROUND), 1)]


def changed(before: Message, values: dict[str, Any]) -> Message:
    """A message after columns of its row were given these values."""
    fields = {name: value for name, value in values.items() if name in Message.__struct_fields__}
    if "state" in fields:
        fields["state"] = State(fields["state"])
    for name in ("wire_about", "request"):
        if fields.get(name):
            fields[name] = json.loads(fields[name])
    return msgspec.structs.replace(before, **fields)


def outcome(claimed: Message, found: Settlement, *, unsure: bool, now: datetime) -> tuple[State, str]:
    """The state that a message has after an attempt, and what is said of it.

    Args:
        claimed: the message; ``sending`` where the attempt was its own, not a question about an earlier one.
        found: what became of the attempt.
        unsure: whether it or an earlier attempt may have delivered.
        now: the moment.
    """
    after, detail = AFTER[found.outcome], plain(found.detail)
    if after is State.RETRY and now - claimed.created >= schedule.GIVE_UP:
        return (State.IN_DOUBT if unsure else State.FAILED), detail
    if after is State.REJECTED and unsure and claimed.state is State.SENDING:
        # The refusal is of this attempt. Whether an earlier one delivered, nobody has said.
        return (
            State.HELD,
            f"it was refused now, but an earlier attempt may have delivered it; ask the receiver: {detail}",
        )
    return after, detail


def stands_accepted(story: Iterable[Event]) -> bool:
    """Whether a service in between had a message when it was stopped.

    Args:
        story: its events; what stopped it and says nothing of the service is passed over.
    """
    last = None
    for each in story:
        stopped = each.kind == State.HELD and each.data.get("code") in _STOPS
        if each.kind in _STEPS and not stopped:
            last = each
    return last is not None and State.ACCEPTED in {last.kind, last.data.get("outcome")}


def pause(after: State, claimed: Message, doubts: int, wanted: timedelta | None) -> timedelta:
    """How long a message rests before its next attempt."""
    wanted = min(wanted, schedule.LONGEST) if wanted else None
    if after is State.IN_DOUBT:
        return max(schedule.after_doubt(doubts), wanted or timedelta())
    if after in {State.RETRY, State.ACCEPTED}:
        return max(schedule.after_failure(max(claimed.fence, 1)), wanted or timedelta())
    return timedelta()
