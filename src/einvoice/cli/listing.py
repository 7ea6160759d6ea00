# SPDX-License-Identifier: Apache-2.0
"""Lists of messages and documents: lines for people, JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from einvoice.cli.terminal import put, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from einvoice.service.inbox_facts import Facts
    from einvoice.store.answers import Current, Noted
    from einvoice.store.inbox import Received
    from einvoice.store.outbox import Message

F = TypeVar("F", bound="Callable[..., Any]")


def with_format(function: F) -> F:
    """The option that says how a list is written."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "jsonl"]),
        default="text",
        show_default=True,
        help="Lines for people; JSON for programs: one array, or one object a line.",
    )(function)


def print_list(rows: Iterable[tuple[str, dict[str, Any]]], form: str) -> None:
    """Print a list, row after row.

    Args:
        rows: each as text, which is safe already, and as an object.
        form: ``text``, ``json`` or ``jsonl``.
    """
    import msgspec

    first = True
    for text, value in rows:
        if form == "text":
            say(text)
            continue
        before = b"" if form == "jsonl" else b"[\n" if first else b",\n"
        put(before + msgspec.json.encode(value) + (b"\n" if form == "jsonl" else b""))
        first = False
    if form == "json":
        put(b"[]\n" if first else b"\n]\n")


def message_object(message: Message, current: Current | None = None) -> dict[str, Any]:
    """A message of the outbox for programs; moments are in UTC.

    Args:
        message: the message.
        current: the answers that count.
    """
    names = ("id", "channel", "state", "number", "seller", "receiver", "created", "changed", "due", "attempts")
    said = {name: getattr(message, name) for name in names}
    said |= {"code": message.code, "detail": message.detail, "sha256": message.payload, "remote_id": message.remote_id}
    said["in_reply_to"] = message.request.get("in_reply_to")
    answers = (current.point, current.buyer) if current is not None else ()
    said["answers"] = [
        {"kind": each.kind, "status": each.status, "issued": each.about.get("issued"), "inbox": each.inbound}
        for each in answers
        if each is not None
    ]
    return said


def arrival_object(received: Received, facts: Facts, noted: Noted | None) -> dict[str, Any]:
    """A document of the inbox for programs; moments are in UTC.

    Args:
        received: the document.
        facts: what it says of itself.
        noted: what it was found to be; nothing where nobody has looked yet.
    """
    import msgspec

    return {
        "id": received.id,
        "channel": received.channel,
        "sender": str(received.about.get("sender") or received.sender),
        "receiver": received.about.get("receiver"),
        "received": received.received,
        "taken": received.taken,
        "sha256": received.payload,
        **msgspec.structs.asdict(facts),
        "kind": noted.kind if noted is not None else None,
        "status": noted.status if noted is not None else None,
        "answers": noted.message if noted is not None else None,
    }
