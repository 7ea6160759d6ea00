# SPDX-License-Identifier: Apache-2.0
"""Check what the documentation promises: links lead somewhere, indices are complete, forms are kept."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FRAGMENT_LENGTH = 500


def pages() -> list[Path]:
    """The Markdown pages of the project."""
    folders = ("docs", "changes", "schemas", "fixtures", "benchmarks")
    return sorted([*ROOT.glob("*.md"), *(page for folder in folders for page in (ROOT / folder).rglob("*.md"))])


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page make, by the common rule of Markdown hosts."""
    headings = re.findall(r"^#+ +(.*?)\s*$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> Iterator[str]:
    """Links of a page to files or headings that do not exist; links to other sites are not followed."""
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists():
            yield f"{page.relative_to(ROOT)}: {target} leads nowhere"
        elif anchor and there.suffix == ".md" and anchor not in anchors(there):
            yield f"{page.relative_to(ROOT)}: {target}: {there.name} has no such heading"


def unlisted(index: Path) -> Iterator[str]:
    """Pages in the folder of an index, and indices one folder below, that the index does not link to."""
    linked = {(index.parent / target.partition("#")[0]).resolve() for target in LINK.findall(index.read_text("utf-8"))}
    for page in sorted([*index.parent.glob("*.md"), *index.parent.glob("*/README.md")]):
        if page != index and page.resolve() not in linked:
            yield f"{index.relative_to(ROOT)} does not list {page.relative_to(index.parent)}"


def wrong_decisions(folder: Path) -> Iterator[str]:
    """Decision records whose name, number, heading, status or sections do not keep to the form."""
    records = sorted(page for page in folder.glob("*.md") if page.name != "README.md")
    numbers = [record.stem.partition("-")[0] for record in records]
    for record in records:
        text = record.read_text(encoding="utf-8")
        named, _, slug = record.stem.partition("-")
        if not re.fullmatch(r"\d{4}", named) or not SLUG.fullmatch(slug):
            yield f"{record.name}: expected NNNN-title.md, lower case with hyphens"
        if numbers.count(named) > 1:
            yield f"{record.name}: the number {named} is given twice"
        if not text.startswith(f"# {named} "):
            yield f"{record.name}: the heading must begin with '# {named} '"
        if not re.search(r"^Status: (accepted|replaced by \d{4})$", text, re.MULTILINE):
            yield f"{record.name}: no line 'Status: accepted' or 'Status: replaced by NNNN'"
        if re.findall(r"^## (.*)$", text, re.MULTILINE) != ["Context", "Decision", "Consequences"]:
            yield f"{record.name}: the sections must be Context, Decision, Consequences"


def wrong_fragments(folder: Path) -> Iterator[str]:
    """Changelog fragments that are not a sentence or two of plain text."""
    for fragment in sorted(page for page in folder.iterdir() if page.name != "README.md"):
        text = fragment.read_text(encoding="utf-8").strip()
        if fragment.suffix != ".md" or not SLUG.fullmatch(fragment.stem):
            yield f"changes/{fragment.name}: the name must be a slug and end in .md"
        if not text or text.startswith(("#", "-", "*")) or "\n\n" in text or len(text) > FRAGMENT_LENGTH:
            yield f"changes/{fragment.name}: write one or two sentences, without heading or list"


def main() -> int:
    """Print every fault, one a line, and answer 1 if there are any."""
    faults = [fault for page in pages() for fault in broken_links(page)]
    faults += [*unlisted(ROOT / "docs" / "README.md"), *unlisted(ROOT / "docs" / "adr" / "README.md")]
    faults += [*wrong_decisions(ROOT / "docs" / "adr"), *wrong_fragments(ROOT / "changes")]
    for fault in faults:
        print(fault)
    print(f"{len(pages())} pages checked, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
