# SPDX-License-Identifier: Apache-2.0
"""Code lists: what they hold, and that each says where it comes from."""

from __future__ import annotations

import re

import pytest

from einvoice.codes import codes, editions, is_code, lists, name_of, source_of
from einvoice.errors import UnknownNameError

SIZES = {
    "facturx-characteristics": 315,
    "iso-639-2": 506,
    "untdid-1229": 119,
    "untdid-5153": 56,
    "eas": 104,
    "iso-3166-1": 252,
    "iso-4217": 178,
    "iso-6523": 243,
    "mime": 6,
    "unece-rec20-21": 2162,
    "untdid-1001-credit-note": 13,
    "untdid-1001-invoice": 50,
    "untdid-1153": 818,
    "untdid-2005": 3,
    "untdid-2475": 3,
    "untdid-4451": 401,
    "untdid-4461": 84,
    "untdid-5189": 19,
    "untdid-5305": 10,
    "untdid-7143": 185,
    "untdid-7161": 178,
    "vat-prefix": 253,
    "vatex": 88,
}


def test_the_lists_are_those_that_the_rules_need() -> None:
    assert {name: len(codes(name)) for name in lists()} == SIZES


@pytest.mark.parametrize("name", SIZES)
def test_a_list_says_source_edition_and_date(name: str) -> None:
    assert re.fullmatch(r".+, [\d.]+, \d{4}-\d\d-\d\d", source_of(name))


@pytest.mark.parametrize("name", SIZES)
def test_no_code_has_white_space(name: str) -> None:
    assert all(code and not re.search(r"\s", code) for code in codes(name))


def test_a_code_counts_without_the_white_space_around_it() -> None:
    assert is_code("EUR", "iso-4217")
    assert is_code(" EUR\n", "iso-4217")
    assert not is_code("eur", "iso-4217")
    assert not is_code("", "iso-4217")
    assert not is_code("E UR", "iso-4217")


def test_some_codes_are_taken_in_one_syntax_only() -> None:
    assert is_code("SS", "iso-3166-1", "ubl")
    assert not is_code("SS", "iso-3166-1", "cii")
    assert is_code("AN", "iso-3166-1", "cii")
    assert not is_code("AN", "iso-3166-1", "ubl")
    assert codes("untdid-4451", "ubl") < codes("untdid-4451", "cii")


def test_a_code_has_a_name_where_one_is_at_hand() -> None:
    assert name_of("AE", "untdid-5305") == "Reverse charge"
    assert name_of("58", "untdid-4461") == "SEPA credit transfer"
    assert name_of("XYZ", "unece-rec20-21") is None


def test_a_list_that_does_not_exist_is_an_error() -> None:
    for look in (codes, source_of):
        with pytest.raises(UnknownNameError, match="iso-9999"):
            look("iso-9999")
    with pytest.raises(UnknownNameError, match="iso-9999"):
        is_code("x", "iso-9999")
    with pytest.raises(UnknownNameError, match="iso-9999"):
        name_of("x", "iso-9999")


def test_another_edition_differs_from_the_files_by_what_it_adds_and_drops() -> None:
    edition = "en16931-1.3.17"
    assert edition in editions()
    assert codes("iso-4217", edition=edition) ^ codes("iso-4217") == {"STN", "STD"}
    assert codes("eas", edition=edition) - codes("eas") == {"9960"}
    assert codes("eas") - codes("eas", edition=edition) == {"0219", "0220"}
    assert codes("mime", edition=edition) == codes("mime")
    assert len(codes("vatex", edition=edition)) == 106


@pytest.mark.parametrize("edition", editions())
def test_an_edition_says_where_it_is_from_and_changes_only_what_there_is(edition: str) -> None:
    changed = [name for name in lists() if codes(name, edition=edition) != codes(name)]
    assert changed
    for name in changed:
        assert source_of(name, edition) != source_of(name)
        assert re.fullmatch(r".+ [\d.]+.* \d{4}-\d\d-\d\d.*", source_of(name, edition))
        for syntax in ("ubl", "cii"):
            assert codes(name, syntax, edition) <= codes(name, None, edition)
    unchanged = next(name for name in lists() if name not in changed)
    assert source_of(unchanged, edition) == source_of(unchanged)


def test_an_edition_that_does_not_exist_is_an_error() -> None:
    for look in (codes, source_of):
        with pytest.raises(UnknownNameError, match=r"no edition 'en16931-9'"):
            look("iso-4217", edition="en16931-9")
