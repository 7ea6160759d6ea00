# SPDX-License-Identifier: Apache-2.0
"""``einvoice inbox``: what came in."""

from __future__ import annotations

import click

from einvoice.cli.posting import one_arrival, opened, with_settings
from einvoice.cli.terminal import say, visible


@click.group("inbox")
def command() -> None:
    """What came in: listed, and handed on."""


@command.command("list")
@click.option("--new", is_flag=True, help="Only what nobody has taken yet.")
@with_settings
def list_documents(*, new: bool, settings: str | None) -> None:
    """List the documents, the oldest first, and what those answer that are answers; duplicates are not listed."""
    from einvoice.service.reception import told
    from einvoice.store.answers import Answers
    from einvoice.store.inbox import Inbox

    with opened(settings) as (_, database):
        answers = Answers(database)
        for received in Inbox(database).find(new=new):
            say(one_arrival(received, told(answers.of(received.id))))


@command.command("take")
@click.option("-o", "--output", required=True, metavar="DIR", help="The folder that the documents go to.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@with_settings
def take(*, output: str, force: bool, settings: str | None) -> None:
    """Write every new document to a folder, and note that it was taken.

    A document is noted as taken after its file is there; after a crash in between it is written again.
    """
    from pathlib import Path

    from einvoice.service.files import write_file
    from einvoice.store.inbox import Inbox

    with opened(settings) as (_, database):
        inbox = Inbox(database)
        for received in inbox.find(new=True):
            content = inbox.content(received)
            path = Path(output) / f"{received.id}{'.pdf' if content.startswith(b'%PDF-') else '.xml'}"
            if not (path.is_file() and path.read_bytes() == content):
                write_file(path, content, force=force)
            inbox.take(received.id)
            say(f"{one_arrival(received)} -> {visible(str(path))}")
