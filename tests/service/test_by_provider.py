# SPDX-License-Identifier: Apache-2.0
"""From an invoice to its delivery through a provider, with outbox, courier and SQLite; and whatever dies in between."""

from __future__ import annotations

import base64
from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from einvoice.bind import cdar
from einvoice.errors import EinvoiceError, StoreError, UnknownNameError
from einvoice.service.pickup import pick_up
from einvoice.service.reception import Reception
from einvoice.service.send import Wanted, prepare
from einvoice.service.settings import Settings
from einvoice.store import ledger
from einvoice.store.inbox import Inbox
from einvoice.store.tables import State
from einvoice.transport.base import Submission
from tests.bind.answers import life_cycle_status
from tests.transport.provider.accounts import INVOICE, KINDS, SECRET, SUBMIT, VARIABLE, account
from tests.transport.provider.installation import Installation
from tests.transport.provider.stub import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEARCHED = ("phoss-ap", "peppyrus", "recommand", "afnor")
RECEIVING = ("peppyrus", "recommand", "storecove", "e-invoice-be", "afnor")


@pytest.fixture(params=KINDS)
def here(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An installation with an account at a provider."""
    monkeypatch.setenv(VARIABLE, SECRET)
    with account(request.param) as found:
        installation = Installation(tmp_path, found)
        yield installation
        installation.close()


def only(*kinds: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("here", kinds, indirect=True)


def test_an_invoice_is_delivered_and_its_evidence_kept(here: Installation) -> None:
    message = here.sent()
    assert message.state in {State.ACCEPTED, State.DELIVERED}
    if message.state is State.ACCEPTED:
        assert here.after(60, message).state is State.ACCEPTED  # it is asked and says: not yet
        here.delivers()
        message = here.after(60, message)
    assert message.state is State.DELIVERED
    assert here.outbox.attempts(message.id)[-1]["evidence"]
    assert here.account.taken() == 1


def test_an_answer_that_was_cut_off_leads_to_one_document_at_the_provider(here: Installation) -> None:
    here.account.stub.fault(SUBMIT[here.account.kind], Reply(cut=True))
    message = here.sent()
    assert (message.state, message.code) == (State.IN_DOUBT, "NO_ANSWER")
    message = here.after(5, message)
    here.delivers()
    for _ in range(4):
        message = here.after(600, message)
    if here.account.kind == "storecove":  # its answer to a repetition proves nothing: the queue tells
        assert message.state is State.IN_DOUBT
        (kept,) = here.account.stub.submissions.values()
        about = {"event_type": "document_submission", "event": "succeeded", "guid": kept["guid"]}
        here.account.stub.event({**about, "idempotencyGuid": kept["idempotencyGuid"]})
        here.tick()  # who picks up goes by the clock on the wall
        list(pick_up("mine", here.wiring.providers()["mine"], here.database))
        message = here.after(0, message)
    assert message.state is State.DELIVERED
    assert here.account.taken() == 1


@only(*SEARCHED)
def test_what_never_arrived_goes_again_only_after_the_provider_has_settled(here: Installation) -> None:
    here.account.stub.fault(SUBMIT[here.account.kind], Reply(lost=True))
    message = here.sent()
    assert message.state is State.IN_DOUBT
    message = here.after(5, message)
    assert (message.state, message.code, here.account.taken()) == (State.IN_DOUBT, "SETTLING", 0)
    assert len(here.outbox.attempts(message.id)) == 1
    settle = here.channels["mine"].capabilities.settle
    message = here.after(settle - 6, message)
    assert here.account.taken() == 0
    message = here.after(10, message)
    assert message.state in {State.ACCEPTED, State.DELIVERED}
    assert (here.account.taken(), len(here.outbox.attempts(message.id))) == (1, 2)


@only("storecove", "e-invoice-be")
def test_where_a_repetition_does_nothing_it_goes_again_at_once(here: Installation) -> None:
    here.account.stub.fault(SUBMIT[here.account.kind], Reply(lost=True))
    message = here.after(5, here.sent())
    assert message.state is State.ACCEPTED
    assert here.account.taken() == 1


def test_a_courier_that_died_after_the_document_was_taken_is_followed_up(here: Installation) -> None:
    message = here.outbox.submit(here.ready().order)
    (claimed,) = here.outbox.claim_some("one that dies", 1)
    adapter = here.channels["mine"]
    submission = Submission(
        key=claimed.wire_id,
        payload=here.ready().order.payload,
        media_type="application/xml",
        filename="RE-1.xml",
        request=claimed.request,
    )
    made = adapter.prepare(submission)
    begun = here.outbox.begin(here.outbox.prepared(claimed, made.wire, made.media_type, made.about))
    adapter.submit(submission, made, attempt=begun.attempts)  # and nobody writes down what came
    here.delivers()
    for _ in range(3):
        message = here.after(600, message)
    assert message.state in {State.DELIVERED, State.IN_DOUBT}
    assert (message.state is State.IN_DOUBT) is (here.account.kind == "storecove")  # see above: its queue tells
    assert here.account.taken() == 1


def test_a_provider_that_asks_for_time_is_not_asked_before(here: Installation) -> None:
    here.account.stub.fault(SUBMIT[here.account.kind], Reply(429, b"", {"Retry-After": "77"}))
    message = here.sent()
    assert (message.state, (message.due - here.now).total_seconds()) == (State.RETRY, 77.0)
    assert here.after(76, message).state is State.RETRY
    assert here.after(2, message).state in {State.ACCEPTED, State.DELIVERED}


@only("e-invoice-be")
def test_a_provider_that_asks_for_time_before_a_draft_is_made_gets_it(here: Installation) -> None:
    here.account.stub.fault("/ubl$", Reply(429, b"", {"Retry-After": "77"}))
    message = here.sent()
    assert (message.state, (message.due - here.now).total_seconds()) == (State.RETRY, 77.0)
    assert here.outbox.attempts(message.id) == []
    assert here.after(78, message).state is State.ACCEPTED


def test_a_key_that_was_wrong_and_was_put_right_loses_nothing(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = here.ready()
    monkeypatch.setenv(VARIABLE, "an-old-key")
    message = here.after(0, here.outbox.submit(ready.order))
    assert message.state is State.RETRY
    assert message.code in {"HTTP_401", "TOKEN"}
    monkeypatch.setenv(VARIABLE, SECRET)
    assert here.after(60, message).state in {State.ACCEPTED, State.DELIVERED}


def test_no_secret_is_in_the_database(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    message = here.sent()
    ready = here.ready("RE-2")
    monkeypatch.setenv(VARIABLE, "an-old-key")  # the refusal repeats what it was shown
    here.after(0, here.outbox.submit(ready.order))
    monkeypatch.setenv(VARIABLE, SECRET)
    here.delivers()
    here.after(600, message)
    here.close()
    kept = b"".join(each.read_bytes() for each in here.folder.glob("einvoice.db*"))
    assert b"RE-2" in kept
    tokens = [f'"Bearer {each}"'.encode() for each in getattr(here.account.stub, "tokens", [])]
    for secret in (SECRET.encode(), b"an-old-key", base64.b64encode(f"key_1:{SECRET}".encode()), *tokens):
        assert secret not in kept


@only("peppyrus", "recommand")
def test_a_person_decides_where_the_provider_holds_another_text_under_our_number(here: Installation) -> None:
    here.account.stub.fault(SUBMIT[here.account.kind], Reply(cut=True))
    message = here.sent()
    (kept,) = getattr(here.account.stub, "messages", None) or getattr(here.account.stub, "documents", {}).values()
    if here.account.kind == "peppyrus":
        (kept,) = here.account.stub.messages.values()
        changed = base64.b64decode(kept["fileContent"]).replace(b"Buyer GmbH", b"Buyer AG")
        kept["fileContent"] = base64.b64encode(changed).decode()
    else:
        kept["xml"] = kept["xml"].replace("Buyer GmbH", "Buyer AG")
    message = here.after(600, message)
    assert (message.state, message.code, here.account.taken()) == (State.HELD, "PROVIDER_DIFFERS", 1)
    here.outbox.release(message.id, hold=False)
    message = here.after(600, message)
    assert message.state in {State.ACCEPTED, State.DELIVERED}
    assert here.account.taken() == 2


@only("storecove")
def test_a_failure_that_the_queue_tells_rejects_the_message(here: Installation) -> None:
    message = here.sent()
    about = {"event_type": "document_submission", "event": "failed", "details": f"receiver gone {SECRET}"}
    here.account.stub.event({**about, "guid": message.remote_id})
    here.account.stub.event({"event_type": "something else"})
    found = list(pick_up("mine", here.wiring.providers()["mine"], here.database))
    assert found[0].bounced == message.id
    assert "a notice of something else" in found[1].note
    told = here.outbox.get(message.id)
    assert (told.state, told.code, told.detail) == (State.REJECTED, "FAILED", "receiver gone ***")
    assert here.account.stub.queue == []


@only(*RECEIVING)
def test_what_came_is_in_the_inbox_once_and_acknowledged_after_it_was_kept(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [INVOICE.replace(b"RE-1", f"IN-{number}".encode()) for number in range(2)]
    for content in contents:
        here.account.stub.arrives(content)
    adapter = here.wiring.providers()["mine"]

    def full(*_: object) -> None:
        raise StoreError("disk full", code="FULL")

    with monkeypatch.context() as broken:
        broken.setattr(Inbox, "store", full)
        with pytest.raises(StoreError):
            list(pick_up("mine", adapter, here.database))
    found = [each for _ in range(2) for each in pick_up("mine", adapter, here.database)]
    assert sum(len(each.arrivals) for each in found) == 2
    inbox = Inbox(here.database)
    assert [inbox.content(each) for each in inbox.find()] == contents
    assert {each.channel for each in inbox.find()} == {"mine"}


@only("afnor")
@pytest.mark.parametrize(
    ("number", "kind"),
    [("RE-1", "CustomerInvoiceLC"), ("RE-9", "CustomerInvoiceLC"), ("RE-1", "SupplierInvoiceLC")],
)
def test_the_platform_brings_what_is_said_of_an_invoice_that_it_took(
    here: Installation, number: str, kind: str
) -> None:
    """What it brings of an invoice that a supplier sent, under the same number and date, is about that one."""
    message = here.sent()
    said = structs.replace(life_cycle_status("207"), number=number, invoice_date=date(2026, 3, 2))
    here.account.stub.arrives(cdar.write(said), kind=kind)
    list(pick_up("mine", here.wiring.providers()["mine"], here.database))
    ((_, noted),) = Reception(here.database).attend()
    assert (noted.kind, noted.status) == ("life-cycle", "207")
    assert noted.message == (message.id if (number, kind) == ("RE-1", "CustomerInvoiceLC") else None)


@only("recommand")
def test_a_document_that_cannot_be_read_is_told_each_time_and_written_down_once(here: Installation) -> None:
    which = here.account.stub.arrives(INVOICE)
    kept, here.account.stub.documents[which]["xml"] = here.account.stub.documents[which]["xml"], None
    adapter = here.wiring.providers()["mine"]
    found = [each for _ in range(3) for each in pick_up("mine", adapter, here.database)]
    assert [each.note for each in found] == [f"left alone: Recommand gave document {which} without its XML"] * 3
    with here.database.read() as connection:
        assert [each.kind for each in ledger.read(connection, which[:64])] == ["notice"]
    here.account.stub.documents[which]["xml"] = kept
    (arrived,) = pick_up("mine", adapter, here.database)
    assert len(arrived.arrivals) == 1


@only("peppyrus")
def test_another_document_under_a_known_identifier_is_left_where_it_is(here: Installation) -> None:
    identifier = here.account.stub.arrives(INVOICE)
    adapter = here.wiring.providers()["mine"]
    list(pick_up("mine", adapter, here.database))
    here.account.stub.messages[identifier] |= {"fileContent": base64.b64encode(b"<x/>").decode(), "confirmed": False}
    (found,) = pick_up("mine", adapter, here.database)
    assert "left alone" in found.note
    assert here.account.stub.messages[identifier]["confirmed"] is False


@only("peppyrus", "e-invoice-be")
def test_the_form_is_one_that_the_receiver_registered(here: Installation) -> None:
    plan = here.ready().plan
    assert plan is not None
    assert not plan.changed
    assert plan.document_type.value.endswith("poacc:billing:3.0::2.1")


def test_who_sends_and_receives_is_told_as_far_as_the_provider_needs_it(here: Installation) -> None:
    request = here.ready().order.request
    assert ("receiver" in request) is (here.account.kind != "afnor")
    assert ("sender" in request) is (here.account.kind in {"phoss-ap", "peppyrus", "e-invoice-be"})
    assert ("country" in request) is (here.account.kind == "phoss-ap")


@only("afnor")
def test_the_seller_is_kept_to_be_compared_with_the_one_that_a_status_names(here: Installation) -> None:
    assert here.ready().order.request["seller_id"] == "0208:0123456749"


@only("afnor")
def test_a_receiver_is_not_named_to_a_platform_that_reads_it_in_the_invoice(here: Installation) -> None:
    with pytest.raises(EinvoiceError, match="leave --to out"):
        here.ready(to="0208:0123456789")


@only("peppyrus")
def test_a_channel_that_is_not_set_up_is_named_with_those_that_are(here: Installation) -> None:
    source = here.ready().source
    with pytest.raises(UnknownNameError, match="as4, email, folder, mine"):
        prepare(source, Wanted(channel="yours"), here.wiring, Settings())
