# SPDX-License-Identifier: Apache-2.0
"""A logo keeps a colour profile that an archive takes, and loses one that would spoil the file."""

from __future__ import annotations

import base64
import io
import zlib
from typing import TYPE_CHECKING

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.render import render_pdf
from einvoice.render.logo import archivable
from tests.render.making import NOON, invoice, png

if TYPE_CHECKING:
    from collections.abc import Callable

# A grey square of eight by eight points, RGB, as small as a JPEG can be.
PICTURE = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////"
    "////////////////////2wBDAf//////////////////////////////////////////////////////////////////////////"
    "////////////wAARCAAIAAgDASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAU"
    "AQEAAAAAAAAAAAAAAAAAAAAA/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AAA//2Q=="
)


def profile(*, space: bytes = b"RGB ", kind: bytes = b"mntr", version: int = 4) -> bytes:
    """The head of a profile, and a little more."""
    head = bytearray(128)
    head[8], head[12:16], head[16:20], head[20:24], head[36:40] = version, kind, space, b"XYZ ", b"acsp"
    return bytes(head) + b"and its tables"


def jpeg(stated: bytes, colours: int = 3) -> bytes:
    plain = PICTURE
    start = plain.index(b"\xff\xc0")
    framed = plain[: start + 9] + bytes([colours]) + plain[start + 10 :]
    mark = b"ICC_PROFILE\0\x01\x01" + stated
    return framed[:2] + b"\xff\xe2" + (len(mark) + 2).to_bytes(2, "big") + mark + framed[2:]


def chunked(stated: bytes, colours: int = 3) -> bytes:
    plain = bytearray(png())
    plain[25] = {1: 0, 3: 2}[colours]
    body = b"profile\0\0" + zlib.compress(stated)
    chunk = b"iCCP" + body
    return bytes(plain[:33]) + len(body).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + plain[33:]


@pytest.mark.parametrize("made", [jpeg, chunked])
@pytest.mark.parametrize("kind", [b"mntr", b"scnr", b"prtr", b"spac"])
def test_a_profile_for_the_colours_of_the_image_stays(made: Callable[..., bytes], kind: bytes) -> None:
    logo = made(profile(kind=kind))
    assert archivable(logo) == logo
    logo = made(profile(space=b"GRAY", kind=kind), 1)
    assert archivable(logo) == logo


@pytest.mark.parametrize("made", [jpeg, chunked])
@pytest.mark.parametrize(
    "stated",
    [profile(space=b"Lab "), profile(space=b"GRAY"), profile(space=b"CMYK"), profile(kind=b"link"), profile(version=5),
     profile()[:100], b"", b"\0" * 200],
    ids=["Lab", "grey", "CMYK", "link", "version 5", "cut", "empty", "zeros"],
)  # fmt: skip
def test_a_profile_that_an_archive_does_not_take_goes(made: Callable[..., bytes], stated: bytes) -> None:
    found = archivable(made(stated))
    assert b"ICC_PROFILE" not in found
    assert b"iCCP" not in found
    assert found == (PICTURE if made is jpeg else png())


def test_an_image_without_a_profile_stays() -> None:
    for logo in (PICTURE, png(), b"<svg/>", b"\xef\xbb\xbf<svg/>"):
        assert archivable(logo) == logo


@given(st.data())
def test_a_broken_image_is_left_to_whoever_draws_it(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([jpeg(profile(space=b"Lab ")), chunked(profile(space=b"Lab "))]))
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    found = archivable(cut)
    assert found in {cut, archivable(whole)[: len(found)]}


def test_the_page_holds_no_profile_of_lab() -> None:
    drawn = render_pdf(invoice(), timestamp=NOON, logo=jpeg(profile(space=b"Lab ")))
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        images = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        spaces = [one.ColorSpace for one in images]
    assert images
    assert all(not isinstance(space, pikepdf.Array) or space[1].N == 3 for space in spaces)
    assert b"Lab " not in drawn
