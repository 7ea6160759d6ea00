# SPDX-License-Identifier: Apache-2.0
"""Load a mapping file: which column of an ERP export is which term of the invoice.

A mapping is TOML, written the direction one thinks in: term = source. ``docs/mapping.md`` explains it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from einvoice.errors import MappingError
from einvoice.importers.declaration import (
    NESTED,
    Condition,
    Join,
    MappingFile,
    Refusal,
    Rows,
    Source,
    VatColumns,
    convert,
    read_toml,
    texts,
)
from einvoice.importers.fields import FieldRule, Reader
from einvoice.importers.party_table import beside, with_parties
from einvoice.importers.paths import Path as TreePath
from einvoice.importers.paths import parse_path
from einvoice.importers.presets import preset_names, preset_text
from einvoice.importers.targets import Branch, Grammar, described, parse
from einvoice.importers.transforms import date_pattern
from einvoice.importers.vat import VatTable
from einvoice.importers.wording import nearest
from einvoice.model import DocumentTotals, Invoice, InvoiceLine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

LEAF_WORDS: Final = frozenset({"from", "any", "constant", "count"})
STATED_TOTALS: Final = frozenset(
    {
        "totals.paid_amount",
        "totals.rounding_amount",
        "totals.invoice_total_vat_amount_in_accounting_currency",
    }
)
"""Totals that cannot be computed from the rest of the invoice (BT-111, BT-113, BT-114)."""

DOCUMENT_PARTS: Final = frozenset({"document_level_allowances", "document_level_charges"})
VAT_FIELDS: Final = {
    "lines": ("vat_information.category_code", "vat_information.rate"),
    "document_level_allowances": ("vat_category_code", "vat_rate"),
    "document_level_charges": ("vat_category_code", "vat_rate"),
}
"""Where the category and the rate stand, in the groups that have a VAT of their own."""


class VatUse(Struct, frozen=True):
    """What the export says about the VAT of a line, an allowance or a charge.

    Attributes:
        key: the key as the user wrote it.
        code: where the tax code comes from.
        rate: where the rate comes from.
        category: where a category comes from that the export states.
    """

    key: str
    code: FieldRule | None = None
    rate: FieldRule | None = None
    category: FieldRule | None = None


class ErpMapping(Struct, frozen=True):
    """A mapping, checked and ready for any export of its kind.

    Attributes:
        id: its name and version, such as ``acme-sales/1``.
        file: where it was loaded from.
        source: how the export is written.
        rows: what its rows stand for, where a column tells.
        invoice: what is said once per invoice; the leaves hold a :class:`FieldRule`.
        lines: what is said per line.
        expect: the totals that the export states.
        vat: the VAT table.
        joins: what a tree holds elsewhere.
        refuse: what keeps an invoice from being made, with the rule that reads it.
        gross: what tells that prices include VAT, with the rule that reads it.
        description: what it says of itself.
        beside: the list of parties that lies beside it.
    """

    id: str
    file: str
    source: Source
    rows: Rows | None
    invoice: Branch
    lines: Branch
    expect: Branch
    vat: VatTable
    joins: tuple[Join, ...] = ()
    refuse: tuple[tuple[FieldRule, Refusal], ...] = ()
    gross: tuple[FieldRule, Condition] | None = None
    description: str = ""
    beside: Path | None = None

    @property
    def each_line(self) -> str:
        """The path from an invoice to its lines, in a source that is a tree."""
        return str(self.lines.special.get("each", ""))


def load_mapping(source: bytes | str | PathLike[str], *, name: str | None = None) -> ErpMapping:
    """Load a mapping.

    Args:
        source: the path of the file, or its bytes.
        name: what messages call it; the path if not given.

    Raises:
        MappingError: the file cannot be read or used; the message names the key and what was probably meant.
    """
    data, file = read_bytes(source, name, "mapping")
    declared, partners = _declared(data, file, None if isinstance(source, bytes) else Path(source).parent)
    reader = Reader(file, declared.source, declared.lookups)
    lines = Reader(file, declared.source, declared.lookups, counts=True)
    mapping = ErpMapping(
        id=declared.mapping,
        description=declared.description,
        file=file,
        source=declared.source,
        rows=declared.rows,
        invoice=parse(declared.invoice, Invoice, "", _grammar("invoice", reader, _not_in_invoice), file),
        lines=parse(declared.lines, InvoiceLine, "lines", _grammar("lines", lines, _not_in_lines), file),
        expect=parse(declared.expect, DocumentTotals, "totals", _grammar("expect", reader, _not_expected), file),
        vat=VatTable(declared.vat, file, known_rates=declared.known_rates),
        joins=tuple(declared.joins),
        refuse=tuple((reader.rule(one.source, f"refuse[{at}]", "text"), one) for at, one in enumerate(declared.refuse)),
        gross=_gross(declared, reader),
        beside=partners,
    )
    check_nesting(mapping)
    for part in sorted(DOCUMENT_PARTS):
        if declared.rows and texts(getattr(declared.rows, part)) and part not in mapping.invoice.groups:
            message = f"key 'rows.{part}': such rows need a table [[invoice.{part}]] that says what they hold"
            raise MappingError(message, source=file, code="MAPPING_KEY")
    _read_vat_uses(mapping, reader)
    return mapping


def _declared(data: bytes, file: str, folder: Path | None) -> tuple[MappingFile, Path | None]:
    """What a mapping declares, with the parties of the list beside it, and that list."""
    declared = convert(extended(read_toml(data, file), file), MappingFile, file)
    if declared.only:
        raise MappingError(declared.only, source=file, code="MAPPING_SOURCE")
    _check_source(declared, file)
    partners = beside(declared.source, file, folder)
    if partners is not None:
        declared = replace(declared, source=with_parties(declared.source, partners, file))
    return declared, partners


def extended(table: dict[str, Any], file: str) -> dict[str, Any]:
    """A mapping together with the preset that it extends.

    Args:
        table: the mapping as TOML gives it.
        file: its file, for messages.

    Raises:
        MappingError: there is no such preset.
    """
    name = table.get("extends")
    if name is None:
        return table
    if not isinstance(name, str) or name not in preset_names():
        near = nearest(str(name), preset_names())
        raise _bad_key("extends", f"there is no preset {name!r}{near}; there are {', '.join(preset_names())}", file)
    return merged(read_toml(preset_text(name).encode(), f"preset {name}"), table)


def merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Two tables as one: tables in both are merged, of everything else the second holds."""
    made = dict(below)
    for key, value in above.items():
        there = made.get(key)
        both = isinstance(there, dict) and isinstance(value, dict) and not LEAF_WORDS & {*there, *value}
        made[key] = merged(there, value) if both and isinstance(there, dict) else value
    return made


def read_bytes(source: bytes | str | PathLike[str], name: str | None, what: str) -> tuple[bytes, str]:
    """The bytes of a file and the name to call it by.

    Args:
        source: a path, or the bytes themselves.
        name: the name; the path if not given.
        what: what the file is, for a name where there is none.

    Raises:
        MappingError: the file cannot be opened.
    """
    if isinstance(source, bytes):
        return source, name or f"<{what}>"
    try:
        return Path(source).read_bytes(), name or str(source)
    except OSError as error:
        reason = error.strerror or str(error)
        raise MappingError(f"the {what} cannot be read: {reason}", source=name or str(source)) from error


def check_nesting(mapping: ErpMapping) -> None:
    """Refuse paths where there are rows, and joins that are no paths or wait for each other.

    Args:
        mapping: the mapping.

    Raises:
        MappingError: the message names the key.
    """
    nested = mapping.source.format in NESTED
    for branch in (mapping.invoice, mapping.lines, mapping.expect):
        _check_each(branch, mapping.file, nested=nested, top=branch is not mapping.lines)
    if nested and not mapping.each_line:
        raise _bad_key("lines.each", "say where the lines of an invoice stand, such as each = 'lines[*]'", mapping.file)
    if nested and mapping.rows is not None:
        raise _bad_key("rows", f"format {mapping.source.format!r} has no rows", mapping.file)
    if mapping.joins and not nested:
        raise _bad_key("joins", f"format {mapping.source.format!r} is no tree", mapping.file)
    later = {join.name for join in mapping.joins}
    for at, join in enumerate(mapping.joins):
        for name, text in (("value", join.value), ("records", join.records), ("key", join.key)):
            path = _path(text, f"joins[{at}].{name}", mapping.file)
            if name == "value" and any(way.steps and way.steps[0] in later for way in path.ways):
                message = f"{text!r} begins with a join that is declared here or below: declare that one first"
                raise _bad_key(f"joins[{at}].value", message, mapping.file)
        later.discard(join.name)


def _check_each(branch: Branch, file: str, *, nested: bool, top: bool) -> None:
    each = branch.special.get("each")
    if each is not None:
        key = f"{branch.key}.each"
        if not nested:
            raise _bad_key(key, "rows of a table have nothing below them", file)
        if not isinstance(each, str):
            raise _bad_key(key, "write a path, such as 'lines[*]'", file)
        _path(each, key, file)
        if top and not branch.path:
            raise _bad_key(key, "the path to the invoices is 'source.root'", file)
    for instances in branch.groups.values():
        for instance in instances:
            _check_each(instance, file, nested=nested, top=top)


def _path(text: str, key: str, file: str) -> TreePath:
    try:
        return parse_path(text)
    except MappingError as error:
        raise _bad_key(key, error.message, file) from None


def _bad_key(key: str, message: str, file: str) -> MappingError:
    return MappingError(f"key {key!r}: {message}", source=file, code="MAPPING_KEY")


def leaves(branch: Branch) -> Iterator[FieldRule]:
    """Every rule of a branch and of what is below it, the VAT columns included."""
    for leaf in branch.leaves.values():
        yield leaf.value
    use = branch.special.get("vat")
    if isinstance(use, VatUse):
        yield from (rule for rule in (use.code, use.rate, use.category) if rule is not None)
    for instances in branch.groups.values():
        for instance in instances:
            yield from leaves(instance)


def _check_source(declared: MappingFile, file: str) -> None:
    try:
        date_pattern(declared.source.dates)
    except MappingError as error:
        raise MappingError(f"key 'source.dates': {error.message}", source=file, code="MAPPING_KEY") from None
    if declared.rows is not None:
        _check_rows(declared.rows, file)


def _check_rows(rows: Rows, file: str) -> None:
    """A value of the column that tells must mean one thing."""
    seen: dict[str, str] = {}
    for kind in ("lines", "header", "skip", *sorted(DOCUMENT_PARTS)):
        for value in texts(getattr(rows, kind)):
            if value in seen:
                message = f"key 'rows.{kind}': {value!r} stands below 'rows.{seen[value]}' already"
                raise MappingError(message, source=file, code="MAPPING_KEY")
            seen[value] = kind


def _grammar(section: str, reader: Reader, refuse: Any) -> Grammar:  # noqa: ANN401 - a function
    vat = frozenset({"lines"}) if section == "lines" else DOCUMENT_PARTS
    return Grammar(section, LEAF_WORDS, "constant", reader.rule, refuse, {"vat": vat, "each": None})


def _gross(declared: MappingFile, reader: Reader) -> tuple[FieldRule, Condition] | None:
    asked = declared.prices_include_vat
    return None if asked is None else (reader.rule(asked.source, "prices_include_vat", "text"), asked)


def _not_in_invoice(path: str) -> str:
    if path == "lines":
        return "the terms of a line stand below [lines]"
    if path == "vat_breakdown":
        return "the VAT breakdown is computed; its exemption reasons stand in the rows of [[vat]]"
    if path.startswith("totals.") and path not in STATED_TOTALS:
        return f"{described(path)} is computed; to compare it with the export, write it below [expect]"
    if path.endswith(".attached_document"):
        return "a cell cannot hold a document; give its address in 'external_document_location' (BT-124)"
    return ""


def _not_in_lines(path: str) -> str:
    if path == "lines.sub_lines":
        return "rows of a table cannot say which line they are part of"
    return _not_in_invoice(path) if path.endswith(".attached_document") else ""


def _not_expected(path: str) -> str:
    return f"{described(path)} is taken from the export: write it below [invoice]" if path in STATED_TOTALS else ""


def _read_vat_uses(mapping: ErpMapping, reader: Reader) -> None:
    """Read the `vat` keys: they need the same reader as any other rule, and a table that decides."""
    parts = [(name, each) for name in sorted(DOCUMENT_PARTS) for each in mapping.invoice.groups.get(name, [])]
    for name, branch in [("lines", mapping.lines), *parts]:
        value = branch.special.get("vat")
        if value is None:
            continue
        key = f"{branch.key}.vat"
        if not mapping.vat:
            raise MappingError(f"key {key!r}: there is no table [[vat]]", source=mapping.file, code="MAPPING_VAT")
        for field in VAT_FIELDS[name]:
            if _has(branch, field):
                message = f"key {key!r}: {field} is written beside it, but the table decides it"
                raise MappingError(message, source=mapping.file, code="MAPPING_VAT")
        branch.special["vat"] = _vat_use(value, key, reader)


def _vat_use(value: Any, key: str, reader: Reader) -> VatUse:  # noqa: ANN401 - from TOML
    convert(value, VatColumns, reader.file, key)
    rate = value.get("rate")
    if rate is not None:
        rate = {"from": rate, "as": "percent"} if isinstance(rate, str) else {"as": "percent", **rate}
    given: dict[str, Any] = {"code": value.get("code"), "rate": rate, "category": value.get("category")}
    rules = {
        name: reader.rule(rule, f"{key}.{name}", "number" if name == "rate" else "text")
        for name, rule in given.items()
        if rule is not None
    }
    return VatUse(key, **rules)


def _has(branch: Branch, field: str) -> bool:
    head, _, tail = field.partition(".")
    if not tail:
        return head in branch.leaves
    return any(tail in instance.leaves for instance in branch.groups.get(head, []))


def load_named(name: str) -> ErpMapping:
    """Load what ``--map`` names: a preset by its id, or a file.

    Args:
        name: the id of a preset; anything else is the path of a file. A file that is called like a preset is meant
            by a path with a slash, such as ``./xero``.

    Raises:
        MappingError: the file cannot be read or used; if there is none, the message names the presets too.
    """
    if name in preset_names():
        return load_mapping(preset_text(name).encode(), name=f"preset {name}")
    try:
        return load_mapping(name)
    except MappingError as error:
        if isinstance(error.__cause__, FileNotFoundError) and "/" not in name:
            near = nearest(name, preset_names())
            error.message += f"; nor is it a preset{near}; there are {', '.join(preset_names())}"
        raise
