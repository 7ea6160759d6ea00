# SPDX-License-Identifier: Apache-2.0
"""A profile sets BT-23 and BT-24 as it requires, lists both with their old values, and fills nothing else."""

from __future__ import annotations

import pytest
from msgspec import structs

from einvoice import profiles
from einvoice.errors import ProfileError
from einvoice.model import Invoice, ProcessControl
from einvoice.service.changes import Computed
from einvoice.service.claim import claim
from tests.service.sample import CORE, PEPPOL, XRECHNUNG, invoice

WHY = "Peppol BIS Billing 3 requires it"
BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def test_peppol_sets_both_and_lists_the_old_values() -> None:
    before = invoice()
    after, computed = claim(before, profiles.named("peppol"), "ubl")
    assert after.process_control == ProcessControl(BILLING, PEPPOL)
    assert computed == (Computed("BT-23", BILLING, None, WHY), Computed("BT-24", PEPPOL, CORE, WHY))
    assert structs.replace(after, process_control=before.process_control) == before


def test_a_process_that_the_profile_accepts_stays() -> None:
    stated = "urn:fdc:peppol.eu:2017:poacc:billing:02:1.0"
    before = invoice(process_control=ProcessControl(stated, CORE))
    after, computed = claim(before, profiles.named("peppol"), "ubl")
    assert after.process_control == ProcessControl(stated, PEPPOL)
    assert [one.term for one in computed] == ["BT-24"]


def test_a_process_that_the_profile_does_not_accept_is_replaced() -> None:
    before = invoice(process_control=ProcessControl("S1", PEPPOL))
    _, computed = claim(before, profiles.named("peppol"), "ubl")
    assert computed == (Computed("BT-23", BILLING, "S1", WHY),)


def test_a_profile_that_leaves_the_process_open_does_not_touch_it() -> None:
    before = Invoice(process_control=ProcessControl("S1", None))
    after, computed = claim(before, profiles.named("en16931"), "cii")
    assert after.process_control == ProcessControl("S1", CORE)
    assert computed == (Computed("BT-24", CORE, None, "EN 16931 requires it"),)


def test_nothing_is_computed_where_nothing_changes() -> None:
    before = invoice(process_control=ProcessControl("anything", XRECHNUNG))
    assert claim(before, profiles.named("xrechnung"), "cii") == (before, ())


@pytest.mark.parametrize(
    ("profile", "target", "why"),
    [
        ("facturx-basic", "ubl", "exists in CII only"),
        ("peppol-selfbilling", "cii", "exists in UBL only"),
        ("peppol", "cii", "exists in UBL only"),
        ("xrechnung-cvd", "facturx", "does not exist inside a PDF"),
    ],
)
def test_a_profile_that_does_not_exist_in_the_format_is_refused(profile: str, target: str, why: str) -> None:
    with pytest.raises(ProfileError, match=why):
        claim(invoice(), profiles.named(profile), target)
