# SPDX-License-Identifier: Apache-2.0
"""Draws every invoice of fixtures/page in every language, and pages of many lengths, for people and for veraPDF.

    .venv/bin/python tools/pages.py FOLDER             # PDF and HTML pages into FOLDER, to be looked at
    eval "$(tools/peers.sh)" && .venv/bin/python tools/pages.py FOLDER --judge

``--judge`` lets veraPDF judge each of them by all that it claims (PDF/A-3u and PDF/UA-1), and ends with 1 if one
fails. The tests judge a sample of these.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from einvoice.render import Language, render_html, render_pdf  # noqa: E402 - the root is on the path first
from tests.peers.judges import verapdf  # noqa: E402 - same
from tests.render.making import Everything, invoice  # noqa: E402 - same
from tests.render.samples import NAMES, sample  # noqa: E402 - same

if TYPE_CHECKING:
    from collections.abc import Iterator

LENGTHS: Final = (0, 1, 2, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 20, 25, 30, 31, 32, 33, 60, 100, 300, 1_000, 2_000)
MOMENT: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
AT_ONCE: Final = 40
CLAIMS: Final = 2


def drawn() -> Iterator[tuple[str, bytes]]:
    """Every page with its file name."""
    for language in get_args(Language):
        for name, shown in [*((name, sample(name)) for name in NAMES), ("everything", Everything().invoice)]:
            yield f"{name}-{language}.pdf", render_pdf(shown, language=language, timestamp=MOMENT)
            yield f"{name}-{language}.html", render_html(shown, language=language)
    for count in LENGTHS:
        yield f"lines-{count}.pdf", render_pdf(invoice(count), language="de", timestamp=MOMENT)


def main() -> int:
    """Draw, and judge if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--judge", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, data in drawn():
        (options.folder / name).write_bytes(data)
        files += [options.folder / name] if name.endswith(".pdf") else []
    print(f"{len(files)} PDF pages in {options.folder}")
    if not options.judge:
        return 0
    verdicts: dict[str, dict[str, list[str]]] = {}
    for start in range(0, len(files), AT_ONCE):
        verdicts |= verapdf(files[start : start + AT_ONCE])
    failed = {name: said for name, said in verdicts.items() if any(said.values()) or len(said) != CLAIMS}
    for name, said in failed.items():
        print(f"{name}: {said}")
    print(f"veraPDF: {len(verdicts) - len(failed)} of {len(files)} pass PDF/A-3u and PDF/UA-1")
    return 1 if failed or len(verdicts) != len(files) else 0


if __name__ == "__main__":
    sys.exit(main())
