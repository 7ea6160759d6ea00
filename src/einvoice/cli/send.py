# SPDX-License-Identifier: Apache-2.0
"""``einvoice send``: to the receiver's access point or into a folder, with proof."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from einvoice.cli.posting import delivered, named, one_message, refused, with_settings
from einvoice.cli.terminal import complain, say, visible

if TYPE_CHECKING:
    from einvoice.service.channels import Wiring
    from einvoice.service.send import Ready


@click.command("send")
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@click.option("--to", metavar="WHO", help="The receiver: 0208:0123456789, or mailto:ap@example.org; by default BT-49.")
@click.option(
    "--via",
    "channel",
    metavar="CHANNEL",
    default="as4",
    show_default=True,
    help="Over which channel: as4, email, folder, or the name of a provider of the settings.",
)
@click.option(
    "--as",
    "form",
    type=click.Choice(["facturx"]),
    help="Send it as a Factur-X PDF, which is drawn of it; by e-mail and into a folder.",
)
@click.option("--dry-run", is_flag=True, help="Look up, convert and judge, print the plan, and send nothing.")
@click.option("--queue", is_flag=True, help="Put it into the outbox only; einvoice worker sends it.")
@click.option("--force", is_flag=True, help="Send an invoice that is not valid; that is written down.")
@with_settings
def command(*, sources: tuple[str, ...], settings: str | None, **options: Any) -> None:  # noqa: ANN401 - the values
    """Send invoices: find out what the receiver takes, convert to it, check it, deliver it, keep the proof.

    The same invoice sent twice is one message. A number that was sent with other content is refused. What was not
    delivered at once stays in the outbox, and einvoice worker goes on with it.

    Exit status: 0 delivered or queued, 1 refused or not valid, 2 wrong usage, 3 an input that cannot be read, 4 not
    delivered yet.
    """
    from einvoice.errors import EinvoiceError
    from einvoice.service.channels import load
    from einvoice.service.send import Wanted, check, prepare
    from einvoice.service.settings import Settings
    from einvoice.service.sources import expand
    from einvoice.service.status import overall

    wiring = load(settings)
    wanted = Wanted(
        channel=options["channel"], to=options["to"], force=options["force"], as_pdf=options["form"] == "facturx"
    )
    check(wanted, wiring, queue=options["queue"] or options["dry_run"])
    limits = Settings.from_environment()
    reached = []
    for source in expand(sources):
        try:
            ready = prepare(source, wanted, wiring, limits)
            _say_plan(ready)
            reached.append(_planned(ready) if options["dry_run"] else _sent(ready, wiring, queue=options["queue"]))
        except EinvoiceError as error:
            complain(named(source, error))
            reached.append(refused(error))
    sys.exit(overall(reached))


def _planned(ready: Ready) -> Any:  # noqa: ANN401 - a status, imported late
    from einvoice.service.status import Status

    if ready.put_off is None:
        return Status.DONE
    complain(named(ready.source, ready.put_off))
    return Status.UNDETERMINED


def _say_plan(ready: Ready) -> None:
    plan = ready.plan
    if plan is None:
        return
    claims = plan.document_type.value.partition("##")[2] or plan.document_type.value
    say(f"{visible(ready.source)}: {visible(claims)} in {plan.syntax}")
    for why in plan.passed_over:
        say(f"    not as {visible(why)[:400]}")
    if plan.changed:
        say(f"    converted; {len(plan.losses)} values have no place in it")
        for loss in plan.losses:
            say(f"    lost      {visible(loss.path)}: {visible(str(loss.value))[:100]}")
    say(f"    judged    {plan.report.verdict}" + (" (sent all the same: --force)" if ready.forced else ""))


def _sent(ready: Ready, wiring: Wiring, *, queue: bool) -> Any:  # noqa: ANN401 - a status, imported late
    from einvoice.service.send import enqueue

    database = wiring.database()
    try:
        put_off = named(ready.source, ready.put_off) if ready.put_off is not None else ""
        message, status = delivered(enqueue(ready, database), wiring, database, queue=queue, put_off=put_off)
        say(one_message(message))
    finally:
        database.close()
    return status
