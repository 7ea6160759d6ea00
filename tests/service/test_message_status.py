# SPDX-License-Identifier: Apache-2.0
"""The receiving access point tells a sender what became of a message: once, who asked, and nobody else."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from einvoice import convert
from einvoice.bind import response
from einvoice.errors import EinvoiceError
from einvoice.model.response import MessageStatus
from einvoice.service.message_status import Teller, provider, receiver
from einvoice.service.reception import Reception, told
from einvoice.service.settings import Settings
from einvoice.store import archive, ledger
from einvoice.store.answers import UNREADABLE, Answers
from einvoice.store.database import Database
from einvoice.store.inbox import Inbox
from tests.architecture.house import ROOT
from tests.bind.answers import RESPONSE
from tests.service.answered import arrive, delivered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.store.inbox import Received
    from einvoice.store.outbox import Message

INVOICE = "busdox-docid-qns::urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:x::2.1"
MLS = f"busdox-docid-qns::{response.NAMESPACE}::ApplicationResponse##{response.STATUS}::2.1"
ALWAYS = {"mls_type": "ALWAYS_SEND", "document_type": INVOICE}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(str(tmp_path / "store.db"))
    yield opened
    opened.close()


def teller(database: Database, *, judges: str = "", country: str | None = "DE", own: str = "PTB000001") -> Teller:
    return Teller(database, own=own, country=country, judges=bool(judges), limits=Settings())


def status(database: Database, message: Message | None) -> MessageStatus:
    assert message is not None
    with database.read() as connection:
        answer = response.read(archive.get(connection, message.payload))
    assert answer.faults == ()
    assert isinstance(answer.answer, MessageStatus)
    return answer.answer


@pytest.fixture(scope="module")
def valid() -> bytes:
    return convert(ROOT / "fixtures" / "page" / "german.json", "ubl").output


def test_the_seat_in_a_certificate_is_the_provider() -> None:
    assert provider("POP000123") == "0242:000123"
    assert provider("My own access point") is None


def test_a_status_goes_to_who_sent_and_never_to_another_provider(database: Database) -> None:
    assert receiver(arrive(database, b"1")) == "0242:000002"
    assert receiver(arrive(database, b"2", mls_to="iso6523-actorid-upis::0242:000002-EU")) == "0242:000002-EU"
    assert receiver(arrive(database, b"3", mls_to="iso6523-actorid-upis::0242:000009")) == "0242:000002"
    assert receiver(arrive(database, b"4", point="somebody")) is None


def test_who_asks_for_it_is_told_once(database: Database) -> None:
    received = arrive(database, b"<Invoice/>", **ALWAYS)
    message = teller(database).tell(received)
    found = status(database, message)
    assert message is not None
    assert (found.status, found.instance_id) == ("AB", received.instance_id)
    assert (str(found.sender), str(found.receiver)) == ("0242:000001", "0242:000002")
    assert message.request["receiver"] == "0242:000002"
    assert teller(database).tell(received) == message
    assert [each.status for each in Answers(database).replies(received.id)] == ["AB"]


def test_a_document_that_was_handed_on_is_confirmed(database: Database) -> None:
    received = Inbox(database).take(arrive(database, b"<Invoice/>", **ALWAYS).id)
    assert status(database, teller(database).tell(received)).status == "AP"


@pytest.mark.parametrize(
    "about",
    [
        {"document_type": INVOICE},
        {"document_type": INVOICE, "mls_type": "FAILURE_ONLY"},
        {"document_type": MLS, "mls_type": "ALWAYS_SEND"},
    ],
)
def test_nobody_is_told_who_did_not_ask_nor_of_a_status(database: Database, about: dict[str, str]) -> None:
    assert teller(database).tell(arrive(database, b"<Invoice/>", **about)) is None


def test_nobody_is_told_of_what_came_by_mail_or_long_ago(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert teller(database).tell(arrive(database, b"1", channel="email", **ALWAYS)) is None
    received = arrive(database, b"2", **ALWAYS)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            del tz
            return datetime.now(UTC) + timedelta(days=4)

    monkeypatch.setattr("einvoice.service.message_status.datetime", Later)
    assert teller(database).tell(received) is None


def test_a_valid_document_is_no_reason_to_tell(database: Database, valid: bytes) -> None:
    assert teller(database, judges="yes").tell(arrive(database, valid, document_type=INVOICE)) is None


def test_a_document_that_breaks_rules_is_rejected_with_each_of_them(database: Database, valid: bytes) -> None:
    spoiled = valid.replace(b"</cbc:PayableAmount>", b"1</cbc:PayableAmount>")
    found = status(database, teller(database, judges="yes").tell(arrive(database, spoiled, document_type=INVOICE)))
    assert found.status == "RE"
    assert {each.code for each in found.issues} == {"BV"}
    assert any(each.text.startswith("[BR-CO-16]") for each in found.issues)
    assert all(each.location.startswith("/") for each in found.issues)


def test_a_document_that_breaks_the_schema_is_told_as_such(database: Database, valid: bytes) -> None:
    spoiled = valid.replace(b"</cbc:IssueDate>", b"</cbc:IssueDate><cbc:IssueDate>2026-01-01</cbc:IssueDate>", 1)
    found = status(database, teller(database, judges="yes").tell(arrive(database, spoiled, document_type=INVOICE)))
    assert "SV" in {each.code for each in found.issues}
    no_invoice = arrive(database, b"<Other/>", document_type=INVOICE)
    [issue] = status(database, teller(database, judges="yes").tell(no_invoice)).issues
    assert (issue.code, issue.location) == ("SV", "NA")


def test_an_unknown_country_is_an_error_that_says_what_to_do(database: Database) -> None:
    with pytest.raises(EinvoiceError, match=r"country is missing in \[as4\]"):
        teller(database, country=None).tell(arrive(database, b"<Invoice/>", **ALWAYS))


def test_an_access_point_without_a_seat_tells_nothing(database: Database) -> None:
    assert teller(database, own="My own").tell(arrive(database, b"<Invoice/>", **ALWAYS)) is None


def attended(reception: Reception) -> list[tuple[str, str]]:
    return [(received.id, noted.kind) for received, noted in reception.attend()]


def events(database: Database, received: Received) -> list[str]:
    with database.read() as connection:
        return [event.kind for event in ledger.read(connection, received.id)]


def test_everything_that_waits_is_attended_to_once(database: Database) -> None:
    delivered(database)
    plain = [arrive(database, f"<Invoice>{number}</Invoice>".encode(), document_type=INVOICE) for number in range(120)]
    answer = arrive(database, response.write(RESPONSE))
    asks = arrive(database, b"<Invoice/>", **ALWAYS)
    reception = Reception(database, teller(database))
    assert attended(reception) == [(answer.id, "invoice-response"), (asks.id, "document")]
    assert attended(reception) == []
    assert events(database, plain[0]) == ["received"]
    assert events(database, asks) == ["received", "replied", "sorted"]
    assert told(Answers(database).of(plain[0].id)) == ""
    assert "invoice-response RE of" in told(Answers(database).of(answer.id))


def test_what_cannot_be_told_is_noted_and_stops_nothing(database: Database) -> None:
    received = arrive(database, b"<Invoice/>", **ALWAYS)
    assert attended(Reception(database, teller(database, country=None))) == [(received.id, "document")]
    assert events(database, received) == ["received", "not-told", "sorted"]


def test_a_document_that_nobody_foresaw_stops_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = arrive(database, response.write(RESPONSE)), arrive(database, b"<ApplicationResponse/>")
    reception = Reception(database)
    sort = reception.sorter.sort

    def stumble(received: Received) -> object:
        if received.id == first.id:
            raise ZeroDivisionError("never thought of")
        return sort(received)

    monkeypatch.setattr(reception.sorter, "sort", stumble)
    assert attended(reception) == [(first.id, UNREADABLE), (second.id, UNREADABLE)]
    assert "never thought of" in told(Answers(database).of(first.id))


def test_it_goes_on_beside_something_else(database: Database) -> None:
    message = delivered(database)
    with Reception(database).beside(pause=0.01):
        arrive(database, response.write(RESPONSE))
        for _ in range(1000):
            if Answers(database).current([message.id]):
                break
            threading.Event().wait(0.01)
    assert Answers(database).current([message.id])[message.id].buyer is not None
