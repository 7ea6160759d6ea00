# SPDX-License-Identifier: Apache-2.0
"""Compare the packs beside EN 16931 with their publishers, on documents that were spoiled.

    python tools/differential_packs.py        1,200 documents of each pack and syntax, and every change of a broad one
    python tools/differential_packs.py --pack xrechnung --mutants 5000 --seed 7 --step 3
    python tools/differential_packs.py --pack facturx:extended --mutants 0
    python tools/differential_packs.py --mutants 0 --step 0 --invented 2000    documents that the schemas allow

`tools/artefacts.py`, `tools/peers.sh` and `tools/differential.py --fetch` fetch the stylesheets; EINVOICE_ARTEFACTS
names others. What is printed for a disagreement: the smallest example that was met, as the difference between two
documents, and the official expressions. Exit status 1 if there is one on a document that the schema accepts.
"""

from __future__ import annotations

import argparse
import multiprocessing
import secrets
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from einvoice.official.engine import Engine  # noqa: E402 -- the path has to be there first
from tests.differential.official import MissingError  # noqa: E402
from tests.differential.pack_invented import imagined  # noqa: E402
from tests.differential.pack_run import explore, swept, told  # noqa: E402
from tests.differential.packs import TARGETS, artefact, judged  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.bind.order import Syntax

PARCEL: Final = 500
Parcel = tuple[str, "Syntax", str, int, int]
"""Pack, syntax, kind of documents, how many (of a sweep: every so many-th), and the seed."""
Done = tuple[str, "Syntax", str, Counter[str], Counter[str], int]
SWEEP: Final = "sweep"
MUTANTS: Final = "mutants"
INVENTED: Final = "invented"


def judge(name: str, syntax: Syntax, kind: str, count: int, start: int) -> Done:
    """Judge one parcel (runs in a process).

    Args:
        name: the pack, as the table of targets has it.
        syntax: the syntax.
        kind: :data:`SWEEP`, :data:`MUTANTS` or :data:`INVENTED`.
        count: how many documents; in a sweep, every so many-th change.
        start: the seed.

    Returns:
        The pack, the syntax, what is to be told, what was counted, what fired, and how many disagreements there are.
    """
    target, engine = TARGETS[name], Engine()
    try:
        if kind == SWEEP:
            outcome = swept(engine, target, syntax, target.broad[syntax], count)
        elif kind == INVENTED:
            outcome = imagined(engine, name, syntax, count, start)
        else:
            outcome = explore(engine, name, target, syntax, count, start)
    finally:
        engine.close()
    return name, syntax, told(target, outcome), outcome.counts, outcome.fired, len(outcome.disagreements)


def parcels(names: Sequence[str], mutants: int, invented: int, seed: int, step: int) -> Iterator[Parcel]:
    """Divide the work: each syntax of each pack whose stylesheet is at hand.

    Args:
        names: the packs.
        mutants: how many spoiled documents of each.
        invented: how many documents of each that the schema allows.
        seed: which ones.
        step: every so many-th change of the document with most in it; 0 for none.
    """
    for name in names:
        for syntax in TARGETS[name].syntaxes:
            try:
                artefact(TARGETS[name], syntax)
            except MissingError as error:
                print(error, flush=True)
                continue
            if step:
                yield name, syntax, SWEEP, step, seed
            for kind, count in ((MUTANTS, mutants), (INVENTED, invented)):
                for done in range(0, count, PARCEL):
                    yield name, syntax, kind, min(PARCEL, count - done), seed + done


def compare(work: Sequence[Parcel], jobs: int) -> int:
    """Judge documents on several processes, and tell what was found.

    Args:
        work: what is judged.
        jobs: how many processes.
    """
    counts: dict[str, Counter[str]] = {}
    fired: dict[str, Counter[str]] = {}
    disagreements = 0
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        asked = [pool.submit(judge, *parcel) for parcel in work]
        for done in as_completed(asked):
            name, syntax, said, counted, ids, found = done.result()
            print(said, flush=True)
            key = f"{name} {syntax}"
            counts.setdefault(key, Counter()).update(counted)
            fired.setdefault(key, Counter()).update(ids)
            disagreements += found
    for key, counted in sorted(counts.items()):
        told_of = ", ".join(f"{count:,} {what}" for what, count in sorted(counted.items()))
        print(f"{key}: {told_of}; {len(fired[key])} ids fired")
    print(f"{disagreements} disagreements on documents that the schema accepts")
    return 1 if disagreements else 0


def main() -> int:
    """Do what the command line asks."""
    there = [name for name, target in TARGETS.items() if judged(target)]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", action="append", choices=there, help="a pack; may be given again; all if not given")
    parser.add_argument("--mutants", type=int, default=1_000)
    parser.add_argument("--invented", type=int, default=200, help="documents that the schemas allow")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--step", type=int, default=1, help="every so many-th change; 0 for none")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    seed = secrets.randbelow(10**6) * 1_000 if asked.seed is None else asked.seed
    again = f"--mutants {asked.mutants} --invented {asked.invented} --seed {seed} --step {asked.step}"
    print(f"for the same documents again: {again}", flush=True)
    return compare(list(parcels(asked.pack or there, asked.mutants, asked.invented, seed, asked.step)), asked.jobs)


if __name__ == "__main__":
    sys.exit(main())
