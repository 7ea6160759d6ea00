# SPDX-License-Identifier: Apache-2.0
"""What the commands about sending and receiving have in common: where the settings are, and how a message is told."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click

from einvoice.cli.terminal import complain, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from einvoice.errors import EinvoiceError
    from einvoice.service.channels import Wiring
    from einvoice.service.inbox_facts import Facts
    from einvoice.store.answers import Current
    from einvoice.store.database import Database
    from einvoice.store.inbox import Received
    from einvoice.store.outbox import Message

_WRONG_USE: Final = frozenset({"SETTINGS", "SECRET", "INBOX"})
"""Codes of what the command or the settings are to blame for, and not the document."""

F = TypeVar("F", bound="Callable[..., Any]")


def with_extra(function: F) -> F:
    """Let a command begin only where the extra is installed that all of sending and receiving needs."""

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the command takes and gives
        from einvoice.service.channels import need_extra

        need_extra()
        return function(*args, **kwargs)

    return cast("F", checked)


def with_settings(function: F) -> F:
    """The option that names the settings file; what takes it needs the extra as well."""
    return click.option(
        "--settings", metavar="FILE", help="The channels; by default EINVOICE_SETTINGS, else einvoice.toml here."
    )(with_extra(function))


def delivered(
    message: Message, wiring: Wiring, database: Database, *, queue: bool, put_off: str = ""
) -> tuple[Message, Any]:
    """Bring a message that was just taken as far as it goes now.

    Args:
        message: the message.
        wiring: the channels.
        database: where the outbox is.
        queue: whether it is left to the worker.
        put_off: why it cannot go on now, in a sentence; empty where it can.

    Returns:
        The message as it stands then, and the exit status that tells so.
    """
    from einvoice.service.courier import Courier
    from einvoice.service.status import Status
    from einvoice.store.outbox import Outbox
    from einvoice.store.tables import State

    outbox = Outbox(database)
    ended = message.state in {State.DELIVERED, State.REJECTED, State.FAILED, State.HELD}
    if not (queue or put_off or ended):
        for _ in Courier(outbox, wiring.submitters(), form=wiring.lookup().form).run(once=True):
            message = outbox.get(message.id)
            if message.attempts or message.state is not State.QUEUED:
                break
    lost = message.state in {State.REJECTED, State.FAILED, State.HELD}
    if lost and ended:  # an earlier order with this key came to its end; nothing was queued now
        complain(
            f"nothing was sent: this was taken before and is {message.state};"
            f" einvoice outbox retry {message.id[:8]} lets it go on"
        )
        return message, Status.FATAL
    if message.state in {State.DELIVERED, State.ACCEPTED} or (queue and not put_off):
        return message, Status.DONE
    if put_off:
        complain(f"{put_off}; it is in the outbox, and einvoice worker sends it")
    return message, Status.FATAL if lost else Status.UNDETERMINED


def refused(error: EinvoiceError) -> Any:  # noqa: ANN401 - a status, imported late
    """The exit status of one document that was not sent, among several.

    Args:
        error: why it was not.
    """
    from einvoice.errors import MissingExtraError, TransportError
    from einvoice.service.status import Status, status_of

    if isinstance(error, MissingExtraError) or error.code in _WRONG_USE:
        return Status.USAGE
    if isinstance(error, TransportError) and error.temporary:
        return Status.UNDETERMINED
    status = status_of(error)
    return Status.FATAL if status is Status.USAGE else status


def named(source: str, error: EinvoiceError) -> str:
    """What is wrong with a document, its own name first; the address that did not answer comes after it.

    Args:
        source: the document, as the user named it.
        error: what is wrong.
    """
    said = str(error)
    return said if said.startswith(source) else f"{source}: {said}"


def one_message(message: Message, current: Current | None = None) -> str:
    """A message of the outbox in one line, and what was answered.

    Args:
        message: the message.
        current: the answers that count.
    """
    from einvoice.service.standing import words

    parts = [f"{message.id[:8]} {message.state:<9} {message.channel}", visible(message.number or "-")]
    parts.append(f"to {visible(message.receiver or '-')}")
    if "in_reply_to" in message.request:
        parts.append(f"answers {visible(str(message.request['in_reply_to'])[:8])} with {message.request.get('status')}")
    if message.attempts:
        parts.append(f"{message.attempts} attempt{'s' if message.attempts > 1 else ''}")
    if message.code:
        parts.append(visible(message.code))
    if message.detail and message.state != "delivered":
        parts.append(visible(message.detail)[:300])
    parts.extend(visible(each)[:300] for each in words(current))
    return "  ".join(parts)


def one_arrival(received: Received, facts: Facts, told: str = "") -> str:
    """A document of the inbox in one line.

    Args:
        received: the document.
        facts: what it says of itself.
        told: what it was found to be.
    """
    sender = str(received.about.get("sender") or received.sender).rpartition("::")[2]
    receiver = str(received.about.get("receiver") or facts.buyer or "-").rpartition("::")[2]
    taken = "taken" if received.taken else "new"
    said = "  ".join(visible(each)[:100] for each in (facts.number, facts.seller) if each)
    parts = [f"{received.id[:8]} {taken:<5} {received.channel}", *([said] if said else [])]
    parts += [f"from {visible(sender)}", f"to {visible(receiver)}", moment(received.received)]
    return "  ".join([*parts, *([visible(told)[:300]] if told else [])])


def moment(at: datetime | None) -> str:
    """A moment for people, in UTC.

    Args:
        at: the moment, in UTC; nothing where nobody knows.
    """
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at is not None else "-"


@contextmanager
def opened(settings: str | None) -> Iterator[tuple[Wiring, Database]]:
    """The channels and their database, closed afterwards.

    Args:
        settings: the settings file, as the user named it.
    """
    from einvoice.service.channels import load

    wiring = load(settings)
    database = wiring.database()
    try:
        yield wiring, database
    finally:
        database.close()
