# SPDX-License-Identifier: Apache-2.0
"""Check digits: numbers that their issuers would take pass, and where the published tests differ, so do we."""

from __future__ import annotations

import pytest
import stdnum.au.abn
import stdnum.be.vat
import stdnum.ean
import stdnum.gr.vat
import stdnum.it.iva
import stdnum.no.orgnr
import stdnum.se.orgnr
from stdnum import iban

from einvoice.model.parts import UnjudgeableError
from einvoice.rules.peppol.germany import is_iban
from einvoice.rules.peppol.identifiers import abn, belgian, gln, greek, italian_vat, luhn, mod11, tax_code

SAMES = [
    (gln, stdnum.ean.is_valid, "579000043595{}"),
    (mod11, stdnum.no.orgnr.is_valid, "92360901{}"),
    (luhn, stdnum.se.orgnr.is_valid, "556036079{}"),
    (belgian, stdnum.be.vat.is_valid, "02022399{}1"),
    (abn, stdnum.au.abn.is_valid, "5182475355{}"),
    (greek, stdnum.gr.vat.is_valid, "09425921{}"),
    (lambda number: italian_vat(f"IT{number}"), stdnum.it.iva.is_valid, "0074311015{}"),
]


@pytest.mark.parametrize("which", range(len(SAMES)))
def test_of_ten_numbers_those_pass_that_their_issuer_takes(which: int) -> None:
    takes, valid, pattern = SAMES[which]
    numbers = [pattern.format(digit) for digit in range(10)]
    assert [takes(number) for number in numbers] == [valid(number) for number in numbers]
    assert any(map(takes, numbers))


def test_a_gln_may_have_any_length() -> None:
    assert gln("0")
    assert gln("17")
    assert not gln("18")


def test_zeros_alone_are_no_norwegian_number() -> None:
    assert not mod11("000000000")


def test_what_follows_the_tenth_digit_of_a_swedish_number_does_not_count() -> None:
    assert luhn("5560360793999")
    assert not luhn("556036079")
    assert not luhn("55603607-3")


def test_with_digits_of_another_script_the_test_cannot_compute() -> None:
    with pytest.raises(UnjudgeableError, match="cannot be computed with"):
        luhn("\u0665\u0665\u0666\u0660\u0663\u0666\u0660\u0667\u0669\u0663")
    assert not luhn("556036079\u0663")


@pytest.mark.parametrize(
    "code", ["RSSMRA80A01H501U", "RSSMRA80A01H501A", "RSSMRA+0A-1###5x", "00743110157", "+0743110157"]
)
def test_an_italian_tax_code_needs_its_letters_and_numbers_in_their_places(code: str) -> None:
    assert tax_code(code)


@pytest.mark.parametrize("code", ["RSSMRA8AA01H501U", "1SSMRA80A01H501U", "RSSMRA80A01H501", "0074311015a", ""])
def test_an_italian_tax_code_of_another_form_is_none(code: str) -> None:
    assert not tax_code(code)


def test_a_vat_number_of_another_country_is_not_asked_for_italian_digits() -> None:
    assert italian_vat("FR1")
    assert italian_vat("It1")
    assert not italian_vat("IT1")
    assert not italian_vat("it00743110158")


def test_a_sign_before_italian_digits_cannot_be_computed_with() -> None:
    with pytest.raises(UnjudgeableError, match="a sign or a blank"):
        italian_vat("IT+0743110157")


def test_a_greek_number_ends_after_nine_digits() -> None:
    assert greek("0942592165")
    assert not greek("09425921")
    assert not greek("09425921\u0666")


@pytest.mark.parametrize("number", ["DE02120300000000202051", "GB33BUKB20201555555555", "BE71 0961 2345 6769"])
def test_an_iban_passes_with_and_without_blanks(number: str) -> None:
    assert iban.is_valid(number)
    assert is_iban(number)


def test_a_small_letter_in_an_iban_counts_otherwise_than_the_capital() -> None:
    assert is_iban("GB33BUKB20201555555555")
    assert iban.is_valid("GB33bukb20201555555555")
    assert not is_iban("GB33bukb20201555555555")
    assert not is_iban("gb33BUKB20201555555555")
    assert not is_iban("DE02120300000000202052")
