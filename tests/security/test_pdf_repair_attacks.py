# SPDX-License-Identifier: Apache-2.0
"""Hostile printouts end in a clear error or in a sound file, within a small memory and in little time.

``EINVOICE_HOSTILE`` may name a folder of further hostile files; every one of them is tried, too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Stream

from einvoice.errors import PdfError
from einvoice.pdf.conformity import conformity
from einvoice.pdf.repair import confirm, repair
from tests.architecture.house import ROOT
from tests.pdf.making import document, page, stream
from tests.pdf.printouts import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MEGABYTES: Final = 200
SECONDS: Final = 20  # of processor time; no file needs a quarter of it
CODES: Final = {
    "PDF_DAMAGED", "PDF_ENCRYPTED", "PDF_VERSION", "PDF_SIGNED", "PDF_FORM", "PDF_PORTFOLIO", "PDF_EMPTY", "PDF_LIMIT",
    "PDF_HYBRID", "PDF_NOT_PDFA3",
}  # fmt: skip

CHILD: Final = """
import json, resource, sys, time
from pathlib import Path
from einvoice.errors import PdfError
from einvoice.pdf.conformity import conformity
from einvoice.pdf.repair import confirm, repair

for name in sys.argv[2:]:
    data = Path(name).read_bytes()
    base, hard = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + int(sys.argv[1]), hard))
    try:
        made = repair(data, replace=True).data
        confirm(made)
        code = "made"
    except PdfError as error:
        code = error.code
        assert len(str(error)) < 2000 and str(error).isprintable(), error
    verdict = conformity(data).verdict
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base
    print(json.dumps([name, code, verdict, round(used / 1024)]), flush=True)
"""


def judged(paths: Sequence[Path]) -> list[tuple[str, str, str, int]]:
    """What becomes of files in a process of its own, where the system measures the memory and ends what hangs."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(SECONDS), *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def _contents(data: bytes, filters: str) -> Callable[[pikepdf.Pdf], object]:
    def change(pdf: pikepdf.Pdf) -> None:
        names = [Name(f"/{one}") for one in filters.split()]
        pdf.pages[0].Contents = Stream(pdf, data, Filter=Array(names) if len(names) > 1 else names[0])

    return change


def _nested(pdf: pikepdf.Pdf) -> None:
    """A form that draws itself."""
    form = pdf.make_indirect(Stream(pdf, b"/Me Do", Type=Name.XObject, Subtype=Name.Form))
    form.Resources = Dictionary(XObject=Dictionary(Me=form))
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Me=form))
    pdf.pages[0].Contents = Stream(pdf, b"/Me Do")


def _wide(pdf: pikepdf.Pdf) -> None:
    """Forms that draw two of the next, which would be drawn a million times."""
    below = pdf.make_indirect(Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Form))
    for _ in range(20):
        resources = Dictionary(XObject=Dictionary(A=below, B=below))
        below = pdf.make_indirect(
            Stream(pdf, b"/A Do /B Do", Type=Name.XObject, Subtype=Name.Form, Resources=resources)
        )
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(A=below))
    pdf.pages[0].Contents = Stream(pdf, b"/A Do")


TWICE: Final = zlib.compress(zlib.compress(b" " * 100_000_000, 9), 9)
ATTACKS: Final[dict[str, Callable[[], bytes]]] = {
    "bomb": lambda: changed(page("1.7"), _contents(zlib.compress(b" " * 100_000_000, 9), "FlateDecode")),
    "bomb twice packed": lambda: changed(page("1.7"), _contents(TWICE, "FlateDecode FlateDecode")),
    "bomb in LZW": lambda: changed(
        page("1.7"), _contents(b"\x80" * 400_000, "LZWDecode"), stream_decode_level=pikepdf.StreamDecodeLevel.none
    ),
    "metadata bomb": lambda: document(
        b"/Metadata 10 0 R", {10: stream(zlib.compress(b" " * 100_000_000, 9), b"/Filter/FlateDecode")}
    ),
    "a form in itself": lambda: changed(page("1.7"), _nested),
    "forms in forms": lambda: changed(page("1.7"), _wide),
    "fields in fields": lambda: document(b"/AcroForm<</Fields 10 0 R>>", {10: b"[11 0 R]", 11: b"<</Kids 10 0 R>>"}),
    "entities": lambda: document(
        b"/Metadata 10 0 R", {10: stream(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"/Type/Metadata/Subtype/XML")}
    ),
}


def test_attacks_end_in_an_answer_within_the_limits(tmp_path: Path) -> None:
    for number, make in enumerate(ATTACKS.values()):
        (tmp_path / f"{number}.pdf").write_bytes(make())
    found = judged(sorted(tmp_path.iterdir()))
    assert len(found) == len(ATTACKS)
    assert [one for one in found if one[1] not in {"made", *CODES} or one[3] > MEGABYTES] == []
    codes = dict(zip(ATTACKS, (one[1] for one in found), strict=True))
    assert {name for name, code in codes.items() if code == "PDF_LIMIT"} >= {"bomb", "bomb twice packed"}


GOOD: Final = page("1.7")


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=6), st.integers(0, 12)), min_size=1, max_size=6
    )
)
def test_any_damage_ends_in_a_sound_file_or_in_one_of_the_errors(edits: list[tuple[int, bytes, int]]) -> None:
    data = bytearray(GOOD)
    for at, new, gone in edits:
        data[at : at + gone] = new
    code = "PDF_DAMAGED"
    try:
        confirm(repair(bytes(data)).data)
    except PdfError as error:
        code = error.code or ""
    assert code in CODES
    assert conformity(bytes(data)).verdict in {"pass", "fail", "not checked"}


def test_the_hostile_samples_end_in_an_answer_within_the_limits() -> None:
    folder = os.environ.get("EINVOICE_HOSTILE")
    if not folder:
        pytest.skip("the environment variable EINVOICE_HOSTILE does not name a folder of hostile files")
    paths = sorted(path for path in Path(folder).rglob("*") if path.suffix in {".pdf", ".fuzz"})
    assert paths, f"{folder} holds no PDF"
    found = judged(paths)
    assert len(found) == len(paths)
    assert [one for one in found if one[1] not in {"made", *CODES} or one[3] > MEGABYTES] == []
