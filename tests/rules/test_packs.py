# SPDX-License-Identifier: Apache-2.0
"""Which pack and version is meant."""

from __future__ import annotations

from datetime import date

import pytest

from einvoice.errors import UnknownNameError
from einvoice.rules import find_pack, pack_ids, versions


def test_a_pack_is_found_by_its_name() -> None:
    assert "en16931" in pack_ids()
    assert find_pack("en16931") is versions("en16931")[-1]


def test_a_version_is_found_by_its_number() -> None:
    assert find_pack("en16931@1.3.16").version == "1.3.16"


def test_a_day_chooses_the_version_that_is_valid_on_it() -> None:
    for pack in versions("en16931"):
        assert find_pack("en16931", as_of=pack.valid_from) is pack
    assert find_pack("en16931", as_of=date(2000, 1, 1)) is versions("en16931")[0]


@pytest.mark.parametrize("asked", ["en16932", "en16931@9.9"])
def test_what_there_is_not_is_an_error_that_says_what_there_is(asked: str) -> None:
    with pytest.raises(UnknownNameError, match=r"there (is|are)"):
        find_pack(asked)
