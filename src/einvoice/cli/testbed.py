# SPDX-License-Identifier: Apache-2.0
"""``einvoice testbed``: a network of two access points on one machine, to try everything without risk."""

from __future__ import annotations

from pathlib import Path

import click

from einvoice.cli.posting import with_extra
from einvoice.cli.terminal import say, visible


@click.group("testbed")
def command() -> None:
    """A network of two access points on one machine, to try everything without the real one."""


@command.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--port", default=18440, show_default=True, help="The first of six ports that are used.")
@with_extra
def init(*, folder: Path, port: int) -> None:
    """Make authorities, certificates and settings for the access points a and b in DIR."""
    from einvoice.service.testbed import POINTS
    from einvoice.service.testbed import init as lay_out

    for path, (name, participant) in zip(lay_out(folder, first_port=port), POINTS.values(), strict=True):
        say(f"{visible(str(path))}: access point {name}, receives for {participant}")


@command.command("up")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True))
@with_extra
def up(*, folder: Path) -> None:
    """Run DNS, publisher, both access points and a mail server of DIR on loopback, until it is stopped."""
    import threading

    from einvoice.service.testbed import MAIL, run

    running = run(folder)
    try:
        say(f"the network of {visible(str(folder))} runs; send with")
        settings = visible(str(folder / "a.toml"))
        say(f"    einvoice send INVOICE --to 9915:b --settings {settings}")
        say(f"    einvoice send INVOICE --to mailto:b@{MAIL} --settings {settings}")
        threading.Event().wait()
    finally:
        running.stop()


@command.command("revoke")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True))
@click.argument("name", metavar="NAME")
@with_extra
def revoke(*, folder: Path, name: str) -> None:
    """Take the certificate of a, of b or of the publisher (smp) back, to see what happens."""
    from einvoice.service.testbed import revoke as take_back

    take_back(folder, name)
    say(f"the certificate of {visible(name)} is revoked: einvoice send and serve hear of it within ten minutes")
