# SPDX-License-Identifier: Apache-2.0
"""An answer comes back as it was written; what is broken is told by its rule, and what says nothing is refused."""

from __future__ import annotations

import contextlib
import copy
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from einvoice.bind import cdar, response
from einvoice.codes.responses import ACTIONS, INVOICE_STATUSES, REASONS, names
from einvoice.errors import EinvoiceError, FormatError, OutputError, XmlError
from einvoice.model.response import (
    ACTION_LIST,
    REASON_LIST,
    Answer,
    Clarification,
    InvoiceResponse,
    Issue,
    MessageStatus,
    Proposal,
)
from tests.architecture.house import ROOT
from tests.bind.answers import RESPONSE, STATUS, life_cycle_status

GOLDEN = ROOT / "fixtures" / "responses"

texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=30).map(str.strip)
texts = texts.filter(bool)
maybe = st.none() | texts
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))
zones = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=3, minutes=30))])
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), tzinfo=zones)
proposals = st.lists(st.builds(Proposal, st.just("BT-13"), maybe), max_size=2).map(tuple)
reasons = st.builds(
    Clarification,
    list=st.just(REASON_LIST),
    code=st.sampled_from([code for code in names(REASONS) if code != "PPD"]),
    text=maybe,
    proposals=proposals,
)
actions = st.builds(Clarification, list=st.just(ACTION_LIST), code=st.sampled_from([*names(ACTIONS)]), text=maybe)
responses = st.builds(
    replace,
    st.just(RESPONSE),
    id=texts,
    issued=days,
    issued_at=st.none() | clocks,
    status=st.sampled_from([*names(INVOICE_STATUSES)]),
    number=texts,
    invoice_date=st.none() | days,
    effective=st.none() | days,
    note=maybe,
    seller=maybe,
    buyer=maybe,
    clarifications=st.lists(reasons | actions, min_size=1, max_size=4).map(tuple),
)
issues = st.builds(Issue, location=texts, text=texts, code=st.sampled_from(["BV", "SV", "FD", "BW"]))
rejections = st.builds(
    replace,
    st.just(STATUS),
    id=texts,
    issued=st.builds(datetime.combine, days, clocks),
    instance_id=texts,
    text=texts,
    type_code=st.sampled_from([None, "380"]),
    issues=st.lists(issues, max_size=3).map(lambda some: (*some, STATUS.issues[0])),
)


@given(responses | rejections)
def test_what_was_written_comes_back(answer: Answer) -> None:
    read = response.read(response.write(answer))
    assert read.answer == answer
    assert read.faults == ()


@pytest.mark.parametrize(("name", "answer"), [("invoice-response", RESPONSE), ("message-status", STATUS)])
def test_the_document_is_the_one_that_was_approved(name: str, answer: Answer) -> None:
    assert response.write(answer) == (GOLDEN / f"{name}.xml").read_bytes()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"id": " "}, "PEPPOL-T111-B00103"),
        ({"sender": replace(RESPONSE.sender, endpoint=None)}, "PEPPOL-T111-B00801"),
        ({"sender": replace(RESPONSE.sender, name=None)}, "PEPPOL-T111-B00802"),
        ({"receiver": replace(RESPONSE.receiver, name=None)}, "PEPPOL-T111-B02002"),
        ({"status": "OK"}, "PEPPOL-T111-B03001"),
        ({"number": ""}, "PEPPOL-T111-B03901"),
        ({"type_code": None}, "PEPPOL-T111-B03902"),
        ({"clarifications": ()}, "PEPPOL-T111-R001"),
        ({"clarifications": (Clarification(list=ACTION_LIST, code="REF"),)}, "PEPPOL-T111-R006"),
        ({"clarifications": (Clarification(list=REASON_LIST, code="NIN"),)}, "PEPPOL-T111-R007"),
        ({"clarifications": (Clarification(list="Mine", code="REF"),)}, "PEPPOL-T111-B03303"),
        ({"clarifications": (Clarification(list=REASON_LIST, code="PPD"),), "status": "PD"}, "PEPPOL-T111-R004"),
        ({"clarifications": (Clarification(list=REASON_LIST, code="PPD", text="half"),)}, "PEPPOL-T111-R005"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_not_written(changes: dict[str, object], rule: str) -> None:
    with pytest.raises(OutputError, match=rule):
        response.write(replace(RESPONSE, **changes))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"id": ""}, "SCH-MLS-03"),
        ({"sender": None}, "SCH-MLS-07"),
        ({"receiver": replace(STATUS.receiver, scheme="0208")}, "SCH-MLS-14"),  # type: ignore[type-var]
        ({"status": "IP"}, "SCH-MLS-19"),
        ({"text": None}, "SCH-MLS-20"),
        ({"issues": ()}, "SCH-MLS-24"),
        ({"status": "AP"}, "SCH-MLS-25"),
        ({"instance_id": ""}, "SCH-MLS-26"),
        ({"issues": (Issue(location="", text="x", code="BV"),)}, "SCH-MLS-27"),
        ({"issues": (Issue(location="NA", text="", code="BV"),)}, "SCH-MLS-28"),
        ({"issues": (Issue(location="NA", text="x", code="XX"),)}, "SCH-MLS-31"),
    ],
)
def test_a_status_that_breaks_a_rule_is_not_written(changes: dict[str, object], rule: str) -> None:
    with pytest.raises(OutputError, match=rule):
        response.write(replace(STATUS, **changes))


def test_a_control_character_is_refused_with_the_reason() -> None:
    with pytest.raises(OutputError, match="control character"):
        response.write(replace(RESPONSE, note="a\0b"))


def test_a_fault_does_not_hide_what_an_answer_says() -> None:
    document = response.write(RESPONSE).replace(b' listID="OPStatusReason"', b"")
    document = document.replace(response.RESPONSE_PROCESS.encode(), b"urn:other")
    read = response.read(document)
    assert isinstance(read.answer, InvoiceResponse)
    assert read.answer.status == "RE"
    assert [fault.partition(":")[0] for fault in read.faults] == ["PEPPOL-T111-R008", "PEPPOL-T111-B03303"]


def test_a_status_without_a_zone_is_taken_for_utc_and_told() -> None:
    read = response.read(
        response.write(STATUS).replace(b"09:30:00Z", b"09:30:00").replace(b"2026-11-22<", b"2026-11-22Z<")
    )
    assert isinstance(read.answer, MessageStatus)
    assert read.answer.issued == STATUS.issued
    assert [fault.partition(":")[0] for fault in read.faults] == ["SCH-MLS-04", "SCH-MLS-06"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"invoice_response:3</cbc:C", b"catalogue:3</cbc:C", "of the kind"),
        (b">RE</cbc:ResponseCode>", b">XX</cbc:ResponseCode>", "the status 'XX'"),
        (b"<cbc:ID>RE-1</cbc:ID>", b"", "does not say"),
        (b"<cbc:IssueDate>2026-11-22</cbc:IssueDate>", b"<cbc:IssueDate>soon</cbc:IssueDate>", "no date"),
        (b"</cac:DocumentResponse>", b"</cac:DocumentResponse><cac:DocumentResponse/>", "more than one document"),
        (b"ApplicationResponse-2", b"Order-2", "no ApplicationResponse"),
    ],
)
def test_an_answer_that_does_not_say_what_it_answers_is_refused(old: bytes, new: bytes, why: str) -> None:
    document = response.write(RESPONSE)
    assert old in document
    with pytest.raises(FormatError, match=why):
        response.read(document.replace(old, new))


def test_a_hostile_document_is_refused() -> None:
    with pytest.raises(XmlError):
        response.read(b'<!DOCTYPE a [<!ENTITY b "c">]>' + response.write(RESPONSE).partition(b"?>")[2])


@given(
    st.sampled_from([response.write(RESPONSE), response.write(STATUS), cdar.write(life_cycle_status("207"))]),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 60), st.binary(max_size=8)), min_size=1, max_size=4),
)
def test_a_spoiled_answer_is_read_or_refused_and_never_a_stumble(
    document: bytes, spoils: list[tuple[int, int, bytes]]
) -> None:
    for start, length, instead in spoils:
        document = document[:start] + instead + document[start + length :]
    for read in (response.read, cdar.read):
        with contextlib.suppress(EinvoiceError):
            read(document)


@given(
    st.sampled_from([response.write(RESPONSE), response.write(STATUS), cdar.write(life_cycle_status("207"))]),
    st.integers(0, 60),
    st.sampled_from(["drop", "empty", "twice", "other"]),
)
def test_an_answer_without_one_of_its_elements_is_read_or_refused(document: bytes, which: int, how: str) -> None:
    root = etree.fromstring(document)
    elements = [each for each in root.iter() if each.getparent() is not None]
    element = elements[which % len(elements)]
    parent = element.getparent()
    assert parent is not None
    if how == "drop":
        parent.remove(element)
    elif how == "empty":
        element.clear()
    elif how == "twice":
        parent.append(copy.deepcopy(element))
    else:
        element.text = "\u202e?"
    spoiled = etree.tostring(root)
    for read in (response.read, cdar.read):
        with contextlib.suppress(EinvoiceError):
            read(spoiled)
