# SPDX-License-Identifier: Apache-2.0
"""From the invoice to the sheet: what is shown, in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from einvoice.render import items, parties, paying, references, sums
from einvoice.render.sheet import Sheet
from einvoice.render.squares import squares
from einvoice.render.text import breakable, printable, shortened

if TYPE_CHECKING:
    from einvoice.model import Invoice
    from einvoice.render.words import Words

INVOICE = "380"  # UNTDID 1001
_PLACES = {"at", "name_at", "address_at", "terms_at"}  # a page that is printed leads nowhere
_IMAGES = {"image", "logo"}
_COLUMN = 12  # characters of a currency that fit over a column


def compose(invoice: Invoice, words: Words) -> Sheet:
    """Put everything that the invoice states onto a sheet.

    Nothing is computed, rounded or corrected: a sheet shows what the invoice says, also when it is wrong.

    Args:
        invoice: the invoice.
        words: the words of the language to show it in.
    """
    heading = _heading(words, invoice.type_code)
    rows = items.rows(words, invoice)
    code, slip = squares(words, invoice)
    totals, terms = sums.totals(words, invoice), paying.terms(words, invoice)
    return Sheet(
        language=words.language,
        region=words.region,
        words=_template_words(words, invoice),
        title=shortened(printable(" ".join(part for part in (heading, invoice.number) if part))),
        heading=heading,
        number=invoice.number or "",
        currency=invoice.currency_code or "",
        sender=_sender(invoice),
        parties=parties.main_parties(words, invoice),
        further_parties=parties.further_parties(words, invoice),
        facts=references.facts(words, invoice),
        references=references.references(words, invoice),
        rows=rows,
        adjustments=sums.adjustments(words, invoice),
        totals=totals,
        vat=sums.vat(words, invoice),
        payment=paying.payment(words, invoice),
        terms=tuple(text.value for text in terms),
        terms_at=tuple(text.at for text in terms),
        code=code,
        slip=slip,
        notes=references.notes(words, invoice),
        attachments=references.attachments(words, invoice),
        further=references.further(words, invoice),
        widest=items.widest(rows),
    )


def encode(sheet: Sheet) -> bytes:
    """A sheet as JSON, every text in it made printable and breakable.

    Args:
        sheet: the sheet.
    """
    plain = msgspec.to_builtins(sheet)
    return msgspec.json.encode(_fit(plain) | {"words": plain["words"]})


def _fit(value: Any) -> Any:  # noqa: ANN401 - JSON has no common type
    if isinstance(value, str):
        return breakable(printable(value))
    if isinstance(value, dict):
        return {key: entry if key in _IMAGES else _fit(entry) for key, entry in value.items() if key not in _PLACES}
    return [_fit(entry) for entry in value] if isinstance(value, list | tuple) and _has_text(value) else value


def _has_text(values: list[Any] | tuple[Any, ...]) -> bool:
    return bool(values) and not isinstance(values[0], int)


def _heading(words: Words, code: str | None) -> str:
    known = words.known("document", code)
    if known:
        return known
    kind = words.code("document", INVOICE)
    return shortened(f"{kind} ({code})") if code else kind


def _sender(invoice: Invoice) -> str:
    seller = invoice.seller
    return shortened(printable(seller.trading_name or seller.name or "")) if seller else ""


def _template_words(words: Words, invoice: Invoice) -> dict[str, str]:
    """The words for the template; the columns of money say the currency."""
    currency = f" ({shortened(printable(invoice.currency_code), _COLUMN)})" if invoice.currency_code else ""
    columns = ("column_amount", "column_price", "column_taxable", "column_tax")
    plain: dict[str, str] = words.labels["template"] | {"colon": words.page["colon"]}
    return plain | {name: plain[name] + currency for name in columns}
