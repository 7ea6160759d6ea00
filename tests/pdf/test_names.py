# SPDX-License-Identifier: Apache-2.0
"""Names of attachments are shown as they are and saved as something harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.pdf.names import is_well_known, safe_name, shown


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("factur-x.xml", "factur-x.xml"),
        ("Größe 1.pdf", "Größe 1.pdf"),
        ("../../etc/cron.d/x", "x"),
        ("C:\\Windows\\system32\\evil.dll", "evil.dll"),
        ("/etc/passwd", "passwd"),
        (".bashrc", "bashrc"),
        ("...", "attachment"),
        ("..", "attachment"),
        ("", "attachment"),
        ("a/", "attachment"),
        ("CON", "_CON"),
        ("nul.xml", "_nul.xml"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.xml", "console.xml"),
        ("a\0b\nc.xml", "abc.xml"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a<b>:"c|?*.xml', "a_b___c___.xml"),
        ("name. . ", "name"),
        (". .a", "a"),
        ("a\u2028b", "ab"),
    ],
)
def test_a_name_is_made_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut_and_keeps_its_suffix() -> None:
    cut = safe_name("ä" * 500 + ".xml")
    assert len(cut.encode()) <= 120
    assert cut.endswith("ä.xml")


def test_a_long_suffix_does_not_survive_at_the_cost_of_the_limit() -> None:
    assert len(safe_name("a." + "b" * 500).encode()) <= 120


@given(st.text(max_size=300))
def test_no_name_escapes_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe not in {".", ".."}
    assert len(safe.encode()) <= 120
    assert safe == safe.strip(" .")
    assert not set(safe) & set('/\\<>:"|?*')
    assert all(unicodedata.category(sign)[0] != "C" for sign in safe)
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    "name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "XRECHNUNG.XML", "cii.xml"]
)
def test_the_names_of_the_standards_are_known_in_any_case(name: str) -> None:
    assert is_well_known(name)


@pytest.mark.parametrize("name", ["order-x.xml", "invoice.xml", "factur-x.xml.exe", "factur-x"])
def test_other_names_are_not_known(name: str) -> None:
    assert not is_well_known(name)


def test_a_shown_name_has_no_control_characters_and_an_end() -> None:
    text = shown("\x1b[31m\u202e" + "a" * 500)
    assert text.isprintable()
    assert len(text) < 120
