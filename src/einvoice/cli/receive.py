# SPDX-License-Identifier: Apache-2.0
"""``einvoice receive``: what came by e-mail goes into the inbox."""

from __future__ import annotations

import click

from einvoice.cli.posting import opened, with_settings
from einvoice.cli.terminal import say, visible


@click.command("receive")
@with_settings
def command(*, settings: str | None) -> None:
    """Bring the invoices that came by e-mail into the inbox, bounces and answers to the messages they are about.

    The content decides what is an invoice: XML and PDF attachments, also of forwarded messages. A message is flagged
    on the server after its attachments were kept; what came before is not kept twice.
    """
    from einvoice.service.collect import collect
    from einvoice.service.reception import told

    with opened(settings) as (wiring, database):
        for found in collect(wiring.mailbox(), database):
            for arrival in found.arrivals:
                say(f"{arrival[:8]} new   email")
            if found.known:
                say(f"message {found.uid}: {found.known} known already")
            if found.bounced is not None:
                say(f"{found.bounced[:8]} was not delivered, says message {found.uid}")
            if found.note:
                say(f"message {found.uid}: {found.note}")
        for received, noted in wiring.reception(database).attend():
            if told(noted):
                say(f"{received.id[:8]} {visible(told(noted))[:300]}")
