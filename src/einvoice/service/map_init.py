# SPDX-License-Identifier: Apache-2.0
"""Propose a mapping from a sample of an export: by what its columns are called, and by what stands in them.

A proposal is a beginning. It states for each column how sure it is and why, and lists what it did not recognise and
what invoices need besides; nothing that a sample does not show is filled in.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from einvoice.errors import MappingError
from einvoice.service.map_guess import Guess, Guesser, forms
from einvoice.service.map_sample import look_at
from einvoice.service.map_terms import CORE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.service.map_sample import Look

MAX_BYTES: Final = 20_000_000
SHOWN: Final = 3
UNKNOWN: Final = 40
WITH: Final = {
    "buyer.electronic_address": 'scheme = "EM"',
    "buyer.postal_address.country_code": 'lookup = "@country"',
    "invoiced_quantity_unit_of_measure_code": 'lookup = "@unit"',
    "buyer.vat_identifier": 'as = "vat_id"',
}
NESTED: Final = {
    "note": "notes = [{{ note = {} }}]",
    "preceding_invoice": "preceding_invoice_references = [{{ reference = {} }}]",
}
VAT: Final = ("vat_code", "vat_rate", "vat_category")


SIGNS: Final[dict[str, tuple[bytes, ...]]] = {
    "odoo": (b'"account.move"',),
    "odoo-csv": (b"invoice_line_ids/",),
    "erpnext": (b'"doctype"', b'"Sales Invoice"'),
    "sap-idoc": (b"<INVOIC02",),
    "sap-s4": (b'"BillingDocument"',),
    "business-central": (b'"billToName"',),
    "xero": (b'"LineAmountTypes"',),
    "xero-csv": (b"POAddressLine1",),
    "quickbooks": (b'"SalesItemLineDetail"',),
    "stripe": (b'"line_item"', b'"has_more"'),
    "shopify": (b'"line_items"', b'"billing_address"'),
    "datev": (b"xml.datev.de/bedi/tps/invoice",),
    "datev-extf": (b'"EXTF"',),
}
"""What stands in the exports of a source and in no other: preset -> signs, all of which are there."""


def known(data: bytes) -> str:
    """The preset that reads exports like a sample; empty if none is recognised.

    Args:
        data: the bytes of the sample.
    """
    start = data[:1_000_000]
    return next((name for name, signs in SIGNS.items() if all(sign in start for sign in signs)), "")


def proposed(sample: str) -> str:
    """The text of a mapping for exports like a sample.

    Args:
        sample: the path of the sample.

    Raises:
        MappingError: it cannot be read, or shows no table and no records.
    """
    path = Path(sample)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MappingError(f"the sample cannot be read: {error.strerror}", source=sample) from error
    if len(data) > MAX_BYTES:
        raise MappingError(f"a sample has at most {MAX_BYTES} bytes: cut it", source=sample, code="SAMPLE_SIZE")
    preset = known(data)
    try:
        look = look_at(data, sample)
    except MappingError as error:
        if preset:
            error.message += f"; but this looks like a source that is known: einvoice map explain {preset}"
        raise
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "mapping"
    hint = [f"# This looks like a source that is known already: --map {preset} (einvoice map explain {preset})."]
    return "\n".join([*(hint if preset else []), *_head(name, look), *_body(look), ""])


def _head(name: str, look: Look) -> Iterator[str]:
    yield "# Proposed by einvoice map init. The figures say how sure each line is; read them all before you trust them."
    yield f'mapping = "{name}/1"'
    yield "known_rates = true # a rate above zero that the seller's country has is category S; see [[vat]] for others"
    yield ""
    yield "[source]"
    for key, value in look.source.items():
        yield f"{key} = {_text(value)}"
    values = [value for column in look.columns for value in column.values]
    written = forms(values, typed=look.typed)
    for key, (value, why) in written.items():
        yield f"{key} = {_text(value)} # {why}"
    yield from (f"# {hint}" for hint in look.hints)
    yield ""
    for join in look.joins:
        yield f"[[joins]] # {join.why}"
        yield from (f"{key} = {_text(getattr(join, key))}" for key in ("name", "value", "records", "key"))
        yield ""


def _body(look: Look) -> Iterator[str]:
    guesser = Guesser(look)
    sections = guesser.sections()
    for section in ("invoice", "lines", "expect"):
        if section == "expect" and not sections[section]:
            continue
        yield f"[{section}]"
        if section == "lines" and look.each:
            yield f"each = {_text(look.each)}"
        yield from _section(sections[section])
        if section == "lines":
            yield from _vat(sections[section])
            if not any(guess.term == "identifier" for guess in sections[section]):
                yield "identifier = { count = true }"
        yield ""
    yield from _rest(guesser, sections)


def _section(guesses: list[Guess]) -> Iterator[str]:
    for guess in guesses:
        if guess.term in VAT:
            continue
        more = [WITH[guess.term]] if guess.term in WITH else []
        more += [f'as = "{guess.step}"'] if guess.step and not any(one.startswith("as") for one in more) else []
        value = _text(guess.column)
        source = f"{{ from = {value}, {', '.join(more)} }}" if more else value
        line = (
            NESTED[guess.term].format(f"{{ from = {value} }}") if guess.term in NESTED else f"{guess.term} = {source}"
        )
        yield f"{line} # {guess.why()}"


def _vat(guesses: list[Guess]) -> Iterator[str]:
    found = {guess.term.removeprefix("vat_"): guess for guess in guesses if guess.term in VAT}
    if not found:
        return
    parts = []
    for name, guess in found.items():
        step = f', as = "{guess.step}"' if guess.step else ""
        parts.append(f"{name} = {{ from = {_text(guess.column)}{step} }}")
    yield f"vat = {{ {', '.join(parts)} }} # {'; '.join(guess.why() for guess in found.values())}"


def _rest(guesser: Guesser, sections: dict[str, list[Guess]]) -> Iterator[str]:
    said = {guess.term for guess in sections["invoice"]}
    said |= {f"lines.{guess.term}" for guess in sections["lines"]} | {"lines.identifier"}
    if any(guess.term in VAT for guess in sections["lines"]):
        said.add("lines.vat_information.category_code")
    missing = [need for need in CORE if not need.met(said)]
    if missing:
        yield "# Not in the sample; map a column, declare { constant = ... }, or state it in the seller profile:"
        yield from (f"#   {need}" for need in missing)
        yield ""
    unknown = guesser.unknown
    if unknown:
        yield "# Not recognised:"
        for column in unknown[:UNKNOWN]:
            examples = ", ".join(repr(value) for value in column.values[:SHOWN])
            yield (
                f"#   {_text(column.name)} such as {examples[:100]}" if examples else f"#   {_text(column.name)}, empty"
            )
        if len(unknown) > UNKNOWN:
            yield f"#   and {len(unknown) - UNKNOWN} more"
        yield ""
    yield "# What a rate of 0 means stands here: Z, E, AE, K, G or O, with its reason. einvoice explain BT-151"
    yield "# [[vat]]"
    yield '# when = { rate = 0, buyer_country = "other-EU" }'
    yield '# category = "K"'
    yield '# exemption_reason_code = "VATEX-EU-IC"'


def _text(value: str) -> str:
    """A text as TOML writes it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return '"' + "".join(sign if sign.isprintable() else f"\\u{ord(sign):04X}" for sign in escaped) + '"'
