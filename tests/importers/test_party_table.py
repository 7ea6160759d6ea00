# SPDX-License-Identifier: Apache-2.0
"""A list of parties beside the mapping: who stands behind the numbers of a message, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.errors import MappingError
from einvoice.importers import load_mapping
from einvoice.importers.edifact import read_edifact_tree
from einvoice.importers.party_table import COLUMNS
from einvoice.service.batch_run import Wanted
from tests.importers.test_edi import MESSAGE

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.importers.declaration import Source

MAPPING = """
mapping = "mine/1"
extends = "edifact"
[source]
parties_from = "partners.csv"
"""
LIST = """number;name;street;post_code;city;country;vat
4399902421386;Baumarkt Süd KG;Industriering 4;70565;Stuttgart;DE;DE136695976
9900000000004;Zweiter;;;;AT;
"""


def loaded(folder: Path, listed: str | None = LIST, mapping: str = MAPPING) -> Source:
    """What a mapping says of its source, with such a list beside it."""
    (folder / "mine.toml").write_text(mapping, encoding="utf-8")
    if listed is not None:
        (folder / "partners.csv").write_text(listed, encoding="utf-8")
    return load_mapping(folder / "mine.toml").source


def test_a_party_of_the_list_is_known_and_names_its_row(tmp_path: Path) -> None:
    source = loaded(tmp_path)
    buyer = read_edifact_tree(MESSAGE, source, "in").root["messages"][0]["NAD"][1]
    assert buyer["party"] == {
        "name": "Baumarkt Süd KG",
        "street": "Industriering 4",
        "post_code": "70565",
        "city": "Stuttgart",
        "country": "DE",
        "vat": "DE136695976",
    }
    assert buyer["party"].place == f"{tmp_path / 'partners.csv'}, row 2"
    assert "unknown" not in buyer


def test_the_list_completes_what_the_mapping_says(tmp_path: Path) -> None:
    source = loaded(tmp_path, mapping=MAPPING + '[source.parties.1]\nname = "Eins"\n')
    assert {number: party.name for number, party in source.parties.items()} == {
        "1": "Eins",
        "4399902421386": "Baumarkt Süd KG",
        "9900000000004": "Zweiter",
    }


def test_all_columns_are_read_and_gln_is_another_name_of_the_number(tmp_path: Path) -> None:
    head = ["GLN", *(column.upper() for column in COLUMNS[1:])]
    source = loaded(tmp_path, f"{','.join(head)}\n7,{','.join(COLUMNS[1:])}\n")
    party = source.parties["7"]
    assert [getattr(party, column) for column in COLUMNS[1:]] == list(COLUMNS[1:])


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (LIST + "4399902421386;Noch einer;;;;;\n", r"row 4: the number '4399902421386' stands in .*row 2 too"),
        (LIST + ";Ohne;;;;;\n", "row 4: the column 'number' is empty"),
        (LIST + "5;;;;;;\n", "row 4: the column 'name' is empty"),
        ("number;nam\n1;x\n", "the column 'nam' is not known.*name"),
        ("number;name;name\n1;x;y\n", "the column 'name' stands twice"),
        ("number;city\n1;x\n", "there is no column 'name'"),
        ("number;name\n1;x;y\n", "row 2 has 3 cells instead of 2"),
        (None, "the list of parties that .*mine.toml names .* cannot be read: No such file"),
    ],
)
def test_a_list_that_cannot_be_used_names_file_and_row(tmp_path: Path, listed: str | None, message: str) -> None:
    with pytest.raises(MappingError, match=message) as caught:
        loaded(tmp_path, listed)
    assert caught.value.source == str(tmp_path / "partners.csv")


def test_a_number_that_the_mapping_says_too_is_an_error(tmp_path: Path) -> None:
    mapping = MAPPING + '[source.parties.4399902421386]\nname = "Eins"\n'
    with pytest.raises(MappingError, match=r"row 2: .* stands in \[source.parties.4399902421386\] of .*mine.toml too"):
        loaded(tmp_path, mapping=mapping)


@pytest.mark.parametrize("name", ["../partners.csv", "/etc/passwd", "a/b.csv", "a\\\\b.csv", "..", ""])
def test_a_mapping_reads_nothing_but_its_neighbour(tmp_path: Path, name: str) -> None:
    with pytest.raises(MappingError, match="is no plain file name; put the file beside the mapping"):
        loaded(tmp_path, mapping=MAPPING.replace("partners.csv", name))


def test_a_mapping_that_is_no_file_has_no_neighbour() -> None:
    with pytest.raises(MappingError, match=r"nothing lies beside a mapping that is no file"):
        load_mapping(MAPPING.encode())


def test_a_changed_list_is_another_way_of_making_invoices(tmp_path: Path) -> None:
    loaded(tmp_path)
    wanted = Wanted(mapping=str(tmp_path / "mine.toml"), seller=None, to="ubl")
    before = wanted.made_with()
    assert wanted.made_with() == before
    (tmp_path / "partners.csv").write_text(LIST.replace("Zweiter", "Dritter"), encoding="utf-8")
    assert wanted.made_with() != before
