# SPDX-License-Identifier: Apache-2.0
"""Whatever a tree and a path look like, there is a value, nothing, or one clear error; never a crash."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from einvoice.errors import MappingError
from einvoice.importers import Tree, import_tree, load_mapping, load_seller
from einvoice.importers.paths import parse_path
from einvoice.importers.tree import Cursor, elements, follow, pointer, records
from tests.importers.stories import SELLER
from tests.importers.test_tree import MAPPING, order

NAMES = st.sampled_from(["a", "b", "no", "lines", "qty", "kind", "buyers", "x.y", "it's", "#", ""])
LEAVES = st.one_of(st.none(), st.booleans(), st.text(max_size=8), st.decimals(allow_nan=False, allow_infinity=False))
TREES = st.recursive(
    LEAVES, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside, max_size=4), max_leaves=25
)
PATHS = st.text(alphabet="ab.[]*0=|/'k ", max_size=14)


@given(root=TREES, text=PATHS)
@settings(max_examples=200)
def test_a_path_finds_something_nothing_or_says_why_not(root: Any, text: str) -> None:  # noqa: ANN401 - any tree
    try:
        path = parse_path(text)
        for way in path.ways:
            for cursor in follow(way, Cursor(root), many=True):
                assert isinstance(pointer(cursor.place, cursor.steps), str)
                assert isinstance(elements(cursor.place, cursor.steps), str)
                assert isinstance(cursor.text(), str)
        assert isinstance(records(path, Cursor(root)), list)
    except MappingError:
        return


@given(name=st.sampled_from(sorted(order())), value=TREES)
@settings(max_examples=60)
def test_an_invoice_with_anything_in_it_is_made_or_has_faults(name: str, value: Any) -> None:  # noqa: ANN401 - any tree
    mapping, seller = load_mapping(MAPPING.encode()), load_seller(SELLER.encode())
    (imported,) = import_tree(Tree("orders.json", {**order(), name: value}), mapping, seller)
    assert all(str(fault) for fault in imported.faults)
    line = imported.invoice.lines[0] if imported.invoice.lines else None
    assert imported.faults or (line is not None and isinstance(line.invoiced_quantity, Decimal))
    assert all(imported.provenance[path].place() for path in imported.provenance)
