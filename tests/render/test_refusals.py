# SPDX-License-Identifier: Apache-2.0
"""What cannot be drawn is refused by a sentence that says what it is, where it stands and what to do."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from typing import Any, get_args

import pytest

from einvoice.errors import InputError, MissingExtraError, OutputError, UnknownNameError
from einvoice.model import Invoice, InvoiceNote, ItemInformation
from einvoice.render import Language, render_pdf
from einvoice.render.logo import LARGEST_LOGO
from einvoice.render.words import languages
from tests.render.making import NOON, invoice, line, png

pytest.importorskip("typst", reason="the extra pdf is not installed")

READS_A_FILE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
    b'<image xlink:href="file:///etc/hostname" width="9" height="9"/></svg>'
)


def draw(shown: Invoice, language: Language = "en", **more: Any) -> bytes:  # noqa: ANN401 - any argument
    return render_pdf(shown, language=language, timestamp=NOON, **more)


def test_a_character_that_no_font_has_is_named_with_its_term() -> None:
    odd = invoice(lines=(line("1"), line("2", item_information=ItemInformation(name="東京 pump"))))
    with pytest.raises(OutputError) as caught:
        draw(odd)
    assert caught.value.code == "GLYPH"
    assert "'東' (U+6771) in BT-153 Item name (lines[1].item_information.name)" in str(caught.value)
    assert "'京' (U+4EAC)" in str(caught.value)


def test_many_missing_characters_are_counted() -> None:
    with pytest.raises(OutputError, match=r"'漢' .*, '字' .*, 'か' .* and 2 more;"):
        draw(invoice(notes=(InvoiceNote(note="漢 字 か な 語"),)))


def test_a_timestamp_needs_a_time_zone() -> None:
    with pytest.raises(OutputError, match="time zone"):
        render_pdf(invoice(), timestamp=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="'xx'"):
        draw(invoice(), "xx")  # type: ignore[arg-type]


def test_the_type_of_a_language_names_every_language_there_is() -> None:
    assert set(get_args(Language)) == set(languages())


@pytest.mark.parametrize(
    ("logo", "code"),
    [
        (b"GIF89a", "LOGO_FORMAT"),
        (b"", "LOGO_FORMAT"),
        (png(noise=LARGEST_LOGO), "LOGO_SIZE"),
        (png()[:60], "LOGO_DAMAGED"),
        (b"\xff\xd8\xff\xe0 no JPEG", "LOGO_DAMAGED"),
        (b"<svg", "LOGO_DAMAGED"),
        (READS_A_FILE, "LOGO_DAMAGED"),
    ],
    ids=["gif", "empty", "too large", "cut off", "no jpeg", "no svg", "reads a file"],
)
def test_a_logo_that_cannot_be_used_is_refused(logo: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        draw(invoice(), logo=logo)
    assert caught.value.code == code


def test_a_logo_in_svg_is_drawn() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10"><rect width="40" height="10"/></svg>'
    assert draw(invoice(), logo=svg) != draw(invoice())


def test_without_typst_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtraError, match=r"einvoice\[pdf\]"):
        draw(invoice())


def test_a_forked_process_is_refused_instead_of_hanging() -> None:
    code = """
import os
from tests.render.making import NOON, invoice
from einvoice.errors import OutputError
from einvoice.render import render_pdf
render_pdf(invoice(), timestamp=NOON)
child = os.fork()
if child == 0:
    try:
        render_pdf(invoice(), timestamp=NOON)
    except OutputError as error:
        os._exit(7 if error.code == "FORKED" else 8)
    os._exit(9)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "7"
