# SPDX-License-Identifier: Apache-2.0
"""Publish the JSON form of an invoice as a JSON Schema, ``schemas/invoice.schema.json``.

    python tools/json_schema.py            write the file
    python tools/json_schema.py --check    exit with status 1 if it is not current

msgspec derives the schema from the model. Added to it: the number of each business term (``x-term``, and ``x-terms``
where a group is shared and its fields have other numbers at each place), the document that defines the term
(``x-source``), and what decimals, days and attachments look like.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from einvoice.bind.json import BASE64_PATTERN, DATE_PATTERN, DECIMAL_PATTERN
from einvoice.model import Invoice, fields_of

TARGET: Final = Path(__file__).resolve().parent.parent / "schemas" / "invoice.schema.json"
LEAVES: Final[dict[str, dict[str, Any]]] = {
    "decimal": {
        "title": "Decimal number",
        "description": "Digits with a point, no exponent, at most 40 of them. As a JSON number the digits count as "
        "they are written, so a program that passes numbers through binary floating point should write a text.",
        "type": ["string", "number"],
        "pattern": DECIMAL_PATTERN,
    },
    "date": {"title": "Day", "description": "YYYY-MM-DD.", "type": "string", "format": "date", "pattern": DATE_PATTERN},
    "base64": {
        "title": "Bytes",
        "description": "Base64 (RFC 4648, 4) without line breaks.",
        "type": "string",
        "contentEncoding": "base64",
        "pattern": BASE64_PATTERN,
    },
}

MARKS: Final = (("decimal", "format", "decimal"), ("date", "format", "date"), ("base64", "contentEncoding", "base64"))


def structs(cls: type[msgspec.Struct], seen: dict[str, type[msgspec.Struct]]) -> dict[str, type[msgspec.Struct]]:
    """Every struct that an invoice can hold, by its name."""
    if cls.__name__ not in seen:
        seen[cls.__name__] = cls
        for info in fields_of(cls).values():
            if info.is_group:
                structs(info.value_type, seen)
    return seen


def tidy(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """A schema in which decimals, days and bytes refer to what they look like, and nothing is said at length."""
    if isinstance(schema, list):
        return [tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    for name, key, value in MARKS:
        if schema.get(key) == value and schema.get("type") == "string":
            return {"$ref": f"#/$defs/{name}"}
    kept = {key: tidy(value) for key, value in schema.items() if not (key == "required" and not value)}
    kinds = [choice.get("type") if len(choice) == 1 else None for choice in kept.get("anyOf", [])]
    if kinds and all(kinds):
        kept = {"type" if key == "anyOf" else key: kinds if key == "anyOf" else item for key, item in kept.items()}
    return kept


def described(definition: dict[str, Any], cls: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of a struct with the numbers and sources of its fields; their order is that of the model."""
    for name, info in fields_of(cls).items():
        field = definition["properties"][name]
        field.pop("default", None)  # absent is absent; a default would invite programs to write it
        if info.id:
            field["x-term"] = info.id
        if info.parts:
            field["x-terms"] = info.parts
        if info.source:
            field["x-source"] = info.source
    definition["description"] = (cls.__doc__ or "").partition("\n")[0]
    return definition


def generate() -> str:
    """The schema as it has to stand in the file."""
    (top,), components = msgspec.json.schema_components([Invoice], ref_template="#/$defs/{name}")
    known = structs(Invoice, {})
    definitions = {name: described(tidy(components[name]), known[name]) for name in sorted(components)}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:einvoice:schema:invoice",
        "title": "Invoice",
        "description": "An invoice or credit note in the terms of EN 16931-1:2017, with the extensions of XRechnung "
        "and Factur-X beside it. Generated from the model; every field may be absent.",
        **top,
        "$defs": {**definitions, **LEAVES},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the schema, or check it.

    Args:
        arguments: the command line; that of the process, unless given.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say whether the file is current")
    check: bool = parser.parse_args(arguments).check
    text = generate()
    if check:
        current = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text
        print(f"{TARGET.name} is {'current' if current else 'not current: run python tools/json_schema.py'}")
        return 0 if current else 1
    temporary = TARGET.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(TARGET)
    print(f"{TARGET.name}: {len(text):,} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
