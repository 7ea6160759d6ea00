# SPDX-License-Identifier: Apache-2.0
"""Generate the JSON Schema of mapping files, ``schemas/mapping.schema.json``.

    python tools/mapping_schema.py            write the file
    python tools/mapping_schema.py --check    exit with status 1 if it is not current

Editors that know TOML schemas complete and check a mapping with it while it is written. The keys come from the same
declarations that the loader uses (``einvoice.importers.declaration``), the terms from the model.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from einvoice.importers.declaration import Field, MappingFile, VatColumns
from einvoice.importers.mapping import STATED_TOTALS
from einvoice.importers.transforms import KINDS, TRANSFORMS
from einvoice.model import DocumentTotals, FieldInfo, Identifier, Invoice, InvoiceLine, fields_of

TARGET: Final = Path(__file__).resolve().parent.parent / "schemas" / "mapping.schema.json"
LEFT_OUT: Final = {("Invoice", "lines"), ("Invoice", "vat_breakdown"), ("InvoiceLine", "sub_lines")}
HOLDS_BYTES: Final = "attached_document"
STATED: Final = frozenset(path.removeprefix("totals.") for path in STATED_TOTALS)
WITH_VAT: Final = ("InvoiceLine", "DocumentLevelAllowance", "DocumentLevelCharge")
ANY: Final = "#/$defs/AnyTerm"


def ref(name: str) -> dict[str, Any]:
    """A reference to a definition."""
    return {"$ref": f"#/$defs/{name}"}


def leaf(identifier: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - two shapes of one thing
    """What may stand behind the key of a value."""
    column = {"type": "string", "minLength": 1, "description": "The name of a column."}
    return {"anyOf": [column, ref("IdentifierField" if identifier else "Field")]}


def of_field(info: FieldInfo, groups: dict[str, type]) -> dict[str, Any]:
    """The schema of one field of the model; groups that it needs are noted."""
    said = {"title": f"{info.id} {info.title}".strip(), "description": info.meaning}
    said = {key: text for key, text in said.items() if text}
    if not info.is_group:
        return {**leaf(), **said} if info.value_type in KINDS else {}
    groups[info.value_type.__name__] = info.value_type
    group = ref(info.value_type.__name__)
    one = {"anyOf": [*leaf(identifier=True)["anyOf"], group]} if info.value_type is Identifier else group
    return {**({"anyOf": [one, {"type": "array", "items": one}]} if info.repeats else one), **said}


def of_group(cls: type, groups: dict[str, type]) -> dict[str, Any]:
    """The schema of a table that holds the terms of a group."""
    shown = {
        name: of_field(info, groups)
        for name, info in fields_of(cls).items()
        if (cls.__name__, name) not in LEFT_OUT and name != HOLDS_BYTES
    }
    shown["each"] = {
        "type": "string",
        "minLength": 1,
        "description": "In a source that is a tree: the path to the records that this group is made of.",
    }
    dotted = {r"^[a-z_0-9]+(\.[a-z_0-9]+)+$": {"$ref": ANY}}
    return {"type": "object", "properties": shown, "patternProperties": dotted, "additionalProperties": False}


def of_section(cls: type, groups: dict[str, type]) -> dict[str, Any]:
    """The schema of a section: a group whose terms may also be written by their numbers."""
    section = of_group(cls, groups)
    section["patternProperties"] |= {"^(BT|BG)-[0-9A-Z-]+$": {"$ref": ANY}}
    return section


def as_toml_has_it(shape: Any) -> Any:  # noqa: ANN401 - any JSON
    """A rate may be written as a fraction (the loader keeps its text), and TOML knows no null."""
    if isinstance(shape, list):
        return [as_toml_has_it(part) for part in shape if part != {"type": "null"}]
    if not isinstance(shape, dict):
        return shape
    kept = {key: as_toml_has_it(part) for key, part in shape.items() if not (key == "default" and part is None)}
    return {**kept, "type": "number"} if kept.get("type") == "integer" and "minimum" not in kept else kept


def of_model() -> dict[str, Any]:
    """The definitions that come from the model: the sections, and every group below them."""
    groups: dict[str, type] = {}
    definitions = {"Invoice": of_section(Invoice, groups), "InvoiceLine": of_section(InvoiceLine, groups)}
    while missing := [name for name in groups if name not in definitions]:
        for name in missing:
            definitions[name] = of_group(groups[name], groups)
    totals = of_section(DocumentTotals, groups)
    shapes = totals["properties"]
    definitions["DocumentTotals"]["properties"] = {name: shapes[name] for name in shapes if name in STATED}
    definitions["Expected"] = {**totals, "properties": {name: shapes[name] for name in shapes if name not in STATED}}
    vat = {**ref("VatColumns"), "description": "What the VAT table decides by."}
    for name in WITH_VAT:
        definitions[name]["properties"]["vat"] = vat
    return definitions


def of_fields(field: dict[str, Any]) -> dict[str, Any]:
    """The definitions of what stands behind a key: the declared one with the names of the transforms."""
    names = {"enum": sorted(TRANSFORMS), "description": "The name of a transform."}
    steps = {**field["properties"]["as"], "anyOf": [names, {"type": "array", "items": names}]}
    field = {**field, "properties": {**field["properties"], "as": steps}}
    schemes = {
        name: {"type": "string", "description": f"The {name} of the identifier."}
        for name in ("scheme", "scheme_version")
    }
    return {
        "Field": field,
        "IdentifierField": {**field, "properties": {**field["properties"], **schemes}},
        "AnyTerm": {"anyOf": [leaf(identifier=True), {"type": "object"}, {"type": "array"}]},
    }


def schema() -> dict[str, Any]:
    """The whole schema."""
    _, declared = msgspec.json.schema_components([MappingFile, Field, VatColumns], ref_template="#/$defs/{name}")
    definitions = {**declared, **of_model(), **of_fields(declared["Field"])}
    top = definitions["MappingFile"]["properties"]
    for key, name in (("invoice", "Invoice"), ("lines", "InvoiceLine"), ("expect", "Expected")):
        top[key] = {**ref(name), "description": top[key]["description"]}
    # A mapping that extends a preset says only what it changes.
    definitions["MappingFile"]["required"] = ["mapping"]
    definitions["MappingFile"]["anyOf"] = [{"required": ["extends"]}, {"required": ["invoice", "lines"]}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "einvoice mapping",
        **ref("MappingFile"),
        "$defs": as_toml_has_it(dict(sorted(definitions.items()))),
    }


def main() -> int:
    """Write the schema, or check that it is current."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare")
    text = json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
    if parser.parse_args().check:
        current = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text
        print(f"{TARGET.name} is {'current' if current else 'not current: run python tools/mapping_schema.py'}")
        return 0 if current else 1
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {TARGET.name}: {len(text)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
