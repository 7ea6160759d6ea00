# SPDX-License-Identifier: Apache-2.0
"""Write the digests of the official schemas and stylesheets into ``schemas/catalog.toml``.

    python tools/schema_catalog.py            write the [files] and [digests] tables
    python tools/schema_catalog.py --check    exit with status 1 if they are not current

Run it on purpose, when a new release of the distribution was looked at: the digests say which schemas einvoice was
made for.
"""

from __future__ import annotations

import argparse
import hashlib
import posixpath
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.bind.catalog import Distribution, installed

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOG: Final = Path(__file__).resolve().parent.parent / "schemas" / "catalog.toml"
MARK: Final = "# ---- generated from here on ----\n"
LOOKUP: Final = re.compile(r"document\('([\w.-]+)'\)")
XSD: Final = "{http://www.w3.org/2001/XMLSchema}"


def reached(folder: Path, entry: str) -> set[str]:
    """Return the files, relative to ``folder``, that an entry file imports or includes, directly or not."""
    found: set[str] = set()
    todo = [entry]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            for node in etree.parse(str(folder / name)).getroot().iter(f"{XSD}import", f"{XSD}include"):
                location = node.get("schemaLocation")
                if location is None:
                    sys.exit(f"{folder / name}: an import without a schemaLocation")
                todo.append(posixpath.normpath(posixpath.join(posixpath.dirname(name), location)))
    return found


def stylesheets(root: Path, files: list[str]) -> Iterator[str]:
    """Yield compiled Schematron files, and the files beside them that they look things up in."""
    for file in files:
        yield file
        for name in set(LOOKUP.findall((root / file).read_text(encoding="utf-8"))):
            yield posixpath.join(posixpath.dirname(file), name)


def generate(text: str) -> str:
    """Return the catalog with current [files] tables."""
    head = text.partition(MARK)[0]
    data = tomllib.loads(head)
    root = installed(Distribution(**data["distribution"]))
    files: dict[str, set[str]] = {}
    for schema in data["schema"].values():
        files.setdefault(schema["folder"], set()).update(reached(root / schema["folder"], schema["entry"]))
    lines = [head + MARK]
    for folder, names in sorted(files.items()):
        lines.append(f'\n[files."{folder}"]\n')
        for name in sorted(names):
            digest = hashlib.sha256((root / folder / name).read_bytes()).hexdigest()
            lines.append(f'"{name}" = "{digest}"\n')
    lines.append("\n[digests]\n")
    listed = sorted(set(stylesheets(root, [row["file"] for row in data["stylesheet"]])))
    lines += [f'"{name}" = "{hashlib.sha256((root / name).read_bytes()).hexdigest()}"\n' for name in listed]
    return "".join(lines)


def main() -> int:
    """Write the tables, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the tables are not current")
    check = parser.parse_args().check
    text = CATALOG.read_text(encoding="utf-8")
    new = generate(text)
    if new != text and not check:
        part = CATALOG.with_suffix(".part")
        part.write_text(new, encoding="utf-8")
        part.replace(CATALOG)
    if new != text:
        print(f"{CATALOG.name}: {'not current' if check else 'written'}", file=sys.stderr)
    return int(check and new != text)


if __name__ == "__main__":
    sys.exit(main())
