# SPDX-License-Identifier: Apache-2.0
"""The command line. Each command is a module of its own, and is imported when it is called."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from einvoice import __version__
from einvoice.errors import EinvoiceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMMANDS: Final[Mapping[str, str]] = {
    "convert": "Turn invoices and ERP exports into UBL, CII, Factur-X, JSON or EDIFACT.",
    "batch": "Convert very many invoices on all cores, and go on where it stopped.",
    "validate": "Check invoices against the official schemas and rules.",
    "fix": "Repair what can be repaired with certainty, and show each repair.",
    "map": "Propose, explain and test mappings of ERP exports.",
    "embed": "Put an invoice into the PDF that shows it: a Factur-X file.",
    "extract": "Take the invoice and all other attachments out of hybrid PDFs.",
    "show": "Show what an invoice says, readable for people.",
    "render": "Draw invoices as pages: PDF for the archive, HTML for the screen.",
    "explain": "Say what a business term, group or rule means.",
    "rules": "What einvoice checks.",
    "send": "Send invoices to a receiver of Peppol's network or into a folder, with proof.",
    "outbox": "What went out, where it stands, and the proof.",
    "receive": "Bring the invoices that came by e-mail into the inbox.",
    "inbox": "What came in: listed, and handed on.",
    "respond": "Tell the seller what becomes of an invoice that came in.",
    "archive": "What was sent and received: found again, proven unchanged, handed over.",
    "worker": "Go on with what is in the outbox.",
    "serve": "Be an access point that receives.",
    "testbed": "A network of two access points on one machine, to try everything.",
    "crosscheck": "Compare the rules of einvoice with a publisher's compiled Schematron.",
}
"""The commands and what they do, in the order of ``einvoice --help``; the help needs no command to be imported."""

INTERRUPTED: Final = 130
_ALLOCATIONS: Final = 50_000
"""Objects that are made before the garbage collector looks, where Python says 700 or 2,000."""


class Commands(click.Group):
    """A group that imports a command only when it is called."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - what click takes and returns
        """Run what the user wrote, with a garbage collector that looks less often.

        Modules and invoices are hundreds of thousands of objects that stay; looking through them again and again is a
        twentieth of the time of a short command.
        """
        before = gc.get_threshold()
        gc.set_threshold(_ALLOCATIONS, *before[1:])
        try:
            return super().main(*args, **kwargs)
        finally:
            gc.set_threshold(*before)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:  # noqa: ANN401 - what click takes
        """Read what the user wrote; what is told at once, the help and the version, may find no room."""
        try:
            with _told():
                return super().make_context(*args, **kwargs)
        except EinvoiceError as error:
            _refuse(error)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order in which a newcomer meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"einvoice.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which ones there are."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}; there are {', '.join(COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - what click returns
        """Run a command; what einvoice refuses is one sentence and an exit status, never a traceback."""
        from einvoice.cli.terminal import flush

        try:
            try:
                with _told():
                    return super().invoke(ctx)
            finally:
                flush()
        except EinvoiceError as error:
            _refuse(error)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)


@contextmanager
def _told() -> Iterator[None]:
    """Writing help by click itself, which lets a full disk be a traceback.

    Raises:
        OutputError: standard output cannot be written.
    """
    from einvoice.cli.terminal import standard_output

    try:
        yield
    except OSError as error:
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        if at is None or at.tb_frame.f_code is not click.echo.__code__:
            raise  # it is not standard output that failed
        with standard_output():
            raise


def _refuse(error: EinvoiceError) -> NoReturn:
    from einvoice.cli.terminal import complain
    from einvoice.service.status import status_of

    if os.environ.get("EINVOICE_DEBUG"):
        raise error
    complain(str(error))
    sys.exit(status_of(error))


def _version(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    del parameter
    if not value or ctx.resilient_parsing:
        return
    click.echo(f"einvoice {__version__}")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Print the version and leave."
)
def main() -> None:
    """E-invoices by EN 16931: written from ERP exports, read, checked and converted.

    Exit status: 0 valid or done, 1 fatal findings, 2 wrong usage, 3 an input that cannot be read, 4 undetermined.
    """
