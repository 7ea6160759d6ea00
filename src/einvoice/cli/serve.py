# SPDX-License-Identifier: Apache-2.0
"""``einvoice serve``: the access point that receives."""

from __future__ import annotations

import click

from einvoice.cli.posting import opened, with_settings
from einvoice.cli.terminal import say


@click.command("serve")
@click.option("--as4", is_flag=True, required=True, help="Be an access point of AS4.")
@with_settings
def command(*, as4: bool, settings: str | None) -> None:
    """Receive documents, until it is stopped; einvoice inbox shows them.

    Document and receipt are stored before the receipt is given. It may be killed at any moment.
    """
    del as4  # the only thing there is to serve yet
    with opened(settings) as (wiring, database):
        point = wiring.access_point(database)
        server = wiring.server(point)
        host, port = server.server_address[:2]
        say(f"access point {point.identity.name} listens at {host!s}:{port}/as4")
        with server, wiring.reception(database).beside():
            server.serve_forever(poll_interval=0.2)
