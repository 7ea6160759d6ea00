# SPDX-License-Identifier: Apache-2.0
"""An answer that comes in is attended to at once, and its receipt is given whatever is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from einvoice.bind import response
from einvoice.service.mailbox import InboxMailbox
from einvoice.store.database import Database
from einvoice.store.inbox import Inbox, Received
from einvoice.transport.as4.receiver import Delivery
from einvoice.transport.peppol.identifiers import DocumentType, ParticipantId, Process
from einvoice.transport.peppol.sbdh import Header
from tests.bind.answers import RESPONSE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DELIVERY = Delivery(
    sender="PTB000002",
    message_id="1@b",
    digests={"cid:1": "digest"},
    envelope=Header(
        sender=ParticipantId("9915:b"),
        receiver=ParticipantId("9915:a"),
        instance_id="instance-1",
        created=datetime(2026, 11, 22, tzinfo=UTC),
        document_type=DocumentType("x"),
        process=Process("y"),
        country="DE",
        standard="x",
        kind="ApplicationResponse",
        version="2.1",
    ),
    payload=b"envelope",
    document=response.write(RESPONSE),
    receipt=b"<receipt/>",
    signed=(b"soap", b"attachment"),
)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    database = Database(str(tmp_path / "store.db"))
    yield Inbox(database)
    database.close()


def test_an_answer_is_attended_to_once_and_an_invoice_later(inbox: Inbox) -> None:
    seen: list[Received] = []
    mailbox = InboxMailbox(inbox, seen.append)
    assert mailbox.keep(DELIVERY) == b"<receipt/>"
    assert mailbox.keep(replace(DELIVERY, receipt=b"<another/>")) == b"<receipt/>"
    copy = replace(DELIVERY, message_id="2@b", digests={"cid:1": "other"})
    assert mailbox.keep(copy) == b"<receipt/>"
    invoice = replace(DELIVERY, message_id="3@b", document=b"<Invoice/>")
    mailbox.keep(replace(invoice, envelope=replace(DELIVERY.envelope, instance_id="instance-2")))
    assert [each.wire_id for each in seen] == ["1@b"]


def test_the_receipt_is_given_whatever_is_wrong_with_the_answer(inbox: Inbox) -> None:
    def stumble(_: Received) -> None:
        raise ZeroDivisionError

    assert InboxMailbox(inbox, stumble).keep(DELIVERY) == b"<receipt/>"
    assert len(inbox.find()) == 1
