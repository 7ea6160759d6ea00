# SPDX-License-Identifier: Apache-2.0
"""The command line as a whole: quick, calm, and never a traceback for bad input."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from einvoice.cli import COMMANDS, main
from tests.architecture.house import ROOT
from tests.service.sample import as_file, invoice

EINVOICE = Path(sys.executable).with_name("einvoice")


def test_the_version_is_that_of_the_package() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert (result.exit_code, result.output) == (0, f"einvoice {version('einvoice')}\n")


def test_the_help_lists_every_command_with_the_first_words_of_its_own_help() -> None:
    output = CliRunner().invoke(main, ["--help"]).output
    assert all(name in output for name in COMMANDS)


def test_a_command_that_does_not_exist_is_answered_with_those_that_do() -> None:
    result = CliRunner().invoke(main, ["convertt"])
    assert result.exit_code == 2
    assert "there is no command 'convertt'; there are convert, batch, validate" in result.stderr


def test_an_interrupt_is_not_taken_for_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    from einvoice.service import sources

    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt(arguments, options)

    monkeypatch.setattr(sources, "expand", interrupt)
    assert CliRunner().invoke(main, ["validate", "x.xml"]).exit_code == 130


def test_with_debugging_on_an_error_shows_where_it_was_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINVOICE_DEBUG", "1")
    result = CliRunner().invoke(main, ["validate", "x.xml", "--rules", "nonsense"])
    assert type(result.exception).__name__ == "UnknownNameError"


def test_the_help_of_a_command_loads_nothing_that_the_command_needs() -> None:
    heavy = {"lxml", "msgspec", "pikepdf", "pypdf", "typst", "einvoice.service.convert"}
    code = (
        "import sys\nfrom einvoice.cli import main\n"
        "try: main(['convert', '--help'])\nexcept SystemExit: pass\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_judging_a_valid_invoice_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    """Each of these is some milliseconds of the start of a process."""
    spare = {"email", "importlib.metadata", "importlib.resources", "pypdf", "facturx", "shutil", "socket", "tempfile"}
    spare |= {
        "einvoice.bind.schema_messages",
        "einvoice.cli.layout",
        "einvoice.rules.facturx",
        "einvoice.service.convert",
    }
    code = (
        "import sys\nfrom einvoice.cli import main\n"
        f"try: main(['validate', {as_file(tmp_path, 'a.xml', invoice())!r}])\nexcept SystemExit: pass\n"
        f"print(sorted({spare!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.e2e
def test_the_installed_command_runs_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<!DOCTYPE a><a/>")
    done = subprocess.run([EINVOICE, "validate", "a.xml", "b.xml"], cwd=tmp_path, capture_output=True, text=True)  # noqa: PLW1510
    assert done.returncode == 3
    lines = done.stdout.splitlines()
    assert lines[0].startswith("a.xml: unreadable: ")
    assert "document type" in lines[0]
    assert lines[1] == "b.xml: unreadable: cannot be read: No such file or directory"
    assert done.stderr == ""


@pytest.mark.e2e
def test_a_reader_that_goes_away_is_no_error_to_be_told_about() -> None:
    with subprocess.Popen(
        [EINVOICE, "rules", "list", "en16931"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        assert b"Traceback" not in run.stderr.read()


@pytest.mark.parametrize("library", ["typst", "babel"])
def test_a_command_whose_extra_is_missing_names_the_way_to_it(tmp_path: Path, library: str) -> None:
    source = as_file(tmp_path, "a.xml", invoice())
    code = f"import sys; sys.modules[{library!r}] = None; from einvoice.cli import main; main()"
    command = [sys.executable, "-c", code, "convert", source, "--to", "facturx", "-o", f"{tmp_path}/"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'einvoice[pdf]'" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "how", [["validate", "--format", "jsonl"], ["validate"], ["convert", "--to", "cii", "-o", "-"]]
)
def test_a_full_disk_is_one_sentence_and_never_taken_for_a_verdict(how: list[str], tmp_path: Path) -> None:
    command = [str(EINVOICE), *how, as_file(tmp_path, "a.xml", invoice())]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("einvoice: standard output: cannot be written: No space left on device")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("how", [["--help"], ["--version"], ["convert", "--help"], ["outbox", "list", "--help"]])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_help_that_finds_no_room_is_one_sentence(
    how: list[str], unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([str(EINVOICE), *how], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    told = "einvoice: standard output: cannot be written: No space left on device"
    assert (done.returncode, done.stderr.startswith(told), len(done.stderr.splitlines())) == (2, True, 1)


@pytest.mark.parametrize(
    ("how", "status", "told"),
    [
        ("--help", 0, ""),
        ("validate a.xml", 0, ""),
        ("show a.xml", 0, ""),
        ("convert a.xml --to cii -o -", 2, "einvoice: standard output: is closed"),
        ("validate none.xml", 3, ""),
    ],
)
def test_closed_standard_output_loses_no_document_and_is_no_traceback(
    tmp_path: Path, how: str, status: int, told: str
) -> None:
    as_file(tmp_path, "a.xml", invoice())
    command = ["sh", "-c", f"{EINVOICE} {how} >&-"]
    done = subprocess.run(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr[: len(told) or None]) == (status, told)


def test_closed_standard_error_sends_no_complaint_into_the_document(tmp_path: Path) -> None:
    command = ["sh", "-c", f"{EINVOICE} convert none.xml --to cii -o - 2>&-"]
    done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")


def test_a_reader_who_has_gone_ends_the_program_as_any_other(tmp_path: Path) -> None:
    source = as_file(tmp_path, "a.xml", invoice())
    for how in (["show", source], ["validate", source, "--format", "jsonl"], ["--help"]):
        run = subprocess.Popen([EINVOICE, *how], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with run:
            assert run.stdout is not None
            run.stdout.close()
            assert run.stderr is not None
            told = run.stderr.read()
        assert (run.returncode, told) == (141, b"")


def test_the_package_can_be_run_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "einvoice", "show"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: einvoice show")


OF_ONES_OWN = ["batch", "convert", "crosscheck", "embed", "explain", "extract", "fix", "map explain", "map init",
               "map test", "render", "rules diff", "rules list", "show", "validate"]  # fmt: skip


def told(name: str) -> str:
    """The help of a command, or of a command of a group."""
    return CliRunner().invoke(main, [*name.split(), "--help"]).output


@pytest.mark.parametrize("name", OF_ONES_OWN)
def test_a_command_says_its_exit_status(name: str) -> None:
    assert "Exit status" in told(name)


def test_the_page_on_languages_lists_the_commands_that_speak_them() -> None:
    text = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    listed = re.findall(r"`([a-z ]+)`", text[text.index("is an option of") :].partition("\n- ")[0])
    assert sorted(listed) == [name for name in OF_ONES_OWN if "--language" in told(name)]
