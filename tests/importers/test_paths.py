# SPDX-License-Identifier: Apache-2.0
"""The path language: what it can say, and that it can say no more."""

from __future__ import annotations

import pytest

from einvoice.errors import MappingError
from einvoice.importers.paths import Where, parse_path


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("a", ("a",)),
        ("a.b", ("a", "b")),
        ("a[0].b", ("a", 0, "b")),
        ("a[*]", ("a", None)),
        ("[*]", (None,)),
        ("[0][1]", (0, 1)),
        ("@currencyID", ("@currencyID",)),
        ("First name . b", ("First name", "b")),
        ("'account.move'[*].x", ("account.move", None, "x")),
        ("'it''s'.x", ("it's", "x")),
        ("a[k=v].b", ("a", Where(("k",), frozenset({"v"})), "b")),
        ("a[k=v/w]", ("a", Where(("k",), frozenset({"v", "w"})))),
        ("a[k.l = v w]", ("a", Where(("k", "l"), frozenset({"v w"})))),
        ("a[k='v/w']", ("a", Where(("k",), frozenset({"v/w"})))),
        ("a[.=x]", ("a", Where((".",), frozenset({"x"})))),
        (".", ()),
    ],
)
def test_a_path_is_read_as_its_steps(text: str, steps: tuple[object, ...]) -> None:
    (way,) = parse_path(text).ways
    assert way.steps == steps
    assert not way.top


def test_alternatives_and_the_top_of_the_invoice() -> None:
    first, second = parse_path("a.b | /c[*]").ways
    assert (first.steps, first.top, first.many) == (("a", "b"), False, False)
    assert (second.steps, second.top, second.many) == (("c", None), True, True)
    assert len(parse_path("'a|b'").ways) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a.",
        ".a",
        "a..b",
        "a[",
        "a]",
        "a[x]",
        "a[-1]",
        "a[k=]",
        "a[=v]",
        "a | ",
        "'a",
        "a'b'",
        "a[0]b",
        "a[k=v",
    ],
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match="is not a path"):
        parse_path(text)


def test_a_path_has_an_end() -> None:
    with pytest.raises(MappingError, match="too long"):
        parse_path("a" * 401)
