# SPDX-License-Identifier: Apache-2.0
"""What every provider's adapter does alike: take, refuse, wait, doubt, and keep its secret."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from einvoice.errors import ParticipantError, TransportError
from einvoice.transport.base import Inbound, Notice, Outcome
from tests.transport.provider.accounts import INVOICE, KEY, SECRET, SUBMIT, VARIABLE, Account, submission
from tests.transport.provider.belgium import REGISTERED
from tests.transport.provider.stub import Reply, told

TAKEN = {Outcome.ACCEPTED, Outcome.DELIVERED}
SEARCHED = ("phoss-ap", "peppyrus", "recommand", "afnor")


def test_a_document_is_taken_byte_for_byte(each_provider: Account) -> None:
    result = each_provider.send(submission())
    assert result.outcome in TAKEN
    assert result.remote_id
    assert each_provider.taken() == 1
    (sent,) = each_provider.stub.posts(SUBMIT[each_provider.kind])
    if each_provider.kind == "recommand":
        assert sent.json()["document"].encode() == INVOICE
    if each_provider.kind == "phoss-ap":
        assert sent.body == INVOICE
        assert sent.query["sbdhInstanceID"] == KEY


def test_the_same_document_makes_the_same_bytes(each_provider: Account) -> None:
    one, two = (each_provider.adapter.prepare(submission()) for _ in range(2))
    assert one.wire == two.wire


@pytest.mark.parametrize("status", [401, 403])
def test_a_secret_that_is_not_believed_is_no_refusal_of_the_document(each_provider: Account, status: int) -> None:
    prepared = each_provider.adapter.prepare(submission())
    each_provider.stub.fault(SUBMIT[each_provider.kind], Reply(status, b'{"detail":"no such key"}'))
    result = each_provider.adapter.submit(submission(), prepared, attempt=1)
    assert (result.outcome, result.code) == (Outcome.RETRY, f"HTTP_{status}")
    assert "no such key" in result.detail


def test_an_address_where_nothing_is_refuses_no_document(each_provider: Account) -> None:
    prepared = each_provider.adapter.prepare(submission())
    each_provider.stub.fault(SUBMIT[each_provider.kind], Reply(404))
    result = each_provider.adapter.submit(submission(), prepared, attempt=1)
    described = each_provider.kind in {"peppyrus", "e-invoice-be"}  # the receiver or the draft is not there
    assert result.outcome is (Outcome.REJECTED if described else Outcome.RETRY)


def test_a_provider_that_asks_for_time_gets_it(each_provider: Account) -> None:
    prepared = each_provider.adapter.prepare(submission())
    each_provider.stub.fault(SUBMIT[each_provider.kind], Reply(429, b"slow down", {"Retry-After": "77"}))
    result = each_provider.adapter.submit(submission(), prepared, attempt=1)
    assert (result.outcome, result.retry_after) == (Outcome.RETRY, 77.0)
    assert each_provider.taken() == 0


@pytest.mark.parametrize("reply", [Reply(500, b"oops"), Reply(502), Reply(503), Reply(408)])
def test_a_server_that_stumbles_leaves_a_doubt(each_provider: Account, reply: Reply) -> None:
    prepared = each_provider.adapter.prepare(submission())
    each_provider.stub.fault(SUBMIT[each_provider.kind], reply)
    assert each_provider.adapter.submit(submission(), prepared, attempt=1).outcome is Outcome.IN_DOUBT


@pytest.mark.parametrize("body", [b"", b"<html>hello</html>", b"[1,2]", b'{"id": 7}', b"\xff\xfe\x00"])
def test_an_answer_that_cannot_be_read_leaves_a_doubt(each_provider: Account, body: bytes) -> None:
    prepared = each_provider.adapter.prepare(submission())
    each_provider.stub.fault(SUBMIT[each_provider.kind], Reply(200, body))
    result = each_provider.adapter.submit(submission(), prepared, attempt=1)
    assert (result.outcome, result.code) == (Outcome.IN_DOUBT, "GARBAGE")


@pytest.mark.parametrize("provider", ["peppyrus", "recommand", "storecove", "e-invoice-be", "afnor"], indirect=True)
@pytest.mark.parametrize("identifier", ["", "x" * 301])
def test_an_identifier_that_cannot_be_kept_leaves_a_doubt(provider: Account, identifier: str) -> None:
    prepared = provider.adapter.prepare(submission())
    fields = {"id": identifier, "guid": identifier, "flowId": identifier, "state": "TRANSIT", "sentOverPeppol": True}
    provider.stub.fault(SUBMIT[provider.kind], told(fields))
    result = provider.adapter.submit(submission(), prepared, attempt=1)
    assert (result.outcome, result.code) == (Outcome.IN_DOUBT, "GARBAGE")


def test_a_provider_that_is_away_took_nothing(each_provider: Account) -> None:
    prepared = each_provider.adapter.prepare(submission())
    each_provider.stub.close()
    result = each_provider.adapter.submit(submission(), prepared, attempt=1)
    assert result.outcome is Outcome.RETRY
    assert result.code in {"CONNECT", "TOKEN"}


def test_a_connection_that_was_cut_leads_to_one_document(each_provider: Account) -> None:
    """The provider took it and said nothing: it is found, or a repetition does nothing."""
    prepared = each_provider.adapter.prepare(submission())
    each_provider.stub.fault(SUBMIT[each_provider.kind], Reply(cut=True))
    result = each_provider.adapter.submit(submission(), prepared, attempt=1)
    assert (result.outcome, result.code) == (Outcome.IN_DOUBT, "NO_ANSWER")
    capabilities = each_provider.adapter.capabilities
    assert capabilities.idempotent is not capabilities.finds
    if capabilities.finds:
        found = each_provider.adapter.find(submission())
        assert found is not None
        assert found.outcome in TAKEN
        assert found.remote_id
    else:
        again = each_provider.adapter.submit(submission(), replace(prepared, unsure=True), attempt=2)
        assert again.outcome in TAKEN | {Outcome.IN_DOUBT}
    assert each_provider.taken() == 1


def test_what_was_never_taken_is_not_found(each_provider: Account) -> None:
    assert each_provider.adapter.find(submission()) is None


@pytest.mark.parametrize("provider", SEARCHED, indirect=True)
def test_a_search_that_fails_says_so_instead_of_finding_nothing(provider: Account) -> None:
    provider.adapter.find(submission())
    provider.stub.fault(".", Reply(500, b"oops"))
    with pytest.raises(TransportError) as caught:
        provider.adapter.find(submission())
    assert (caught.value.code, caught.value.temporary) == ("HTTP_500", True)


def test_no_secret_stands_in_what_is_kept(each_provider: Account) -> None:
    """Not in the prepared bytes, not in details of refusals that repeat what they were shown, not in errors."""
    prepared = each_provider.adapter.prepare(submission())
    assert SECRET.encode() not in prepared.wire + json.dumps(prepared.about).encode()
    shown = [each.headers for each in each_provider.stub.asked]
    each_provider.stub.fault(SUBMIT[each_provider.kind], Reply(400, json.dumps([SECRET, *shown]).encode()))
    result = each_provider.adapter.submit(submission(), prepared, attempt=1)
    assert result.outcome is Outcome.REJECTED
    assert SECRET not in result.detail
    assert "token-" not in result.detail
    each_provider.stub.fault(".", Reply(400, SECRET.encode()))
    with pytest.raises(TransportError) as caught:
        each_provider.adapter.poll("x")
    assert "answered 400: ***" in str(caught.value)


def test_without_its_secret_nothing_is_sent(each_provider: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    adapter, before = each_provider.adapter, len(each_provider.stub.asked)
    if each_provider.kind == "e-invoice-be":  # it is asked while a message is prepared
        with pytest.raises(TransportError) as caught:
            adapter.prepare(submission())
        assert (caught.value.code, caught.value.temporary) == ("SECRET", True)
    else:
        result = adapter.submit(submission(), adapter.prepare(submission()), attempt=1)
        assert (result.outcome, result.code) == (Outcome.RETRY, "SECRET")
        assert VARIABLE in result.detail
    assert len(each_provider.stub.asked) == before


def test_what_arrives_is_brought_until_it_is_acknowledged(each_provider: Account) -> None:
    adapter, stub = each_provider.adapter, each_provider.stub
    if not adapter.capabilities.receives:
        assert list(adapter.receive()) == []
        return
    contents = [INVOICE.replace(b"RE-1", f"IN-{number}".encode()) for number in range(3)]
    for content in contents:
        stub.arrives(content)
    known: set[str] = set()

    class Memory:
        def known(self, wire_id: str) -> bool:
            return wire_id in known

        def latest(self) -> str | None:
            return None

    first = next(iter(adapter.receive(Memory())))
    assert isinstance(first, Inbound)
    assert first.payload == contents[0]  # it was not acknowledged: it comes again
    brought = []
    for each in adapter.receive(Memory()):
        assert isinstance(each, Inbound)
        brought.append(each.payload)
        known.add(each.wire_id)
        adapter.acknowledge(each)
        adapter.acknowledge(each)  # a courier that died in between says it twice
    assert brought == contents
    assert list(adapter.receive(Memory())) == []


def _gone(account: Account, which: str) -> None:
    """Something is wrong with one document at the stub."""
    stub = account.stub
    if account.kind == "peppyrus":
        stub.messages[which]["fileContent"] = "*"
    elif account.kind == "recommand":
        stub.documents[which]["xml"] = None
    else:
        path = {"e-invoice-be": "/files/", "afnor": f"/v1/flows/{which}$"}[account.kind]
        stub.fault(path, Reply(404, b'"gone"'))


@pytest.mark.parametrize("provider", ["peppyrus", "recommand", "e-invoice-be", "afnor"], indirect=True)
def test_a_document_that_cannot_be_brought_stops_none_behind_it(provider: Account) -> None:
    """The oldest comes first: it would stop all others at every look. It is told, and left where it is."""
    bad, *good = (provider.stub.arrives(INVOICE.replace(b"RE-1", f"IN-{each}".encode())) for each in range(3))
    _gone(provider, bad)
    first, *others = provider.adapter.receive()
    assert isinstance(first, Notice)
    assert (first.wire_id, first.result) == (bad, None)
    assert first.about["left"]
    assert [each.wire_id for each in others if isinstance(each, Inbound)] == good
    for each in (first, *others):
        provider.adapter.acknowledge(each)
    if provider.kind in {"peppyrus", "recommand"}:
        assert [each.wire_id for each in provider.adapter.receive()] == [bad]


@pytest.mark.parametrize("provider", ["peppyrus", "recommand", "e-invoice-be", "afnor"], indirect=True)
def test_a_provider_that_does_not_answer_now_is_asked_for_the_same_document_again(provider: Account) -> None:
    which = provider.stub.arrives(INVOICE)
    path = {"peppyrus": f"/message/{which}$", "e-invoice-be": "/files/", "afnor": f"/v1/flows/{which}$"}
    provider.stub.fault(path.get(provider.kind, f"/documents/{which}$"), Reply(503))
    with pytest.raises(TransportError, match="503"):
        list(provider.adapter.receive())
    assert [each.wire_id for each in provider.adapter.receive()] == [which]


@pytest.mark.parametrize("provider", ["peppyrus"], indirect=True)
def test_what_was_listed_is_brought_before_it_is_said_that_there_is_more(
    provider: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("einvoice.transport.provider.peppyrus._PAGES", 1)
    for number in range(101):
        provider.stub.arrives(INVOICE.replace(b"RE-1", f"IN-{number}".encode()))
    listed = iter(provider.adapter.receive())
    for _ in range(100):
        provider.adapter.acknowledge(next(listed))
    with pytest.raises(TransportError, match="more than 100") as caught:
        next(listed)
    assert caught.value.code == "TOO_MANY"
    assert len(list(provider.adapter.receive())) == 1


@pytest.mark.parametrize("provider", ["e-invoice-be"], indirect=True)
def test_more_than_is_listed_at_once_comes_in_several_rounds_without_a_gap(
    provider: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("einvoice.transport.provider.e_invoice_be._PAGES", 2)
    monkeypatch.setattr("einvoice.transport.provider.e_invoice_be._PAGE", 2)
    arrived = [provider.stub.arrives(INVOICE.replace(b"RE-1", f"IN-{number}".encode())) for number in range(10)]
    kept: list[str] = []

    class Kept:
        def known(self, wire_id: str) -> bool:
            return wire_id in kept

        def latest(self) -> str | None:
            return None

    for _ in range(2):
        with pytest.raises(TransportError, match="more than 4 new") as caught:
            kept.extend(each.wire_id for each in provider.adapter.receive(Kept()))
        assert caught.value.code == "TOO_MANY"
    kept.extend(each.wire_id for each in provider.adapter.receive(Kept()))
    assert kept == arrived


def test_a_receiver_is_looked_up_where_the_provider_can(each_provider: Account) -> None:
    found = each_provider.adapter.receives("0208:0999")
    if each_provider.kind in {"peppyrus", "recommand"}:
        assert found == frozenset(REGISTERED)
    elif each_provider.kind == "e-invoice-be":
        assert found == {REGISTERED[0]}  # it takes UBL only
    else:
        assert found is None
        return
    with pytest.raises(ParticipantError):
        each_provider.adapter.receives("0208:unknown")
