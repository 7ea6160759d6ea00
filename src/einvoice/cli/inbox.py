# SPDX-License-Identifier: Apache-2.0
"""``einvoice inbox``: what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from einvoice.cli.listing import arrival_object, print_list, with_format
from einvoice.cli.posting import one_arrival, opened, with_settings
from einvoice.cli.terminal import say, visible

if TYPE_CHECKING:
    from einvoice.store.inbox import Received

_MOST: Final = 1_000_000_000
"""More than any inbox holds, and less than a database counts to."""


@click.group("inbox")
def command() -> None:
    """What came in: listed, and handed on."""


@command.command("list")
@click.option("--new", is_flag=True, help="Only what nobody has taken yet.")
@click.option(
    "--limit",
    type=click.IntRange(1, _MOST),
    default=100,
    show_default=True,
    metavar="N",
    help="At most N of them; standard error says how many more there are.",
)
@with_format
@with_settings
def list_documents(*, new: bool, limit: int, form: str, settings: str | None) -> None:
    """List the documents, the newest first, and what those answer that are answers; duplicates are not listed."""
    from einvoice.service.inbox_facts import facts
    from einvoice.service.reception import told
    from einvoice.service.settings import Settings
    from einvoice.store.answers import Answers
    from einvoice.store.inbox import Inbox

    with opened(settings) as (_, database):
        inbox, answers, limits = Inbox(database), Answers(database), Settings.from_environment()

        def row(received: Received) -> tuple[str, dict[str, Any]]:
            said, noted = facts(received, inbox, limits), answers.of(received.id)
            return one_arrival(received, said, told(noted)), arrival_object(received, said, noted)

        found, more = inbox.latest(limit, new=new)
        print_list(map(row, found), form)
        if more:
            all_of_them = f"--limit {len(found) + more} lists all"
            say(f"{more} more, which came before these: {all_of_them}", to_stderr=True)


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
    from einvoice.service.inbox_facts import facts
    from einvoice.service.settings import Settings
    from einvoice.store.inbox import Inbox

    with opened(settings) as (_, database):
        inbox, limits = Inbox(database), Settings.from_environment()
        for received in inbox.find(new=True):
            content = inbox.content(received)
            path = Path(output) / f"{received.id}{'.pdf' if content.startswith(b'%PDF-') else '.xml'}"
            if not (path.is_file() and path.read_bytes() == content):
                write_file(path, content, force=force)
            inbox.take(received.id)
            say(f"{one_arrival(received, facts(received, inbox, limits))} -> {visible(str(path))}")
