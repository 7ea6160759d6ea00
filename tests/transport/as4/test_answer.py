# SPDX-License-Identifier: Apache-2.0
"""A receipt is a delivery only if the right access point signed it and it repeats what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.errors import SecurityError, TransportError
from einvoice.transport.as4 import answer, envelope, message, names, signals, signature
from einvoice.transport.as4.answer import CONTENT_TYPE, Kind
from einvoice.transport.as4.signature import Reference
from tests.transport.as4.test_message import HEADER, RECEIVER, SENDER, opened, sealed
from tests.transport.pki import NOW, self_signed

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography import x509
    from lxml.etree import _Element


def refuse_all(_: x509.Certificate, _moment: datetime | None) -> None:
    raise SecurityError("nobody issued it", code="CERTIFICATE")


def believe_all(_: x509.Certificate, moment: datetime | None) -> None:
    assert moment == NOW


def judged(body: bytes, sent: message.Sealed, *, trust: object = believe_all) -> answer.Answer:
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
    found = judged(receipt(sent, signer=SENDER), sent, trust=believe_all)
    assert found.kind is Kind.UNPROVEN
    assert "signed by PBE000001, not by PBE000002" in found.why


def test_a_renewed_certificate_counts_where_its_chain_holds() -> None:
    sent = sealed()
    renewed = receipt(sent, signer=self_signed("PBE000002", 7))
    assert judged(renewed, sent).renewed
    assert judged(renewed, sent, trust=refuse_all).kind is Kind.UNPROVEN


def test_a_receipt_whose_signer_was_revoked_since_the_lookup_proves_nothing() -> None:
    sent = sealed()
    found = judged(receipt(sent), sent, trust=refuse_all)
    assert (found.kind, found.why) == (Kind.UNPROVEN, "nobody issued it")


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
        answer.judge(content_type, body, sent=sent, receiver=RECEIVER.certificate, trust=believe_all)
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


WARNING = signals.Problem(code="EBMS:0006", detail="message partition is empty", severity="warning")


def signalled(*elements: _Element) -> bytes:
    """One signed answer that holds all of what these signals hold."""
    first, *others = elements
    for other in others:
        first.extend(other.findall(names.eb("Error")))
    made = envelope.new(first)
    assert made.security is not None
    signature.sign(made.security, [made.messaging, made.body], {}, RECEIVER)
    return made.to_bytes()


def error(problem: signals.Problem) -> _Element:
    return signals.error_element(problem, message_id="e@receiver", now=NOW)


def receipt_element(sent: message.Sealed) -> _Element:
    references = opened(sent.content_type, sent.body).references
    return signals.receipt_element(references, message_id="r@receiver", refers_to=HEADER.message_id, now=NOW)


def test_a_warning_beside_a_receipt_takes_nothing_from_it() -> None:
    sent = sealed()
    assert judged(signalled(receipt_element(sent), error(WARNING)), sent).kind is Kind.RECEIPT


def test_a_failure_beside_a_receipt_contradicts_it() -> None:
    sent = sealed()
    found = judged(signalled(receipt_element(sent), error(signals.Problem(code="EBMS:0004", detail="no"))), sent)
    assert (found.kind, found.why) == (Kind.UNPROVEN, "an error came with it: EBMS:0004 no")


def test_a_warning_alone_is_no_refusal_and_no_receipt() -> None:
    sent = sealed()
    warned = answer.refuse(WARNING, message_id="e@receiver", signer=RECEIVER, now=NOW)
    with pytest.raises(TransportError, match="warns and says no more") as caught:
        judged(warned, sent)
    assert caught.value.temporary


def test_a_warning_beside_a_failure_is_passed_over() -> None:
    sent = sealed()
    failure = signals.Problem(code="EBMS:0102", detail="no key", refers_to=HEADER.message_id)
    found = judged(signalled(error(WARNING), error(failure)), sent)
    assert (found.kind, [each.code for each in found.problems]) == (Kind.ERROR, ["EBMS:0102"])


@pytest.mark.parametrize(("refers_to", "authenticated"), [(None, False), (HEADER.message_id, True)])
def test_a_signed_error_that_names_no_message_proves_nothing_about_this_one(
    refers_to: str | None, *, authenticated: bool
) -> None:
    """Else an old error of the receiver's could be shown for every message."""
    problem = signals.Problem(code="EBMS:0004", detail="no", refers_to=refers_to)
    body = answer.refuse(problem, message_id="e@receiver", signer=RECEIVER, now=NOW)
    assert judged(body, sealed()).authenticated is authenticated


def test_what_a_peer_wrote_can_be_answered_whatever_it_holds() -> None:
    problem = signals.Problem(code="EBMS:0009", detail="a\x00b\x1b\udc80c", refers_to=HEADER.message_id)
    body = answer.refuse(problem, message_id="e@receiver", signer=RECEIVER, now=NOW)
    assert judged(body, sealed()).problems[0].detail == "a?b??c"
