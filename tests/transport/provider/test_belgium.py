# SPDX-License-Identifier: Apache-2.0
"""Peppyrus, Recommand and e-invoice.be: what became of a document, and how ours is told from others."""

from __future__ import annotations

import base64

import msgspec
import pytest

from einvoice.errors import TransportError
from einvoice.transport.base import Inbound, Outcome
from tests.transport.provider.accounts import INVOICE, SECRET, Account, submission
from tests.transport.provider.belgium import REGISTERED
from tests.transport.provider.stub import Reply, told

PEPPYRUS = pytest.mark.parametrize("provider", ["peppyrus"], indirect=True)
RECOMMAND = pytest.mark.parametrize("provider", ["recommand"], indirect=True)
E_INVOICE_BE = pytest.mark.parametrize("provider", ["e-invoice-be"], indirect=True)
BOTH = pytest.mark.parametrize("provider", ["peppyrus", "recommand"], indirect=True)


@pytest.mark.parametrize("provider", ["peppyrus", "recommand", "e-invoice-be"], indirect=True)
def test_a_lookup_that_names_no_document_type_decides_nothing(provider: Account) -> None:
    empty: dict[str, object] = {"services": None, "isValid": True, "supportedDocuments": [], "status": "success"}
    provider.stub.fault("/(lookup|verify)$", told(empty))
    assert provider.adapter.receives("0208:0999") is None


@PEPPYRUS
class TestPeppyrus:
    @pytest.mark.parametrize(
        ("folder", "outcome"),
        [
            ("Outbox", Outcome.ACCEPTED),
            ("Sent", Outcome.DELIVERED),
            ("Failed", Outcome.REJECTED),
            ("?", Outcome.ACCEPTED),
        ],
    )
    def test_the_folder_says_what_became_of_a_message(self, provider: Account, folder: str, outcome: Outcome) -> None:
        taken = provider.send(submission()).remote_id or ""
        provider.stub.messages[taken]["folder"] = folder
        result = provider.adapter.poll(taken)
        assert result.outcome is outcome
        assert (result.evidence is not None) is (outcome is Outcome.DELIVERED)

    def test_a_message_that_failed_is_rejected_with_the_reasons_of_its_report(self, provider: Account) -> None:
        taken = provider.send(submission()).remote_id or ""
        provider.stub.messages[taken]["folder"] = "Failed"
        rules = [
            {"id": "BR-06", "type": "FATAL", "message": "no seller"},
            {"id": "W-1", "type": "WARNING", "message": "hm"},
        ]
        provider.stub.report = {"validationRules": rules, "transmissionRules": f"receiver gone {SECRET}"}
        assert provider.adapter.poll(taken).detail == "BR-06: no seller; receiver gone ***"

    def test_a_receiver_that_is_not_registered_is_a_rejection_in_the_words_of_the_provider(
        self, provider: Account
    ) -> None:
        result = provider.send(submission(receiver="0208:unknown"))
        assert (result.outcome, result.code) == (Outcome.REJECTED, "HTTP_422")
        assert result.detail == "Peppyrus answered 422: Recipient is not registered"

    def test_a_message_that_failed_before_is_not_the_one_that_was_taken(self, provider: Account) -> None:
        taken = provider.send(submission()).remote_id
        provider.stub.messages[taken]["folder"] = "Failed"
        assert provider.adapter.find(submission()) is None

    def test_messages_of_before_and_those_that_came_in_are_not_looked_into(self, provider: Account) -> None:
        old, came = (provider.send(submission()).remote_id for _ in range(2))
        provider.stub.messages[old]["created"] = "2026-11-01T00:00:00Z"
        provider.stub.messages[came]["direction"] = "IN"
        provider.stub.asked.clear()
        assert provider.adapter.find(submission()) is None
        assert {each.path for each in provider.stub.asked} == {"/message/list"}

    def test_the_whole_list_is_searched(self, provider: Account) -> None:
        ours = provider.send(submission()).remote_id
        for number in range(120):
            provider.send(submission(INVOICE.replace(b"RE-1", f"RE-{number + 2}".encode())))
        found = provider.adapter.find(submission())
        assert found is not None
        assert found.remote_id == ours

    def test_content_that_is_none_is_no_document(self, provider: Account) -> None:
        arrived = provider.stub.arrives(b"<x/>")
        provider.stub.messages[arrived]["fileContent"] = "*"
        assert [each.about["left"] for each in provider.adapter.receive()] == [
            f"the content of message {arrived} is no base64"
        ]


@BOTH
class TestOursOrNot:
    """Providers without a key of ours."""

    def put(self, provider: Account, content: bytes) -> None:
        identifier = provider.send(submission()).remote_id or ""
        if provider.kind == "peppyrus":
            provider.stub.messages[identifier]["fileContent"] = base64.b64encode(content).decode()
        else:
            provider.stub.documents[identifier]["xml"] = content.decode()

    def test_the_same_xml_in_other_bytes_is_the_same_document(self, provider: Account) -> None:
        rewritten = INVOICE.replace(b"\r\n", b"\n").replace("ö".encode(), b"&#246;").replace(b"&#246;", b"&#xF6;")
        self.put(provider, rewritten.replace(b'<?xml version="1.0" encoding="UTF-8"?>', b""))
        found = provider.adapter.find(submission())
        assert found is not None
        assert found.outcome in {Outcome.ACCEPTED, Outcome.DELIVERED}

    def test_another_invoice_is_not_ours(self, provider: Account) -> None:
        self.put(provider, INVOICE.replace(b"RE-1", b"RE-2"))
        assert provider.adapter.find(submission()) is None

    def test_another_text_under_our_number_is_for_a_person_to_look_at(self, provider: Account) -> None:
        self.put(provider, INVOICE.replace(b"&lt; 5", b"&lt; 6"))
        found = provider.adapter.find(submission())
        assert found is not None
        assert (found.outcome, found.code) == (Outcome.HELD, "PROVIDER_DIFFERS")

    def test_a_document_to_somebody_else_is_not_ours(self, provider: Account) -> None:
        provider.send(submission(receiver="0208:0777"))
        assert provider.adapter.find(submission()) is None


@RECOMMAND
class TestRecommand:
    def test_a_delivery_comes_with_the_receipt(self, provider: Account) -> None:
        result = provider.send(submission())
        assert (result.outcome, result.evidence) == (Outcome.DELIVERED, b"<Receipt/>")

    def test_a_receipt_that_cannot_be_fetched_now_is_asked_for_later(self, provider: Account) -> None:
        provider.stub.fault("/documents/", Reply(500))
        result = provider.send(submission())
        assert result.outcome is Outcome.ACCEPTED
        assert provider.adapter.poll(result.remote_id or "").outcome is Outcome.DELIVERED

    def test_a_receiver_that_cannot_be_reached_is_a_rejection_in_the_words_of_the_provider(
        self, provider: Account
    ) -> None:
        provider.stub.undeliverable = True
        result = provider.send(submission())
        assert result.outcome is Outcome.REJECTED
        assert result.detail.endswith("Failed to send document over Peppol network. Receiver unknown")

    def test_what_did_not_go_over_peppol_is_held(self, provider: Account) -> None:
        answer = {"success": True, "id": "doc_1", "sentOverPeppol": False, "envelopeId": None}
        provider.stub.fault("/send", told(answer))
        assert provider.send(submission()).outcome is Outcome.HELD

    def test_a_document_in_another_encoding_is_refused_before_anything_is_sent(self, provider: Account) -> None:
        latin = INVOICE.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
        with pytest.raises(TransportError, match="UTF-8") as caught:
            provider.adapter.prepare(submission(latin))
        assert not caught.value.temporary

    def test_identifiers_go_without_the_scheme_in_front(self, provider: Account) -> None:
        provider.send(submission())
        (sent,) = provider.stub.posts("/send")
        assert sent.json()["processId"] == "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
        assert sent.json()["doctypeId"].startswith("urn:oasis")


@E_INVOICE_BE
class TestEInvoiceBe:
    def test_the_parties_are_named_when_the_draft_is_sent(self, provider: Account) -> None:
        provider.send(submission())
        (document,) = provider.stub.documents.values()
        assert document["query"] == {
            "sender_peppol_scheme": "0208",
            "sender_peppol_id": "0123",
            "receiver_peppol_scheme": "0208",
            "receiver_peppol_id": "0999",
        }
        assert document["xml"] == INVOICE

    def test_a_draft_is_sent_once_however_often_it_is_tried(self, provider: Account) -> None:
        prepared = provider.adapter.prepare(submission())
        results = [provider.adapter.submit(submission(), prepared, attempt=1) for _ in range(2)]
        assert [each.outcome for each in results] == [Outcome.ACCEPTED, Outcome.IN_DOUBT]  # 405: read it next time
        assert provider.adapter.submit(submission(), prepared, attempt=2).outcome is Outcome.ACCEPTED
        assert provider.taken() == 1

    @pytest.mark.parametrize(("state", "outcome"), [("SENT", Outcome.DELIVERED), ("TRANSIT", Outcome.ACCEPTED)])
    def test_the_state_says_what_became_of_it(self, provider: Account, state: str, outcome: Outcome) -> None:
        taken = provider.send(submission()).remote_id or ""
        provider.stub.documents[taken]["state"] = state
        result = provider.adapter.poll(taken)
        assert result.outcome is outcome
        assert (result.evidence is not None) is (outcome is Outcome.DELIVERED)

    def test_a_failure_is_a_rejection_with_what_the_timeline_says(self, provider: Account) -> None:
        provider.stub.after_send = "FAILED"
        result = provider.send(submission())
        assert result.outcome is Outcome.REJECTED
        assert result.detail.endswith("is FAILED: error: receiver *** is gone")

    def test_missing_information_is_a_rejection(self, provider: Account) -> None:
        result = provider.send(submission(receiver="0208:unknown"))
        assert (result.outcome, result.code) == (Outcome.REJECTED, "HTTP_400")

    def test_what_is_no_ubl_does_not_become_a_draft(self, provider: Account) -> None:
        with pytest.raises(TransportError, match="UBL only"):
            provider.adapter.prepare(submission(document_type=REGISTERED[1]))
        provider.stub.fault("/ubl", Reply(415, b'{"detail":"UBL file is not valid or empty"}'))
        with pytest.raises(TransportError, match="415: UBL file") as caught:
            provider.adapter.prepare(submission())
        assert not caught.value.temporary
        assert provider.stub.documents == {}

    def test_a_provider_that_asks_for_time_before_the_draft_gets_it(self, provider: Account) -> None:
        provider.stub.fault("/ubl", Reply(429, b"", {"Retry-After": "9"}))
        with pytest.raises(TransportError) as caught:
            provider.adapter.prepare(submission())
        assert (caught.value.temporary, caught.value.retry_after) == (True, 9.0)

    def test_a_signed_address_is_not_named_in_an_error(self, provider: Account) -> None:
        provider.stub.arrives(b"<x/>")
        provider.stub.fault("/files/", Reply(cut=True))
        with pytest.raises(TransportError) as caught:
            list(provider.adapter.receive())
        assert "signature" not in str(caught.value)

    def test_the_inbox_is_read_to_the_first_page_that_is_known(self, provider: Account) -> None:
        arrived = [provider.stub.arrives(f"<x>{number}</x>".encode()) for number in range(250)]
        known = set(arrived[:150])

        class Memory:
            def known(self, wire_id: str) -> bool:
                return wire_id in known

            def latest(self) -> str | None:
                return None

        brought = [each.wire_id for each in provider.adapter.receive(Memory()) if isinstance(each, Inbound)]
        assert brought == arrived[150:]
        assert len([each for each in provider.stub.asked if each.path == "/api/inbox/"]) == 2

    def test_a_pdf_is_not_taken(self, provider: Account) -> None:
        with pytest.raises(TransportError, match="einvoice convert"):
            provider.adapter.prepare(msgspec.structs.replace(submission(), media_type="application/pdf"))
