# SPDX-License-Identifier: Apache-2.0
"""Every text of the page says which terms of the invoice it is made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from einvoice.render.compose import compose
from einvoice.render.places import term_of, texts
from einvoice.render.words import words
from tests.render.making import Everything, invoice


def test_every_value_stands_where_its_text_says() -> None:
    """For each value of the model there is a text that holds it and names its path, or the path of its group."""
    everything, chosen = Everything(), words("en")
    found: dict[str, str] = {}
    for text, at in texts(compose(everything.invoice, chosen)):
        for path in at:
            found[path] = f"{found.get(path, '')} {text}"

    def shown(value: str | Decimal | date) -> str:
        if isinstance(value, Decimal):
            return chosen.number(value)
        return chosen.date(value) if isinstance(value, date) else value

    def holds(path: str, text: str) -> bool:
        """At the path itself, or at the group or identifier that it is part of."""
        place = path
        while place:
            if text in found.get(place, ""):
                return True
            place = place.rpartition(".")[0]
        return False

    lost = [path for path, value in everything.values.items() if not holds(_indexed(path, everything), shown(value))]
    assert lost == []


def _indexed(path: str, everything: Everything) -> str:
    """The path with an index wherever the model holds several."""
    value: object = everything.invoice
    steps: list[str] = []
    for name in path.split("."):
        value = getattr(value, name)
        steps.append(f"{name}[0]" if isinstance(value, tuple) else name)
        value = value[0] if isinstance(value, tuple) else value
    return ".".join(steps)


def test_no_text_names_a_path_that_leads_nowhere() -> None:
    for _, at in texts(compose(Everything().invoice, words("de"))):
        assert at
        assert all(term_of(path) != ("", "") for path in at if "extension" not in path), at


@pytest.mark.parametrize(
    ("path", "term"),
    [
        ("number", ("BT-1", "Invoice number")),
        ("lines[2].sub_lines[0].item_information.name", ("BT-153", "Item name")),
        ("seller.identifiers[0].scheme", ("BT-29", "Seller identifier")),
        ("nowhere", ("", "")),
    ],
)
def test_a_path_leads_to_its_term(path: str, term: tuple[str, str]) -> None:
    assert term_of(path) == term


def test_each_line_has_its_own_place() -> None:
    found = [at for _, at in texts(compose(invoice(3), words("en"))) if at[0].endswith(".net_amount")]
    assert found == [("lines[0].net_amount",), ("lines[1].net_amount",), ("lines[2].net_amount",)]
