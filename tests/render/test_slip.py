# SPDX-License-Identifier: Apache-2.0
"""The payment part of a QR-bill keeps its texts apart, whatever length an address may have."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from einvoice.render import render_pdf
from tests.render.making import NOON
from tests.render.samples import sample

if TYPE_CHECKING:
    from einvoice.model import Invoice

MILLIMETRE = 72 / 25.4
RECEIPT = 62 * MILLIMETRE
LOUD = {
    "ordinary": ("Genossenschaft Biel-Seeland", "Rue du Lac 1268", "Biel"),
    "upper case": (
        "STOCKWERKEIGENTÜMERGEMEINSCHAFT RUTSCHMANN-SCHNYDER, GROSSE MARKTGASSE",
        "C/O TREUHAND- UND VERWALTUNGSGESELLSCHAFT MÜLLER & CO., POSTFACH 12",
        "RORSCHACHERBERG-WIGGEN",
    ),
    "widest": ("W" * 70, "W" * 70, "M" * 35),
}


def addressed(name: str, street: str, town: str) -> Invoice:
    plain = sample("swiss")
    assert plain.seller
    assert plain.seller.postal_address
    assert plain.buyer
    assert plain.buyer.postal_address
    assert plain.payment_instructions
    means = plain.payment_instructions.means[0]
    account = replace(means.credit_transfers[0], payment_account_name=name)
    return replace(
        plain,
        seller=replace(
            plain.seller, postal_address=replace(plain.seller.postal_address, address_line_1=street, city=town)
        ),
        buyer=replace(
            plain.buyer,
            name=name,
            postal_address=replace(plain.buyer.postal_address, address_line_1=street, city=town),
        ),
        payment_instructions=replace(plain.payment_instructions, means=(replace(means, credit_transfers=(account,)),)),
    )


def placed(shown: Invoice) -> list[tuple[str, float, float, float]]:
    """The texts of the last page with their places and their heights, in points."""
    found: list[tuple[str, float, float, float]] = []

    def take(text: str, cm: list[float], tm: list[float], _: object, size: float) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x, y, abs(size * tm[3] * cm[3])))

    PdfReader(io.BytesIO(render_pdf(shown, language="de", timestamp=NOON))).pages[-1].extract_text(visitor_text=take)
    return [one for one in found if one[2] < 105 * MILLIMETRE]


@pytest.mark.parametrize("address", LOUD.values(), ids=LOUD)
def test_addresses_stay_above_the_amount_and_no_letter_is_too_small(address: tuple[str, str, str]) -> None:
    texts = placed(addressed(*address))
    currencies = [(x, y) for text, x, y, _ in texts if text.startswith("Währung")]
    assert len(currencies) == 2, "on the receipt and on the payment part"
    below = min(currencies)[1]
    receipt = [(y, text) for text, x, y, _ in texts if x < RECEIPT]
    (payer,) = [y for y, text in receipt if text == "Zahlbar durch"]
    lines = [(y, text) for y, text in receipt if below - 3 < y < payer]
    lines = [(y, text) for y, text in lines if not text.startswith(("Währung", "Betrag"))]
    assert len(lines) > 1
    assert min(y for y, _ in lines) > below + 8, "points: a line of letters lies between"
    assert min(y for _, _, y, _ in texts) > 5 * MILLIMETRE - 1
    assert min(size for *_, size in texts) > 5.99, "points (Implementation Guidelines QR-bill, 3.4)"


def test_a_receipt_without_room_leaves_out_the_streets_alone() -> None:
    name, street, town = LOUD["upper case"]
    receipt = "".join(text for text, x, *_ in placed(addressed(name, street, town)) if x < RECEIPT)
    payment = "".join(text for text, x, *_ in placed(addressed(name, street, town)) if x > RECEIPT)
    assert (receipt.count("POSTFACH 12"), payment.count("POSTFACH 12")) == (0, 2)
    assert (receipt.count("MARKTGASSE"), receipt.count(town)) == (2, 2)


def test_a_receipt_with_room_names_the_streets() -> None:
    texts = [text for text, x, *_ in placed(sample("swiss")) if x < RECEIPT]
    assert "Grosse Marktgasse 28" in "\n".join(texts)
