# SPDX-License-Identifier: Apache-2.0
"""Where the house stands: its folders, its modules, its tracked files."""

from __future__ import annotations

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "einvoice"
GENERATED_FOLDERS = {".git", ".venv", "build", "dist", "demo-out", "node_modules"}


def modules(*folders: str) -> list[Path]:
    """All Python files under the folders of the project, sorted."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    """The path of a file as a contributor would type it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a module, parsed once for all tests."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> set[str]:
    """The dotted names that a module imports; ``from a import b`` counts as ``a`` and as ``a.b``."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def room(path: Path) -> str:
    """The room of the package that a module belongs to: the folder or module right under einvoice."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def tracked() -> list[Path]:
    """The files of the project: what git tracks, or everything that is not generated where there is no git."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        paths = [ROOT / entry.decode() for entry in listed.split(b"\0") if entry]
    else:
        paths = [path for path in ROOT.rglob("*") if not GENERATED_FOLDERS.intersection(path.relative_to(ROOT).parts)]
    return sorted(path for path in paths if path.is_file())
