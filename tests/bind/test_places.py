# SPDX-License-Identifier: Apache-2.0
"""Every term of the model has a place in each syntax, or stands in the list of those that have none."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

import pytest

from einvoice.bind.locate import _places, is_bound
from einvoice.model import Syntax, terms
from einvoice.model.terms import Group, bt, collect

SYNTAXES: tuple[Syntax, ...] = ("ubl-invoice", "ubl-creditnote", "cii")
WORDS: dict[str, tuple[Syntax, ...]] = {
    "ubl": ("ubl-invoice", "ubl-creditnote"),
    "creditnote": ("ubl-creditnote",),
    "cii": ("cii",),
}


def listed(syntax: Syntax) -> set[str]:
    """The terms that ``no_place.txt`` names for a syntax."""
    text = (files("einvoice.bind") / "no_place.txt").read_text(encoding="utf-8")
    found = set()
    for line in text.splitlines():
        if line and not line.startswith("#"):
            *words, path = line.split(" ")
            found |= {path for word in words if syntax in WORDS[word]}
    return found


def has_place(syntax: Syntax, path: str) -> bool:
    """Whether a term, or something below it if it is a group without an element of its own, has a place."""
    return is_bound(syntax, path) or any(place.startswith(f"{path}.") for place in _places(syntax))


def excused(path: str, entries: set[str]) -> str | None:
    """The entry that a term falls under: its own, or that of a group above it."""
    return next((entry for entry in entries if f"{path}.".startswith(f"{entry}.")), None)


def unplaced(syntax: Syntax, paths: list[str], entries: set[str]) -> list[str]:
    """The terms that have neither a place nor an entry."""
    return [path for path in paths if not has_place(syntax, path) and excused(path, entries) is None]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_term_has_a_row_or_stands_in_the_list(syntax: Syntax) -> None:
    missing = unplaced(syntax, list(terms()), listed(syntax))
    assert not missing, f"add a row to the table of {syntax}, or an entry to no_place.txt, for {missing}"


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_list_has_no_entry_that_is_not_needed(syntax: Syntax) -> None:
    """No entry for what has a row by now, for what the model does not have, or below another entry."""
    entries = listed(syntax)
    assert sorted(path for path in terms() if has_place(syntax, path) and excused(path, entries)) == []
    assert sorted(entries - set(terms())) == []
    assert sorted(path for path in entries if excused(path, entries - {path})) == []


class MadeUp(Group, frozen=True):
    """What a newcomer might add, without rows."""

    number: Annotated[str | None, bt("BT-1", "Invoice number", "It has its rows.")] = None
    payment_terms: Annotated[str | None, bt("BT-20", "Payment terms", "Its rows stand at another place.")] = None
    surprise: Annotated[str | None, bt("BT-999", "Surprise", "It has none.")] = None


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_new_field_without_rows_is_noticed(syntax: Syntax) -> None:
    paths = [term.path for term in collect(MadeUp)]
    assert unplaced(syntax, paths, listed(syntax)) == ["surprise"]
    assert unplaced(syntax, paths, {"surprise"}) == []


@pytest.mark.parametrize(
    ("syntax", "path"),
    [
        ("ubl-invoice", "lines.surprise"),
        ("ubl-invoice", "lines.extension.note_surprise"),
        ("ubl-invoice", "notes.surprise"),
        ("cii", "lines.price_details.discount_surprise"),
        ("cii", "payment_instructions.direct_debit.surprise"),
        ("cii", "payment_instructions.means.credit_transfers.surprise"),
    ],
)
def test_a_new_field_beside_moved_ones_is_noticed_too(syntax: Syntax, path: str) -> None:
    """The patterns for terms that stand at another place cover no field that they do not name."""
    assert not has_place(syntax, path)


@pytest.mark.parametrize(
    ("path", "ubl", "creditnote", "cii"),
    [
        ("number", True, True, True),
        ("payment_terms", True, True, True),
        ("payment_due_date", True, True, True),
        ("notes.subject_code", True, True, True),
        ("lines.note", True, True, True),
        ("lines.extension.note_subject_code", False, False, True),
        ("lines.sub_lines.item_information.name", True, True, False),
        ("lines.price_details.item_price_discount", True, True, True),
        ("payment_instructions.means.credit_transfers.payment_account_identifier", True, True, True),
        ("payment_instructions.direct_debit.mandate_reference_identifier", True, True, True),
        ("value_added_tax_point_date", True, True, True),
        ("extension.third_party_payments.type", True, False, False),
        ("extension.ship_from.name", False, False, True),
    ],
)
def test_the_place_of_a_term_that_a_syntax_states_elsewhere_is_known(
    path: str,
    ubl: bool,  # noqa: FBT001
    creditnote: bool,  # noqa: FBT001
    cii: bool,  # noqa: FBT001
) -> None:
    assert [is_bound(syntax, path) for syntax in SYNTAXES] == [ubl, creditnote, cii]
