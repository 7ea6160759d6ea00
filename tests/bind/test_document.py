# SPDX-License-Identifier: Apache-2.0
"""The door of the room: a document is opened, read once and judged; an invoice is written in a syntax by its name."""

from __future__ import annotations

import pytest

from einvoice.bind import Limits, open_document, ubl_root, write
from einvoice.bind.writer import CREDIT_NOTE_CODES
from einvoice.errors import FormatError, UnknownNameError, XmlError
from einvoice.model import Invoice
from tests.bind.documents import CII, CREDIT_NOTE, INVOICE, spoiled


@pytest.mark.parametrize(
    ("document", "syntax", "specification"),
    [
        (INVOICE, "ubl-invoice", None),
        (CREDIT_NOTE, "ubl-creditnote", None),
        (CII, "cii", "urn:factur-x.eu:1p0:minimum"),
    ],
)
def test_a_document_says_what_it_is(document: str, syntax: str, specification: str | None) -> None:
    opened = open_document(document.encode())
    assert (opened.syntax, opened.specification_identifier, opened.business_process) == (syntax, specification, None)
    assert opened.notes == ()
    assert opened.schema_violations() == []


def test_a_document_is_read_once() -> None:
    opened = open_document(INVOICE.encode())
    assert opened.reading() is opened.reading()
    assert opened.reading().invoice.number == "R-1"


def test_what_was_said_about_the_whole_document_is_part_of_the_reading() -> None:
    opened = open_document(spoiled(INVOICE, "<cbc:ID>R-1", "<cbc:UBLVersionID>2.4</cbc:UBLVersionID><cbc:ID>R-1"))
    assert opened.reading().notes == opened.notes
    assert "UBL 2.4" in opened.notes[0]


def test_a_factur_x_profile_can_be_asked_for() -> None:
    """The schema of a profile is narrower than that of CII."""
    opened = open_document(CII.encode())
    assert opened.schema_violations("cii") == []
    assert [violation.kind for violation in opened.schema_violations("facturx:en16931")] != []
    with pytest.raises(UnknownNameError, match="facturx:none"):
        opened.schema_violations("facturx:none")  # type: ignore[arg-type]


def test_an_error_names_the_source() -> None:
    with pytest.raises(XmlError, match=r"spoiled\.xml"):
        open_document(b"<Invoice", source="spoiled.xml")
    with pytest.raises(FormatError, match=r"order\.xml.*not an invoice"):
        open_document(b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>', source="order.xml")


def test_the_limits_are_the_callers() -> None:
    with pytest.raises(XmlError, match="at most 100 are allowed"):
        open_document(INVOICE.encode(), limits=Limits(bytes=100))


@pytest.mark.parametrize("code", sorted(CREDIT_NOTE_CODES))
def test_ubl_writes_a_credit_note_where_bt_3_says_one(code: str) -> None:
    assert ubl_root(Invoice(type_code=code)) == ubl_root(Invoice(type_code=f" {code}\n")) == "ubl-creditnote"
    assert open_document(write(Invoice(type_code=code), "ubl")).syntax == "ubl-creditnote"


@pytest.mark.parametrize("code", [None, "", "380", "384", "389", "326", "381x", "0381"])
def test_ubl_writes_an_invoice_otherwise(code: str | None) -> None:
    assert ubl_root(Invoice(type_code=code)) == "ubl-invoice"
    assert open_document(write(Invoice(type_code=code), "ubl")).syntax == "ubl-invoice"


@pytest.mark.parametrize("syntax", ["ubl-invoice", "ubl-creditnote", "cii"])
def test_the_syntax_may_be_forced(syntax: str) -> None:
    assert open_document(write(Invoice(type_code="381"), syntax)).syntax == syntax


@pytest.mark.parametrize("syntax", ["UBL", "xml", "", "facturx"])
def test_an_unknown_syntax_is_an_error_that_names_the_known_ones(syntax: str) -> None:
    with pytest.raises(UnknownNameError, match="use ubl, ubl-invoice, ubl-creditnote or cii"):
        write(Invoice(), syntax)
