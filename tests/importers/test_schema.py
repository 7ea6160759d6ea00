# SPDX-License-Identifier: Apache-2.0
"""The published JSON Schema of mapping files is what the loader takes."""

from __future__ import annotations

import json
import tomllib

import pytest

from einvoice.importers.transforms import TRANSFORMS
from tests.importers.stories import EXPORTS, FIXTURES, MAPPING, changed
from tools.mapping_schema import TARGET, schema

PUBLISHED = json.loads(TARGET.read_text(encoding="utf-8"))


def errors(text: str) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema", reason="judging by a JSON Schema needs the package jsonschema")
    validator = jsonschema.Draft202012Validator(PUBLISHED)
    return [".".join(map(str, error.path)) for error in validator.iter_errors(tomllib.loads(text))]


def test_the_published_schema_is_the_generated_one() -> None:
    assert schema() == PUBLISHED


def test_the_schema_is_a_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="judging by a JSON Schema needs the package jsonschema")
    jsonschema.Draft202012Validator.check_schema(PUBLISHED)


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_the_mappings_of_the_stories_keep_to_the_schema(name: str) -> None:
    assert errors((FIXTURES / name / "mapping.toml").read_text(encoding="utf-8")) == []


def test_the_schema_knows_every_transform() -> None:
    names = PUBLISHED["$defs"]["Field"]["properties"]["as"]["anyOf"][0]["enum"]
    assert names == sorted(TRANSFORMS)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ('number = "No"', 'numbr = "No"', "invoice"),
        ('number = "No"', 'number = { from = "No", as = "desimal" }', "invoice.number"),
        ('decimal = ","', 'decimal = ";"', "source.decimal"),
        ('mapping = "small/1"', 'mapping = "small"', "mapping"),
        ('rate = "Rate" }', 'rat = "Rate" }', "lines.vat"),
        ('category = "S"', 'category = "Q"', "vat.0.category"),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(old: str, new: str, at: str) -> None:
    assert errors(MAPPING) == []
    assert at in errors(changed((old, new)))
