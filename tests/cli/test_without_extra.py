# SPDX-License-Identifier: Apache-2.0
"""Without the extra ``transport`` every command that needs it says which pip command brings it, and none crashes."""

from __future__ import annotations

import subprocess
import sys

CALLS = """
import sys
for name in ("aiosmtpd", "alembic", "cryptography", "dns", "psycopg", "sqlalchemy"):
    sys.modules[name] = None  # as if it were not installed
import click
from click.testing import CliRunner
from einvoice.cli import main

def leaves(command, words):
    if not isinstance(command, click.Group):
        yield words, command
        return
    for name in command.list_commands(click.Context(command)):
        yield from leaves(command.get_command(click.Context(command), name), (*words, name))

values = {"--status": ["--status", "AP"], "--as4": ["--as4"], "-o": ["-o", "out"]}
for words, command in leaves(main, ()):
    options = {option for each in command.params for option in each.opts}
    if words[0] != "testbed" and "--settings" not in options:
        continue
    asked = [word for each in command.params if each.required for word in values.get(each.opts[0], ["."])]
    done = CliRunner().invoke(main, [*words, *asked])
    named = "pip install 'einvoice[transport]'" in done.output
    print(" ".join(words), done.exit_code, named, type(done.exception).__name__)
"""


def test_every_command_names_the_extra_that_is_missing() -> None:
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True, check=True)
    said = dict(line.partition(" 2 True ")[::2] for line in done.stdout.splitlines())
    assert {"send", "receive", "worker", "respond", "serve", "outbox list", "inbox take", "testbed init"} <= said.keys()
    assert set(said.values()) == {"SystemExit"}, done.stdout
