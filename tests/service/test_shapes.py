# SPDX-License-Identifier: Apache-2.0
"""What is known of an invoice's shape saves reading it back, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from einvoice.bind import open_document, write
from einvoice.model import Identifier, Invoice, InvoiceLine, InvoiceNote, Seller
from einvoice.service.shapes import Shapes, as_written

INVOICE = Invoice(
    number="R-1",
    type_code="380",
    currency_code="EUR",
    seller=Seller(name="Muster & Söhne <GmbH>", identifiers=(Identifier("4012345000009", "0088"),)),
    lines=(InvoiceLine(identifier="1", net_amount=Decimal("10.00")), InvoiceLine(identifier="2")),
)


def survives(shapes: Shapes, invoice: Invoice, written: Invoice | None = None) -> bool:
    """Whether an invoice is taken for what stands in a document."""
    data = write(written or invoice, "ubl")
    return shapes.survives(invoice, data, open_document(data))


def test_a_shape_has_to_be_learnt_first_and_then_holds_for_other_values() -> None:
    shapes = Shapes()
    assert not survives(shapes, INVOICE)
    shapes.learn(INVOICE)
    assert survives(shapes, INVOICE)
    assert survives(shapes, structs.replace(INVOICE, number="R-2"))


def test_another_term_is_another_shape() -> None:
    shapes = Shapes()
    shapes.learn(INVOICE)
    assert not survives(shapes, structs.replace(INVOICE, buyer_reference="x"))
    assert not survives(shapes, structs.replace(INVOICE, lines=(InvoiceLine(note="x"),)))


def test_a_value_that_does_not_stand_in_the_document_goes_the_long_way() -> None:
    shapes = Shapes()
    shapes.learn(INVOICE)
    assert not survives(shapes, INVOICE, structs.replace(INVOICE, number="R-2"))


def test_a_value_that_stands_in_a_comment_only_is_not_said() -> None:
    shapes = Shapes()
    shapes.learn(INVOICE)
    other = structs.replace(INVOICE, number="R-2")
    data = write(INVOICE, "ubl").replace(b"<cbc:ID>R-1<", b"<!-- >R-2< --><cbc:ID>R-1<")
    assert not shapes.survives(other, data, open_document(data))


NAMES = ["Müller & Söhne", "a < b > c", 'with "quotes"', "two\nlines", "a\rb", " blank ", "&amp;"]


@pytest.mark.parametrize("name", NAMES)
def test_a_value_is_found_however_it_has_to_be_written(name: str) -> None:
    shapes = Shapes()
    invoice = structs.replace(INVOICE, seller=Seller(name=name), lines=())
    shapes.learn(invoice)
    assert survives(shapes, invoice)
    assert not survives(shapes, invoice, structs.replace(invoice, seller=Seller(name=name.replace(name[:1], "x", 1))))


def test_a_value_of_blanks_is_not_found_between_the_elements() -> None:
    shapes = Shapes()
    invoice = structs.replace(INVOICE, buyer_reference="\n")
    shapes.learn(invoice)
    assert not survives(shapes, invoice, structs.replace(INVOICE, buyer_reference="x"))


def test_a_note_behind_its_subject_code_goes_the_long_way() -> None:
    shapes = Shapes()
    invoice = structs.replace(INVOICE, notes=(InvoiceNote(subject_code="AAI", note="x"),))
    shapes.learn(invoice)
    assert not survives(shapes, invoice)


def test_what_is_known_to_be_unchanged_is_judged_as_it_was_meant() -> None:
    data = write(INVOICE, "ubl")
    intake = as_written(INVOICE, data, open_document(data))
    assert intake.reading.invoice is INVOICE
    assert (intake.reading.syntax, intake.reading.remarks) == ("ubl-invoice", ())
