# SPDX-License-Identifier: Apache-2.0
"""The envelope of an interchange: character set, nesting and counts."""

from __future__ import annotations

import pytest

from einvoice.bind.edifact import Interchange, open_interchange
from einvoice.errors import FormatError

MESSAGE = "UNH+1+INVOIC:D:96A:UN:EAN008'BGM+380+1'UNT+3+1'"


def interchange(*messages: str, charset: str = "UNOC:3", count: str = "") -> bytes:
    """An interchange with some messages."""
    body = "".join(messages or (MESSAGE,))
    return f"UNB+{charset}+A+B+260120:1000+77'{body}UNZ+{count or max(len(messages), 1)}+77'".encode("latin-1")


def opened(data: bytes, *, lenient: bool = False) -> Interchange:
    """The interchange, opened."""
    return open_interchange(data, source="in.edi", lenient=lenient)


def test_messages_know_their_directory_and_what_the_issuer_assigned() -> None:
    (message,) = opened(interchange()).messages
    assert (message.type, message.directory, message.association) == ("INVOIC", "D.96A", "EAN008")
    assert [segment.tag for segment in message.segments] == ["UNH", "BGM", "UNT"]


def test_groups_of_messages_are_opened_too() -> None:
    data = interchange(f"UNG+INVOIC+A+B+260120:1000+5+UN+D:96A'{MESSAGE}{MESSAGE}UNE+2+5'")
    assert len(opened(data).messages) == 2


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (interchange(MESSAGE.replace("UNT+3", "UNT+171")), r"segment 4 \(UNT\) counts 171 segments, and there are 3"),
        (interchange(MESSAGE.replace("UNT+3", "UNT+")), r"segment 4 \(UNT\) counts no segments"),
        (interchange(count="2"), r"segment 5 \(UNZ\) counts 2 messages or groups, and there are 1"),
    ],
    ids=["segments", "no number", "messages"],
)
def test_a_wrong_count_is_refused_and_put_up_with_on_demand(data: bytes, what: str) -> None:
    with pytest.raises(FormatError, match=what) as caught:
        opened(data)
    assert caught.value.code == "EDIFACT_COUNT"
    assert caught.value.source == "in.edi"
    assert len(opened(data, lenient=True).notes) >= 1


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"UNB+UNOC:3+A+B+1:1+7'" + MESSAGE.encode(), r"segment 4 \(UNT\) is the last one, but segment 1 \(UNB\)"),
        (b"UNB+UNOC:3+A+B+1:1+7'UNH+1+INVOIC'BGM+1'UNZ+1+7'", r"segment 4 \(UNZ\) closes no UNB"),
        (b"UNH+1+INVOIC'UNT+2+1'", "begins with UNB; this one with UNH"),
        (interchange() + b"UNB+UNOC:3+A+B+1:1+7'UNZ+0+7'", "one file holds one interchange"),
        (interchange(MESSAGE + "BGM+380+2'"), "outside of any message"),
        (interchange("UNH+1+INVOIC'" + MESSAGE), "which is not closed yet"),
        (b"", "begins with UNB; this one with nothing"),
    ],
    ids=["no UNZ", "no UNT", "no UNB", "two interchanges", "outside", "nested", "nothing"],
)
def test_a_broken_envelope_is_refused_with_the_segment(data: bytes, what: str) -> None:
    with pytest.raises(FormatError, match=what):
        opened(data)


def test_a_reference_that_does_not_come_back_is_noted() -> None:
    data = interchange().replace(b"UNZ+1+77", b"UNZ+1+78")
    assert opened(data).notes == ("segment 5 (UNZ) refers to '78', whereas segment 1 (UNB) is '77'",)


@pytest.mark.parametrize(
    ("charset", "encoding"), [("UNOC:3", "iso-8859-1"), ("UNOD:3", "iso-8859-2"), ("UNOW:4", "utf-8")]
)
def test_texts_are_read_in_the_character_set_that_is_declared(charset: str, encoding: str) -> None:
    data = interchange(MESSAGE.replace("380+1'", "380+Ä'"), charset=charset).replace(b"\xc4", "Ä".encode(encoding))
    found = opened(data)
    assert found.messages[0].segments[1].get(2) == "Ä"
    assert found.notes == ()


def test_bytes_outside_of_the_declared_set_are_read_as_windows_1252_with_a_note() -> None:
    data = interchange(MESSAGE.replace("380+1'", "380+kWh\x92s'"), charset="UNOW:4")
    found = opened(data)
    assert found.messages[0].segments[1].get(2) == "kWh\u2019s"
    assert "does not have the byte 0x92 of segment 3" in found.notes[0]


def test_a_byte_that_no_character_set_has_is_refused() -> None:
    with pytest.raises(FormatError, match="0x81, which neither UNOA nor Windows-1252 has"):
        opened(interchange(MESSAGE.replace("380+1'", "380+\x81'"), charset="UNOA:1"))


def test_an_unknown_character_set_is_refused_with_those_that_are_read() -> None:
    with pytest.raises(FormatError, match="declares the character set 'UNOX'; einvoice reads UNOA, UNOB"):
        opened(interchange(charset="UNOX:3"))
