# SPDX-License-Identifier: Apache-2.0
"""Why there is no page, or no payment code, is told in German and French as well."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from einvoice.errors import EinvoiceError
from einvoice.model import Seller, SellerPostalAddress
from einvoice.render import render_pdf
from einvoice.render.logo import LARGEST_LOGO, checked
from einvoice.render.squares import why_none
from einvoice.rules.catalogue import catalogue
from einvoice.rules.languages import rooms
from tests.model.test_payment_codes import QR_REFERENCE, SWISS, SWISS_QR, asking
from tests.render.making import NOON, invoice, png

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from einvoice.model import Invoice

ENGLISH = re.compile(r"\b(the|has|have|is|are|and|with|would|needs|than|which)\b")

REFUSED: dict[str, Invoice] = {
    "no iban": asking("DE88370400440532013000"),
    "wrong reference": asking(reference="RF19539007547034"),
    "decimals": asking(amount=Decimal("1.005")),
    "too much": asking(amount=Decimal(10**9)),
    "nobody": asking(seller=None),
    "long text": asking(reference="x" * 141),
    "large": asking(reference="é" * 140),
    "no qr reference": asking(SWISS_QR, reference="RF18539007547034"),
    "no qr iban": asking(SWISS, reference=QR_REFERENCE),
    "long text on a bill": asking(SWISS, reference="x" * 141),
    "character": asking(SWISS, reference="東"),
    "no address": asking(SWISS, seller=Seller(name="N", postal_address=SellerPostalAddress(city="Bern"))),
}


def spoken(text: str, language: str) -> str:
    return catalogue(language).told(text, *rooms(()))


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("name", REFUSED)
def test_why_there_is_no_payment_code_is_spoken(name: str, language: str) -> None:
    why = why_none(REFUSED[name])
    assert why is not None
    said = spoken(why, language)
    assert said.startswith({"de": "kein Zahlcode: ", "fr": "pas de code de paiement : "}[language])
    assert not ENGLISH.search(said), said


@pytest.mark.parametrize("language", ["de", "fr"])
def test_why_there_is_no_page_is_spoken(tmp_path: Path, language: str) -> None:
    (tmp_path / "package.typ").write_text('#import "@preview/cetz:0.3.0": *', encoding="utf-8")
    refusals: tuple[Callable[[], object], ...] = (
        lambda: render_pdf(invoice(1, number="東"), timestamp=NOON),
        lambda: render_pdf(invoice(1), timestamp=NOON, template=tmp_path / "nowhere.typ"),
        lambda: render_pdf(invoice(1), timestamp=NOON, template=tmp_path / "package.typ"),
        lambda: checked(b"GIF89a"),
        lambda: checked(png(noise=LARGEST_LOGO)),
    )
    for refusal in refusals:
        with pytest.raises(EinvoiceError) as caught:
            refusal()
        said = spoken(caught.value.message, language)
        assert said != caught.value.message
        assert not ENGLISH.search(said), said
