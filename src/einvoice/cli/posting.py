# SPDX-License-Identifier: Apache-2.0
"""What the commands about sending and receiving have in common: where the settings are, and how a message is told."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from einvoice.cli.terminal import complain, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.service.channels import Wiring
    from einvoice.store.answers import Current
    from einvoice.store.database import Database
    from einvoice.store.inbox import Received
    from einvoice.store.outbox import Message

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


def delivered(message: Message, wiring: Wiring, database: Database, *, queue: bool) -> tuple[Message, Any]:
    """Bring a message that was just taken as far as it goes now.

    Args:
        message: the message.
        wiring: the channels.
        database: where the outbox is.
        queue: whether it is left to the worker.

    Returns:
        The message as it stands then, and the exit status that tells so.
    """
    from einvoice.service.courier import Courier
    from einvoice.service.status import Status
    from einvoice.store.outbox import Outbox
    from einvoice.store.tables import State

    outbox = Outbox(database)
    ended = message.state in {State.DELIVERED, State.REJECTED, State.FAILED, State.HELD}
    if not queue and not ended:
        for _ in Courier(outbox, wiring.submitters()).run(once=True):
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
    if queue or message.state in {State.DELIVERED, State.ACCEPTED}:
        return message, Status.DONE
    return message, Status.FATAL if lost else Status.UNDETERMINED


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


def one_arrival(received: Received, told: str = "") -> str:
    """A document of the inbox in one line.

    Args:
        received: the document.
        told: what it was found to be.
    """
    sender = str(received.about.get("sender") or received.sender).rpartition("::")[2]
    taken = "taken" if received.taken else "new"
    moment = f"{received.received:%Y-%m-%d %H:%M:%S}"
    line = f"{received.id[:8]} {taken:<5} {received.channel}  from {visible(sender)}  {moment}"
    return f"{line}  {visible(told)[:300]}" if told else line


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
