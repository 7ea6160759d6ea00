# SPDX-License-Identifier: Apache-2.0
"""A status of the French life cycle comes back as it was written; what is broken is told by its rule."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from einvoice.bind import cdar
from einvoice.codes.responses import life_cycle, life_cycle_reasons
from einvoice.errors import FormatError, OutputError
from einvoice.model.life_cycle import Actor, Reason
from tests.bind.answers import life_cycle_status
from tests.bind.test_response import GOLDEN

WRITTEN = [code for code in life_cycle() if code != "212"]


@pytest.mark.parametrize("code", WRITTEN)
def test_what_was_written_comes_back(code: str) -> None:
    status = life_cycle_status(code)
    assert cdar.read(cdar.write(status)) == (status, ())


def test_the_document_is_the_one_that_was_approved() -> None:
    assert cdar.write(life_cycle_status("210")) == (GOLDEN / "cdar.xml").read_bytes()


@pytest.mark.parametrize("code", life_cycle_reasons())
def test_a_status_takes_its_reasons_and_no_others(code: str) -> None:
    for reason in life_cycle_reasons()[code]:
        assert cdar.read(cdar.write(life_cycle_status(code, reason=reason)))[1] == ()
    with pytest.raises(OutputError, match="BR-FR-CDV-CL-09"):
        cdar.write(life_cycle_status(code, reason="REF"))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"status": "999"}, "CL-06"),
        ({"status": "201"}, "CL-03"),
        ({"status": "212", "issuer": replace(life_cycle_status("209").issuer)}, "CDV-14"),
        ({"issuer": Actor(role="BY")}, "CDV-07"),
        ({"recipients": ()}, "CDV-08"),
        ({"recipients": (Actor(role="SE"),)}, "CDV-08"),
        ({"number": ""}, "CDV-10"),
        ({"invoice_date": None}, "CDV-11"),
        ({"seller": None}, "CDV-13"),
        ({"reasons": ()}, "CDV-15"),
        ({"reasons": (Reason(code="TX_TVA_ERR", action="XXX"),)}, "CL-10"),
    ],
)
def test_a_status_that_breaks_a_rule_is_not_written(changes: dict[str, object], rule: str) -> None:
    with pytest.raises(OutputError, match=rule):
        cdar.write(replace(life_cycle_status("210"), **changes))


def test_a_control_character_is_refused_with_the_reason() -> None:
    with pytest.raises(OutputError, match="control character"):
        cdar.write(replace(life_cycle_status("205"), reasons=(Reason(text="\1"),)))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"CrossDomainAcknowledgementAndResponse:100", b"CrossIndustryInvoice:100", "no CrossDomain"),
        (b"<ram:IssuerAssignedID>RE-1</ram:IssuerAssignedID>", b"", "MDT-87"),
        (b"<ram:ProcessConditionCode>205</ram:ProcessConditionCode>", b"", "MDT-105"),
        (b'format="204"', b'format="204" x="1"', ""),
        (b"20261122093", b"x", "MDT-8"),
        (
            b"</ram:ReferenceReferencedDocument>",
            b"</ram:ReferenceReferencedDocument><ram:ReferenceReferencedDocument/>",
            "several",
        ),
    ],
)
def test_a_document_that_does_not_say_what_is_refused(old: bytes, new: bytes, why: str) -> None:
    document = cdar.write(life_cycle_status("205"))
    assert old in document
    changed = document.replace(old, new)
    if not why:
        assert cdar.read(changed)[0] == life_cycle_status("205")
        return
    with pytest.raises(FormatError, match=why):
        cdar.read(changed)
