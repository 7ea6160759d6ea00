# SPDX-License-Identifier: Apache-2.0
"""JSON in and out: exact, strict, and with a place in every complaint."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from einvoice.bind.json import MOST_NESTED, read_json, write_json
from einvoice.errors import JsonError, OutputError
from einvoice.model import (
    AdditionalSupportingDocument,
    Attachment,
    DocumentTotals,
    Identifier,
    Invoice,
    InvoiceLine,
    InvoiceNote,
    PriceDetails,
    Seller,
)
from einvoice.rules.catalogue import catalogue
from tests.strategies import invoices, plausible_invoices

D = Decimal
ARABIC_ONE = "\u0661"
FOREIGN = (
    "this is JSON, but not an invoice as einvoice writes it (schemas/invoice.schema.json); if it is the export of an"
    " ERP, convert it with --map"
)
HINT = "digits with a point, no exponent, at most 40 of them"

SMALL = Invoice(
    number="R-1",
    issue_date=date(2026, 1, 31),
    notes=(InvoiceNote(note="zwölf\n„Stück“"), InvoiceNote()),
    seller=Seller(identifiers=(Identifier("4000001123452", "0088"), Identifier("x"))),
    totals=DocumentTotals(amount_due_for_payment=D("12.50"), paid_amount=D("-0.00")),
    additional_supporting_documents=(
        AdditionalSupportingDocument(attached_document=Attachment(content=b"\x00\xff", mime_code="image/png")),
    ),
)
SMALL_JSON = """{
  "number": "R-1",
  "issue_date": "2026-01-31",
  "notes": [
    {
      "note": "zwölf\\n„Stück“"
    },
    {}
  ],
  "seller": {
    "identifiers": [
      {
        "value": "4000001123452",
        "scheme": "0088"
      },
      {
        "value": "x"
      }
    ]
  },
  "totals": {
    "paid_amount": "-0.00",
    "amount_due_for_payment": "12.50"
  },
  "additional_supporting_documents": [
    {
      "attached_document": {
        "content": "AP8=",
        "mime_code": "image/png"
      }
    }
  ]
}
"""


def refusal(text: str | bytes) -> JsonError:
    """What is said about JSON that is refused."""
    with pytest.raises(JsonError) as caught:
        read_json(text if isinstance(text, bytes) else text.encode(), source="a.json")
    assert caught.value.source == "a.json"
    str(caught.value).encode()
    return caught.value


# ------------------------------------------------------------------------------------------ what it looks like


def test_an_invoice_looks_like_this() -> None:
    assert write_json(SMALL).decode() == SMALL_JSON
    assert read_json(SMALL_JSON.encode()) == SMALL


def test_on_request_it_is_one_line() -> None:
    data = write_json(SMALL, indent=0)
    assert data.count(b"\n") == 1
    assert data.startswith(b'{"number":"R-1","issue_date":"2026-01-31",')
    assert read_json(data) == SMALL


def test_an_empty_invoice_is_an_empty_object() -> None:
    assert write_json(Invoice()) == b"{}\n"
    assert read_json(b"{}") == Invoice()


def test_a_group_that_is_there_but_empty_stays_there() -> None:
    invoice = Invoice(seller=Seller(), lines=(InvoiceLine(),))
    assert read_json(write_json(invoice)) == invoice


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.0000000", "0.0000000"),
        ("1E+5", "100000"),
        ("1E-7", "0.0000001"),
        ("-12.340", "-12.340"),
        ("0", "0"),
        ("0E+3", "0"),
    ],
)
def test_decimals_are_written_without_an_exponent(value: str, text: str) -> None:
    data = write_json(Invoice(totals=DocumentTotals(paid_amount=D(value))), indent=0)
    assert data == f'{{"totals":{{"paid_amount":"{text}"}}}}\n'.encode()


def test_a_byte_order_mark_is_skipped() -> None:
    assert read_json(b'\xef\xbb\xbf{"number": "1"}') == Invoice(number="1")


def test_null_is_read_as_absent() -> None:
    assert read_json(b'{"number": null, "seller": null, "totals": {"paid_amount": null}}') == Invoice(
        totals=DocumentTotals()
    )


# ------------------------------------------------------------------------------------------ round trips


@given(st.one_of(invoices(), invoices(text=st.text(max_size=8)), plausible_invoices()), st.sampled_from([0, 2]))
def test_what_was_written_is_read_back(invoice: Invoice, indent: int) -> None:
    data = write_json(invoice, indent=indent)
    assert read_json(data) == invoice
    assert write_json(read_json(data), indent=indent) == data


@given(invoices())
def test_decimals_keep_their_trailing_zeros(invoice: Invoice) -> None:
    def shape(value: Any) -> Any:  # noqa: ANN401 - whatever is in an invoice
        if isinstance(value, Decimal):
            return format(value, "f")
        if isinstance(value, tuple):
            return [shape(item) for item in value]
        return {name: shape(getattr(value, name)) for name in getattr(value, "__struct_fields__", ())}

    assert shape(read_json(write_json(invoice))) == shape(invoice)


# ------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"12.50"', "12.50"), ("12.50", "12.50"), ('"+1"', "1"), ('".5"', "0.5"), ('"5."', "5"), ("-0", "-0"),
        ('"007"', "7"),
        ("0.1000000000000000055511151231257827021", "0.1000000000000000055511151231257827021"),
        ("9007199254740993", "9007199254740993"),
        ("1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890"),
        ('"0.0000000000000000000000000000000000000001"', "0.0000000000000000000000000000000000000001"),
    ],
)  # fmt: skip
def test_numbers_are_taken_digit_by_digit(text: str, value: str) -> None:
    invoice = read_json(f'{{"totals": {{"paid_amount": {text}}}}}'.encode())
    assert invoice.totals is not None
    assert str(invoice.totals.paid_amount) == str(D(value))


@pytest.mark.parametrize(
    "text",
    [
        '""', '"."', '"1e5"', "1e5", "1E400", '"1,5"', '"1_000"', '" 1"', '"1\\n"', f'"{ARABIC_ONE}"', '"NaN"',
        '"Infinity"', '"0x1"', '"--1"', "12345678901234567890123456789012345678901", f'"0.{"0" * 42}1"',
        f'"{"0" * 5000}"', "9" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    error = refusal(f'{{"totals": {{"paid_amount": {text}}}}}')
    assert error.message.startswith("$.totals.paid_amount (BT-113): ")
    assert error.message.endswith(f"is no decimal number ({HINT})")
    assert len(error.message) < 200


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_constants_that_json_does_not_know_are_refused(constant: str) -> None:
    assert (
        refusal(f'{{"totals": {{"paid_amount": {constant}}}}}').message == f"$: {constant} is no value that JSON knows"
    )


# ------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "$: an object has to stand here, not a list"),
        ('"x"', '$: an object has to stand here, not the text "x"'),
        ('{"number": 1}', "$.number (BT-1): a text has to stand here, not the number 1"),
        ('{"number": true}', "$.number (BT-1): a text has to stand here, not true"),
        ('{"lines": {}}', "$.lines (BG-25): a list has to stand here, not an object"),
        ('{"lines": null}', "$.lines (BG-25): a list has to stand here, not null"),
        ('{"lines": [{}, null]}', "$.lines[1] (BG-25): an object has to stand here, not null"),
        (
            '{"seller": {"identifiers": [{"value": null}]}}',
            "$.seller.identifiers[0].value: a text has to stand here, not null",
        ),
        ('[{"account": {}}]', FOREIGN),
        ('{"a": 1, "account.move": []}', FOREIGN),
        ('{"nubmer": "1"}', "$.nubmer: there is no such field; did you mean number?"),
        ('{"lines": [{"BT-131": "1"}]}', '$.lines[0]["BT-131"]: there is no such field'),
        (
            '{"lines": [{}, {}, {"net_amount": "x"}]}',
            '$.lines[2].net_amount (BT-131): "x" is no decimal number (' + HINT + ")",
        ),
        (
            '{"lines": [{"sub_lines": [{"note": []}]}]}',
            "$.lines[0].sub_lines[0].note (BT-127): a text has to stand here, not a list",
        ),
        ('{"number": "1", "number": "1"}', '$: the key "number" occurs twice'),
        ('{"seller": {"name": "a", "name": "b"}}', '$.seller (BG-4): the key "name" occurs twice'),
        ('{"number": {"a": 1, "a": 2}}', '$.number (BT-1): the key "a" occurs twice'),
        ('{"number": "\\ud83d"}', "$.number (BT-1): the text holds half a character (a lone surrogate)"),
        ('{"\\udc00": "1"}', "$: the text holds half a character (a lone surrogate)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(text: str, message: str) -> None:
    error = refusal(text)
    assert error.code == "JSON_SCHEMA"
    assert error.message == message


def test_a_surrogate_pair_is_one_character() -> None:
    assert read_json(b'{"number": "\\ud834\\udd1e"}') == Invoice(number="𝄞")


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "20260131",
        "2026-W05-6",
        "2026-1-31",
        "2026-01-31T00:00:00",
        "0000-01-01",
        f"2026-01-1{ARABIC_ONE}",
    ],
)
def test_only_days_that_exist_are_days(text: str) -> None:
    message = f"$.issue_date (BT-2): a day as YYYY-MM-DD has to stand here, not the text {json.dumps(text)}"
    assert refusal(json.dumps({"issue_date": text})).message == message


@pytest.mark.parametrize("text", ["A", "AP8", "AP8=\n", "AP 8=", "AP8_", "ÄÖ=="])
def test_only_base64_is_base64(text: str) -> None:
    document = {"additional_supporting_documents": [{"attached_document": {"content": text}}]}
    message = refusal(json.dumps(document)).message
    assert message.startswith("$.additional_supporting_documents[0].attached_document.content: base64")


@pytest.mark.parametrize(
    ("data", "line", "column"), [(b"", 1, 1), (b'{\n  "number": }', 2, 13), (b"{} {}", 1, 4), (b'{"a": 1 2}', 1, 9)]
)
def test_what_is_no_json_is_refused_with_line_and_column(data: bytes, line: int, column: int) -> None:
    error = refusal(data)
    assert error.code == "JSON_SYNTAX"
    assert (error.line, error.column) == (line, column)


@pytest.mark.parametrize("data", ['{"number": "ä"}'.encode("latin-1"), "{}".encode("utf-16"), b"\xed\xa0\x80"])
def test_what_is_not_utf_8_is_refused(data: bytes) -> None:
    error = refusal(data)
    assert error.code == "JSON_ENCODING"
    assert "save it as UTF-8" in error.message


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, '{"lines":[' + '{"sub_lines":[' * 300 + "{}" + "]}" * 301],
)
def test_a_bomb_of_depth_is_refused(text: str) -> None:
    assert refusal(text).code in {"JSON_LIMIT", "JSON_SCHEMA"}


def test_too_many_bytes_are_refused_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("einvoice.bind.json.MOST_BYTES", 10)
    assert refusal(b"x" * 11).code == "JSON_LIMIT"


def test_long_values_are_cut_in_messages() -> None:
    assert len(refusal(json.dumps({"x" * 10_000: 1})).message) < 200
    assert len(refusal(json.dumps({"lines": "y" * 10_000})).message) < 200


# ------------------------------------------------------------------------------------------ writing refuses too


def nested(depth: int) -> InvoiceLine:
    """A line with lines in it."""
    line = InvoiceLine()
    for _ in range(depth):
        line = InvoiceLine(sub_lines=(line,))
    return line


def test_lines_may_be_nested_as_deep_as_they_can_be_read_back() -> None:
    invoice = Invoice(lines=(nested(MOST_NESTED - 1),))
    assert read_json(write_json(invoice)) == invoice
    with pytest.raises(OutputError, match="groups within each other"):
        write_json(Invoice(lines=(nested(MOST_NESTED),)))


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "1E+50", "1E-50", "1E+999999", "1" * 41])
def test_numbers_that_could_not_be_read_back_are_not_written(value: str) -> None:
    line = InvoiceLine(price_details=PriceDetails(item_net_price=D(value)))
    with pytest.raises(
        OutputError, match=r"^\$\.lines\[1\]\.price_details\.item_net_price \(BT-146\): .* cannot be written"
    ):
        write_json(Invoice(lines=(InvoiceLine(), line)))


def test_half_a_character_is_not_written() -> None:
    with pytest.raises(OutputError, match="half a character"):
        write_json(Invoice(number="a\ud800"))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing but an invoice or a ``JsonError`` comes out."""
    with suppress(JsonError):
        assert isinstance(read_json(data), Invoice)


def test_everything_xml_can_hold_json_can_hold() -> None:
    """The longest numbers that XML is read with."""
    for text in ("9" * 40, "-0." + "0" * 38 + "1", "0" * 30 + "1.5", "." + "0" * 40 + "1"):
        invoice = replace(SMALL, totals=DocumentTotals(paid_amount=D(text)))
        assert read_json(write_json(invoice)) == invoice


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize(
    "text", ['{"a', '{"a" 1}', '{"a":1 "b":2}', "{a:1}", '{"a":}', "{} {}", '{"a":"\t"}', '{"a":"\\x"}']
)
def test_what_is_no_json_is_told_in_plain_words_of_every_language(text: str, language: str) -> None:
    message = refusal(text).message
    assert message.startswith("not well-formed JSON: ")
    assert "xpecting" not in message
    assert "nterminated" not in message
    spoken = catalogue(language).told(message, "bind")
    assert not set(re.findall(r"\w+", spoken)) & {"here", "missing", "holds", "behind", "begins"}
