# SPDX-License-Identifier: Apache-2.0
"""One table says what a specification identifier asks for."""

from __future__ import annotations

import re

import pytest

from einvoice import profiles
from einvoice.errors import UnknownNameError
from einvoice.official.recognise import packs as recognised
from einvoice.profiles import PROFILES

CORE = "urn:cen.eu:en16931:2017"
PEPPOL = f"{CORE}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
XRECHNUNG = f"{CORE}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"


def test_no_spelling_of_an_identifier_and_no_key_stands_twice() -> None:
    spellings = [spelling for row in PROFILES for spelling in (row.identifier, *row.aliases)]
    keys = [row.key for row in PROFILES if row.key]
    assert len(set(spellings)) == len(spellings)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("row", [row for row in PROFILES if row.process], ids=lambda row: row.key)
def test_the_process_that_a_profile_sets_is_one_that_it_accepts(row: profiles.Profile) -> None:
    assert row.process is not None
    assert re.fullmatch(row.process.accepted, row.process.default)


@pytest.mark.parametrize(
    ("identifier", "syntax", "packs"),
    [
        (CORE, "ubl-invoice", ("en16931",)),
        (CORE, "cii", ("en16931", "facturx:en16931")),
        (CORE, None, ("en16931",)),
        (f"  {PEPPOL}\n", "ubl-invoice", ("en16931", "peppol")),
        (
            f"{CORE}#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0",
            "ubl-invoice",
            ("en16931", "peppol-selfbilling"),
        ),
        (XRECHNUNG, "cii", ("en16931", "xrechnung")),
        (f"{CORE}#compliant#urn:xoev-de:kosit:standard:xrechnung_2.1", "cii", ("en16931", "xrechnung")),
        (f"{CORE}#compliant#urn:factur-x.eu:1p0:basic", "cii", ("en16931", "facturx:basic")),
        ("urn:factur-x.eu:1p0:minimum", "cii", ("facturx:minimum",)),
        ("urn:zugferd.de:2p0:basicwl", "cii", ("facturx:basicwl",)),
        (f"{CORE}#conformant#urn:zugferd.de:2p0:extended", "cii", ("facturx:extended",)),
        (f"{CORE}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr", "ubl-invoice", ("extended-ctc-fr", "br-fr")),
        ("urn:something:else", "ubl-invoice", ("en16931",)),
        (None, "ubl-invoice", ("en16931",)),
    ],
)
def test_the_packs_of_an_identifier(identifier: str | None, syntax: str | None, packs: tuple[str, ...]) -> None:
    assert profiles.packs_for(identifier, syntax) == packs


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        (PEPPOL, "Peppol BIS Billing 3"),
        (f"{CORE}#compliant#urn:xoev-de:kosit:standard:xrechnung_1.2", "XRechnung 1.2"),
        ("urn:peppol:pint:billing-1@my-1", "Peppol PINT"),
        ("urn:x", "the specification 'urn:x'"),
        (" ", "no specification (BT-24 is absent)"),
    ],
)
def test_the_name_of_an_identifier(identifier: str, name: str) -> None:
    assert profiles.name_of(identifier) == name


def test_a_profile_is_found_by_the_name_of_the_option() -> None:
    assert profiles.named("XRechnung").identifier == XRECHNUNG
    assert profiles.named("facturx-en16931") is profiles.named("en16931")


def test_an_unknown_profile_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="xrechnung, "):
        profiles.named("xrechnug")


@pytest.mark.parametrize(("seller", "buyers"), [("FR", ["FR", None, ""]), ("DE", []), (None, [])])
def test_the_french_rules_apply_to_french_sellers_with_french_or_unknown_buyers(
    seller: str | None, buyers: list[str | None]
) -> None:
    assert [buyer for buyer in ("FR", None, "", "DE") if profiles.french(seller, buyer)] == buyers


@pytest.mark.parametrize(
    ("identifier", "packs"),
    [
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0", ("nlcius",)),
        ("urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.0", ("cius-ro",)),
        (
            "urn:cen.eu:en16931:2017#compliant#urn:mfin.gov.hr:cius-2025:1.0#conformant#urn:mfin.gov.hr:ext-2025:1.0",
            ("hr-cius",),
        ),
        (" urn:peppol:pint:billing-1@jp-1 ", ("pint-jp",)),
        ("urn:peppol:pint:selfbilling-1@aunz-1", ("pint-aunz-selfbilling",)),
        ("urn:peppol:pint:nontaxinvoice-1@jp-1", ("pint-jp-ntr",)),
        ("urn:peppol:pint:billing-1", ("pint",)),
        ("urn:peppol:pint:ordering-1@jp-1", ()),
        ("urn:cen.eu:en16931:2017", ()),
        ("urn:unknown", ()),
        (None, ()),
    ],
)
def test_what_only_a_publishers_artefact_judges_is_known_by_its_identifier(
    identifier: str | None, packs: tuple[str, ...]
) -> None:
    assert profiles.official_packs_for(identifier) == packs


def test_the_packs_of_artefacts_are_those_that_are_recognised() -> None:
    assert {pack for row in PROFILES for pack in row.official} <= recognised().keys()
