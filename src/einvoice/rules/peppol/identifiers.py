# SPDX-License-Identifier: Apache-2.0
"""PEPPOL-COMMON-R: identifiers whose scheme says how they are made, wherever a party states one.

The tests compute check digits in their own way, which is not always that of whoever issues the numbers: they take a
GLN of any length, an Italian tax code whose letters and digits merely stand in the right places, and the first digit
of a sum where a sign stood. What they take and refuse is taken and refused here, so these functions are not those of
python-stdnum; each says where it differs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, UnjudgeableError
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about, asked
from einvoice.rules.peppol.countries import TAX
from einvoice.rules.xpath import is_integer, is_number, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.model.parts import Part

STATED: Final = "cbc:EndpointID | cac:PartyIdentification/cbc:ID | cbc:CompanyID"
"""The elements in which a party states who it is."""
_IPA: Final = re.compile(r"[A-Za-z0-9]{6}")
_PERSON: Final = re.compile(r"[A-Za-z]{6}(.{2})[A-Za-z](.{2}).{3}(.)[A-Za-z]", re.DOTALL)
_NL_VAT: Final = re.compile(r"NL[0-9]{9}B[0-9]{2}")
_DIGITS: Final = frozenset("0123456789")


def _digits(text: str) -> bool:
    return bool(text) and _DIGITS.issuperset(text)


# ---- check digits


def gln(number: str) -> bool:
    """Whether the last digit of a GLN is right; a number of any length passes that has the right one.

    Args:
        number: digits, at least one.
    """
    digits = [*map(int, reversed(number[:-1]))]
    total = 3 * sum(digits[::2]) + sum(digits[1::2])
    return (10 - total % 10) % 10 == int(number[-1])


def mod11(number: str) -> bool:
    """Whether the last digit is right by modulus 11 with the weights 2 to 7 from the right; zeros alone are not.

    Args:
        number: digits, at least one.
    """
    total = sum(int(digit) * (place % 6 + 2) for place, digit in enumerate(reversed(number[:-1])))
    return int(number) > 0 and (11 - total % 11) % 11 == int(number[-1])


def luhn(number: str) -> bool:
    """Whether the tenth digit of a Swedish organisation number is right; digits after it do not count.

    Args:
        number: the number.

    Raises:
        UnjudgeableError: one of the first nine is a digit of another script, with which the test cannot compute.
    """
    if not number.isdecimal():
        return False
    main, check = number[:9], number[9:10]
    if not _DIGITS.issuperset(main):
        raise UnjudgeableError(f"{number!r} has digits that cannot be computed with")
    doubled = [int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(main))]
    return _digits(check) and (10 - sum(one % 10 + one // 10 for one in doubled) % 10) % 10 == int(check)


def belgian(number: str) -> bool:
    """Whether the last two of ten digits are right by modulus 97; the first digit may be any.

    Args:
        number: ten digits.
    """
    return 97 - int(number[:8]) % 97 == int(number[8:])


def abn(number: str) -> bool:
    """Whether eleven digits are an Australian Business Number by modulus 89.

    Args:
        number: eleven digits.
    """
    weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
    digits = [int(digit) for digit in number]
    return (sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) - weights[0]) % 89 == 0


def tax_code(code: str) -> bool:
    """Whether it has the form of an Italian tax code: of a person 16 letters and digits, else 11 digits.

    Check characters are not computed, and a sign may stand where a number may.

    Args:
        code: the code without white space around it.
    """
    if len(code) == 11:  # noqa: PLR2004 -- the length of a company's code
        return is_integer(code)
    match = _PERSON.fullmatch(code)
    return match is not None and all(is_integer(part) for part in match.groups())


def italian_vat(number: str) -> bool:
    """Whether an Italian VAT number with its prefix has 11 digits of which the last is right; others pass.

    Args:
        number: the number without white space around it.

    Raises:
        UnjudgeableError: a sign or a blank stands before the digits, with which the test cannot compute.
    """
    code = number[2:]
    if number[:2] not in ("IT", "it"):
        return True
    if len(code) != 11 or not is_integer(code):  # noqa: PLR2004 -- the digits of the number
        return False
    if not _digits(code):
        raise UnjudgeableError(f"{number!r} has a sign or a blank that cannot be computed with")
    return sum(int("0246813579"[int(digit)] if place % 2 else digit) for place, digit in enumerate(code)) % 10 == 0


def greek(number: str) -> bool:
    """Whether the first nine characters are a Greek tax number (AFM); what follows them does not count.

    Args:
        number: the number.
    """
    digits = number[:9]
    if len(digits) < 9 or not _digits(digits):  # noqa: PLR2004 -- the digits of the number
        return False
    return sum(int(digit) << (8 - place) for place, digit in enumerate(digits[:8])) % 11 % 10 == int(digits[8])


# ---- what each scheme asks


def _prefixed(number: str) -> bool:
    return number.startswith("DK") and len(number) == 10 and _digits(number[2:])  # noqa: PLR2004 -- DK and 8 digits


def _cvr(number: str) -> bool:
    return _prefixed(number) or (len(number) == 8 and _digits(number))  # noqa: PLR2004 -- the digits of a CVR number


def _of_digits(*lengths: int) -> Callable[[str], bool]:
    return lambda number: _digits(number) and (not lengths or len(number) in lengths)


def _both(form: Callable[[str], bool], check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda number: form(number) and check(number)


def _stated(
    identifier: str, scheme: str, takes: Callable[[str], bool], sentence: str, *, raw: bool = False, at: str = STATED
) -> ElementRule:
    """A rule about identifiers of one scheme.

    Args:
        identifier: the official id.
        scheme: the scheme.
        takes: whether a number is right.
        sentence: what the rule demands.
        raw: whether white space around the number counts.
        at: the elements that are asked.
    """

    def check(stated: Part) -> Faults:
        return NO_FAULTS if takes(stated.text if raw else trimmed(stated.text)) else [Fault()]

    return asked(identifier, _of_scheme(at, scheme), check, sentence)


def _of_scheme(elements: str, scheme: str) -> str:
    """Elements that name a scheme."""
    return " | ".join(f"{element}[@schemeID='{scheme}']" for element in elements.split(" | "))


SCHEMES: Final = (
    _stated("PEPPOL-COMMON-R040", "0088", _both(_of_digits(), gln), "A GLN (scheme 0088) has a right check digit."),
    _stated(
        "PEPPOL-COMMON-R041",
        "0192",
        _both(_of_digits(9), mod11),
        "A Norwegian organisation number (scheme 0192) has nine digits, and a right check digit.",
    ),
    _stated(
        "PEPPOL-COMMON-R042",
        "0184",
        _cvr,
        "A Danish CVR number (scheme 0184) has eight digits, DK may stand before them.",
        raw=True,
    ),
    _stated("PEPPOL-COMMON-R052", "0096", _of_digits(10), "A Danish P number (scheme 0096) has ten digits.", raw=True),
    _stated(
        "PEPPOL-COMMON-R053", "0198", _prefixed, "A Danish SE number (scheme 0198) is DK and eight digits.", raw=True
    ),
    _stated(
        "PEPPOL-COMMON-R043",
        "0208",
        _both(_of_digits(10), belgian),
        "A Belgian enterprise number (scheme 0208) has ten digits, and right check digits.",
    ),
    _stated(
        "PEPPOL-COMMON-R044",
        "0201",
        lambda code: _IPA.fullmatch(code) is not None,
        "An Italian office code (Codice IPA, scheme 0201) has six letters or digits.",
    ),
    _stated("PEPPOL-COMMON-R045", "0210", tax_code, "An Italian tax code (Codice Fiscale, scheme 0210) has its form."),
    _stated(
        "PEPPOL-COMMON-R046",
        "9907",
        tax_code,
        "An electronic address that is an Italian tax code (scheme 9907) has its form.",
        at="cbc:EndpointID",
    ),
    _stated(
        "PEPPOL-COMMON-R047",
        "0211",
        italian_vat,
        "An Italian VAT number (Partita IVA, scheme 0211) has eleven digits, and a right check digit.",
    ),
    _stated(
        "PEPPOL-COMMON-R049",
        "0007",
        _both(lambda number: len(number) == 10 and is_number(number), luhn),  # noqa: PLR2004 -- its digits
        "A Swedish organisation number (scheme 0007) has ten digits, and a right check digit.",
    ),
    _stated(
        "PEPPOL-COMMON-R050",
        "0151",
        _both(_of_digits(11), abn),
        "An Australian Business Number (scheme 0151) has eleven digits, and right check digits.",
    ),
    _stated(
        "PEPPOL-COMMON-R054",
        "0106",
        _of_digits(8),
        "A number of the Dutch chamber of commerce (0106) has eight digits.",
    ),
    _stated(
        "PEPPOL-COMMON-R055",
        "0190",
        _of_digits(20),
        "A Dutch organisation number (OIN, scheme 0190) has twenty digits.",
    ),
    _stated(
        "PEPPOL-COMMON-R056-1",
        "9944",
        lambda number: _NL_VAT.fullmatch(number) is not None,
        "A Dutch VAT number (scheme 9944) is NL, nine digits, B and two digits.",
    ),
)
_SEEN: Final = frozenset(
    ["0088", "0192", "0184", "0096", "0198", "0208", "0201", "0210", "0211", "0007", "0151", "0106", "0190", "9944"]
)
"""The schemes of numbers that the tests see before they look for Dutch VAT numbers."""


def _is_dutch_vat(stated: Part) -> bool:
    """Whether it is a VAT number that begins with NL."""
    scheme = stated.above
    if stated.name != "cbc:CompanyID" or scheme is None or scheme.name != "cac:PartyTaxScheme":
        return False
    names = scheme.texts(TAX)
    return len(names) == 1 and trimmed(names[0]) == "VAT" and trimmed(stated.text).startswith("NL")


@about("PEPPOL-COMMON-R056-2", "cac:PartyTaxScheme/cbc:CompanyID")
def peppol_common_r056_2(stated: Part) -> Faults:
    """A VAT number that begins with NL is NL, nine digits, B and two digits.

    It is not asked of a number whose scheme has a rule of its own.
    """
    if "NL" not in stated.text:  # most numbers are of other countries
        return NO_FAULTS
    if stated.get("schemeID") in _SEEN or not _is_dutch_vat(stated) or _NL_VAT.fullmatch(trimmed(stated.text)):
        return NO_FAULTS
    return [Fault()]


@about("PEPPOL-COMMON-R057", _of_scheme(STATED, "0217"))
def peppol_common_r057(stated: Part) -> Faults:
    """A number of a branch in the Dutch register (scheme 0217) has twelve digits."""
    number = trimmed(stated.text)
    if not (_digits(number) and len(number) == 12) and not _is_dutch_vat(stated):  # noqa: PLR2004 -- its digits
        return [Fault()]
    return NO_FAULTS
