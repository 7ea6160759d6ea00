# SPDX-License-Identifier: Apache-2.0
"""``einvoice respond``: says to the seller what becomes of an invoice that came in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from einvoice.cli.posting import delivered, one_message, opened, refused, with_settings
from einvoice.cli.terminal import complain, put, say, visible

if TYPE_CHECKING:
    from einvoice.service.channels import Wiring
    from einvoice.service.respond import Answered, Asked, Wish
    from einvoice.store.database import Database


@click.command("respond")
@click.argument("identifier", metavar="INBOX-ID")
@click.option(
    "--status",
    required=True,
    metavar="CODE",
    help="AB received, IP in process, UQ under query, CA conditionally accepted, RE rejected, AP accepted, PD paid.",
)
@click.option(
    "--reason", "reasons", multiple=True, metavar="CODE", help="Why: REF, LEG, PRI, QTY, OTH ...; again for more."
)
@click.option(
    "--action", "actions", multiple=True, metavar="CODE", help="What is asked for: NOA, PIN, NIN, CNF, CNP ..."
)
@click.option("--note", metavar="TEXT", help="In words; what OTH and PPD mean.")
@click.option(
    "--proposal",
    "proposals",
    multiple=True,
    metavar="BT-N=VALUE",
    help="What would be right, such as BT-48=EU12345; again for more.",
)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Since when; 2026-11-22.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["ubl", "cdar"]),
    default="ubl",
    show_default=True,
    help="Peppol's Invoice Response, or the CDAR of France, for an invoice that came through a platform there.",
)
@click.option(
    "-o", "--output", metavar="FILE", help="Write the answer to a file and send nothing; - for standard output."
)
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@click.option("--dry-run", is_flag=True, help="Make and check the answer, print it, and send nothing.")
@click.option("--queue", is_flag=True, help="Put it into the outbox only; einvoice worker sends it.")
@with_settings
def command(*, identifier: str, settings: str | None, **options: Any) -> None:  # noqa: ANN401 - the values
    """Answer an invoice of the inbox: it is accepted, rejected, under query, paid.

    INBOX-ID is what einvoice inbox list shows, or the beginning of it. The same answer twice is one message; an answer
    that contradicts an earlier one (a rejected invoice is not accepted later) is refused, as BIS 63 asks.

    Exit status: 0 delivered, queued or written, 1 refused, 2 wrong usage, 3 the document is no invoice, 4 not delivered
    yet.
    """
    from einvoice.errors import EinvoiceError
    from einvoice.service.respond import Wish

    day = options["day"]
    wish = Wish(
        status=options["status"].upper(),
        reasons=tuple(each.upper() for each in options["reasons"]),
        actions=tuple(each.upper() for each in options["actions"]),
        note=options["note"],
        proposals=tuple(map(_proposal, options["proposals"])),
        effective=day.date() if day else None,
    )
    try:
        status = _answer(identifier, wish, settings, options)
    except EinvoiceError as error:
        complain(str(error))
        status = refused(error)
    sys.exit(status)


def _answer(identifier: str, wish: Wish, settings: str | None, options: dict[str, Any]) -> Any:  # noqa: ANN401 - a status
    from einvoice.service.respond import ask, enqueue
    from einvoice.service.settings import Settings
    from einvoice.service.status import Status

    with opened(settings) as (wiring, database):
        asked = ask(identifier, database, Settings.from_environment())
        if options["output"]:
            _write(_document(asked, wish, options["form"]), options["output"], force=options["force"])
            return Status.DONE
        ready = _ready(asked, wish, wiring, database, options["form"])
        if options["dry_run"]:
            put(ready.document)
            return Status.DONE
        put_off = f"the answer to {asked.number}: {ready.order.put_off[1]}" if ready.order.put_off else ""
        message = enqueue(ready, database)
        message, status = delivered(message, wiring, database, queue=options["queue"], put_off=put_off)
        say(one_message(message))
    return status


def _document(asked: Asked, wish: Wish, form: str) -> bytes:
    from einvoice.bind.response import write
    from einvoice.service.life_cycle import answered
    from einvoice.service.respond import make

    return answered(asked, wish) if form == "cdar" else write(make(asked, wish))


def _ready(asked: Asked, wish: Wish, wiring: Wiring, database: Database, form: str) -> Answered:
    from einvoice.service import life_cycle, respond

    if form == "cdar":
        return life_cycle.prepare(asked, wish, wiring)
    return respond.prepare(asked, wish, wiring, database)


def _proposal(text: str) -> tuple[str, str]:
    term, sign, value = text.partition("=")
    if not (sign and term.strip() and value.strip()):
        raise click.BadParameter(f"{text!r} is not of the form BT-48=EU12345", param_hint="--proposal")
    return term.strip(), value.strip()


def _write(document: bytes, output: str, *, force: bool) -> None:
    from pathlib import Path

    from einvoice.service.files import write_file

    if output == "-":
        put(document)
        return
    write_file(Path(output), document, force=force)
    say(f"{visible(output)}: the answer, not sent")
