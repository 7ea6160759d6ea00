# SPDX-License-Identifier: Apache-2.0
"""The bookkeeper is not asleep: what is missing is found, what is there is not called missing."""

from __future__ import annotations

import pytest

from einvoice.model import Remark
from tests.bind.documents import INVOICE, spoiled
from tests.corpus.accounting import Leaf, unanswered, unanswered_elsewhere

SOURCE = INVOICE.encode()
NAME = Leaf("/Invoice/AccountingSupplierParty/Party/PartyName/Name", "Oak and Sons")


def test_a_document_answers_for_itself() -> None:
    assert unanswered(SOURCE, SOURCE, ()) == []
    assert unanswered_elsewhere(SOURCE, SOURCE, ()) == []


def test_comments_are_no_leaves() -> None:
    commented = spoiled(INVOICE, "Oak and Sons", "Oak <!-- not us --> and Sons")
    assert unanswered(SOURCE, commented, ()) == unanswered(commented, SOURCE, ()) == []


def test_a_leaf_that_is_gone_is_missed() -> None:
    written = spoiled(INVOICE, "Oak and Sons", "")
    assert unanswered(SOURCE, written, ()) == [NAME]
    assert unanswered_elsewhere(SOURCE, written, ()) == [NAME]


def test_a_leaf_that_stands_at_another_place_is_missed_in_the_same_syntax() -> None:
    written = spoiled(
        INVOICE, "<cac:AccountingCustomerParty/>", "<cac:AccountingCustomerParty><!-- --></cac:AccountingCustomerParty>"
    )
    assert unanswered(SOURCE, written, ()) == []
    moved = INVOICE.replace("<cac:Item/>", "<cac:Item><cbc:Name>Oak and Sons</cbc:Name></cac:Item>").replace(
        "<cac:PartyName><cbc:Name>Oak and Sons</cbc:Name></cac:PartyName>", ""
    )
    assert unanswered(SOURCE, moved.encode(), ()) == [NAME]
    assert unanswered_elsewhere(SOURCE, moved.encode(), ()) == []


def test_a_leaf_that_the_report_names_is_answered_for() -> None:
    written = spoiled(INVOICE, "Oak and Sons", "")
    path = "/Invoice/cac:AccountingSupplierParty/cac:Party[1]/cac:PartyName/cbc:Name"
    assert unanswered(SOURCE, written, [Remark("unbound", path, "Oak and Sons")]) == []
    assert unanswered(SOURCE, written, [Remark("unbound", path, "Oak")]) == [NAME]


@pytest.mark.parametrize(
    ("old", "new", "answered"),
    [
        ('currencyID="EUR">119.00', 'currencyID="EUR">119', True),
        ('currencyID="EUR">119.00', 'currencyID="EUR">119.01', False),
        ("<cbc:IssueDate>2026-03-31", "<cbc:IssueDate>2026-03-31Z", True),
        ("<cbc:IssueDate>2026-03-31", "<cbc:IssueDate>2026-04-01", False),
        ("<cbc:ID>R-1", "<cbc:ID>  R-1\n", True),
        ("<cbc:ID>R-1", "<cbc:ID>r-1", False),
    ],
)
def test_spellings_of_a_value_are_equal_and_values_are_not(old: str, new: str, answered: bool) -> None:  # noqa: FBT001
    assert (unanswered(SOURCE, spoiled(INVOICE, old, new), ()) == []) is answered
