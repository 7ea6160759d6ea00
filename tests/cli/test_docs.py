# SPDX-License-Identifier: Apache-2.0
"""The documentation shows what really happens: its commands are run, and its Python too."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import einvoice
from tests.architecture.house import ROOT

PAGES = ("README.md", "docs/cli.md", "docs/official.md", "docs/reports.md")
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
LEFT_OUT = "[...]"


def sessions(page: str) -> list[tuple[str, str]]:
    """The commands of a page and what they print, in their order."""
    text = "".join(BLOCK.findall((ROOT / page).read_text(encoding="utf-8")))
    found = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command = f"{command[:-1]}{more}"
        found.append((command, output))
    return found


def matches(shown: str, printed: str) -> bool:
    """Whether what a page shows is what was printed; ``[...]`` stands for lines that the page leaves out."""
    pattern = ".*".join(re.escape(part) for part in shown.strip("\n").split(LEFT_OUT))
    text = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, text, re.DOTALL) is not None


@pytest.mark.e2e
@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_print_what_it_shows(page: str, tmp_path: Path) -> None:
    pytest.importorskip("pikepdf")
    pytest.importorskip("typst")
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": search, "COLUMNS": "80"}
    shown = sessions(page)
    assert shown
    for command, output in shown:
        done = subprocess.run(
            ["sh", "-c", f"{command} 2>&1"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert matches(output, done.stdout), f"$ {command}\n{done.stdout}"


@pytest.mark.e2e
def test_the_python_of_the_page_on_the_api_gives_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pytest.importorskip("pikepdf")
    pytest.importorskip("typst")
    (tmp_path / "invoice.xml").write_bytes(_example())
    for name in ("export.csv", "mapping.toml", "seller.toml"):
        (tmp_path / name).symlink_to(ROOT / "fixtures" / "erp-csv" / name)
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(text, {}, "docs/api.md", "docs/api.md", 0)
    assert len(test.examples) > 5
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert result.failed == 0, "".join(report)


def _example() -> bytes:
    from tests.service.sample import invoice

    return einvoice.write(invoice(), "ubl")


def test_everything_that_the_face_offers_is_on_the_page_on_the_api() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in einvoice.__all__ if f"`{name}" not in text] == []


def test_every_option_and_every_setting_is_on_the_page_on_the_command_line() -> None:
    import click

    from einvoice.cli import COMMANDS, main
    from einvoice.service.settings import Settings

    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in COMMANDS]
    options = [max(option.opts, key=len) for command in commands if command for option in command.params]
    settings = [f"EINVOICE_LIMIT_{field.upper()}" for field in type(Settings().limits).__struct_fields__]
    wanted = [option for option in options if option.startswith("-")] + settings + ["EINVOICE_DEADLINE"]
    assert [name for name in wanted if name not in text] == []
