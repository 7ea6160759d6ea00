# SPDX-License-Identifier: Apache-2.0
"""docs/mapping.md says what the code does: its tables are complete, and its example runs."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from einvoice.importers import import_file, load_mapping, load_seller
from einvoice.importers.declaration import Field, Join, Refusal, Rows, Source, VatColumns, VatRow, VatWhen
from einvoice.importers.paths import parse_path
from einvoice.importers.transforms import TRANSFORMS
from einvoice.model.calculate import calculate
from tests.importers.stories import FIXTURES

PAGE = (FIXTURES.parent / "docs" / "mapping.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^##+ (.*?)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def rows(section: str) -> list[list[str]]:
    """The rows of all tables in a section, heads and rules left out."""
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line] for line in lines]


def blocks(section: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", section, re.DOTALL)


def declared(*kinds: type[msgspec.Struct]) -> list[list[str]]:
    """Every key of a declaration with its description, as the page should say it."""
    schemas: list[dict[str, Any]] = [msgspec.json.schema_components([kind])[1][kind.__name__] for kind in kinds]
    return [
        [f"`{name}`", shape["description"]]
        for schema in schemas
        for name, shape in schema["properties"].items()
        if name != "when"
    ]


def test_the_transforms_are_documented_as_they_are() -> None:
    expected = [[f"`{step.name}`", f"{step.takes}, {step.gives}", step.meaning] for step in TRANSFORMS.values()]
    assert rows(SECTIONS["Transforms"]) == expected


@pytest.mark.parametrize(
    ("section", "kinds"),
    [
        ("Values: where from", [Field]),
        ("[source]: how the export is written", [Source]),
        ("[rows]: a column tells what a row is", [Rows]),
        ("[[joins]]: records that stand elsewhere", [Join]),
        (
            "[[refuse]] and [prices_include_vat]: what an invoice must not say, and what it says of its prices",
            [Refusal],
        ),
        ("[[vat]]: what the tax codes mean", [VatColumns, VatWhen, VatRow]),
    ],
)
def test_the_keys_are_documented_as_they_are(section: str, kinds: list[type[msgspec.Struct]]) -> None:
    said = rows(SECTIONS[section])
    for entry in declared(*kinds):
        assert entry in said
    assert len(said) == len(declared(*kinds))


def test_the_ten_minutes_lead_to_an_invoice() -> None:
    lesson = SECTIONS["Ten minutes"]
    (export,) = blocks(lesson, "csv")
    *pieces, profile = blocks(lesson, "toml")
    assert profile.startswith("# seller.toml")
    mapping, seller = load_mapping("\n".join(pieces).encode()), load_seller(profile.encode())
    (imported,) = import_file(export.encode("cp1252"), mapping, seller)
    assert not imported.faults
    result = calculate(imported.invoice)
    assert result.invoice.totals is not None
    assert result.invoice.totals.amount_due_for_payment == Decimal("671.61")
    assert imported.differences(result.invoice) == ()


@pytest.mark.parametrize(
    "section",
    [
        "Presets: sources that are known already",
        "Trees: JSON, XML, EDIFACT, X12",
        "[[joins]]: records that stand elsewhere",
    ],
)
def test_the_examples_of_trees_load(section: str) -> None:
    for mapping in blocks(SECTIONS[section], "toml"):
        load_mapping(mapping.encode())


def test_the_paths_of_the_page_are_paths() -> None:
    for path, _ in rows(SECTIONS["Trees: JSON, XML, EDIFACT, X12"]):
        parse_path(path.strip("`").replace("\\", ""))


def test_the_examples_of_the_reference_load() -> None:
    for profile in blocks(SECTIONS["The seller profile"], "toml"):
        load_seller(profile.encode())
