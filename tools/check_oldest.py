# SPDX-License-Identifier: Apache-2.0
"""Run the offline tests on the oldest dependencies that pyproject.toml allows.

Every floor ``name>=version`` of the dependencies and extras becomes ``name==version``; a floor that
does not work is a false promise to whoever has that version installed.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "oldest"


def floors() -> list[str]:
    """The constraints that pin each direct dependency to its floor."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    asked = [*project["dependencies"], *(entry for extra in extras for entry in extra)]
    wanted = [Requirement(entry) for entry in asked if not entry.startswith("einvoice[")]
    return sorted({f"{entry.name}{entry.specifier}".replace(">=", "==") for entry in wanted})


def main() -> int:
    """Create build/oldest, install the floors, run the tests there, answer as pytest does."""
    venv.create(FOLDER, with_pip=True)
    constraints = FOLDER / "constraints.txt"
    constraints.write_text("\n".join(floors()) + "\n", encoding="utf-8")
    pip = [str(FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--upgrade", "pip"], cwd=ROOT, check=True)
    subprocess.run([*pip, "-c", str(constraints), "-e", ".[all]", "--group", "test"], cwd=ROOT, check=True)
    print(constraints.read_text(encoding="utf-8"))
    pytest = [str(FOLDER / "bin" / "python"), "-m", "pytest", "-n", "auto", "-m", "not network and not corpus"]
    return subprocess.run(pytest, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
