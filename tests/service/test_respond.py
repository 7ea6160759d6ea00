# SPDX-License-Identifier: Apache-2.0
"""An answer is made from what the invoice and its envelope say, once, and in the order of BIS 63."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from msgspec.structs import replace

from einvoice import convert
from einvoice.bind import cdar, response
from einvoice.codes import responses
from einvoice.errors import EinvoiceError, InputError, OutputError, ParticipantError, StoreError
from einvoice.model.response import InvoiceResponse
from einvoice.service import life_cycle
from einvoice.service.provider_settings import AfnorSettings, PeppyrusSettings, StorecoveSettings
from einvoice.service.respond import DOCUMENT_TYPE, Answered, Wish, ask, enqueue, prepare
from einvoice.service.settings import Settings
from einvoice.store.answers import LIFE_CYCLE, Answers
from einvoice.store.database import Database
from einvoice.store.inbox import Arrival, Inbox
from einvoice.store.outbox import Outbox, Settlement
from tests.architecture.house import ROOT
from tests.service.answered import arrive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.service.channels import Wiring
    from einvoice.service.provider_settings import ProviderSettings
    from einvoice.service.respond import Asked

ACCEPTED = Wish(status="AP")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(str(tmp_path / "store.db"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def invoice() -> bytes:
    return convert(ROOT / "fixtures" / "page" / "german.json", "ubl").output


def wiring(*receives: object, country: str | None = "FR", **providers: ProviderSettings) -> Wiring:
    """An installation whose network says that the seller receives this."""
    settings = SimpleNamespace(country=country)
    found = SimpleNamespace(
        channels=SimpleNamespace(as4=settings, provider=providers),
        directory=lambda: SimpleNamespace(receives=lambda _: receives),
    )
    return cast("Wiring", found)


def asked(database: Database, invoice: bytes, **about: str) -> Asked:
    back = {"sender": "iso6523-actorid-upis::9915:a", "receiver": "iso6523-actorid-upis::9915:b"}
    return ask(arrive(database, invoice, **(back | about)).id[:8], database, Settings())


def made(database: Database, one: Asked, wish: Wish) -> Answered:
    return prepare(one, wish, wiring(DOCUMENT_TYPE), database)


def test_an_answer_says_who_what_and_of_which_invoice(database: Database, invoice: bytes) -> None:
    one = asked(database, invoice)
    ready = made(
        database,
        one,
        Wish(status="UQ", reasons=("REF", "OTH"), note="which order?", proposals=(("BT-13", "7"),)),
    )
    read = response.read(ready.document)
    answer = read.answer
    assert isinstance(answer, InvoiceResponse)
    assert read.faults == ()
    assert (str(answer.sender.endpoint), str(answer.receiver.endpoint)) == ("9915:b", "9915:a")
    assert (answer.number, answer.type_code, answer.invoice_date) == (one.number, "380", one.invoice.issue_date)
    assert [(each.code, each.text, len(each.proposals)) for each in answer.clarifications] == [
        ("REF", None, 1),
        ("OTH", "which order?", 0),
    ]
    assert ready.order.request["receiver"] == "9915:a"
    assert ready.order.request["process"].endswith("invoice_response:3")
    assert ready.order.request["country"] == "FR"


def test_the_same_answer_is_one_message_and_another_one_follows_the_order(database: Database, invoice: bytes) -> None:
    one = asked(database, invoice)
    query = Wish(status="UQ", reasons=("REF",))
    first = enqueue(made(database, one, query), database)
    assert enqueue(made(database, one, query), database) == first
    second = enqueue(made(database, one, replace(query, note="still no order")), database)
    assert second.id != first.id
    enqueue(made(database, one, ACCEPTED), database)
    with pytest.raises(EinvoiceError, match="only PD"):
        made(database, one, query.__class__(status="RE", reasons=("REF",)))
    part = Wish(status="PD", reasons=("PPD",), note="half of it", effective=date(2026, 11, 1))
    enqueue(made(database, one, part), database)
    enqueue(made(database, one, Wish(status="PD")), database)
    assert [each.status for each in Answers(database).replies(one.received.id)] == ["UQ", "UQ", "AP", "PD", "PD"]
    assert made(database, one, ACCEPTED).order.key  # what was said may be said again


@pytest.mark.parametrize("ended", ["rejected", "failed"])
def test_an_answer_that_never_reached_the_seller_does_not_bind(database: Database, invoice: bytes, ended: str) -> None:
    one, refusal = asked(database, invoice), Wish(status="RE", reasons=("REF",))
    later = datetime.now(UTC) + timedelta(days=4)
    enqueue(made(database, one, ACCEPTED), database)
    with pytest.raises(EinvoiceError, match="only PD"):
        made(database, one, refusal)
    outbox = Outbox(database, lambda: later)
    [claimed] = outbox.claim_some("w", 1)
    outcome = "retry" if ended == "failed" else ended
    assert outbox.settle(claimed, Settlement(outcome=outcome)).state == ended
    assert made(database, one, refusal).status == "RE"


def test_of_two_at_once_one_is_sent(database: Database, invoice: bytes) -> None:
    one = asked(database, invoice)
    ready = made(database, one, ACCEPTED)
    later = replace(ready, order=replace(ready.order, payload=ready.document.replace(b"Z<", b"Z <")))
    assert enqueue(ready, database).id == enqueue(later, database).id


def test_a_copy_of_an_invoice_is_answered_like_the_invoice(database: Database, invoice: bytes) -> None:
    first = asked(database, invoice)
    inbox = Inbox(database)
    arrival = Arrival(
        channel="as4",
        sender="PTB000002",
        wire_id="again@b",
        digest="d",
        payload=invoice,
        media_type="application/xml",
        instance_id=first.received.instance_id,
        about=first.received.about,
    )
    copy, _ = inbox.store(arrival)
    assert copy.duplicate_of == first.received.id
    assert ask(copy.id, database, Settings()).received == first.received


def test_a_seller_who_takes_no_answers_is_told_otherwise(database: Database, invoice: bytes) -> None:
    with pytest.raises(ParticipantError, match="not registered to receive responses"):
        prepare(asked(database, invoice), ACCEPTED, wiring(), database)


def test_what_is_no_invoice_is_not_answered(database: Database) -> None:
    with pytest.raises(InputError):
        asked(database, b"<Other/>")
    with pytest.raises(StoreError, match="holds no document"):
        ask("unknown", database, Settings())


def test_what_is_missing_is_named(database: Database, invoice: bytes) -> None:
    nowhere = asked(database, invoice, sender="", receiver="")
    with pytest.raises(EinvoiceError, match="no identifier of a participant"):
        made(database, nowhere, ACCEPTED)
    stateless = invoice.replace(b"<cac:Country>", b"<!--").replace(b"</cac:Country>", b"-->")
    with pytest.raises(EinvoiceError, match="country of the buyer"):
        prepare(asked(database, stateless), ACCEPTED, wiring(DOCUMENT_TYPE, country=None), database)
    nameless = invoice.replace(b"<cbc:RegistrationName>", b"<!--").replace(b"</cbc:RegistrationName>", b"-->")
    with pytest.raises(OutputError, match="PEPPOL-T111-B00802"):
        made(database, asked(database, nameless), ACCEPTED)


def test_an_answer_goes_back_through_the_provider_that_brought_the_invoice(database: Database, invoice: bytes) -> None:
    received = arrive(database, invoice, channel="bel", sender="9915:a", receiver="9915:b")
    one = ask(received.id, database, Settings())
    peppyrus = PeppyrusSettings(secret_variable="KEY", country="BE")  # noqa: S106 - the name of a variable
    ready = prepare(one, ACCEPTED, wiring(bel=peppyrus), database)
    assert ready.order.channel == "bel"
    assert (ready.order.request["sender"], ready.order.request["receiver"]) == ("9915:b", "9915:a")
    assert ready.order.request["country"] == "BE"
    storecove = StorecoveSettings(secret_variable="KEY", legal_entity=1)  # noqa: S106 - the name of a variable
    with pytest.raises(EinvoiceError, match="takes no Invoice Response"):
        prepare(one, ACCEPTED, wiring(bel=storecove), database)


def test_what_the_buyer_says_goes_back_through_the_french_platform_as_cdar(database: Database, invoice: bytes) -> None:
    siren = iter((b"100000009", b"200000008"))
    content = re.sub(
        rb"<cac:PartyLegalEntity>(.*?</cbc:RegistrationName>).*?</cac:PartyLegalEntity>",
        lambda found: (
            b'<cac:PartyLegalEntity>%s<cbc:CompanyID schemeID="0002">%s</cbc:CompanyID></cac:PartyLegalEntity>'
            % (found[1], next(siren))
        ),
        invoice,
        flags=re.DOTALL,
    )
    received = arrive(database, content, channel="pa")
    one = ask(received.id, database, Settings())
    account = AfnorSettings(secret_variable="KEY", token_url="https://x.example", client="c")  # noqa: S106 - a name
    wish = Wish(status="RE", reasons=("TX_TVA_ERR",))
    ready = life_cycle.prepare(one, wish, wiring(pa=account))
    status, faults = cdar.read(ready.document)
    assert (status.status, faults) == ("210", ())
    assert "CrossDomainAcknowledgementAndResponse" in ready.order.request["document_type"]
    first = enqueue(ready, database)
    assert enqueue(life_cycle.prepare(one, wish, wiring(pa=account)), database) == first
    assert first.channel == "pa"
    [sent] = Answers(database).replies(received.id)
    assert (sent.kind, sent.status) == (LIFE_CYCLE, "210")
    with pytest.raises(EinvoiceError, match="no French platform"):
        life_cycle.prepare(one, wish, wiring())


@pytest.mark.parametrize("code", ["200", "201", "202", "203", "213"])
def test_what_a_platform_says_is_no_answer_of_a_buyer(database: Database, invoice: bytes, code: str) -> None:
    """Deposited, handed on, rejected by a check: not even with a reason that the status takes."""
    reasons = responses.life_cycle_reasons().get(code, ())[:1]
    with pytest.raises(OutputError, match=f"{code} .* by a platform .* 204, 205") as caught:
        life_cycle.answered(asked(database, invoice), Wish(status=code, reasons=reasons))
    assert caught.value.code == "RESPONSE"
