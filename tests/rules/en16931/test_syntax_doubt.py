# SPDX-License-Identifier: Apache-2.0
"""A document is valid only if the syntax rules, which are not judged yet, cannot find anything fatal in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from einvoice.model import Attachment, DirectDebit, Identifier, PaymentMeans, Remark
from einvoice.model.extensions import InvoiceExtension, LineExtension, LineNote, Party
from einvoice.rules.en16931.syntax_doubt import doubt, unknown_fields
from tests.rules.invoices import LINE, at, clean, number, reading

if TYPE_CHECKING:
    from einvoice.model import Syntax


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii", None])
def test_a_plain_document_gives_no_reason_for_doubt(syntax: Syntax | None) -> None:
    assert doubt(reading(clean(), syntax)) == ""


UBL: dict[str, dict[str, Any]] = {
    "extension": {"lines[0].extension": LineExtension(additional_notes=(LineNote(note="x"),))},
    "sub lines": {"lines[0].sub_lines": (LINE,)},
    "decimals": {"totals.invoice_total_vat_amount": number("39.900")},
    "no type": {"additional_supporting_documents[0].attached_document": Attachment(b"x", None, "x")},
    "no file name": {"additional_supporting_documents[0].attached_document": Attachment(b"x", "text/csv")},
    "several identifiers": {"buyer.identifiers": (Identifier("1"), Identifier("2"))},
    "payee": {"payee.name": "Bolt & Nut GmbH"},
    "creditor": {"payment_instructions.direct_debit": DirectDebit(None, "A", None, "B")},
    "no scheme": {"seller.tax_registration_identifier": Identifier("1")},
    "differ": {"payment_instructions.means": (PaymentMeans("30"), PaymentMeans("58"))},
}
CII: dict[str, dict[str, Any]] = {
    "extension": {"extension": InvoiceExtension(contract_type_code="ABC")},
    "differ": {"payment_instructions.means": (PaymentMeans("30", "a"), PaymentMeans("30", "b"))},
    "no account": {"payment_instructions.means": (PaymentMeans("58"),)},
    "not VAT": {"vat_breakdown[0].tax_scheme_identifier": "GST"},
    "described": {"invoicing_period.description": "March"},
    "type": {"preceding_invoice_references[0].type_code": "380"},
    "date": {"additional_supporting_documents[0].issue_date": clean().issue_date},
}


@pytest.mark.parametrize("name", UBL)
def test_what_a_rule_of_ubl_may_call_fatal_is_doubted(name: str) -> None:
    assert doubt(reading(at(UBL[name])(clean()), "ubl-invoice")).endswith("not judged yet")


@pytest.mark.parametrize("name", CII)
def test_what_a_rule_of_cii_may_call_fatal_is_doubted(name: str) -> None:
    assert doubt(reading(at(CII[name])(clean()), "cii")).endswith("not judged yet")


def test_extensions_about_which_there_are_warnings_only_are_not_doubted() -> None:
    ubl = at({"extension": InvoiceExtension(ubl_version_identifier="2.1", uuid="x")})(clean())
    assert doubt(reading(ubl, "ubl-invoice")) == ""
    cii = at({"extension": InvoiceExtension(invoicee=Party(name="x"), document_name="Rechnung")})(clean())
    assert doubt(reading(cii, "cii")) == ""


@pytest.mark.parametrize(
    ("syntax", "remark", "doubted"),
    [
        ("ubl-invoice", Remark("unbound", "/Invoice/cbc:Foo", "x"), False),
        ("ubl-invoice", Remark("unbound", "/Invoice/cac:AdditionalDocumentReference/cbc:DocumentTypeCode", "x"), True),
        ("ubl-invoice", Remark("repeated", "/Invoice/cbc:Foo", "x"), True),
        ("ubl-invoice", Remark("malformed", "/Invoice/cbc:Foo", "x"), True),
        ("ubl-invoice", Remark("no-place", "/Invoice/cac:PartyTaxScheme", "x"), False),
        ("cii", Remark("unbound", "/rsm:CrossIndustryInvoice/ram:Foo", "x"), False),
        ("cii", Remark("unbound", "/rsm:CrossIndustryInvoice/ram:ID/@schemeName", "x"), True),
    ],
)
def test_a_leaf_without_a_place_is_doubted_where_a_fatal_rule_speaks_of_it(
    syntax: Syntax,
    remark: Remark,
    doubted: bool,  # noqa: FBT001 -- the parameter of a test
) -> None:
    assert bool(doubt(reading(clean(), syntax, remark))) is doubted


def test_an_invoice_that_never_was_xml_has_no_syntax_to_offend() -> None:
    assert doubt(structs.replace(reading(clean(), None), remarks=(Remark("repeated", "/x", "y"),))) == ""


def test_the_lists_name_fields_that_exist() -> None:
    assert unknown_fields() == []
