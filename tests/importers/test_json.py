# SPDX-License-Identifier: Apache-2.0
"""JSON exports are read strictly: what two readers could understand differently is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from einvoice.errors import MappingError
from einvoice.importers.declaration import Source
from einvoice.importers.json import read_json_tree

if TYPE_CHECKING:
    from einvoice.importers.tree import Tree


def read(text: str | bytes) -> Tree:
    return read_json_tree(text if isinstance(text, bytes) else text.encode(), Source(format="json"), "a.json")


def test_numbers_keep_their_digits() -> None:
    assert read('{"a": 0.1, "b": 148062.760, "c": 12345678901234567890}').root == {
        "a": Decimal("0.1"),
        "b": Decimal("148062.760"),
        "c": Decimal(12345678901234567890),
    }


def test_lines_of_json_are_a_list() -> None:
    assert read('{"a": "x"}\n\n{"a": "y"}\n').root == [{"a": "x"}, {"a": "y"}]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": -Infinity}', "-Infinity is no number"),
        ('{"a": 1e400}', "'1e400' is no number that an invoice can hold"),
        ('{"a": ' + "9" * 5000 + "}", "is no number that an invoice can hold"),
        ('{"a": 1, "b": 2, "a": 3}', "the name 'a' stands twice in one object"),
        ("[" * 100_000, "nested more than 60 times"),
        ('{"a": "\\ud800"}', "half of a surrogate pair"),
        ('{"a": ["\\udc00"]}', "half of a surrogate pair"),
        ('{"a": }', "this is not JSON: a value is missing here"),
        ("", "this is not JSON"),
        (b'{"a": "\xff"}', "JSON is written in UTF-8"),
    ],
)
def test_doubtful_json_is_refused(text: str | bytes, reason: str) -> None:
    with pytest.raises(MappingError, match=reason) as raised:
        read(text)
    assert raised.value.source == "a.json"


def test_brackets_inside_texts_do_not_nest() -> None:
    assert read('{"a": "' + "[" * 100 + '\\"{"}').root == {"a": "[" * 100 + '"{'}
