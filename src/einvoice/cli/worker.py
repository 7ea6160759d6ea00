# SPDX-License-Identifier: Apache-2.0
"""``einvoice worker``: goes on with what is in the outbox."""

from __future__ import annotations

from contextlib import nullcontext

import click

from einvoice.cli.posting import one_message, opened, with_settings
from einvoice.cli.terminal import complain, say


@click.command("worker")
@click.option("--once", is_flag=True, help="End when nothing is due.")
@with_settings
def command(*, once: bool, settings: str | None) -> None:
    """Send what is due in the outbox, message after message, until it is stopped.

    What came in is attended to as well: answers find their messages, and senders get the status that they ask for.
    Several workers on one database, also on several machines, share the work; none takes what another one has.
    A worker may be killed at any moment: the next one goes on with the same bytes.
    """
    from einvoice.service import crew
    from einvoice.service.courier import Courier
    from einvoice.store.outbox import Outbox

    with opened(settings) as (wiring, database):
        reception = wiring.reception(database)
        courier = Courier(Outbox(database), wiring.submitters(), form=wiring.lookup().form, tell=complain)
        if once:
            for _ in reception.attend():
                pass
        with nullcontext() if once else reception.beside():
            for message in crew.work(courier, once=once):
                say(one_message(message))
