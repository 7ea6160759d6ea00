# SPDX-License-Identifier: Apache-2.0
"""The squares on a page say what the payload says, and stand where an invoice asks for a transfer."""

from __future__ import annotations

import re
import sys

import pytest
import segno

from einvoice.errors import MissingExtraError, OutputError
from einvoice.model.payment_codes import payment_codes
from einvoice.render.compose import compose
from einvoice.render.squares import QUIET, square, why_none
from einvoice.render.words import words
from tests.model.test_payment_codes import QR_REFERENCE, SWISS, SWISS_QR, asking
from tests.render.samples import NAMES, sample

_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\3z")


def modules(image: str, quiet: int) -> set[tuple[int, int]]:
    """The dark modules that an image draws, without its quiet zone."""
    path = image.split('<path d="', 1)[1].split('"', 1)[0]
    assert _RUN.sub("", path) == ""
    return {(int(x) + step - quiet, int(y) - quiet) for x, y, width in _RUN.findall(path) for step in range(int(width))}


@pytest.mark.parametrize(("standard", "quiet"), [("epc", QUIET), ("swiss", 0)])
def test_a_square_is_the_code_of_its_payload(standard: str, quiet: int) -> None:
    """Module for module what another run of the encoder makes of the text, at the level that the standards demand."""
    payload = "BCD\n002\n1\nSCT\n\nNordwind Wérkzeuge\nDE89370400440532013000\nEUR1.00"
    expected = segno.make(payload, error="m", mode="byte", encoding="utf-8", boost_error=False, micro=False, mask=3)
    assert expected.error == "M"
    dark = {(x, y) for y, row in enumerate(expected.matrix) for x, module in enumerate(row) if module}
    assert modules(square(payload, standard), quiet) == dark


def test_a_square_is_read_by_another_program() -> None:
    reader = pytest.importorskip("zxingcpp", reason="zxing-cpp is not installed")
    code = payment_codes(asking())
    assert code is not None
    dark, scale, size = modules(square(code.payload), QUIET), 6, 49
    edge = size * scale
    picture = bytes(
        0 if (x // scale - QUIET, y // scale - QUIET) in dark else 255 for y in range(edge) for x in range(edge)
    )
    (found,) = reader.read_barcodes(memoryview(picture).cast("B", (edge, edge)))
    assert found.bytes.decode() == code.payload


def test_only_a_qr_bill_has_a_cross() -> None:
    assert "translate(" in square("SPC", "swiss")
    assert "translate(" not in square("BCD")


def test_a_square_is_never_larger_than_phones_can_read() -> None:
    with pytest.raises(OutputError, match="version"):
        square("x" * 400)


def test_without_segno_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(MissingExtraError, match=r"einvoice\[pdf\]"):
        square("BCD")


# --------------------------------------------------------------------------------------------- on the sheet


def test_a_transfer_in_euro_puts_a_code_on_the_sheet() -> None:
    sheet = compose(asking(), words("de"))
    assert sheet.slip is None
    assert sheet.code is not None
    assert (sheet.code.title, sheet.code.text) == (
        "Mit der App bezahlen",
        (
            "Europäischer Zahlcode: 1.234,50\u00a0EUR an Nordwind Wérkzeuge GmbH, Konto DE89 3704 0044 0532 0130 00,"
            " Verwendungszweck 2026-0042"
        ),
    )


def test_a_swiss_account_puts_a_slip_on_the_sheet() -> None:
    sheet = compose(asking(SWISS_QR, reference=QR_REFERENCE, currency_code="CHF"), words("fr"))
    assert sheet.code is None
    slip = sheet.slip
    assert slip is not None
    assert (slip.words["receipt"], slip.currency, slip.amount) == ("Récépissé", "CHF", "1\u00a0234.50")
    assert slip.account == ("CH44 3199 9123 0008 8901 2", "Nordwind Wérkzeuge GmbH", "Hafenstraße 12", "3000 Bern")
    assert slip.reference == "21 00000 00003 13947 14300 09017"
    assert slip.payer == ("Est SARL", "27 rue de la Gare", "1201 Genève")


def test_a_creditor_reference_is_printed_in_fours() -> None:
    slip = compose(asking(SWISS, reference="RF18539007547034"), words("en")).slip
    assert slip is not None
    assert (slip.reference, slip.information) == ("RF18 5390 0754 7034", "")


@pytest.mark.parametrize(("language", "form"), [("it", "it"), ("nl", "en"), ("es", "en")])
def test_the_form_exists_in_four_languages(language: str, form: str) -> None:
    slip = compose(asking(SWISS), words(language)).slip
    assert slip is not None
    assert slip.language == form


def test_a_code_that_would_be_wrong_is_left_out_and_the_reason_is_told() -> None:
    wrong = asking("DE88370400440532013000")
    sheet = compose(wrong, words("en"))
    assert (sheet.code, sheet.slip) == (None, None)
    assert "DE88370400440532013000 (BT-84) is no IBAN" in (why_none(wrong) or "")
    assert why_none(asking()) is None


def test_the_samples_have_the_codes_that_they_should() -> None:
    found = {name: code.standard if (code := payment_codes(sample(name))) else "" for name in NAMES}
    assert found == {"german": "epc", "swiss": "swiss", "greek": "epc", "credit-note": ""}
