# SPDX-License-Identifier: Apache-2.0
"""The published JSON Schema: current, valid, and of one mind with the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from einvoice.bind.json import read_json, write_json
from einvoice.errors import JsonError
from einvoice.model import Invoice, fields_of, terms
from tests.strategies import invoices, plausible_invoices
from tools import json_schema

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schemas" / "invoice.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_published_schema_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert json_schema.main(["--check"]) == 0, "run python tools/json_schema.py"
    assert capsys.readouterr().out == "invoice.schema.json is current\n"


def test_an_outdated_schema_is_noticed_and_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(json_schema, "TARGET", tmp_path / "invoice.schema.json")
    assert json_schema.main(["--check"]) == 1
    assert "run python tools/json_schema.py" in capsys.readouterr().out
    assert json_schema.main([]) == 0
    assert json_schema.main(["--check"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["invoice.schema.json"], "nothing temporary stays"


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_field_is_described() -> None:
    definition = SCHEMA["$defs"]["DocumentTotals"]["properties"]["invoice_total_amount_with_vat"]
    assert definition["title"] == "BT-112 Invoice total amount with VAT"
    assert definition["x-term"] == "BT-112"
    assert definition["x-source"] == "EN 16931-1:2017"
    for name, cls in json_schema.structs(Invoice, {}).items():
        published = SCHEMA["$defs"][name]
        assert list(published["properties"]) == list(fields_of(cls))
        assert published["additionalProperties"] is False
        assert published["description"]


def test_every_number_of_the_model_is_in_the_schema() -> None:
    found: set[str] = set()
    for definition in SCHEMA["$defs"].values():
        for field in definition.get("properties", {}).values():
            found.update([field["x-term"]] if "x-term" in field else [])
            found.update(field.get("x-terms", {}).values())
    assert {term.id for term in terms().values() if term.id.startswith("B")} <= found


# ------------------------------------------------------------------------------------------ documents


def test_the_invoices_among_the_fixtures_fit_the_schema() -> None:
    """A JSON file whose keys are those of an invoice is one; the others are exports of other programs."""
    checked = []
    for path in sorted((ROOT / "fixtures").rglob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(document, dict) and document.keys() <= set(fields_of(Invoice)):
            VALIDATOR.validate(document)
            read_json(path.read_bytes(), source=str(path))
            checked.append(path.name)
    assert checked


def test_the_golden_invoice_is_written_as_it_was_read() -> None:
    data = (ROOT / "fixtures" / "json" / "invoice.json").read_bytes()
    assert write_json(read_json(data)) == data


@given(st.one_of(invoices(), plausible_invoices()))
def test_what_is_written_fits_the_schema(invoice: Invoice) -> None:
    VALIDATOR.validate(json.loads(write_json(invoice)))


LEAVES: Any = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.sampled_from(["", "text", "2026-01-31", "2026-02-30", "12.50", "-.5", "1e5", "AP8=", "AP8", "0" * 43, "1" * 41]),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just(["12.50"]),
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:  # noqa: ANN401 - JSON
    """Every place below the top of a document."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        found += places(item, (*path, step))
    return found


@st.composite
def documents(draw: DrawFn) -> Any:  # noqa: ANN401 - JSON
    """JSON that is nearly an invoice: one value replaced, or one name changed."""
    document = json.loads(write_json(draw(invoices())))
    spots = places(document)
    if not spots:
        return draw(LEAVES)
    *way, last = draw(st.sampled_from(spots))
    holder = document
    for step in way:
        holder = holder[step]
    if isinstance(last, str) and draw(st.booleans()):
        holder[draw(st.sampled_from(["name", "number", "lines", "nubmer", "net_amount"]))] = holder.pop(last)
    else:
        holder[last] = draw(LEAVES)
    return document


@given(documents())
def test_schema_and_reader_agree(document: Any) -> None:  # noqa: ANN401 - JSON
    """What the schema accepts is read, and what it refuses is refused."""
    valid = VALIDATOR.is_valid(document)
    data = json.dumps(document).encode()
    if valid:
        read_json(data)
    else:
        with pytest.raises(JsonError):
            read_json(data)
