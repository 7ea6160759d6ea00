# SPDX-License-Identifier: Apache-2.0
"""``einvoice archive``: found again, proven unchanged, handed over."""

from __future__ import annotations

import sys

import click

from einvoice.cli.listing import message_object, print_list, with_format
from einvoice.cli.posting import one_message, opened, with_settings
from einvoice.cli.terminal import complain, put, say, visible


@click.group("archive")
def command() -> None:
    """What was sent and received, byte for byte: found again, proven unchanged, handed over."""


@command.command("find")
@click.option("--number", metavar="BT-1", help="The number of the invoice.")
@click.option("--seller", metavar="BT-31|BT-27", help="The seller, by VAT identifier or name.")
@click.option("--receiver", metavar="PARTICIPANT", help="The receiver.")
@with_format
@with_settings
def find(*, number: str | None, seller: str | None, receiver: str | None, form: str, settings: str | None) -> None:
    """Find invoices that were sent."""
    from einvoice.store.outbox import Outbox

    with opened(settings) as (_, database):
        found = Outbox(database).find(number=number, seller=seller, receiver=receiver)
        texts = (f"{one_message(each)}\n    {each.created:%Y-%m-%d}  SHA-256 {each.payload}" for each in found)
        print_list(zip(texts, map(message_object, found), strict=True), form)


@command.command("verify")
@with_settings
def verify(*, settings: str | None) -> None:
    """Prove that no document and no event was changed, and print the hash of the last event.

    Keep that hash somewhere else: it proves later that nothing was cut off at the end.
    """
    from einvoice.store import archive, ledger

    with opened(settings) as (_, database), database.read() as connection:
        broken = ledger.broken_at(connection)
        damaged = list(archive.damaged(connection))
        count, head = ledger.head(connection)
    for digest in damaged:
        complain(f"document {digest} was changed")
    if broken is not None:
        complain(f"event {broken} does not follow from the one before")
    if damaged or broken is not None:
        sys.exit(1)
    say(f"unchanged: {count} events, the last one {head}")


@command.command("export")
@click.argument("digest", metavar="SHA256")
@click.option("-o", "--output", metavar="FILE", help="A file; by default standard output.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@with_settings
def export(*, digest: str, output: str | None, force: bool, settings: str | None) -> None:
    """Hand over a document, byte for byte."""
    from pathlib import Path

    from einvoice.service.files import write_file
    from einvoice.store import archive

    with opened(settings) as (_, database), database.read() as connection:
        content = archive.get(connection, digest)
    if output is None:
        put(content)
    else:
        write_file(Path(output), content, force=force)
        say(visible(output))
