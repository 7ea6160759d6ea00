# SPDX-License-Identifier: Apache-2.0
"""How an interchange is cut into segments, and what is said where it cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.bind.edifact.segments import WRITTEN, Segment, Separators, segments, separators_of
from einvoice.errors import FormatError


def cut(text: str | bytes, encoding: str = "utf-8") -> list[Segment]:
    """The segments of an interchange."""
    return list(segments(text if isinstance(text, bytes) else text.encode(), encoding, "in.edi"))


def test_elements_and_components_are_counted_from_one() -> None:
    (segment,) = cut("NAD+BY+430::9++Kunden AG:Mitte'")
    assert (segment.tag, segment.number) == ("NAD", 1)
    assert (segment.get(1), segment.get(2), segment.get(2, 3)) == ("BY", "430", "9")
    assert (segment.get(4, 2), segment.get(9), segment.get(1, 7)) == ("Mitte", "", "")


def test_a_release_character_takes_the_meaning_from_the_next_one() -> None:
    (segment,) = cut("FTX+AAI+++O?'Neill ?+ Co?: 100 ?? sure??'")
    assert segment.get(4) == "O'Neill + Co: 100 ? sure?"


def test_a_released_release_character_releases_nothing() -> None:
    (segment,) = cut("RFF+ON:a??:b'")
    assert segment.elements == (("ON", "a?", "b"),)


def test_the_service_string_advice_names_the_signs() -> None:
    (segment,) = cut("UNA*;,! #NAD;BY;a*b!;c#")
    assert segment.elements == (("BY",), ("a", "b;c"))
    assert separators_of(b"UNA*;,! #")[0].decimal == ","


@pytest.mark.parametrize("advice", ["UNA::.? '", "UNA:+.?", "UNAa+.? '", "UNA:+.:  '"])
def test_an_advice_that_cannot_work_is_refused(advice: str) -> None:
    with pytest.raises(FormatError, match="service string advice"):
        cut(advice)


def test_line_breaks_between_segments_are_no_content_but_those_inside_are() -> None:
    first, second = cut("BGM+380+1'\r\n\r\nFTX+AAI+++one\ntwo'\n")
    assert (first.tag, second.get(4)) == ("BGM", "one\ntwo")
    assert second.start == 14


def test_a_segment_without_an_end_is_named_with_its_byte() -> None:
    with pytest.raises(FormatError, match=r"segment 2, which begins with 'NAD\+BY', does not end.*byte 12") as caught:
        cut("BGM+380+1' NAD+BY")
    assert caught.value.code == "EDIFACT_SEGMENT"


def test_a_missing_release_character_is_suspected_where_no_tag_stands() -> None:
    with pytest.raises(FormatError, match=r"segment 2 begins with 'Neill.*lacks its release character") as caught:
        cut("FTX+AAI+++O'Neill GmbH'")
    assert caught.value.code == "EDIFACT_TAG"


def test_an_object_is_cut_out_by_its_length_whatever_it_holds() -> None:
    content = b"UNZ+1+1'\xff\x00?'"
    data = b"UNO+P1+1:Doc1+13:application/pdf+%d'\r\n" % len(content) + content + b"UNP+13+P1'UNZ+1+1'"
    found = cut(data)
    assert [one.tag for one in found] == ["UNO", "UNP", "UNZ"]
    assert found[0].content == content


@pytest.mark.parametrize("length", ["", "x", "3", "9999"])
def test_an_object_of_another_length_is_refused(length: str) -> None:
    with pytest.raises(FormatError, match=r"segment 1 \(UNO\)") as caught:
        cut(f"UNO+P1+1:D+13+{length}'abcdefUNP+6+P1'")
    assert caught.value.code == "EDIFACT_OBJECT"


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8"), max_size=9), min_size=1, max_size=4), min_size=1, max_size=5
    )
)
def test_what_is_escaped_is_read_as_it_was(elements: list[list[str]]) -> None:
    """Every text of every component survives, service characters and line breaks included."""
    text = "+".join(["FTX", *(":".join(WRITTEN.escaped(part) for part in element) for element in elements)])
    (segment,) = cut(f"UNA:+.?*'{text}'")
    assert [list(element) for element in segment.elements] == elements


def test_a_blank_repetition_sign_is_never_escaped() -> None:
    assert Separators().escaped("a b+c") == "a b?+c"
