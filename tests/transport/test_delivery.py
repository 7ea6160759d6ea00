# SPDX-License-Identifier: Apache-2.0
"""From lookup to receipt over real sockets, TLS and DNS on loopback; and what goes wrong on the way."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.errors import ParticipantError, SecurityError, TransportError
from einvoice.transport import http
from einvoice.transport.as4 import answer, message, signals
from einvoice.transport.as4.receiver import Reply
from einvoice.transport.as4.signature import Reference
from einvoice.transport.base import Outcome
from einvoice.transport.testbed import publisher as smp_stub
from tests.transport.network import (
    DOCUMENT,
    INVOICE,
    Network,
    certificates,
    registration,
    start,
    submission,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from einvoice.transport.identity import Identity


@pytest.fixture
def network() -> Iterator[Network]:
    running = start()
    yield running
    running.close()


def answering(network: Network, reply: Callable[[str, bytes], Reply]) -> None:
    network.server.answer = reply


def complaining(network: Network, code: str, detail: str, *, signer: Identity | None = None) -> None:
    """Let every message be answered with an error about it."""

    def reply(kind: str, body: bytes) -> Reply:
        refers_to = message.take_apart(kind, body).message.message_id
        problem = signals.Problem(code=code, detail=detail, refers_to=refers_to)
        own = signer or certificates().receiver
        return Reply(
            200,
            answer.CONTENT_TYPE,
            answer.refuse(problem, message_id="e@b", signer=own, now=datetime.now(UTC)),
        )

    answering(network, reply)


def outcome(network: Network, *, attempt: int = 1) -> tuple[Outcome, str]:
    wanted = submission()
    found = network.submitter.submit(wanted, network.submitter.prepare(wanted), attempt=attempt)
    return found.outcome, found.code


def test_a_document_arrives_once_however_often_it_is_sent(network: Network) -> None:
    wanted = submission()
    prepared = network.submitter.prepare(wanted)
    first = network.submitter.submit(wanted, prepared, attempt=1)
    second = network.submitter.submit(wanted, prepared, attempt=2)
    assert (first.outcome, first.code, second.outcome) == (Outcome.DELIVERED, "RECEIPT", Outcome.DELIVERED)
    assert first.evidence == second.evidence
    [kept] = network.drawer.kept.values()
    assert kept.sender == "PTB000001"
    assert kept.envelope.instance_id == wanted.key
    assert DOCUMENT.partition(b"?>\n")[2] in kept.payload  # as it was written, comments included
    assert (kept.envelope.sender.value, kept.envelope.country) == ("9915:a", "DE")


def test_scopes_for_the_message_level_status_arrive(network: Network) -> None:
    wanted = submission(mls_to="0242:000001", mls_type="ALWAYS_SEND")
    network.submitter.submit(wanted, network.submitter.prepare(wanted), attempt=1)
    [kept] = network.drawer.kept.values()
    assert kept.envelope.mls_to is not None
    assert (kept.envelope.mls_to.value, kept.envelope.mls_type) == ("0242:000001", "ALWAYS_SEND")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"receiver": "9915:nobody"}, "NOT_REGISTERED"),
        ({"receiver": "9915:c"}, "NOT_SERVED"),
        ({"process": "cenbii-procid-ubl::urn:other"}, "NOT_SERVED"),
        ({"document_type": str(INVOICE).replace("Invoice", "CreditNote")}, "NOT_SERVED"),
        ({"receiver": "no identifier"}, "PARTICIPANT_ID"),
        ({"receiver": "1234:x"}, "PARTICIPANT_ID"),
        ({"document_type": "urn:something"}, "DOCUMENT_TYPE"),
    ],
)
def test_a_receiver_that_cannot_be_reached_is_a_permanent_refusal(
    network: Network, change: dict[str, str], code: str
) -> None:
    with pytest.raises(ParticipantError) as caught:
        network.submitter.prepare(submission(**change))
    assert (caught.value.code, caught.value.temporary) == (code, False)


@pytest.mark.parametrize("mode", ["servfail", "silent"])
def test_a_dns_that_does_not_answer_is_asked_again_later(network: Network, mode: str) -> None:
    network.names.mode = mode
    network.submitter.directory.resolver.lifetime = 0.3
    with pytest.raises(TransportError) as caught:
        network.submitter.prepare(submission())
    assert (caught.value.code, caught.value.temporary) == ("DNS", True)


def test_a_publisher_that_fails_is_asked_again_later(network: Network) -> None:
    network.publisher.status = 500
    with pytest.raises(TransportError) as caught:
        network.submitter.prepare(submission())
    assert (caught.value.code, caught.value.temporary) == ("SMP", True)


def test_a_publisher_that_answers_with_a_page_is_asked_again_later(network: Network) -> None:
    for path in network.publisher.answers:
        network.publisher.answers[path] = b"<html><body>We are back at noon.</body></html>"
    with pytest.raises(ParticipantError) as caught:
        network.submitter.prepare(submission())
    assert (caught.value.code, caught.value.temporary) == ("SMP", True)


def test_forged_metadata_is_not_believed(network: Network) -> None:
    certs = certificates()
    for path, body in list(network.publisher.answers.items()):
        network.publisher.answers[path] = body.replace(b"/as4", b"/elsewhere")
    with pytest.raises(SecurityError, match="changed"):
        network.submitter.prepare(submission())
    impostor = dataclasses.replace(registration(network.address, certs.receiver))
    for signer in (certs.sender, certs.server):
        for path in network.publisher.answers:
            if "/services/" in path:
                network.publisher.answers[path] = smp_stub.metadata(impostor, signer)
        with pytest.raises(SecurityError, match="no authority of this network for smp"):
            network.submitter.prepare(submission())


def test_metadata_of_somebody_else_is_not_believed(network: Network) -> None:
    certs = certificates()
    other = registration(network.address, certs.receiver, participant="9915:c")
    for path in list(network.publisher.answers):
        if "/services/" in path:
            network.publisher.answers[path] = smp_stub.metadata(other, certs.publisher)
    with pytest.raises(SecurityError, match="speaks of others"):
        network.submitter.prepare(submission())


def test_one_redirection_is_followed_to_the_publisher_that_it_names(network: Network) -> None:
    certs = certificates()
    second = certs.metadata.issue("SMP-OTHER")
    [path] = [path for path in network.publisher.answers if "/services/" in path]
    target = network.publisher.base + "/moved"
    network.publisher.answers["/moved"] = smp_stub.metadata(registration(network.address, certs.receiver), second)
    network.publisher.answers[path] = smp_stub.redirection(target, certs.publisher, second)
    assert network.submitter.prepare(submission()).about["url"] == network.address
    network.submitter.directory.keep = 0
    network.publisher.answers[path] = smp_stub.redirection(target, certs.publisher, certs.publisher)
    with pytest.raises(SecurityError, match="the redirection names"):
        network.submitter.prepare(submission())
    network.publisher.answers["/moved"] = smp_stub.redirection(target, certs.publisher, certs.publisher)
    with pytest.raises(ParticipantError, match="redirected twice"):
        network.submitter.prepare(submission())


def test_a_redirection_by_somebody_outside_of_the_network_is_not_followed(network: Network) -> None:
    certs = certificates()
    [path] = [path for path in network.publisher.answers if "/services/" in path]
    target = network.publisher.base + "/moved"
    network.publisher.answers["/moved"] = smp_stub.metadata(
        registration(network.address, certs.receiver), certs.publisher
    )
    network.publisher.answers[path] = smp_stub.redirection(target, certs.server, certs.publisher)
    with pytest.raises(SecurityError, match="no authority of this network for smp"):
        network.submitter.prepare(submission())


@pytest.mark.parametrize("fault", ["expired", "future", "self-made", "publisher"])
def test_an_access_point_with_a_bad_certificate_gets_nothing(network: Network, fault: str) -> None:
    certs, now = certificates(), datetime.now(UTC)
    days = timedelta(days=1)
    made = {
        "expired": lambda: certs.access_points.issue("PTB000002", begins=now - 9 * days, ends=now - days),
        "future": lambda: certs.access_points.issue("PTB000002", begins=now + days),
        "self-made": lambda: certs.root.issue("PTB000002"),
        "publisher": lambda: certs.publisher,
    }[fault]()
    network.publisher.register(registration(network.address, made))
    with pytest.raises(SecurityError) as caught:
        network.submitter.prepare(submission())
    assert caught.value.code == "CERTIFICATE"


def test_a_peer_that_is_not_there_surely_got_nothing(network: Network) -> None:
    wanted = submission()
    prepared = network.submitter.prepare(wanted)
    network.server.shutdown()
    network.server.server_close()
    found = network.submitter.submit(wanted, prepared, attempt=1)
    assert (found.outcome, found.code, found.renew) == (Outcome.RETRY, "CONNECT", True)


def test_a_server_that_nobody_vouches_for_surely_got_nothing(network: Network) -> None:
    wanted = submission()
    prepared = network.submitter.prepare(wanted)
    strict = dataclasses.replace(network.submitter, policy=http.Policy(private=True))
    found = strict.submit(wanted, prepared, attempt=1)
    assert (found.outcome, found.code) == (Outcome.RETRY, "CONNECT")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, "text/html", b"<html>busy</html>"),
        Reply(503, "text/plain", b""),
        Reply(200, answer.CONTENT_TYPE, b"<broken"),
    ],
)
def test_an_answer_that_is_none_leaves_a_doubt(network: Network, reply: Reply) -> None:
    answering(network, lambda _kind, _body: reply)
    assert outcome(network)[0] is Outcome.IN_DOUBT


def test_a_receipt_of_an_impostor_is_no_delivery(network: Network) -> None:
    impostor = dataclasses.replace(network.access_point, identity=certificates().access_points.issue("PTB000009"))

    def forged(kind: str, body: bytes) -> Reply:
        real = network.access_point.receive(kind, body)
        refers = network.drawer.kept.popitem()[1]
        references = [Reference(uri, digest) for uri, digest in refers.digests.items()]
        receipt = answer.acknowledge(
            references,
            refers_to=refers.message_id,
            message_id="x@y",
            signer=impostor.identity,
            now=datetime.now(UTC),
        )
        return Reply(real.status, real.content_type, receipt)

    answering(network, forged)
    assert outcome(network) == (Outcome.IN_DOUBT, "UNPROVEN")


def witnessing(network: Network, signer: Identity, moment: datetime) -> None:
    """Let every message be taken, with a receipt that somebody signed and that names a moment."""

    def reply(kind: str, body: bytes) -> Reply:
        real = network.access_point.receive(kind, body)
        kept = network.drawer.kept.popitem()[1]
        references = [Reference(uri, digest) for uri, digest in kept.digests.items()]
        signed = answer.acknowledge(references, refers_to=kept.message_id, message_id="x@y", signer=signer, now=moment)
        return Reply(real.status, real.content_type, signed)

    answering(network, reply)


@pytest.mark.parametrize("ago", [timedelta(), timedelta(hours=23)])
def test_a_receipt_under_a_renewed_certificate_is_a_delivery(network: Network, ago: timedelta) -> None:
    witnessing(network, certificates().access_points.issue("PTB000002"), datetime.now(UTC) - ago)
    assert outcome(network) == (Outcome.DELIVERED, "RECEIPT")


def test_a_receipt_under_a_certificate_that_ended_proves_nothing_whatever_day_it_names(network: Network) -> None:
    now, days = datetime.now(UTC), timedelta(days=1)
    ended = certificates().access_points.issue("PTB000002", begins=now - 9 * days, ends=now - 2 * days)
    witnessing(network, ended, now - 3 * days)
    wanted = submission()
    found = network.submitter.submit(wanted, network.submitter.prepare(wanted), attempt=1)
    assert (found.outcome, found.code) == (Outcome.IN_DOUBT, "UNPROVEN")
    assert "before there was the message" in found.detail


@pytest.mark.parametrize(
    ("code", "attempt", "expected"),
    [
        ("EBMS:4001", 1, Outcome.REJECTED),
        ("EBMS:4001", 2, Outcome.DELIVERED),
        ("EBMS:0004", 1, Outcome.REJECTED),
        ("EBMS:0202", 3, Outcome.RETRY),
        ("EBMS:0101", 1, Outcome.RETRY),
        ("EBMS:0101", 2, Outcome.REJECTED),
        ("EBMS:0007", 1, Outcome.RETRY),
        ("EBMS:0007", 2, Outcome.REJECTED),
        ("EBMS:0303", 1, Outcome.RETRY),
    ],
)
def test_an_error_is_weighed_by_its_code_and_by_what_was_tried(
    network: Network, code: str, attempt: int, expected: Outcome
) -> None:
    complaining(network, code, "as told")
    assert outcome(network, attempt=attempt) == (expected, code)


def test_phase4_says_of_a_message_that_it_has_already_that_it_is_a_duplicate(network: Network) -> None:
    said = "message 'x' was already handled (this is a duplicate)"
    complaining(network, "EBMS:0004", said)
    assert outcome(network)[0] is Outcome.REJECTED
    assert outcome(network, attempt=2)[0] is Outcome.DELIVERED
    complaining(network, "EBMS:0004", said, signer=certificates().server)
    assert outcome(network, attempt=2)[0] is Outcome.IN_DOUBT


def test_an_error_that_nobody_signed_rejects_nothing_at_first(network: Network) -> None:
    complaining(network, "EBMS:0004", "refused", signer=certificates().access_points.issue("PTB000009"))
    assert outcome(network)[0] is Outcome.RETRY
    assert outcome(network, attempt=2)[0] is Outcome.REJECTED


@pytest.mark.parametrize(
    ("code", "detail", "before", "expected", "renew"),
    [
        ("EBMS:0102", "no key", ("EBMS:0202",), Outcome.RETRY, True),
        ("EBMS:0004", "PEPPOL:NOT_SERVICED", ("HTTP:404", "CONNECT"), Outcome.RETRY, True),
        ("EBMS:0101", "expired", ("EBMS:0303",), Outcome.RETRY, True),
        ("EBMS:0102", "no key", ("EBMS:0101", "EBMS:0202"), Outcome.REJECTED, False),
        ("EBMS:0303", "cut off", ("EBMS:0005",), Outcome.RETRY, False),
        ("EBMS:0303", "cut off", ("EBMS:0007",), Outcome.REJECTED, False),
        ("EBMS:0010", "wrong mode", ("EBMS:0202",), Outcome.REJECTED, False),
    ],
)
def test_what_only_took_time_before_uses_up_no_second_chance(
    network: Network, code: str, detail: str, before: tuple[str, ...], expected: Outcome, *, renew: bool
) -> None:
    complaining(network, code, detail)
    prepared = msgspec.structs.replace(network.submitter.prepare(submission()), codes=before)
    found = network.submitter.submit(submission(), prepared, attempt=len(before) + 1)
    assert (found.outcome, found.renew) == (expected, renew)


@pytest.mark.parametrize(
    ("before", "expected"), [(("EBMS:0202",), Outcome.RETRY), (("EBMS:0202", "EBMS:0004"), Outcome.REJECTED)]
)
def test_an_error_that_nobody_signed_rejects_nothing_after_a_receiver_that_was_busy(
    network: Network, before: tuple[str, ...], expected: Outcome
) -> None:
    complaining(network, "EBMS:0010", "refused", signer=certificates().access_points.issue("PTB000009"))
    prepared = msgspec.structs.replace(network.submitter.prepare(submission()), codes=before)
    assert network.submitter.submit(submission(), prepared, attempt=len(before) + 1).outcome is expected


def test_who_is_not_served_here_is_told_so(network: Network) -> None:
    closed = dataclasses.replace(network.access_point, services=lambda _header: False)
    answering(network, closed.receive)
    wanted = submission()
    prepared = network.submitter.prepare(wanted)
    first = network.submitter.submit(wanted, prepared, attempt=1)
    assert (first.outcome, first.code, first.renew) == (Outcome.RETRY, "EBMS:0004", True)  # looked up once more
    found = network.submitter.submit(wanted, prepared, attempt=2)
    assert (found.outcome, found.code) == (Outcome.REJECTED, "EBMS:0004")
    assert "PEPPOL:NOT_SERVICED" in found.detail


@pytest.mark.parametrize(
    ("code", "detail"), [("EBMS:0101", "expired"), ("EBMS:0102", "no key"), ("EBMS:0004", "PEPPOL:NOT_SERVICED")]
)
def test_what_may_have_changed_is_looked_up_anew_and_not_remembered(network: Network, code: str, detail: str) -> None:
    wanted = submission()
    prepared = network.submitter.prepare(wanted)
    moved = registration(network.address.replace("/as4", "/moved"), certificates().receiver)
    network.publisher.register(moved)
    complaining(network, code, detail)
    assert network.submitter.submit(wanted, prepared, attempt=1).renew
    assert network.submitter.prepare(wanted).about["url"] == moved.address


@pytest.mark.parametrize(
    ("status", "expected"),
    [(503, Outcome.IN_DOUBT), (502, Outcome.IN_DOUBT), (404, Outcome.RETRY), (413, Outcome.RETRY)],
)
def test_a_status_of_http_is_weighed_by_who_may_have_said_it(network: Network, status: int, expected: Outcome) -> None:
    answering(network, lambda _kind, _body: Reply(status, "text/plain", b"no"))
    wanted = submission()
    found = network.submitter.submit(wanted, network.submitter.prepare(wanted), attempt=1)
    assert (found.outcome, found.code) == (expected, f"HTTP:{status}")


def test_an_access_point_that_has_no_room_is_asked_again_when_it_says(network: Network) -> None:
    network.server.disk.total = -1
    wanted = submission()
    found = network.submitter.submit(wanted, network.submitter.prepare(wanted), attempt=1)
    assert (found.outcome, found.code, found.retry_after) == (Outcome.IN_DOUBT, "HTTP:503", 60.0)
