# SPDX-License-Identifier: Apache-2.0
"""Prove that the wheel works alone: built, installed without extras in a fresh environment, used, weighed.

The figure is what the environment's ``site-packages`` holds, compiled files included, minus pip and
setuptools, in MB of 10^6 bytes. Everything happens in a temporary folder, away from the checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUDGET_MB = 60
NOT_OURS = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence")
EXPORT = ROOT / "fixtures" / "erp-csv"
SCHEMAS = """
import importlib.resources, tomllib
folder = importlib.resources.files("einvoice") / "schemas"
files = [entry.name for entry in folder.iterdir()]
assert "catalog.toml" in files and "invoice.schema.json" in files, files
tomllib.loads((folder / "catalog.toml").read_text(encoding="utf-8"))
print(f"schemas: {len(files)} files beside the package")
"""

UNREADABLE = 3
PAGE = b"%PDF-1.7\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
LEAVES = """
import click
from einvoice.cli import main

def walk(command, words):
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            walk(command.get_command(click.Context(command), name), (*words, name))
    else:
        print(*words)

walk(main, ())
"""
"""Prints every command, a line each."""
CALLS: dict[str, tuple[str, str | int]] = {
    "convert": ("INVOICE --to facturx -o hybrid/", "pdf"),
    "batch": ("INVOICE --to cii -o batch/", 0),
    "validate": ("INVOICE", 0),
    "fix": ("INVOICE -o fixed/", 0),
    "map init": ("EXPORT -o proposed.toml", 0),
    "map explain": ("MAPPING", 0),
    "map test": ("cases --update", 0),
    "embed": ("INVOICE page.pdf -o hybrid.pdf", "pdf"),
    "extract": ("page.pdf -o parts/", UNREADABLE),
    "show": ("INVOICE", 0),
    "render": ("INVOICE -o pages/", "pdf"),
    "explain": ("BT-1", 0),
    "rules list": ("", 0),
    "rules diff": ("en16931@1.3.15 en16931@1.3.16", 0),
    "send": ("INVOICE", "transport"),
    "outbox list": ("", "transport"),
    "outbox show": ("ID", "transport"),
    "outbox retry": ("ID", "transport"),
    "outbox hold": ("ID", "transport"),
    "outbox evidence": ("ID", "transport"),
    "receive": ("", "transport"),
    "inbox list": ("", "transport"),
    "inbox take": ("-o taken", "transport"),
    "respond": ("ID --status AP", "transport"),
    "archive find": ("", "transport"),
    "archive verify": ("", "transport"),
    "archive export": ("SHA256", "transport"),
    "worker": ("--once", "transport"),
    "serve": ("--as4", "transport"),
    "testbed init": ("net", "transport"),
    "testbed up": (".", "transport"),
    "testbed revoke": (". a", "transport"),
    "crosscheck": ("out/ --artefacts .", "official"),
}
"""Every command: a call, and the extra that it names (with status 2), or the status where it needs none."""


def run(*command: str | Path, cwd: Path, status: int = 0) -> str:
    """Run a command outside the checkout, and fail loudly unless it ends with the expected status."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "EINVOICE"))}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    if done.returncode != status:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        sys.exit(f"{' '.join(map(str, command))}: exit status {done.returncode}, expected {status}")
    return done.stdout + done.stderr


def weigh(site: Path) -> tuple[float, float]:
    """The megabytes of all that einvoice and what it asks for bring, and how many of them are byte code.

    The budget is for everything, since all of it lies on the user's disk (docs/adr/0051).
    """
    entries = [entry for entry in site.iterdir() if not entry.name.startswith(NOT_OURS)]
    files = [file for entry in entries for file in (entry.rglob("*") if entry.is_dir() else [entry])]
    sizes: dict[bool, float] = {True: 0, False: 0}
    for file in files:
        if file.is_file():
            sizes[file.suffix == ".pyc"] += file.stat().st_size / 1e6
    return sizes[False] + sizes[True], sizes[True]


def use(einvoice: Path, folder: Path) -> None:
    """Turn an export into an invoice and validate it, as a newcomer does."""
    source: list[str | Path] = [
        EXPORT / "export.csv",
        "--map",
        EXPORT / "mapping.toml",
        "--seller",
        EXPORT / "seller.toml",
    ]
    for syntax in ("ubl", "cii"):
        run(einvoice, "convert", *source, "--to", syntax, "-o", "out/", cwd=folder)
    run(einvoice, "validate", "out/", cwd=folder)


def try_all(einvoice: Path, folder: Path) -> None:
    """Call every command: it works, or names the extra that it needs (status 2); none may crash."""
    leaves = run(einvoice.with_name("python"), "-I", "-c", LEAVES, cwd=folder).splitlines()
    if set(leaves) != set(CALLS):
        sys.exit(f"commands without a call here, or the other way round: {sorted(set(leaves) ^ set(CALLS))}")
    shutil.copytree(EXPORT, folder / "cases" / "one")
    (folder / "page.pdf").write_bytes(PAGE)
    words: dict[str, str | Path] = {
        "INVOICE": "out/RE-2026-0101.ubl.xml",
        "EXPORT": EXPORT / "export.csv",
        "MAPPING": EXPORT / "mapping.toml",
    }
    for leaf, (call, expected) in CALLS.items():
        asked = [words.get(word, word) for word in call.split()]
        told = run(einvoice, *leaf.split(), *asked, cwd=folder, status=expected if isinstance(expected, int) else 2)
        if isinstance(expected, str) and f"pip install 'einvoice[{expected}]'" not in told:
            sys.exit(f"einvoice {leaf} must name the pip command of the extra {expected!r}; it said: {told}")
        if "Traceback" in told:
            sys.exit(f"einvoice {leaf} must not crash; it said: {told}")
    named = sum(isinstance(expected, str) for _, expected in CALLS.values())
    print(f"commands: {len(CALLS)} tried, {named} of which name the extra that they need")


def main() -> int:
    """Build, install, use and weigh; answer 1 when the budget is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT, cwd=folder)
        (wheel,) = folder.glob("einvoice-*.whl")
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        einvoice = python.with_name("einvoice")
        run(python, "-m", "pip", "install", "--quiet", wheel, cwd=folder)
        run(python, "-I", "-c", "import einvoice", cwd=folder)
        print(run(einvoice, "--version", cwd=folder).strip())
        print(run(python, "-I", "-c", SCHEMAS, cwd=folder).strip())
        use(einvoice, folder)
        try_all(einvoice, folder)
        (site,) = (folder / "env" / "lib").glob("python*/site-packages")
        weight, caches = weigh(site)
    print(
        f"{wheel.name} without extras: {weight:.1f} MB installed (budget {BUDGET_MB} MB), "
        f"{caches:.1f} MB of which are byte code"
    )
    return 0 if weight <= BUDGET_MB else 1


if __name__ == "__main__":
    sys.exit(main())
