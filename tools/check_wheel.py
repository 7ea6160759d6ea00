# SPDX-License-Identifier: Apache-2.0
"""Prove that the wheel works alone: built, installed without extras in a fresh environment, used, weighed.

The figure is what the environment's ``site-packages`` holds, compiled files included, minus pip and
setuptools, in MB of 10^6 bytes. Everything happens in a temporary folder, away from the checkout.
"""

from __future__ import annotations

import os
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
    """Turn an export into an invoice and validate it; what needs an extra must name it and not crash."""
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
    refusal = run(einvoice, "convert", *source, "--to", "facturx", "-o", "out/", cwd=folder, status=2)
    if "einvoice[pdf]" not in refusal:
        sys.exit(f"a command whose extra is missing must name the pip command; it said: {refusal}")


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
        (site,) = (folder / "env" / "lib").glob("python*/site-packages")
        weight, caches = weigh(site)
    print(
        f"{wheel.name} without extras: {weight:.1f} MB installed (budget {BUDGET_MB} MB), "
        f"{caches:.1f} MB of which are byte code"
    )
    return 0 if weight <= BUDGET_MB else 1


if __name__ == "__main__":
    sys.exit(main())
