# SPDX-License-Identifier: Apache-2.0
"""What the commands about sending and receiving have in common: where the settings are, and how a message is told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from einvoice.cli.terminal import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.service.channels import Wiring
    from einvoice.store.database import Database
    from einvoice.store.inbox import Received
    from einvoice.store.outbox import Message

F = TypeVar("F", bound="Callable[..., Any]")


def with_settings(function: F) -> F:
    """The option that names the settings file."""
    return click.option(
        "--settings", metavar="FILE", help="The channels; by default EINVOICE_SETTINGS, else einvoice.toml here."
    )(function)


def one_message(message: Message) -> str:
    """A message of the outbox in one line."""
    parts = [f"{message.id[:8]} {message.state:<9} {message.channel}", visible(message.number or "-")]
    parts.append(f"to {visible(message.receiver or '-')}")
    if message.attempts:
        parts.append(f"{message.attempts} attempt{'s' if message.attempts > 1 else ''}")
    if message.code:
        parts.append(visible(message.code))
    if message.detail and message.state != "delivered":
        parts.append(visible(message.detail)[:300])
    return "  ".join(parts)


def one_arrival(received: Received) -> str:
    """A document of the inbox in one line."""
    sender = str(received.about.get("sender") or received.sender).rpartition("::")[2]
    taken = "taken" if received.taken else "new"
    moment = f"{received.received:%Y-%m-%d %H:%M:%S}"
    return f"{received.id[:8]} {taken:<5} {received.channel}  from {visible(sender)}  {moment}"


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
