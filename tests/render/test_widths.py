# SPDX-License-Identifier: Apache-2.0
"""The widths that the page reckons with are never below those of the fonts, and rows drawn by them are the same."""

from __future__ import annotations

import io
import json
import random
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from einvoice.model import Invoice, ItemInformation, PriceDetails
from einvoice.render import page
from einvoice.render.compose import compose
from einvoice.render.widths import _table, ems, width
from einvoice.render.words import words
from tests.render.making import NOON, Everything, invoice, line
from tests.render.samples import NAMES, sample

if TYPE_CHECKING:
    from einvoice.render.sheet import Sheet

typst = pytest.importorskip("typst", reason="the extra pdf is not installed")

_SAMPLES = 400
_WEIGHTS = ("Regular", "SemiBold")
_MEASURED = """
#set text(font: "Noto Sans", size: 1000pt, fallback: false)
#for text in json(bytes(sys.inputs.texts)) {
  let weight(bold) = context [#metadata(measure(std.text(weight: bold, text)).width.pt()) <width>]
  weight(400) + weight(600)
}
"""


@pytest.mark.parametrize("weight", _WEIGHTS)
def test_no_letter_is_wider_than_its_row_in_the_table(weight: str) -> None:
    fonts = pytest.importorskip("fontTools.ttLib", reason="fontTools is not installed")
    with files("einvoice.render").joinpath("fonts", f"NotoSans-{weight}.ttf").open("rb") as file:
        font = fonts.TTFont(file)
        names, advances = font.getBestCmap(), font["hmtx"]
        assert font["OS/2"].sCapHeight == 714, "the template reckons with it"
        assert [
            letter for letter, most in _table().items() if not most - 50 * 4 < advances[names[ord(letter)]][0] <= most
        ] == []


def test_no_text_is_set_wider_than_it_is_reckoned(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    """Kerning takes away more than it adds, or less than rounding up and the slack of the template leave."""
    chance = random.Random(7)  # noqa: S311 - no secret
    letters = [letter for letter in _table() if letter < "\u0250"]
    plain = [letter for letter in letters if letter.isascii()]
    texts = [
        "".join(chance.choices(plain if number % 2 else letters, k=chance.randint(1, 24))) for number in range(_SAMPLES)
    ]
    texts += [
        "LTVAToyWaP.Av" * 2,
        "fiffiflffl ijij",
        "\u00a0 1.234,56 €",
        "AVAVAV",
        "rfrfrf",
        "\u201c\u2018\u2019\u201d",
    ]
    template = tmp_path / "measure.typ"
    template.write_text(_MEASURED, "utf-8")
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(files("einvoice.render") / "fonts")])
    compiler = typst.Compiler(
        str(template), font_paths=fonts, ignore_system_fonts=True, sys_inputs={"texts": json.dumps(texts)}
    )
    measured = json.loads(compiler.query("<width>", field="value"))
    assert len(measured) == 2 * len(texts)
    slack = 1000  # an em, which the template keeps free
    reckoned = [(text, width(text)) for text in texts for _ in _WEIGHTS]
    assert [
        (text, most, found)
        for (text, most), found in zip(reckoned, measured, strict=True)
        if most is not None and found > most + slack / 4
    ] == []


@pytest.mark.parametrize("text", ["two\nlines", "\u4e2d", "e\u0301", "soft\u00adhyphen", "\x07", "x" * 25, "\u05d0"])
def test_a_text_that_may_be_broken_or_has_other_letters_has_no_width(text: str) -> None:
    assert width(text) is None


def test_a_text_is_as_wide_as_its_letters() -> None:
    assert width("") == 0
    assert width("Hi i") == width("H") + 2 * width("i") + width(" ")  # type: ignore[operator]


def test_a_row_of_which_one_text_has_no_width_has_none() -> None:
    row = compose(invoice(1), words("en")).rows[0]
    assert len(row.ems) == 8
    assert ems(replace(row, quantity="\u4e2d"), ": ") == ()
    assert ems(replace(row, details=(replace(row.details[0], value="\u4e2d"),)), ": ") == ()


def _many() -> Invoice:
    """Lines of all heights, one of them with a basis of its price, one that needs three lines, one without a name."""
    based = PriceDetails(item_net_price=Decimal(3), item_price_base_quantity=Decimal(100))
    mixed = (
        line("1", price_details=based),
        line("2", price_details=based, item_information=ItemInformation(name="Without description")),
        line("3", item_information=ItemInformation(name="A name of many words " * 6, description="Short")),
        line("4", item_information=ItemInformation(name="", description="Only a description")),
        line("5", note="A note"),
    )
    return invoice(lines=mixed * 7)


def _shown(name: str) -> Invoice:
    own = {
        "everything": Everything().invoice,
        "mixed": _many(),
        "wide": invoice(lines=(line("1", net_amount=Decimal("123456789012345.67")), *invoice(20).lines)),
        "last": invoice(45),
        "last of all": invoice(16),
    }
    return own[name] if name in own else sample(name)


CASES = [*NAMES, "everything", "mixed", "wide", "last", "last of all"]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["de", "fr"])
def test_rows_of_known_height_are_drawn_as_if_they_were_measured(name: str, language: str) -> None:
    """To the byte: who looks at the page cannot tell what was reckoned from what was measured."""
    sheet = compose(_shown(name), words(language))
    if name != "everything":
        assert any((*(row.ems for row in sheet.rows), *(row.ems for row in sheet.vat)))
    unknown = replace(
        sheet,
        rows=tuple(replace(row, ems=()) for row in sheet.rows),
        vat=tuple(replace(row, ems=()) for row in sheet.vat),
    )
    assert _drawn(sheet) == _drawn(unknown)


@pytest.mark.parametrize("name", CASES)
def test_totals_of_known_height_are_where_they_would_be_if_they_were_measured(name: str) -> None:
    """Their columns have another width, which nobody sees: every text stands where it stood."""
    sheet = compose(_shown(name), words("nl"))
    unknown = replace(sheet, totals=tuple(replace(total, ems=()) for total in sheet.totals))
    assert _placed(_drawn(sheet)) == _placed(_drawn(unknown))


def _drawn(sheet: Sheet) -> bytes:
    return page.draw(sheet, Invoice(), NOON)


def _placed(drawn: bytes) -> list[tuple[int, str, float, float]]:
    """Every text with its page and its place, in tenths of a point."""
    found: list[tuple[int, str, float, float]] = []
    for number, one in enumerate(PdfReader(io.BytesIO(drawn)).pages):
        one.extract_text(
            visitor_text=lambda text, cm, tm, *_, number=number: found.append(
                (number, text, round(tm[4] * cm[0] + cm[4], 1), round(tm[5] * cm[3] + cm[5], 1))
            )
        )
    return [one for one in found if one[1].strip()]
