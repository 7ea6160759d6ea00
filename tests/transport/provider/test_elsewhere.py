# SPDX-License-Identifier: Apache-2.0
"""phoss-ap, Storecove and the French flow service: what became of a document, and what comes in."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest

from einvoice.errors import TransportError
from einvoice.transport.base import Inbound, Notice, Outcome
from tests.transport.provider.accounts import INVOICE, KEY, Account, submission
from tests.transport.provider.belgium import REGISTERED
from tests.transport.provider.stub import Reply, told

PHOSS = pytest.mark.parametrize("provider", ["phoss-ap"], indirect=True)
STORECOVE = pytest.mark.parametrize("provider", ["storecove"], indirect=True)
AFNOR = pytest.mark.parametrize("provider", ["afnor"], indirect=True)

CII = b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>'


@PHOSS
class TestPhossAp:
    def test_a_delivery_comes_with_the_report_of_the_sending(self, provider: Account) -> None:
        result = provider.send(submission())
        assert (result.outcome, result.remote_id) == (Outcome.DELIVERED, KEY)
        assert b"overallSuccess" in (result.evidence or b"")

    def test_the_parties_stand_in_the_path(self, provider: Account) -> None:
        provider.send(submission())
        (taken,) = provider.stub.transactions
        assert (taken["senderID"], taken["receiverID"]) == (
            "iso6523-actorid-upis::0208:0123",
            "iso6523-actorid-upis::0208:0999",
        )
        assert taken["processID"].startswith("cenbii-procid-ubl::")
        assert taken["c1"] == "BE"

    @pytest.mark.parametrize(
        ("fails", "outcome"),
        [
            ("failed", Outcome.ACCEPTED),
            ("permanently_failed", Outcome.REJECTED),
            ("rejected", Outcome.REJECTED),
            ("refused", Outcome.REJECTED),
        ],
    )
    def test_a_sending_that_failed_means_what_its_state_says(
        self, provider: Account, fails: str, outcome: Outcome
    ) -> None:
        provider.stub.fails = fails
        result = provider.send(submission())
        assert result.outcome is outcome
        assert "***" in result.detail or fails == "refused"

    def test_a_state_that_cannot_be_asked_leaves_a_doubt(self, provider: Account) -> None:
        provider.stub.fails = "failed"
        provider.stub.fault("/status/", Reply(500))
        assert provider.send(submission()).outcome is Outcome.IN_DOUBT

    def test_sending_that_is_switched_off_is_waited_for(self, provider: Account) -> None:
        provider.stub.fault("/submit/", Reply(404))
        assert provider.send(submission()).outcome is Outcome.RETRY

    def test_a_message_level_status_can_reject_what_was_sent(self, provider: Account) -> None:
        provider.send(submission())
        provider.stub.transactions[0]["mlsStatus"] = "received_re"
        assert provider.adapter.poll(KEY).outcome is Outcome.REJECTED

    def test_what_it_has_given_up_may_be_sent_again(self, provider: Account) -> None:
        provider.stub.fails = "permanently_failed"
        provider.send(submission())
        assert provider.adapter.find(submission()) is None

    def test_a_message_that_it_does_not_know_any_more_is_no_answer(self, provider: Account) -> None:
        with pytest.raises(TransportError, match="does not know"):
            provider.adapter.poll(KEY)


@STORECOVE
class TestStorecove:
    def test_the_key_of_the_message_is_the_key_of_the_submission(self, provider: Account) -> None:
        provider.send(submission())
        (kept,) = provider.stub.submissions.values()
        assert kept["idempotencyGuid"] == KEY
        assert kept["legalEntityId"] == 7
        assert kept["routing"] == {"eIdentifiers": [{"scheme": "BE:EN", "id": "0999"}]}
        raw = kept["document"]["rawDocumentData"]
        assert (base64.b64decode(raw["document"]), raw["parseStrategy"]) == (INVOICE, "ubl")

    def test_the_syntax_is_named(self, provider: Account) -> None:
        provider.send(submission(CII, document_type=REGISTERED[1]))
        (kept,) = provider.stub.submissions.values()
        assert kept["document"]["rawDocumentData"]["parseStrategy"] == "cii"

    def test_a_scheme_without_a_name_is_refused_with_the_way_out(self, provider: Account) -> None:
        with pytest.raises(TransportError, match="section of the provider"):
            provider.adapter.prepare(submission(receiver="0000:1"))

    @pytest.mark.parametrize("attempt", [1, 2])
    def test_a_refusal_is_a_doubt_where_an_earlier_attempt_may_have_been_taken(
        self, provider: Account, attempt: int
    ) -> None:
        refused = submission(receiver="0208:unknown")
        sure, unsure = (provider.send(refused, attempt, unsure=each) for each in (False, True))
        assert (sure.outcome, unsure.outcome) == (Outcome.REJECTED, Outcome.IN_DOUBT)
        assert "routing" in sure.detail
        assert "einvoice receive" in unsure.detail

    def test_the_same_key_twice_is_one_submission(self, provider: Account) -> None:
        provider.send(submission())
        assert provider.send(submission(), attempt=2, unsure=True).outcome is Outcome.IN_DOUBT
        assert provider.taken() == 1

    def test_the_evidence_is_the_proof(self, provider: Account) -> None:
        taken = provider.send(submission()).remote_id or ""
        assert provider.adapter.poll(taken).outcome is Outcome.ACCEPTED
        provider.stub.delivered.add(taken)
        result = provider.adapter.poll(taken)
        assert result.outcome is Outcome.DELIVERED
        assert b"message_id" in (result.evidence or b"")

    @pytest.mark.parametrize("body", [b"{}", b"[]", b'{"evidence": "yes"}'])
    def test_evidence_that_is_none_is_no_proof(self, provider: Account, body: bytes) -> None:
        provider.stub.fault("/evidence/", Reply(200, body))
        with pytest.raises(TransportError):
            provider.adapter.poll("x")

    @pytest.mark.parametrize(
        ("event", "outcome"),
        [("succeeded", Outcome.ACCEPTED), ("failed", Outcome.REJECTED), ("no_action_taken", Outcome.REJECTED)],
    )
    def test_the_queue_tells_what_became_of_a_submission(self, provider: Account, event: str, outcome: Outcome) -> None:
        about = {"event_type": "document_submission", "event": event, "details": "so", "guid": "g"}
        provider.stub.event({**about, "idempotencyGuid": KEY})
        (notice,) = self.drained(provider)
        assert isinstance(notice, Notice)
        assert notice.key == KEY
        assert notice.result is not None
        assert (notice.result.outcome, notice.result.remote_id, notice.result.detail) == (outcome, "g", "so")

    def test_events_of_something_else_do_not_stop_the_queue(self, provider: Account) -> None:
        provider.stub.event({"event_type": "document_submission", "event": "acknowledged", "guid": "g"})
        provider.stub.event({"event_type": "peppol_identifier"})
        provider.stub.queue.append(("odd", None))
        arrived = provider.stub.arrives(INVOICE, encoded=False)
        found = self.drained(provider)
        assert [each.result for each in found[:-1] if isinstance(each, Notice)] == [None, None, None]
        assert isinstance(found[-1], Inbound)
        assert (found[-1].payload, found[-1].wire_id) == (INVOICE, arrived)

    def test_a_queue_that_is_not_acknowledged_does_not_turn_forever(self, provider: Account) -> None:
        provider.stub.arrives(INVOICE)
        assert len(list(provider.adapter.receive())) == 1

    def test_a_document_that_is_neither_xml_nor_base64_stays_in_the_queue(self, provider: Account) -> None:
        guid = provider.stub.arrives(INVOICE)
        provider.stub.received[guid] = "*"
        with pytest.raises(TransportError, match="neither XML nor base64"):
            list(provider.adapter.receive())
        assert provider.stub.queue

    def drained(self, provider: Account) -> list[Inbound | Notice]:
        found = []
        for each in provider.adapter.receive():
            provider.adapter.acknowledge(each)
            found.append(each)
        return found


@AFNOR
class TestAfnor:
    def test_a_flow_says_what_it_is(self, provider: Account) -> None:
        provider.send(submission())
        (flow,) = provider.stub.flows.values()
        assert (flow["trackingId"], flow["flowSyntax"], flow["name"]) == (KEY, "UBL", "RE-1.xml")
        assert provider.stub.content[flow["flowId"]] == INVOICE

    @pytest.mark.parametrize(
        ("payload", "media_type", "syntax"),
        [
            (CII, "application/xml", "CII"),
            (b"%PDF-1.7", "application/pdf", "Factur-X"),
            (b"<CDAR/>", "application/xml", "CDAR"),
        ],
    )
    def test_the_syntax_is_named(self, provider: Account, payload: bytes, media_type: str, syntax: str) -> None:
        kinds = {"CII": REGISTERED[1], "CDAR": "urn:x::CrossDomainAcknowledgementAndResponse##y::D22B"}
        kind = kinds.get(syntax, "factur-x")
        provider.send(msgspec.structs.replace(submission(payload, document_type=kind), media_type=media_type))
        (flow,) = provider.stub.flows.values()
        assert flow["flowSyntax"] == syntax
        (sent,) = provider.stub.posts("/v1/flows$")
        assert f"Content-Type: {media_type}" in sent.form()["file"][0]

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [("Pending", Outcome.ACCEPTED), ("Ok", Outcome.DELIVERED), ("Error", Outcome.REJECTED)],
    )
    def test_the_acknowledgement_says_what_became_of_a_flow(
        self, provider: Account, status: str, outcome: Outcome
    ) -> None:
        taken = provider.send(submission()).remote_id or ""
        self.acknowledged(provider, taken, status)
        result = provider.adapter.poll(taken)
        assert result.outcome is outcome
        assert (result.evidence is not None) is (outcome is Outcome.DELIVERED)

    def test_a_flow_that_does_not_pass_is_rejected_with_the_reasons(self, provider: Account) -> None:
        taken = provider.send(submission()).remote_id or ""
        self.acknowledged(provider, taken, "Error", "InvalidSchema")
        assert provider.adapter.poll(taken).detail == f"flow {taken}; Error of file: why (InvalidSchema)"
        assert provider.adapter.find(submission()) is None  # it was not taken

    def test_a_flow_that_existed_already_is_what_the_first_one_is(self, provider: Account) -> None:
        first, second = (provider.send(submission()).remote_id or "" for _ in range(2))
        self.acknowledged(provider, second, "Error", "AlreadyExistingFlow")
        self.acknowledged(provider, first, "Ok")
        result = provider.adapter.poll(second)
        assert (result.outcome, result.remote_id) == (Outcome.DELIVERED, first)

    def test_a_refusal_is_told_in_the_words_of_the_platform(self, provider: Account) -> None:
        result = provider.send(submission(b"<Invoice>REFUSED</Invoice>"))
        assert result.outcome is Outcome.REJECTED
        assert result.detail == ("the platform answered 422: errorCode: UNPROCESSABLE_ENTITY; Entity consistency error")

    def test_what_was_not_checked_yet_comes_when_it_was(self, provider: Account) -> None:
        late = provider.stub.arrives(INVOICE, status="Pending")
        prompt = provider.stub.arrives(CII)
        assert [each.wire_id for each in provider.adapter.receive()] == [prompt]
        self.acknowledged(provider, late, "Ok")
        assert [each.wire_id for each in provider.adapter.receive()] == [prompt, late]

    def test_what_came_is_read_from_a_little_before_the_last_mark(self, provider: Account) -> None:
        arrived = [provider.stub.arrives(f"<x>{number}</x>".encode()) for number in range(130)]
        known = set(arrived[:100])
        mark = provider.stub.flows[arrived[99]]["updatedAt"]

        class Memory:
            def known(self, wire_id: str) -> bool:
                return wire_id in known

            def latest(self) -> str | None:
                return str(mark)

        assert [each.wire_id for each in provider.adapter.receive(Memory())] == arrived[100:]
        bodies: list[Any] = [each.json()["where"] for each in provider.stub.posts("/search")]
        assert bodies[0]["updatedAfter"] == "2099-01-01T09:01:40+00:00"
        assert len(bodies) == 2

    def test_a_platform_that_does_not_turn_its_page_is_left(self, provider: Account) -> None:
        for number in range(100):
            provider.stub.arrives(f"<x>{number}</x>".encode())
        page = told({"results": list(provider.stub.flows.values())})
        for _ in range(5):
            provider.stub.fault("/search", page)
        assert len({each.wire_id for each in provider.adapter.receive()}) == 100
        assert len(provider.stub.posts("/search")) == 2

    def acknowledged(self, provider: Account, which: str, status: str, reason: str | None = None) -> None:
        detail = {"level": "Error", "item": "file", "reasonCode": reason, "reasonMessage": "why"}
        said = {"status": status} | ({"details": [detail]} if reason else {})
        provider.stub.flows[which] |= {"acknowledgement": said, "updatedAt": provider.stub.changed()}
