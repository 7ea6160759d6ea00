# SPDX-License-Identifier: Apache-2.0
"""Hostile PDFs end in a clear error, without hanging, and within a small memory.

``EINVOICE_HOSTILE`` may name a folder of further hostile files; every one of them is tried, too.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.errors import PdfError
from einvoice.pdf.extract import extract
from einvoice.pdf.limits import PdfLimits
from tests.architecture.house import ROOT
from tests.pdf.making import CII, document, flate, hybrid, object_stream, spec, stream, write

if TYPE_CHECKING:
    from collections.abc import Callable

CATALOG = b"1 0 <</Type/Catalog/Pages 2 0 R%b>>"
FILE = {10: spec("factur-x.xml", 11), 11: flate(CII)}
CODES = {"PDF_NO_INVOICE", "PDF_AMBIGUOUS", "PDF_LIMIT", "PDF_ENCRYPTED", "PDF_DAMAGED"}

MEGABYTES = 200
SECONDS = 120  # of processor time, after which a file counts as one that hangs: no attack needs a tenth of it

# Run in a process of its own, where the system measures the memory and ends what hangs.
CHILD = """
import json, resource, sys, time
from pathlib import Path
from einvoice.errors import PdfError
from einvoice.pdf import candidates, reader
from einvoice.pdf.extract import extract

for name in sys.argv[2:]:
    data = Path(name).read_bytes()
    base, hard = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + int(sys.argv[1]), hard))
    try:
        code = len(extract(data).xml)
    except PdfError as error:
        code = error.code
        assert len(str(error)) < 2000 and str(error).isprintable(), error
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base
    print(json.dumps([name, code, round(used / 1024)]), flush=True)
"""


def _loop() -> bytes:
    return document(b"/Names<</EmbeddedFiles 10 0 R>>", {10: b"<</Kids[10 0 R 11 0 R]>>", 11: b"<</Kids[10 0 R]>>"})


def _pages_loop() -> bytes:
    return write({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"})


def _reference_loop() -> bytes:
    return document(b"/AF 10 0 R", {10: b"11 0 R", 11: b"10 0 R"})


def _shared_kids() -> bytes:
    """A tree of 40 levels where every node is twice the child of the one above: 2^40 ways, 40 nodes."""
    nodes = {number: b"<</Kids[%d 0 R %d 0 R]>>" % (number + 1, number + 1) for number in range(10, 30)}
    return document(b"/Names<</EmbeddedFiles 10 0 R>>", {**nodes, 30: b"<</Names[(a) 40 0 R]>>"})


def _shared_annotations() -> bytes:
    page = b"<</Type/Page/Annots 4 0 R>>"
    kids = b"".join(b"%d 0 R " % number for number in range(100, 2_100))
    return write(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 2000/Kids[%b]>>" % kids,
            4: b"[%b]" % (b"5 0 R " * 5_000),
            5: b"<</Subtype/Link>>",
            **dict.fromkeys(range(100, 2_100), page),
        }
    )


def _bomb(filters: int) -> bytes:
    body = bytes(150_000_000)
    for _ in range(filters):
        body = zlib.compress(body, 9)
    packed = stream(body, b"/Filter[%b]" % (b"/FlateDecode " * filters))
    return document(b"/AF[10 0 R]", {**FILE, 11: packed})


def _object_bomb() -> bytes:
    return object_stream(
        zlib.compress(zlib.compress(CATALOG % b"" + b" " * 300_000_000, 9), 9), b"/FlateDecode/FlateDecode"
    )


def _many_numbers() -> bytes:
    """Three million numbers in three kilobytes: cheap to unpack, dear to parse."""
    rows = (b"[" + b"0 " * 99_000 + b"]") * 30
    return object_stream(
        zlib.compress(zlib.compress(CATALOG % (b"/X[" + rows + b"]"), 9), 9), b"/FlateDecode/FlateDecode"
    )


def _table_bomb() -> bytes:
    """A cross-reference stream that announces 20 million objects."""
    packed = zlib.compress(zlib.compress(bytes(7) * 20_000_000, 9), 9)
    head = b"/Type/XRef/Size 20000000/W[1 4 2]/Root 1 0 R/Filter[/FlateDecode/FlateDecode]"
    return b"%PDF-1.7\n3 0 obj\n" + stream(packed, head) + b"\nendobj\nstartxref\n9\n%%EOF\n"


def _deep(opening: bytes, closing: bytes) -> bytes:
    return document(b"/X" + opening * 100_000 + closing * 100_000)


def _dangling() -> bytes:
    """References to nothing, in a large file: searching for each would take hours."""
    references = b" ".join(b"%d 0 R" % number for number in range(100_000, 120_000))
    return document(b"/AF[%b]" % references, {10: stream(b"A" * 5_000_000)})


def _updates() -> bytes:
    """A hundred thousand incremental updates, each with nothing in it."""
    out = bytearray(document(b""))
    start = out.rindex(b"xref\n0") if b"xref\n0" in out else 0
    for _ in range(100_000):
        here = len(out)
        out += b"xref\n0 0\ntrailer<</Size 3/Root 1 0 R/Prev %d>>\n" % start
        start = here
    return bytes(out) + b"startxref\n%d\n%%%%EOF" % start


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a loop in the tree of attachments": (_loop, "PDF_NO_INVOICE"),
    "a loop in the tree of pages": (_pages_loop, "PDF_NO_INVOICE"),
    "a loop of references": (_reference_loop, "PDF_DAMAGED"),
    "a tree with more ways than atoms": (_shared_kids, "PDF_NO_INVOICE"),
    "ten million annotations that are one": (_shared_annotations, "PDF_NO_INVOICE"),
    "a bomb": (lambda: _bomb(1), "PDF_LIMIT"),
    "a bomb in a bomb": (lambda: _bomb(2), "PDF_LIMIT"),
    "a bomb of objects": (_object_bomb, "PDF_LIMIT"),
    "numbers without end": (_many_numbers, "PDF_LIMIT"),
    "a bomb of references": (_table_bomb, "PDF_LIMIT"),
    "arrays in arrays": (lambda: _deep(b"[", b"]"), "PDF_LIMIT"),
    "dictionaries in dictionaries": (lambda: _deep(b"<</A", b">>"), "PDF_NO_INVOICE"),
    "references to nothing": (_dangling, "PDF_NO_INVOICE"),
    "updates without end": (_updates, "PDF_LIMIT"),
    "a table that announces two billion objects": (
        lambda: document(b"").replace(b"xref\n0 4", b"xref\n0 2000000000"),
        "PDF_LIMIT",
    ),
    "noise": (lambda: b"%PDF-1.7\n" + random.Random(7).randbytes(3_000_000) + b"%%EOF", "PDF_DAMAGED"),  # noqa: S311
    "beginnings without end": (lambda: b"%PDF-1.7\n" + b"1 0 obj " * 500_000 + b"startxref\n1\n%%EOF", "PDF_DAMAGED"),
    "ends without beginning": (lambda: b"%PDF-1.7\n" + b"startxref\n5\n%%EOF\n" * 200_000, "PDF_DAMAGED"),
}


def judged(*paths: Path) -> list[tuple[str, str | int, int]]:
    """The outcome and the memory in megabytes of every file, from a process of its own that ends when one hangs."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(SECONDS), *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=SECONDS * (len(paths) + 5),
    )
    assert done.returncode == 0, f"after {done.stdout.splitlines()[-1:]}: {done.stderr[-2000:]}"
    assert not done.stderr, "something was printed that nobody asked for"
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.skipif(sys.platform == "win32", reason="needs the resource limits of POSIX")
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_in_little_memory_and_does_not_hang(attack: str, tmp_path: Path) -> None:
    build, code = ATTACKS[attack]
    path = tmp_path / "attack.pdf"
    path.write_bytes(build())
    ((_, outcome, megabytes),) = judged(path)
    assert outcome == code
    assert megabytes <= MEGABYTES


def test_a_name_that_climbs_is_only_a_name() -> None:
    found = extract(hybrid(("../../etc/cron.d/x", b"<a/>"), ("factur-x.xml", CII)))
    assert found.others[0].name == "../../etc/cron.d/x"
    assert found.others[0].safe_name == "x"


def test_a_document_that_runs_scripts_is_read_without_running_them() -> None:
    catalog = b"/AF[10 0 R]/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</WC<</S/Launch/F(calc.exe)>>>>"
    assert extract(document(catalog, FILE)).xml == CII


def test_the_invoice_that_an_update_replaced_is_not_found() -> None:
    """What counts is the last state of the file, not what an earlier one held."""
    first = document(b"/AF[10 0 R]", FILE)
    start = first.rindex(b"xref\n0")
    update = bytearray(first)
    where = len(update)
    update += b"11 0 obj\n%b\nendobj\n" % flate(b"<Invoice/>")
    table = len(update)
    update += b"xref\n11 1\n%010d 00000 n \ntrailer<</Size 12/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        where,
        start,
        table,
    )
    assert extract(bytes(update)).xml == b"<Invoice/>"


def outcome(data: bytes) -> str | None:
    """How extraction ends: ``read``, or the code of its error. Any other exception is a failure."""
    try:
        extract(data, limits=SMALL)
    except PdfError as error:
        return error.code
    return "read"


GOOD = hybrid(("factur-x.xml", CII), ("notes.txt", b"hello"))
SMALL = PdfLimits(work=50_000, inflated_bytes=1_000_000)


@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=6), st.integers(0, 12)), min_size=1, max_size=6
    )
)
def test_any_damage_ends_in_an_invoice_or_in_one_of_the_errors(edits: list[tuple[int, bytes, int]]) -> None:
    data = bytearray(GOOD)
    for at, new, gone in edits:
        data[at : at + gone] = new
    assert outcome(bytes(data)) in {"read", *CODES}


def test_the_hostile_samples_end_in_an_invoice_or_in_one_of_the_errors() -> None:
    folder = os.environ.get("EINVOICE_HOSTILE")
    if not folder:
        pytest.skip("the environment variable EINVOICE_HOSTILE does not name a folder of hostile files")
    paths = sorted(path for path in Path(folder).rglob("*") if path.suffix in {".pdf", ".fuzz"})
    assert paths, f"{folder} holds no PDF"
    outcomes = judged(*paths)
    assert len(outcomes) == len(paths)
    # Some samples are merely damaged: their invoice is found, and its size reported.
    strange = [found for found in outcomes if isinstance(found[1], str) and found[1] not in CODES]
    dear = [found for found in outcomes if found[2] > MEGABYTES]
    assert not strange
    assert not dear
