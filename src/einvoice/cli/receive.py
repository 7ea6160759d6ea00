# SPDX-License-Identifier: Apache-2.0
"""``einvoice receive``: what came by e-mail, and what providers took, goes into the inbox."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from einvoice.cli.posting import one_arrival, opened, with_settings
from einvoice.cli.terminal import complain, say, visible

if TYPE_CHECKING:
    from einvoice.service.collect import Collected
    from einvoice.service.settings import Settings
    from einvoice.store.inbox import Inbox


@click.command("receive")
@with_settings
def command(*, settings: str | None) -> None:
    """Bring what came by e-mail and to providers into the inbox, bounces and answers to the messages they are about.

    Of e-mail the content decides what is an invoice: XML and PDF attachments, also of forwarded messages. A message is
    flagged on the server, and a document acknowledged to its provider, after it was kept; what came before is not kept
    twice. A provider that does not answer keeps the others from nothing.
    """
    from einvoice.errors import TransportError
    from einvoice.service.pickup import sources
    from einvoice.service.reception import told
    from einvoice.service.settings import Settings
    from einvoice.service.status import Status
    from einvoice.store.inbox import Inbox

    silent, limits = False, Settings.from_environment()
    with opened(settings) as (wiring, database):
        inbox = Inbox(database)
        for channel, source in sources(wiring, database):
            try:
                for found in source:
                    _say(found, inbox, limits)
            except TransportError as error:
                complain(f"{channel}: {error}")
                silent = True
        for received, noted in wiring.reception(database).attend():
            if told(noted):
                say(f"{received.id[:8]} {visible(told(noted))[:300]}")
    if silent:
        sys.exit(Status.UNDETERMINED)


def _say(found: Collected, inbox: Inbox, limits: Settings) -> None:
    from einvoice.service.inbox_facts import facts

    for arrival in map(inbox.get, found.arrivals):
        say(one_arrival(arrival, facts(arrival, inbox, limits)))
    if found.known:
        say(f"message {visible(found.uid)}: {found.known} known already")
    if found.bounced is not None:
        say(f"{found.bounced[:8]} was not delivered, says message {visible(found.uid)}")
    if found.note:
        say(f"message {visible(found.uid)}: {visible(found.note)}")
