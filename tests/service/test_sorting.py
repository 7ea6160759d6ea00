# SPDX-License-Identifier: Apache-2.0
"""An answer moves the message that it is about if it comes from who was asked; everything else is kept and told."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from einvoice.bind import cdar, response
from einvoice.model.response import REASON_LIST, Clarification, Endpoint, InvoiceResponse
from einvoice.service.sorting import Sorter, is_answer
from einvoice.service.standing import words
from einvoice.store.answers import (
    DOCUMENT,
    INVOICE_RESPONSE,
    LIFE_CYCLE,
    MESSAGE_STATUS,
    UNREADABLE,
    Answers,
    Current,
    Noted,
)
from einvoice.store.database import Database
from einvoice.store.outbox import Order, Outbox
from einvoice.store.tables import State
from tests.bind.answers import RESPONSE, STATUS, life_cycle_status
from tests.service.answered import arrive, delivered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.store.outbox import Message


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(str(tmp_path / "store.db"))
    yield opened
    opened.close()


def sort(database: Database, payload: bytes, **about: str) -> Noted:
    found = Sorter(database).sort(arrive(database, payload, **about))
    assert found is not None
    return found


def stands(database: Database, message: Message) -> Current:
    assert Outbox(database).get(message.id).state is State.DELIVERED
    return Answers(database).current([message.id]).get(message.id, Current())


def said(status: str, day: int = 22, clock: int | None = 9, **changes: object) -> bytes:
    """A response to RE-1 with this status, issued on that day of November."""
    reasons = () if status in {"AB", "IP", "AP", "PD"} else RESPONSE.clarifications
    at = time(clock, tzinfo=RESPONSE.issued_at.tzinfo) if clock is not None and RESPONSE.issued_at else None
    changed: InvoiceResponse = replace(
        RESPONSE,
        **{
            "status": status,
            "issued": date(2026, 11, day),
            "issued_at": at,
            "clarifications": reasons,
            **changes,
        },
    )
    return response.write(changed)


def test_a_response_moves_the_invoice_and_leaves_the_delivery_alone(database: Database) -> None:
    message = delivered(database)
    noted = sort(database, said("RE"))
    assert (noted.kind, noted.message, noted.counts) == (INVOICE_RESPONSE, message.id, True)
    assert stands(database, message).buyer == noted
    [told] = words(stands(database, message))
    assert told.startswith(
        "rejected by the buyer (RE) on 2026-11-22: REF references incorrect, no order; NIN issue a new"
    )
    assert told.endswith("The order number is missing.")


def test_the_newest_status_stands_whatever_arrives_first(database: Database) -> None:
    message = delivered(database)
    assert sort(database, said("AP", day=24)).counts
    early = sort(database, said("IP", day=23))
    assert not early.counts
    assert "issued before" in early.about["passed_over"]
    assert sort(database, said("PD", day=25)).counts
    late = sort(database, said("RE", day=26))
    assert "final" in late.about["passed_over"]
    buyer = stands(database, message).buyer
    assert buyer is not None
    assert buyer.status == "PD"


def test_without_a_time_those_of_one_day_count_in_their_order(database: Database) -> None:
    message = delivered(database)
    assert sort(database, said("CA", clock=None)).counts
    assert not sort(database, said("IP", clock=None)).counts
    assert sort(database, said("AP", clock=None)).counts
    buyer = stands(database, message).buyer
    assert buyer is not None
    assert buyer.status == "AP"


def test_a_copy_under_another_envelope_changes_nothing(database: Database) -> None:
    message = delivered(database)
    assert sort(database, said("AP")).counts
    assert not sort(database, said("AP")).counts
    assert len(Answers(database).concerning(message.id)) == 2


def test_a_part_that_was_paid_is_not_the_end(database: Database) -> None:
    message = delivered(database)
    part = (Clarification(list=REASON_LIST, code="PPD", text="half"),)
    assert sort(database, said("PD", day=23, clarifications=part)).counts
    assert "partly paid by the buyer (PD)" in words(stands(database, message))[0]
    assert sort(database, said("PD", day=24)).counts
    assert words(stands(database, message))[0].startswith("paid by the buyer (PD)")


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"sender": "iso6523-actorid-upis::9915:c"}, "this comes from 9915:c"),
        ({"receiver": "iso6523-actorid-upis::9915:x"}, "this comes from 9915:b"),
    ],
)
def test_a_response_of_somebody_else_moves_nothing(database: Database, about: dict[str, str], why: str) -> None:
    message = delivered(database)
    noted = sort(database, said("RE"), **about)
    assert noted.message is None
    assert why in noted.about["why"]
    assert stands(database, message) == Current()


def test_an_unknown_number_or_date_finds_nothing(database: Database) -> None:
    delivered(database)
    assert "no invoice with the number 'RE-2'" in sort(database, said("AP", number="RE-2")).about["why"]
    assert "no invoice" in sort(database, said("AP", invoice_date=date(2025, 11, 1))).about["why"]


def test_of_two_invoices_with_one_number_the_date_decides_and_else_nobody(database: Database) -> None:
    delivered(database, invoice_date="2025-11-01")
    this_year = delivered(database)
    assert sort(database, said("AP")).message == this_year.id
    assert "2 invoices" in sort(database, said("AP", invoice_date=None)).about["why"]


def test_an_answer_is_no_invoice_that_could_be_answered(database: Database) -> None:
    delivered(database, in_reply_to="something")
    assert sort(database, said("AP")).message is None


def test_a_status_of_the_message_counts_if_the_receiving_access_point_says_it(database: Database) -> None:
    message = delivered(database)
    status = response.write(replace(STATUS, instance_id=message.wire_id))
    forged = sort(database, status, point="PTB000009")
    assert forged.message is None
    assert "went to the access point PTB000002; this comes from PTB000009" in forged.about["why"]
    noted = sort(database, status)
    assert (noted.kind, noted.message, noted.counts) == (MESSAGE_STATUS, message.id, True)
    again = sort(database, response.write(replace(STATUS, instance_id=message.wire_id, status="AP", issues=())))
    assert "says one thing" in again.about["passed_over"]
    assert "rejected by the receiver's access point (RE)" in words(stands(database, message))[0]


def test_a_status_of_an_unknown_message_is_kept_and_told(database: Database) -> None:
    assert "no message went out" in sort(database, response.write(STATUS)).about["why"]


def test_the_french_life_cycle_moves_the_same_story(database: Database) -> None:
    message = delivered(database)
    noted = sort(database, cdar.write(life_cycle_status("205")))
    assert (noted.kind, noted.counts) == (LIFE_CYCLE, True)
    assert words(stands(database, message)) == ["Approuvée (205) on 2026-11-22"]
    platform = sort(database, cdar.write(life_cycle_status("202")))
    assert "the platform's" in platform.about["passed_over"]
    assert sort(database, said("RE", day=23)).about["passed_over"].startswith("after AP")
    refused = replace(life_cycle_status("210"), at=replace_day(life_cycle_status("210").at, 25))
    assert sort(database, cdar.write(refused)).counts


@pytest.mark.parametrize(
    ("seller_id", "seller", "own"),
    [
        ("0002:100000009", None, True),
        ("0009:10000000900012", None, True),
        ("0002:300000007", None, False),
        ("0009:30000000700012", "FR15100000009", False),
        (None, "FR15100000009", True),
        (None, "FR15300000007", False),
        (None, "Vendeur SARL", True),
        ("0088:4012345000009", "DE123456789", True),
    ],
)
def test_a_status_of_an_invoice_that_somebody_else_sold_moves_nothing(
    database: Database, seller_id: str | None, seller: str | None, *, own: bool
) -> None:
    """Two sellers may have used one number on one day; the seller that the status names tells, where both are known."""
    about = {"seller_id": seller_id} if seller_id else {}
    message = delivered(database, seller=seller, **about)
    noted = sort(database, cdar.write(life_cycle_status("205")))
    assert noted.message == (message.id if own else None)


def test_without_a_french_number_sellers_are_told_by_the_same_scheme(database: Database) -> None:
    message = delivered(database, seller_id="0088:4012345000009")
    for value, own in (("4098765000006", False), ("4012345000009", True)):
        said_of = replace(life_cycle_status("205"), seller=Endpoint("0088", value))
        assert sort(database, cdar.write(said_of)).message == (message.id if own else None)


def test_what_is_said_of_a_purchase_moves_no_invoice_of_ours(database: Database) -> None:
    delivered(database)
    noted = sort(database, cdar.write(life_cycle_status("205")), type="SupplierInvoiceLC")
    assert noted.message is None
    assert "of a supplier" in noted.about["why"]


def replace_day(moment: object, day: int) -> object:
    return moment.replace(day=day)  # type: ignore[attr-defined]


def test_an_endless_status_or_number_is_cut(database: Database) -> None:
    delivered(database)
    document = cdar.write(life_cycle_status("205")).replace(b">205</ram:P", b">" + b"9" * 5000 + b"</ram:P")
    assert sort(database, document).status == "9" * 10
    long = sort(database, said("AP", number="N" * 5000))
    assert len(long.about["number"]) == 300


def test_what_cannot_be_read_is_kept_with_the_reason(database: Database) -> None:
    delivered(database)
    broken = sort(database, said("AP").replace(b">AP</cbc:ResponseCode>", b">XX</cbc:ResponseCode>"))
    assert broken.kind == UNREADABLE
    assert "'XX'" in broken.about["why"]


def test_a_fault_is_noted_and_does_not_stop_the_answer(database: Database) -> None:
    delivered(database)
    noted = sort(database, said("RE").replace(b' listID="OPStatusReason"', b""))
    assert noted.counts
    assert noted.about["faults"][0].startswith("PEPPOL-T111-B03303")


def test_an_invoice_answers_nothing(database: Database) -> None:
    assert sort(database, b'<Invoice xmlns="urn:x"/>').kind == DOCUMENT
    assert sort(database, said("AP"), document_type="busdox-docid-qns::urn:x::Invoice##y::2.1").kind == DOCUMENT


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!-- <ApplicationResponse/> --><Invoice/>", "document"),
        (b'<?xml version="1.0"?><!-- \n --><a:ApplicationResponse/>', "answer"),
        (b"<rsm:CrossDomainAcknowledgementAndResponse>", "answer"),
        (b"%PDF-1.7", "document"),
        (b"", "document"),
    ],
)
def test_the_root_element_tells_an_answer(content: bytes, kind: str) -> None:
    assert is_answer(content) is (kind == "answer")


def test_by_mail_an_answer_counts_if_it_comes_from_where_the_invoice_went(database: Database) -> None:
    outbox = Outbox(database)
    order = Order(
        key="mail",
        channel="email",
        payload=b"x",
        media_type="application/xml",
        request={"receiver": "ap@buyer.example"},
        number="RE-1",
        receiver="ap@buyer.example",
    )
    message = outbox.submit(order)
    other = sort(database, said("AP"), channel="email", sender="Other <ap@other.example>")
    assert "this comes from ap@other.example" in other.about["why"]
    found = sort(database, said("AP"), channel="email", sender="Accounts <AP@buyer.example>")
    assert found.message == message.id
