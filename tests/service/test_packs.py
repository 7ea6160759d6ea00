# SPDX-License-Identifier: Apache-2.0
"""What ``--rules`` may say, and what ``auto`` chooses."""

from __future__ import annotations

import pytest

from einvoice.errors import UnknownNameError
from einvoice.model import BuyerPostalAddress, Reading, SellerPostalAddress
from einvoice.service.packs import Asked, choose, parse
from tests.service.sample import CORE, invoice


def test_auto_asks_for_nothing_in_particular() -> None:
    assert parse("auto") == ()
    assert parse(["auto"]) == ()


def test_a_pack_may_have_a_profile_and_a_version() -> None:
    asked = parse("en16931@1.3.16, facturx:basic@1.09.2,peppol")
    assert asked == (Asked("en16931", None, "1.3.16"), Asked("facturx", "basic", "1.09.2"), Asked("peppol"))
    assert [str(one) for one in asked] == ["en16931@1.3.16", "facturx:basic@1.09.2", "peppol"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no pack is named"),
        ("auto,en16931", "cannot stand beside others"),
        ("en16932", "there is no pack 'en16932'; there are auto, en16931, "),
        ("en16931@9", "there is no version '9'"),
        ("en16931:basic", "en16931 has no profiles"),
        ("facturx:comfort", "facturx has minimum, basicwl"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(text: str, why: str) -> None:
    with pytest.raises(UnknownNameError, match=why):
        parse(text)


def chosen(specification: str, *, syntax: str = "ubl-invoice", seller: str = "DE", buyer: str | None = "DE") -> str:
    """What ``auto`` chooses, as one text: packs, then what is missing or noted."""
    plain = invoice(specification)
    assert plain.seller is not None
    assert plain.buyer is not None
    from msgspec import structs

    changed = structs.replace(
        plain,
        seller=structs.replace(plain.seller, postal_address=SellerPostalAddress(country_code=seller)),
        buyer=structs.replace(plain.buyer, postal_address=BuyerPostalAddress(country_code=buyer)),
    )
    choice = choose((), Reading(changed, syntax, specification))  # type: ignore[arg-type] # a literal
    return " | ".join([pack.id for pack in choice.packs] + [one.id for one in choice.missing] + list(choice.notes))


def test_the_core_in_ubl_is_judged_in_full() -> None:
    assert chosen(CORE) == "en16931"


def test_the_core_in_cii_is_a_factur_x_invoice_too() -> None:
    assert chosen(CORE, syntax="cii") == "en16931 | facturx"


def test_a_french_seller_is_judged_by_french_rules_too() -> None:
    assert chosen(CORE, seller="FR", buyer=None) == chosen(CORE, seller="FR", buyer="FR") == "en16931 | br-fr"
    assert chosen(CORE, seller="FR", buyer="DE") == chosen(CORE, buyer="FR") == "en16931"


def test_a_specification_without_a_pack_that_exists_is_left_undetermined() -> None:
    assert chosen("urn:factur-x.eu:1p0:basicwl", syntax="cii") == "facturx"
    assert chosen(f"{CORE}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr", seller="FR") == "extended-ctc-fr | br-fr"
