# SPDX-License-Identifier: Apache-2.0
"""Who the seller of an invoice is, for telling a number that was given twice."""

from __future__ import annotations

import pytest

from einvoice.model import Invoice
from einvoice.model.parties import Seller
from einvoice.model.values import Identifier
from einvoice.service.batch_item import owner


@pytest.mark.parametrize(
    ("seller", "expected"),
    [
        (None, ""),
        (Seller(name="Muster GmbH"), "mustergmbh"),
        (Seller(name="Muster GmbH", legal_registration_identifier=Identifier("HRB 1", "0204")), "hrb1"),
        (Seller(name="Muster GmbH", tax_registration_identifier=Identifier("22/815/08154")), "22/815/08154"),
        (Seller(tax_registration_identifier=Identifier("22/815"), vat_identifier="DE 123456788"), "de123456788"),
        (Seller(tax_registration_identifier=Identifier(" "), name="Muster"), "muster"),
    ],
)
def test_a_seller_is_known_by_its_vat_number_else_another_number_else_its_name(
    seller: Seller | None, expected: str
) -> None:
    assert owner(Invoice(seller=seller)) == expected
