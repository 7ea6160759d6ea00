# SPDX-License-Identifier: Apache-2.0
"""Which pack and version is meant."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from einvoice.errors import UnknownNameError
from einvoice.rules import find_pack, pack_ids, versions


def test_a_pack_is_found_by_its_name() -> None:
    assert "en16931" in pack_ids()
    assert find_pack("en16931") is find_pack("en16931", as_of=date.max)


def test_a_version_is_found_by_its_number() -> None:
    assert find_pack("en16931@1.3.16").version == "1.3.16"


def test_a_day_chooses_the_version_that_is_valid_on_it() -> None:
    for pack in versions("en16931"):
        if not pack.by_name:
            assert find_pack("en16931", as_of=pack.valid_from) is pack
    assert find_pack("en16931", as_of=date(2000, 1, 1)) is versions("en16931")[0]


def test_no_day_chooses_a_version_that_judges_by_name_only() -> None:
    new = find_pack("en16931@1.3.17")
    assert new.by_name
    assert find_pack("en16931", as_of=new.valid_from).version == "1.3.16"
    assert find_pack("en16931", as_of=date.max).version == "1.3.16"


def test_the_versions_of_a_pack_follow_each_other_without_a_gap() -> None:
    profiles = {(identifier, pack.profile) for identifier in pack_ids() for pack in versions(identifier)}
    for identifier, profile in profiles:
        chosen = [pack for pack in versions(identifier) if pack.profile == profile and not pack.by_name]
        assert chosen[-1].valid_to is None
        for older, newer in pairwise(chosen):
            assert older.valid_to is not None
            assert older.valid_to + timedelta(days=1) == newer.valid_from


@pytest.mark.parametrize("asked", ["en16932", "en16931@9.9"])
def test_what_there_is_not_is_an_error_that_says_what_there_is(asked: str) -> None:
    with pytest.raises(UnknownNameError, match=r"there (is|are)"):
        find_pack(asked)
