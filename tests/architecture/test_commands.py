# SPDX-License-Identifier: Apache-2.0
"""Every command explains itself in the terminal and is documented in the README."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click
import pytest

from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


def walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """A command and everything below it, each with the words a user types."""
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from walk(below, f"{path} {name}")


def commands() -> dict[str, click.Command]:
    """All commands by the words a user types; none before the room is built."""
    if find_spec("einvoice.cli") is None:
        return {}
    return dict(walk(importlib.import_module("einvoice.cli").main, "einvoice"))


@pytest.mark.skipif(find_spec("einvoice.cli") is None, reason="the cli room is not built yet")
def test_the_commands_of_the_contract_exist() -> None:
    assert {f"einvoice {verb}" for verb in ("convert", "validate", "show", "explain")} <= set(commands())


def test_every_command_has_help() -> None:
    silent = [path for path, command in commands().items() if not (command.help or "").strip()]
    assert not silent


def test_every_option_has_help() -> None:
    silent = [
        f"{path} {option.opts[0]}"
        for path, command in commands().items()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert not silent


def test_every_command_is_documented_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [
        path for path, command in commands().items() if not isinstance(command, click.Group) and path not in readme
    ]
    assert not missing
