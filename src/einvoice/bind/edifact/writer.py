# SPDX-License-Identifier: Apache-2.0
"""An invoice becomes a message INVOIC D.14B in an interchange of its own, in UTF-8 (UNOW).

The envelope is as plain as can be: sender and receiver are the electronic addresses of the parties, or what else
identifies them, and date and reference are those of the invoice. A gateway that knows the partners sets its own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from einvoice.bind.edifact.exemptions import of_invoice
from einvoice.bind.edifact.reader import GTIN
from einvoice.bind.edifact.segments import WRITTEN
from einvoice.bind.edifact.table import TEXTS, Row, Slot, steps, table
from einvoice.bind.values import write_bytes, write_date_102, write_decimal
from einvoice.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from einvoice.model import AdditionalSupportingDocument, Buyer, Invoice, Seller

_TEXT: Final = 512
"""The longest component of a free text (4440, an..512)."""
_RESERVED: Final = frozenset({"AAB", "DOC", "REG", "AAT", "AGM"})
"""Subject codes (4451) that stand for a term of their own in this message."""
_NO_SUBJECT: Final = "GEN"
_NAME, _REFERENCE = 35, 14
_MESSAGE: Final = "INVOIC:D:14B:UN::16B"

Line = list[list[str]]


def write(invoice: Invoice) -> bytes:
    """Write an invoice as INVOIC D.14B.

    Args:
        invoice: the invoice.

    Raises:
        OutputError: a text holds half a character (a lone surrogate).
    """
    writer = _Writer(invoice)
    body = [_text("UNH", [["1"], _MESSAGE.split(":")]), *writer.rows(table())]
    body.append(_text("UNT", [[str(len(body) + 1)], ["1"]]))
    reference = (invoice.number or "1")[:_REFERENCE]
    head = ["UNA:+.?*'", _text("UNB", _header(invoice, reference))]
    try:
        text = "\r\n".join([*head, *body, ""]).encode()
    except UnicodeEncodeError as error:
        raise OutputError(
            f"a text holds half a character, which no character set has: {error.object[error.start]!r}",
            code="NOT_WRITTEN",
        ) from None
    objects = b"".join(_objects(invoice.additional_supporting_documents))
    return text + objects + _text("UNZ", [["1"], [reference]]).encode() + b"\r\n"


def _header(invoice: Invoice, reference: str) -> Line:
    day = invoice.issue_date
    return [
        ["UNOW", "4"],
        _partner(invoice.seller),
        _partner(invoice.buyer),
        [write_date_102(day) if day else "", "0000"],
        [reference],
    ]


def _partner(party: Seller | Buyer | None) -> list[str]:
    if party is None:
        return []
    address = party.electronic_address
    known = [address.value if address else "", *(one.value for one in party.identifiers), party.vat_identifier]
    return [next((one[:_NAME] for one in known if one), (party.name or "")[:_NAME])]


def _text(tag: str, elements: Sequence[Sequence[str]]) -> str:
    """A segment as it is written; what is empty at the end of it, or of an element, is left out."""
    parts = [_trimmed([WRITTEN.escaped(text) for text in element], WRITTEN.component) for element in elements]
    return _trimmed([tag, *parts], WRITTEN.element) + WRITTEN.terminator


def _trimmed(parts: list[str], sign: str) -> str:
    while parts and not parts[-1]:
        parts = parts[:-1]
    return sign.join(parts)


def _objects(documents: Iterable[AdditionalSupportingDocument]) -> Iterator[bytes]:
    for number, document in enumerate(documents, 1):
        attachment = document.attached_document
        if attachment is None or attachment.content is None or not document.reference:
            continue
        content = write_bytes(attachment.content).encode()
        length, package = str(len(content)), f"P{number}"
        kind = ["13", attachment.mime_code or ""]
        yield _text("UNO", [[package], ["1", document.reference], kind, [length]]).encode() + b"\r\n"
        yield content + b"\r\n" + _text("UNP", [[length], [package]]).encode() + b"\r\n"


class _Writer:
    """One walk over the table."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = _with_one_means(invoice)
        self.exemptions = of_invoice(invoice)
        self.current: dict[str, int] = {}
        self.written: set[str] = set()

    def rows(self, rows: Iterable[Row]) -> Iterator[str]:
        """The segments of some rows."""
        for row in rows:
            if row.repeats:
                yield from self._each(row)
            else:
                yield from self._row(row)

    def _each(self, row: Row) -> Iterator[str]:
        where = ".".join((row.scope, *(str(self.current.get(here, 0)) for _, here, _ in steps(row.scope)[:-1])))
        if not row.rows and where in self.written:
            return  # accounts stand with the seller; the payee's place for them is for reading
        for index in range(len(self._value(row.scope, last=False) or ())):
            self.current[row.scope] = index
            found = list(self._row(row, always=bool(row.rows)))
            if found:
                self.written.add(where)
            yield from found
        self.current.pop(row.scope, None)

    def _row(self, row: Row, *, always: bool = False) -> Iterator[str]:
        elements: Line = []
        said = False
        for slot in row.slots:
            texts = self._texts(slot)
            said = said or any(texts)
            for more, text in enumerate(texts or [self._default(slot)]):
                _put(elements, slot.element, slot.component + more, text)
        below = list(self.rows(row.rows))
        if not (said or below or always or row.tag == "UNS"):
            return
        for element, component, text in row.constants:
            _put(elements, element, component, text)
        yield _text(row.tag, elements)
        yield from below

    def _default(self, slot: Slot) -> str:
        return _NO_SUBJECT if slot.how == "subject" else ""

    def _texts(self, slot: Slot) -> list[str]:  # noqa: PLR0911 - one line a translation
        """What a slot says, in one component or more; nothing if the invoice does not say it."""
        value = self._value(slot.path)
        if value is None or value == "":
            return []
        if isinstance(value, Decimal):
            return [write_decimal(value)]
        if isinstance(value, date):
            return [write_date_102(value)]
        text = str(value)
        if slot.how == "text":
            return _cut(text)
        if slot.how == "subject":
            return [_NO_SUBJECT if text in _RESERVED else text]
        if slot.how == "gtin":
            return ["SRV"] if text == GTIN else []
        return [text] if not slot.codes or text in slot.codes else []

    def _value(self, path: str, *, last: bool = True) -> Any:  # noqa: ANN401 - a value of any term
        """The value at a place; of groups that repeat, that of the one being written, or of the first."""
        value: Any = self
        for _, here, repeats in steps(path):
            value = getattr(self.invoice if value is self and not path.startswith("exemptions") else value, _name(here))
            if value is None:
                return None
            if repeats and (last or here != path):
                index = self.current.get(here, 0)
                if index >= len(value):
                    return None
                value = value[index]
        return value


def _with_one_means(invoice: Invoice) -> Invoice:
    """The invoice with the accounts of payment means of one type under the first of them, as the message has them."""
    instructions = invoice.payment_instructions
    means = instructions.means if instructions is not None else ()
    if instructions is None or len(means) < 2 or len({one.type_code for one in means}) > 1:  # noqa: PLR2004 - nothing to join
        return invoice
    accounts = tuple(account for one in means for account in one.credit_transfers)
    joined = (structs.replace(means[0], credit_transfers=accounts), *means[1:])
    return structs.replace(invoice, payment_instructions=structs.replace(instructions, means=joined))


def _cut(text: str) -> list[str]:
    """A free text in as many components as it needs; the last one takes what is left."""
    pieces = [text[at : at + _TEXT] for at in range(0, len(text), _TEXT)]
    return [*pieces[: TEXTS - 1], "".join(pieces[TEXTS - 1 :])] if len(pieces) > TEXTS else pieces


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _put(elements: Line, element: int, component: int, text: str) -> None:
    while len(elements) < element:
        elements.append([])
    parts = elements[element - 1]
    while len(parts) < component:
        parts.append("")
    parts[component - 1] = text
