# SPDX-License-Identifier: Apache-2.0
"""``einvoice outbox``: what went out, where it stands, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from einvoice.cli.listing import message_object, print_list, with_format
from einvoice.cli.posting import moment, one_message, opened, with_settings
from einvoice.cli.terminal import put, say, visible

if TYPE_CHECKING:
    from einvoice.store.answers import Current
    from einvoice.store.database import Database
    from einvoice.store.outbox import Message, Outbox


@click.group("outbox")
def command() -> None:
    """What went out, where it stands, and the proof."""


@command.command("list")
@click.option("--state", metavar="STATE", help="Only those that stand there: queued, in-doubt, delivered ...")
@click.option("--number", metavar="BT-1", help="Only the invoice with this number.")
@click.option("--answer", metavar="CODE", help="Only those that were answered with this: RE, AP, PD, 210 ...")
@with_format
@with_settings
def list_messages(
    *, state: str | None, number: str | None, answer: str | None, form: str, settings: str | None
) -> None:
    """List the messages, the oldest first, with what receivers and their access points said of them."""
    from einvoice.store.answers import Answers, Current

    wanted = _state(state) if state is not None else None
    with opened(settings) as (_, database):
        found = _outbox(database).find(state=wanted, number=number)
        answers = Answers(database).current([each.id for each in found])

        def row(message: Message) -> tuple[str, dict[str, Any]]:
            current = answers.get(message.id)
            return one_message(message, current), message_object(message, current)

        listed = (
            each for each in found if answer is None or answer.upper() in answers.get(each.id, Current()).statuses
        )
        print_list(map(row, listed), form)


def _state(named: str) -> str:
    """A state that there is; a typo must not look like an empty outbox."""
    from einvoice.errors import UnknownNameError
    from einvoice.importers.wording import nearest
    from einvoice.store.tables import State

    known = [str(each) for each in State]
    if named.lower() not in known:
        raise UnknownNameError(
            f"--state: there is no state {named!r}{nearest(named, known)}; there are {', '.join(known)}", code="STATE"
        )
    return named.lower()


@command.command("show")
@click.argument("identifier", metavar="ID")
@click.option(
    "--as", "form", type=click.Choice(["story", "cdar"]), default="story", help="cdar: the French life cycle instead."
)
@click.option("-o", "--output", metavar="FILE", help="With --as cdar: write what the platform itself says, as CDAR.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@with_settings
def show(*, identifier: str, form: str, output: str | None, force: bool, settings: str | None) -> None:
    """Show one message with every step of its way; ID may be the beginning of it."""
    from einvoice.store import ledger
    from einvoice.store.answers import Answers

    with opened(settings) as (_, database):
        outbox = _outbox(database)
        message = outbox.get(identifier)
        current = Answers(database).current([message.id]).get(message.id)
        if form == "cdar":
            _life_cycle(message, current, database, output, force=force)
            return
        say(one_message(message, current))
        say(f"    id        {message.id}")
        say(f"    document  SHA-256 {message.payload}")
        for name, value in sorted(message.request.items()):
            say(f"    {name:<9} {visible(str(value))}")
        with database.read() as connection:
            for event in ledger.read(connection, message.id):
                told = "  ".join(visible(str(each))[:200] for each in event.data.values() if each)
                say(f"    {moment(event.at)}  {event.kind:<10} {told}")


def _life_cycle(
    message: Message, current: Current | None, database: Database, output: str | None, *, force: bool
) -> None:
    """Say which statuses of the French life cycle a message has reached, or write the one that is its platform's."""
    from pathlib import Path

    from einvoice.service.files import write_file
    from einvoice.service.life_cycle import transmitted
    from einvoice.service.projection import projected
    from einvoice.service.settings import Settings
    from einvoice.store.answers import Current

    if output is not None:
        write_file(Path(output), transmitted(message, database, Settings.from_environment()), force=force)
        say(f"{visible(output)}: the status of {message.id[:8]}")
        return
    for each in projected(message, current or Current()):
        told = "  ".join(part for part in (each.reason, each.told) if part)
        say(f"{each.code}  {each.name:<24} {moment(each.at)}" + (f"  {visible(told)[:300]}" if told else ""))


@command.command("retry")
@click.argument("identifier", metavar="ID")
@with_settings
def retry(*, identifier: str, settings: str | None) -> None:
    """Let a message go on now: the same bytes, under the same identifiers."""
    with opened(settings) as (_, database):
        outbox = _outbox(database)
        say(one_message(outbox.release(outbox.get(identifier).id, hold=False)))


@command.command("hold")
@click.argument("identifier", metavar="ID")
@with_settings
def hold(*, identifier: str, settings: str | None) -> None:
    """Stop a message until retry lets it go on."""
    with opened(settings) as (_, database):
        outbox = _outbox(database)
        say(one_message(outbox.release(outbox.get(identifier).id, hold=True)))


@command.command("evidence")
@click.argument("identifier", metavar="ID")
@click.option("-o", "--output", metavar="FILE", help="A ZIP; by default the last receipt goes to standard output.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@with_settings
def evidence(*, identifier: str, output: str | None, force: bool, settings: str | None) -> None:
    """Hand over the proof of a message: document, bytes on the wire, metadata, all answers, events and hashes."""
    from pathlib import Path

    from einvoice.service.files import write_file
    from einvoice.service.proof import bundle, last_answer

    with opened(settings) as (_, database):
        message = _outbox(database).get(identifier)
        if output is None:
            put(last_answer(database, message))
        else:
            write_file(Path(output), bundle(database, message), force=force)
            say(f"{visible(output)}: the proof of {message.id}")


def _outbox(database: Database) -> Outbox:
    from einvoice.store.outbox import Outbox

    return Outbox(database)
