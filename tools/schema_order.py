# SPDX-License-Identifier: Apache-2.0
"""Derive the order of elements from the official XSDs, into ``src/einvoice/bind/order/{ubl,cii}.json``.

    python tools/schema_order.py            write both files
    python tools/schema_order.py --check    exit with status 1 if one of them is not current

Only types that an invoice can reach are written. A simple type is written under the name of the most general type
that allows the same text and attributes, so that the hundreds of UBL types that merely rename ``IdentifierType``
become one.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

from xmlschema import XMLSchema10
from xmlschema.validators import XsdAnyElement, XsdAtomic, XsdComplexType, XsdElement, XsdGroup, XsdType

from einvoice.bind import catalog
from einvoice.bind.order import CII_NAMESPACES, UBL_NAMESPACES, UBL_ROOTS

TARGET: Final = Path(__file__).resolve().parent.parent / "src" / "einvoice" / "bind" / "order"
FILES: Final = {"ubl.json": ("ubl-invoice", "ubl-creditnote"), "cii.json": ("cii",)}
XSD_NAMESPACE: Final = "http://www.w3.org/2001/XMLSchema"
PREFIXES: Final = {
    **{uri: f"{prefix}:" for prefix, uri in (UBL_NAMESPACES | CII_NAMESPACES).items()},
    **dict.fromkeys(UBL_ROOTS.values(), ""),
    "urn:oasis:names:specification:ubl:schema:xsd:UnqualifiedDataTypes-2": "udt:",
    "urn:oasis:names:specification:ubl:schema:xsd:QualifiedDataTypes-2": "qdt:",
    "urn:un:unece:uncefact:data:specification:CoreComponentTypeSchemaModule:2": "cct:",
    XSD_NAMESPACE: "xs:",
}


def prefixed(name: str) -> str:
    """Turn ``{namespace}Name`` into ``prefix:Name``."""
    namespace, _, local = name.removeprefix("{").rpartition("}")
    return PREFIXES[namespace] + local


def text_shape(kind: XsdType) -> tuple[str, tuple[tuple[str, bool], ...]] | None:
    """Return what a simple content looks like: its XSD primitive and its attributes; None if it holds elements."""
    if not kind.is_simple() and not kind.has_simple_content():
        return None
    text = kind.content if isinstance(kind, XsdComplexType) else kind
    if not isinstance(text, XsdAtomic) or text.primitive_type is None:
        sys.exit(f"{kind.name}: a list or a union, which the order files cannot express")
    carried = kind.attributes if isinstance(kind, XsdComplexType) else {}
    attributes = tuple((str(name), a.use == "required") for name, a in carried.items())
    return str(text.primitive_type.local_name), attributes


def general(kind: XsdType) -> XsdType:
    """Climb to the most general type, built-in ones apart, that allows the same text and the same attributes."""
    shape = text_shape(kind)
    base = kind.base_type
    while shape and base is not None and base.target_namespace != XSD_NAMESPACE and text_shape(base) == shape:
        kind, base = base, base.base_type
    return kind


class Collector:
    """Collects the types that are reachable from the roots it is given."""

    def __init__(self) -> None:
        self.types: dict[str, dict[str, Any]] = {}

    def add(self, kind: XsdType, where: str) -> str:
        """Add a type and all it contains; return its key. A type without a name is called after its place."""
        kind = general(kind)
        key = prefixed(kind.name) if kind.name else where
        if key not in self.types:
            self.types[key] = row = {}
            shape = text_shape(kind)
            if shape is None:
                row.update(self._elements(kind, key))
            else:
                content, attributes = shape
                row["content"] = content
                if attributes:
                    row["attributes"] = [[name, True] if required else [name] for name, required in attributes]
        return key

    def _elements(self, kind: XsdType, key: str) -> dict[str, Any]:
        plain = isinstance(kind, XsdComplexType) and not kind.attributes and not kind.mixed
        group = kind.content if isinstance(kind, XsdComplexType) else None
        if not plain or not isinstance(group, XsdGroup) or tuple(group.occurs) != (1, 1):
            sys.exit(f"{key}: a content model that the order files cannot express")
        row: dict[str, Any] = {"choice": True} if group.model == "choice" else {}
        children = []
        for part in group:
            if isinstance(part, XsdAnyElement):
                row["any"] = True
            elif isinstance(part, XsdElement):
                children.append(self._child(part, key, choice=group.model == "choice"))
            else:
                sys.exit(f"{key}: a nested group, which the order files cannot express")
        if len({child[0] for child in children}) != len(children):
            sys.exit(f"{key}: an element that stands in two places, which the order files cannot express")
        if children:
            row["children"] = children
        return row

    def _child(self, element: XsdElement, key: str, *, choice: bool) -> list[Any]:
        name = prefixed(element.name)
        child: list[Any] = [name, self.add(element.type, f"{key}/{name}")]
        low, high = (0 if choice else element.min_occurs), element.max_occurs
        if (low, high) != (0, 1):
            child += [low] if high == 1 else [low, high]
        return child


def derive(document_types: tuple[str, ...]) -> str:
    """Return the text of the data file for some document types, whose schemas are verified first."""
    collector, roots, maps = Collector(), {}, None
    for document_type in document_types:
        schema = XMLSchema10(catalog.verified(document_type), global_maps=maps)
        maps = schema.maps  # the second document type of UBL shares the components of the first
        (root,) = schema.elements.values()
        roots[document_type] = [prefixed(str(root.name)), collector.add(root.type, document_type)]
    entries = [catalog.entry_of(document_type) for document_type in document_types]
    carrier = catalog.load().distribution
    origin = {
        "source": f"{carrier.name} {carrier.version}: {', '.join(f'{row.folder}/{row.entry}' for row in entries)}",
        "version": ", ".join(f"{row.title} ({row.version})" for row in entries),
        "generator": "tools/schema_order.py",
    }
    types = ",\n".join(f"{json.dumps(key)}: {dense(row)}" for key, row in sorted(collector.types.items()))
    return f'{{"generated": {json.dumps(origin)},\n"roots": {dense(roots)},\n"types": {{\n{types}\n}}}}\n'


def dense(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON without blanks: the files are read by programs, one type a line for whoever reads a diff."""
    return json.dumps(value, separators=(",", ":"))


def generate() -> dict[str, str]:
    """Return file name to text of every data file."""
    return {name: derive(document_types) for name, document_types in FILES.items()}


def main() -> int:
    """Write the data files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is not current")
    check = parser.parse_args().check
    stale = [
        (TARGET / name, text)
        for name, text in generate().items()
        if not (TARGET / name).is_file() or (TARGET / name).read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        if not check:
            part = path.with_suffix(".part")
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        sys.stderr.write(f"{path.name}: {'not current' if check else 'written'}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
