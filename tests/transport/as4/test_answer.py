# SPDX-License-Identifier: Apache-2.0
"""A receipt is a delivery only if the right access point signed it and it repeats what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.errors import SecurityError, TransportError
from einvoice.transport.as4 import answer, message, signals
from einvoice.transport.as4.answer import CONTENT_TYPE, Kind
from einvoice.transport.as4.signature import Reference
from tests.transport.as4.test_message import HEADER, RECEIVER, SENDER, opened, sealed
from tests.transport.pki import NOW, self_signed

if TYPE_CHECKING:
    from cryptography import x509


def refuse_all(_: x509.Certificate) -> None:
    raise SecurityError("nobody issued it", code="CERTIFICATE")


def judged(body: bytes, sent: message.Sealed, *, trust: object = refuse_all) -> answer.Answer:
    assert callable(trust)
    return answer.judge(CONTENT_TYPE, body, sent=sent, receiver=RECEIVER.certificate, trust=trust)


def receipt(sent: message.Sealed, *, signer: object = RECEIVER, refers_to: str = HEADER.message_id) -> bytes:
    references = opened(sent.content_type, sent.body).references
    return answer.acknowledge(references, refers_to=refers_to, message_id="r@receiver", signer=signer, now=NOW)  # type: ignore[arg-type]


def test_a_receipt_that_holds_is_a_delivery() -> None:
    sent = sealed()
    found = judged(receipt(sent), sent)
    assert (found.kind, found.authenticated, found.renewed) == (Kind.RECEIPT, True, False)


def test_a_receipt_of_somebody_else_is_no_delivery() -> None:
    sent = sealed()
    found = judged(receipt(sent, signer=SENDER), sent, trust=lambda _: None)
    assert found.kind is Kind.UNPROVEN
    assert "signed by PBE000001, not by PBE000002" in found.why


def test_a_renewed_certificate_counts_where_its_chain_holds() -> None:
    sent = sealed()
    renewed = receipt(sent, signer=self_signed("PBE000002", 7))
    assert judged(renewed, sent, trust=lambda _: None).renewed
    assert judged(renewed, sent).kind is Kind.UNPROVEN


def test_a_receipt_without_signature_or_digests_proves_nothing() -> None:
    sent = sealed()
    body = receipt(sent)
    start, end = body.index(b"<wsse:Security"), body.index(b"</wsse:Security>") + len(b"</wsse:Security>")
    assert judged(body[:start] + body[end:], sent).why == "it is not signed"
    wrong = [Reference(uri, "AAAA") for uri in sent.digests]
    other = answer.acknowledge(wrong, refers_to=HEADER.message_id, message_id="r@r", signer=RECEIVER, now=NOW)
    found = judged(other, sent)
    assert (found.kind, found.authenticated) == (Kind.UNPROVEN, True)
    assert "does not repeat the digest" in found.why


def test_a_receipt_that_was_changed_is_unproven() -> None:
    sent = sealed()
    found = judged(
        receipt(sent).replace(b"<S12:Body", b'<S12:Body xmlns:q="q"').replace(b"r@receiver", b"s@receiver"), sent
    )
    assert found.kind is Kind.UNPROVEN


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<html>busy</html>"),
        (CONTENT_TYPE, b""),
        (CONTENT_TYPE, b"<html>busy</html>"),
        (CONTENT_TYPE, b"<x><Header><Receipt/></Header></x>"),
    ],
)
def test_what_is_no_answer_may_be_one_later(content_type: str, body: bytes) -> None:
    sent = sealed()
    with pytest.raises(TransportError) as caught:
        answer.judge(content_type, body, sent=sent, receiver=RECEIVER.certificate, trust=refuse_all)
    assert caught.value.temporary


def test_an_answer_that_is_cut_off_may_be_whole_later() -> None:
    sent = sealed()
    with pytest.raises(TransportError) as caught:
        judged(receipt(sent)[:-200], sent)
    assert caught.value.temporary


def test_the_receipt_of_another_message_is_no_answer() -> None:
    sent = sealed()
    with pytest.raises(TransportError, match="about another message"):
        judged(receipt(sent, refers_to="other@sender.example"), sent)


def test_an_error_is_read_with_and_without_signature() -> None:
    sent = sealed()
    problem = signals.Problem(code="EBMS:0004", detail="PEPPOL:NOT_SERVICED", refers_to=HEADER.message_id)
    body = answer.refuse(problem, message_id="e@receiver", signer=RECEIVER, now=NOW)
    found = judged(body, sent)
    assert (found.kind, found.authenticated, found.problems) == (Kind.ERROR, True, (problem,))
    start, end = body.index(b"<wsse:Security"), body.index(b"</wsse:Security>") + len(b"</wsse:Security>")
    bare = judged(body[:start] + body[end:], sent)
    assert (bare.kind, bare.authenticated, bare.problems) == (Kind.ERROR, False, (problem,))
