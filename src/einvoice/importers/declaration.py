# SPDX-License-Identifier: Apache-2.0
"""The shape of a mapping file: which keys there are, and of what type.

These classes are the declaration that the loader checks a file against and that the published JSON Schema
(``schemas/mapping.schema.json``) is generated from; a key cannot be in one and not in the other.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from einvoice.errors import MappingError
from einvoice.importers.wording import nearest

Encoding = Literal[
    "utf-8", "cp1252", "iso-8859-15", "iso-8859-1", "cp1250", "iso-8859-2", "cp850", "cp437", "mac-roman"
]
VatCategory = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"]
Format = Literal["csv", "xlsx", "json", "xml", "edifact", "x12"]
Texts = str | list[str]
Number = int | str
Declared = TypeVar("Declared")

ID_PATTERN: Final = r"^[a-z0-9][a-z0-9._-]*/[0-9]+$"
MAX_BYTES: Final = 1_000_000
NESTED: Final = frozenset({"json", "xml", "edifact", "x12"})
"""The formats that are trees: their values are named by paths, those of the others by columns."""


class Party(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who stands behind a number, such as a GLN, that an EDI message tells a party by."""

    name: Annotated[str, Meta(min_length=1, description="Its full name.")]
    street: Annotated[str | None, Meta(description="Street and number.")] = None
    street_2: Annotated[str | None, Meta(description="A further line of the address.")] = None
    post_code: Annotated[str | None, Meta(description="The postal code.")] = None
    city: Annotated[str | None, Meta(description="The city.")] = None
    country: Annotated[str | None, Meta(description="The country: ISO 3166-1, two letters.")] = None
    vat: Annotated[str | None, Meta(description="The VAT number, with the prefix of the country.")] = None
    endpoint: Annotated[str | None, Meta(description="The electronic address.")] = None
    endpoint_scheme: Annotated[str | None, Meta(description="The scheme of the electronic address (EAS).")] = None


class Source(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the export is written."""

    format: Annotated[
        Format, Meta(description="The format of the export; 'xlsx' reads the other kinds of spreadsheet too.")
    ] = "csv"
    root: Annotated[
        str, Meta(description="The path to the invoices in a source that is a tree; '.' if the whole is one invoice.")
    ] = "."
    encoding: Annotated[
        Encoding, Meta(description="The encoding of an export that has no byte order mark and is not UTF-8.")
    ] = "utf-8"
    delimiter: Annotated[
        Literal[";", ",", "\t", "|"] | None,
        Meta(description="What stands between two cells; recognised by the header row if not given."),
    ] = None
    quotes: Annotated[
        Literal["double", "none"],
        Meta(description="'double': cells may be quoted with \"; 'none': a quotation mark is a character like others."),
    ] = "double"
    header_row: Annotated[
        int,
        Meta(ge=0, le=1000, description="The row of the column names; 0 if there is none: columns are A, B, C then."),
    ] = 1
    group_by: Annotated[
        str | None,
        Meta(description="The column that tells invoices apart; the one of the invoice number if not given."),
    ] = None
    columns: Annotated[
        Literal["required", "optional"],
        Meta(
            description="'optional': an export may lack columns that the mapping names; what they would say is missing."
        ),
    ] = "required"
    scattered: Annotated[bool, Meta(description="Whether the rows of one invoice may stand apart from each other.")] = (
        False
    )
    decimal: Annotated[Literal[",", "."], Meta(description="What stands before the fraction of a number.")] = "."
    thousands: Annotated[
        Literal["", ".", ",", " ", "'", "’"], Meta(description="What stands between the thousands of a number.")
    ] = ""
    dates: Annotated[str, Meta(description="The form of dates, such as dd.mm.yyyy.")] = "yyyy-mm-dd"
    empty: Annotated[Texts, Meta(description="Texts that mean the same as an empty cell, such as '-' or 'NULL'.")] = []
    sheet: Annotated[
        str | None, Meta(description="The sheet of a spreadsheet; needed if it has several with something in them.")
    ] = None
    lines_sheet: Annotated[
        str | None,
        Meta(description="A second sheet with the lines; the column of the invoice number stands in both."),
    ] = None
    prices: Annotated[
        Literal["net", "gross"],
        Meta(description="'gross': prices and amounts of lines, allowances and charges include VAT in this export."),
    ] = "net"
    line_percentages: Annotated[
        Literal["of-base", "of-price"],
        Meta(
            description="'of-price': an allowance or charge of a line that states a percentage alone is that "
            "percentage of quantity times price."
        ),
    ] = "of-base"
    parties: Annotated[
        dict[str, Party],
        Meta(description="EDIFACT and X12: who stands behind the numbers (GLN) of parties that come without a name."),
    ] = {}
    parties_from: Annotated[
        str | None,
        Meta(description="The same as a CSV file beside the mapping: its name, without a folder."),
    ] = None
    credit_notes: Annotated[
        Literal["positive", "negative"],
        Meta(
            description="'negative': quantities and amounts of credit notes carry a minus in this export; it is taken "
            "off, since a credit note states positive amounts."
        ),
    ] = "positive"


class Condition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"source": "from"}):
    """Whether something is so in an invoice of this export."""

    source: Annotated[str, Meta(description="The column or path that tells.")]
    values: Annotated[Texts, Meta(description="The values that mean yes.")]


class Refusal(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"source": "from"}):
    """What an invoice of this export must not say, because it cannot be made into an e-invoice then."""

    source: Annotated[str, Meta(description="The column or path that tells.")]
    because: Annotated[str, Meta(min_length=1, description="The reason in one sentence, with the way out.")]
    values: Annotated[
        Texts, Meta(description="The values that are refused; if nothing else is given, any value is.")
    ] = []
    other_than: Annotated[Texts, Meta(description="The values that are not refused; any other one is.")] = []
    empty: Annotated[bool, Meta(description="Whether it is refused if nothing is said there.")] = False


class Join(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Records that stand elsewhere in the source: what belongs to an invoice or a line is found by a key."""

    name: Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="What paths call the record.")]
    value: Annotated[str, Meta(description="The path to the key in the invoice or line.")]
    records: Annotated[str, Meta(description="The path from the top of the file to the records.")]
    key: Annotated[str, Meta(description="The path to the key in such a record.")]
    at: Annotated[Literal["invoice", "lines"], Meta(description="What the record belongs to.")] = "invoice"


class Rows(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the rows of an export stand for, where a column tells."""

    by: Annotated[str, Meta(description="The column that tells.")]
    lines: Annotated[Texts, Meta(description="Its values in rows that are invoice lines.")]
    header: Annotated[Texts, Meta(description="Its values in rows that carry what is said once per invoice.")] = []
    document_level_allowances: Annotated[
        Texts, Meta(description="Its values in rows that are deductions from the whole invoice.")
    ] = []
    document_level_charges: Annotated[
        Texts, Meta(description="Its values in rows that are additions to the whole invoice.")
    ] = []
    skip: Annotated[Texts, Meta(description="Its values in rows that are left out, such as sub-totals.")] = []


class Field(
    Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"source": "from", "steps": "as"}
):
    """Where the value of a term comes from; one of `from`, `any`, `constant` and `count`."""

    source: Annotated[Texts | None, Meta(description="The column; several are joined.")] = None
    any: Annotated[list[str] | None, Meta(description="Columns, of which the first that is not empty counts.")] = None
    constant: Annotated[Any, Meta(description="A value that every invoice gets.")] = None
    count: Annotated[
        bool,
        Meta(description="The position of the line in its invoice: 1, 2, 3; beside columns, where they say nothing."),
    ] = False
    join: Annotated[str, Meta(description="What stands between joined columns.")] = " "
    steps: Annotated[Texts, Meta(description="Transforms, first to last.")] = []
    lookup: Annotated[str | None, Meta(description="The table below [lookups] that translates the text.")] = None
    remove: Annotated[Texts, Meta(description="Texts that are taken out first, such as a currency sign.")] = []
    empty: Annotated[Texts, Meta(description="Texts that mean the same as an empty cell here.")] = []
    decimal: Annotated[Literal[",", "."] | None, Meta(description="Overrides `decimal` of [source].")] = None
    thousands: Annotated[
        Literal["", ".", ",", " ", "'", "’"] | None, Meta(description="Overrides `thousands` of [source].")
    ] = None
    dates: Annotated[str | None, Meta(description="Overrides `dates` of [source].")] = None


class VatColumns(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the export says about the VAT of a line, an allowance or a charge: a column or a field each."""

    code: Annotated[str | Field | None, Meta(description="The tax code of the ERP.")] = None
    rate: Annotated[str | Field | None, Meta(description="The rate, in percent unless `as` says otherwise.")] = None
    category: Annotated[str | Field | None, Meta(description="The VAT category, where the export has one.")] = None


class VatWhen(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a row of the VAT table applies: all that is said must hold; several values are alternatives."""

    code: Annotated[Texts | None, Meta(description="The tax code of the ERP.")] = None
    rate: Annotated[Number | list[Number] | None, Meta(description="The rate in percent.")] = None
    category: Annotated[Texts | None, Meta(description="The VAT category that the export states.")] = None
    seller_country: Annotated[Texts | None, Meta(description="BT-40: a country code, or 'EU' or 'non-EU'.")] = None
    buyer_country: Annotated[
        Texts | None,
        Meta(description="BT-55: a country code, or 'domestic' (the seller's), 'other-EU', 'EU' or 'non-EU'."),
    ] = None
    delivery_country: Annotated[
        Texts | None,
        Meta(description="BT-80, or BT-55 where no delivery is stated: in the words of buyer_country."),
    ] = None


class VatRow(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One row of the VAT table: when it applies, and what it decides."""

    when: VatWhen
    category: Annotated[VatCategory, Meta(description="BT-151: the VAT category code (UNTDID 5305).")]
    rate: Annotated[Number | None, Meta(description="BT-152: the rate, where the export states none.")] = None
    exemption_reason_code: Annotated[str | None, Meta(description="BT-121: a VATEX code.")] = None
    exemption_reason_text: Annotated[str | None, Meta(description="BT-120: why no VAT is charged.")] = None


class MappingFile(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping: how an ERP export becomes invoices."""

    mapping: Annotated[str, Meta(pattern=ID_PATTERN, description="Its name and version, such as acme-sales/1.")]
    invoice: Annotated[dict[str, Any], Meta(description="What is said once per invoice: term = source.")]
    lines: Annotated[dict[str, Any], Meta(description="What is said per line: term = source.")]
    description: Annotated[str, Meta(description="What it is for, in words.")] = ""
    extends: Annotated[
        str | None,
        Meta(
            description="A preset that this mapping completes: tables are merged, everything else said here replaces."
        ),
    ] = None
    only: Annotated[
        str | None, Meta(description="Why no invoice can be made of this source, for presets that exist to say so.")
    ] = None
    source: Source = Source()
    rows: Rows | None = None
    joins: Annotated[
        list[Join], Meta(description="Records of a tree that stand elsewhere and are found by a key.")
    ] = []
    refuse: Annotated[list[Refusal], Meta(description="What keeps an invoice from being made.")] = []
    prices_include_vat: Annotated[
        Condition | None, Meta(description="What tells, invoice by invoice, that prices and amounts include VAT.")
    ] = None
    lookups: Annotated[
        dict[str, dict[str, str]], Meta(description="Tables that translate texts; a text that is missing is an error.")
    ] = {}
    vat: Annotated[
        list[VatRow], Meta(description="The VAT table; exactly one row must apply to a line, allowance or charge.")
    ] = []
    known_rates: Annotated[
        bool,
        Meta(
            description="Whether a rate above zero that the seller's country has means category S where no row of "
            "[[vat]] applies; a rate of 0 is never decided by it."
        ),
    ] = False
    expect: Annotated[
        dict[str, Any], Meta(description="Totals that the export states: compared with the computed ones, never taken.")
    ] = {}


def read_toml(data: bytes, file: str) -> dict[str, Any]:
    """Parse TOML; a fraction is kept as text, so that it never passes through a float.

    Args:
        data: the bytes of the file.
        file: its name, for messages.

    Raises:
        MappingError: it is too large, not UTF-8 or not TOML.
    """
    if len(data) > MAX_BYTES:
        raise MappingError(f"a mapping or profile has at most {MAX_BYTES} bytes", source=file, code="MAPPING_SIZE")
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"), parse_float=str)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MappingError("a mapping or profile is written in UTF-8", source=file, line=line) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        hint = (
            "; a key with other characters than A-Z a-z 0-9 - _ stands in quotes" if "statement" in str(error) else ""
        )
        if file.lower().endswith((".yaml", ".yml")):
            hint = "; YAML is not read, where NO is false and 1_000 a number: write term = source"
        raise MappingError(f"this is not TOML: {error}{hint}", source=file, code="MAPPING_TOML") from None


_PLACE: Final = r"(?: - at `\$\.?(?P<at>.*)`)?$"
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<name>.*?)`" + _PLACE, re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(?P<name>.*?)`" + _PLACE, re.DOTALL)
_OTHER: Final = re.compile(r"(?P<what>.*?)" + _PLACE, re.DOTALL)


def convert(value: object, kind: type[Declared], file: str, key: str = "") -> Declared:
    """Check a piece of a file against its declaration.

    Args:
        value: the piece, as TOML gives it.
        kind: the class that declares it.
        file: the file, for messages.
        key: the key at which the piece stands; empty for the file as a whole.

    Raises:
        MappingError: a key is unknown or missing, or a value is of another type; the message names the key.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        at, what = _explained(str(error))
    place = ".".join(part for part in (key, at) if part)
    raise MappingError(f"key {place!r}: {what}" if place else what, source=file, code="MAPPING_KEY")


def _explained(message: str) -> tuple[str, str]:
    """Take the place out of a message of msgspec, and say in our words what is wrong there."""
    if unknown := _UNKNOWN.fullmatch(message):
        at = ".".join(part for part in (unknown["at"], unknown["name"]) if part)
        return at, f"there is no such key{nearest(unknown['name'], _declared())}"
    if missing := _MISSING.fullmatch(message):
        return missing["at"] or "", f"the key {missing['name']!r} is missing"
    other = _OTHER.fullmatch(message)
    at, what = (other["at"] or "", other["what"]) if other else ("", message)
    if what.startswith("Invalid enum value") and (choices := _declared().get(re.split(r"[.\[]", at)[-1])):
        return at, f"{what.removeprefix('Invalid enum value ')} is not one of {', '.join(map(repr, choices))}"
    return at, f"{what[:1].lower()}{what[1:]}"


@cache
def _declared() -> dict[str, tuple[object, ...]]:
    """Every declared key, with the values it may have where these are few."""
    kinds = (MappingFile, Source, Rows, Join, Refusal, Condition, Field, VatColumns, VatWhen, VatRow)
    return {shape.encode_name: _choices(shape.type) for kind in kinds for shape in msgspec.structs.fields(kind)}


def _choices(hint: object) -> tuple[object, ...]:
    """The values of a Literal, also where it stands inside Annotated or a union."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return tuple(choice for part in get_args(hint) for choice in _choices(part))


def texts(value: Texts | None) -> tuple[str, ...]:
    """One text or several, as several."""
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)
