# SPDX-License-Identifier: Apache-2.0
"""Sending over Peppol: look up, seal, post, judge the answer.

Source: Peppol AS4 2.0.3; AS4 1.0 section 3.2 (reception awareness: the same message again, never the same document
under another identifier).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from einvoice.errors import ParticipantError, TransportError
from einvoice.transport import http
from einvoice.transport.as4 import answer, message
from einvoice.transport.as4.user_message import Participant, UserMessage
from einvoice.transport.base import Capabilities, Outcome, Prepared, Result, Submission
from einvoice.transport.connections import Connections
from einvoice.transport.identity import Identity, common_name, read_certificate, to_der
from einvoice.transport.peppol import identifiers, sbdh
from einvoice.transport.peppol.identifiers import DocumentType, ParticipantId, Process
from einvoice.transport.trust import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cryptography import x509

    from einvoice.transport.as4.signals import Problem
    from einvoice.transport.base import Inbound
    from einvoice.transport.peppol.lookup import Directory

_OK: Final = 200
_CERTIFICATE_TROUBLE: Final = {"EBMS:0101", "EBMS:0102"}
_LATER: Final = {"EBMS:0005", "EBMS:0202"}
_DUPLICATE: Final = "EBMS:4001"
_OTHER: Final = "EBMS:0004"
_REPEATED: Final = re.compile(r"\bduplicate\b", re.IGNORECASE)
_SOAP: Final = "application/soap+xml"


@dataclass(frozen=True, kw_only=True)
class As4Submitter:
    """An access point that sends.

    Attributes:
        identity: its key and certificate.
        directory: finds the receivers.
        policy: what a request may call and cost.
        domain: the right side of the identifiers it makes.
        clock: tells the time.
        connections: what is kept open to the receivers.
    """

    identity: Identity
    directory: Directory
    policy: http.Policy
    domain: str
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    connections: Connections = field(default_factory=Connections)

    @property
    def capabilities(self) -> Capabilities:
        """The same message twice is one delivery at every receiver that detects duplicates; a receipt proves it."""
        return Capabilities(idempotent=True, proves=True)

    def prepare(self, submission: Submission) -> Prepared:
        """Look the receiver up and seal the message for it.

        Args:
            submission: its ``request`` names ``sender``, ``receiver``, ``document_type``, ``process`` and ``country``;
                ``mls_to`` and ``mls_type`` where a message level status is wanted.

        Raises:
            ParticipantError: the receiver cannot be reached this way.
            SecurityError: an answer on the way is not to be believed.
            TransportError: the lookup did not come to an end (temporary), or the document does not fit its type.
        """
        request = submission.request
        envelope = self._envelope(submission)
        receiver = self.directory.find(envelope.receiver, envelope.document_type, envelope.process)
        payload = sbdh.wrap(envelope, submission.payload)
        header = UserMessage(
            message_id=f"{submission.key}@{self.domain}",
            timestamp=self.clock(),
            sender=self.identity.name,
            receiver=common_name(receiver.endpoint.certificate),
            service=Participant(envelope.process.scheme, envelope.process.value),
            action=str(envelope.document_type),
            conversation_id=str(request.get("conversation") or submission.key),
            original_sender=Participant(envelope.sender.scheme, envelope.sender.value),
            final_recipient=Participant(envelope.receiver.scheme, envelope.receiver.value),
            content_id=f"payload-{submission.key}@{self.domain}",
        )
        sealed = message.seal(header, payload, signer=self.identity, receiver=receiver.endpoint.certificate)
        about: dict[str, Any] = {
            "url": receiver.endpoint.address,
            "content_type": sealed.content_type,
            "message_id": sealed.message_id,
            "digests": sealed.digests,
            "certificate": to_der(receiver.endpoint.certificate).hex(),
            "metadata": receiver.evidence.decode("utf-8", "replace"),
        }
        return Prepared(wire=sealed.body, media_type="multipart/related", about=about)

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Post the sealed message and judge the answer.

        Args:
            submission: what is sent.
            prepared: its bytes.
            attempt: how often they were posted, this time included.
        """
        about = prepared.about
        try:
            got = http.request(
                "POST",
                about["url"],
                policy=self.policy,
                body=prepared.wire,
                headers={"Content-Type": about["content_type"]},
                connections=self.connections,
            )
        except TransportError as error:
            sure = error.code in {"CONNECT", "URL"}
            self.directory.forget(identifiers.participant(submission.request["receiver"]))
            outcome = Outcome.RETRY if sure else Outcome.IN_DOUBT
            return Result(outcome=outcome, code=error.code or "", detail=str(error), renew=sure)
        certificate = read_certificate(bytes.fromhex(about["certificate"]), source="the message")
        sent = message.Sealed(
            message_id=about["message_id"],
            content_type=about["content_type"],
            body=b"",
            digests=about["digests"],
        )
        try:
            found = answer.judge(got.content_type, got.body, sent=sent, receiver=certificate, trust=self._trust)
        except TransportError as error:
            detail = f"HTTP {got.status}: {error.message}"
            return Result(outcome=Outcome.IN_DOUBT, code=f"HTTP:{got.status}", detail=detail, evidence=got.body or None)
        return _result(found, got.body, attempt)

    def find(self, submission: Submission) -> Result | None:
        """AS4 has no question for this: the message is sent again, and the receiver tells a duplicate."""
        del submission
        return None

    def poll(self, remote_id: str) -> Result:
        """AS4 answers at once; there is nothing to ask later."""
        return Result(outcome=Outcome.DELIVERED, remote_id=remote_id)

    def receive(self) -> Iterable[Inbound]:
        """What comes in is pushed to the access point, see :mod:`einvoice.transport.as4.receiver`."""
        return ()

    def acknowledge(self, inbound: Inbound) -> None:
        """Nothing to do: the receipt was the acknowledgement."""

    def _trust(self, certificate: x509.Certificate) -> None:
        self.directory.authorities.judge(certificate, Role.ACCESS_POINT, now=self.clock())

    def _envelope(self, submission: Submission) -> sbdh.Header:
        request = submission.request
        document_type = _document_type(str(request["document_type"]))
        named = identifiers.syntax(document_type)
        if named is None:
            raise ParticipantError(
                f"{document_type.value[:120]!r} names no XML document; only XML is sent", code="DOCUMENT_TYPE"
            )
        scheme, _, process = str(request["process"]).rpartition("::")
        mls_to = request.get("mls_to")
        return sbdh.Header(
            sender=identifiers.participant(str(request["sender"])),
            receiver=identifiers.participant(str(request["receiver"])),
            instance_id=submission.key,
            created=self.clock(),
            document_type=document_type,
            process=Process(process, scheme or "cenbii-procid-ubl"),
            country=str(request["country"]),
            standard=named.namespace,
            kind=named.name,
            version=named.version,
            mls_to=ParticipantId(str(mls_to)) if mls_to else None,
            mls_type=str(request["mls_type"]) if request.get("mls_type") else None,
        )


def _document_type(text: str) -> DocumentType:
    for scheme in (identifiers.DOCUMENT_SCHEME, identifiers.WILDCARD_SCHEME):
        if text.startswith(f"{scheme}::"):
            return DocumentType(text[len(scheme) + 2 :], scheme)
    return DocumentType(text)


def _result(found: answer.Answer, body: bytes, attempt: int) -> Result:
    if found.kind is answer.Kind.RECEIPT:
        detail = "signed with a renewed certificate" if found.renewed else ""
        return Result(outcome=Outcome.DELIVERED, code="RECEIPT", detail=detail, evidence=body, evidence_type=_SOAP)
    if found.kind is answer.Kind.UNPROVEN:
        detail = f"a receipt came that proves nothing: {found.why}"
        return Result(outcome=Outcome.IN_DOUBT, code="UNPROVEN", detail=detail, evidence=body, evidence_type=_SOAP)
    problem = found.problems[0]
    detail = "; ".join(f"{each.code} {each.detail}" for each in found.problems)
    return Result(
        outcome=_error_outcome(problem, authenticated=found.authenticated, attempt=attempt),
        code=problem.code,
        detail=detail,
        evidence=body,
        evidence_type=_SOAP,
        renew=problem.code in _CERTIFICATE_TROUBLE and attempt == 1,
    )


def _error_outcome(problem: Problem, *, authenticated: bool, attempt: int) -> Outcome:
    """What an error amounts to.

    phase4 answers a message that it has already with an error (EBMS:4001 or, before 4.5, EBMS:0004 that says so): after
    an attempt of ours, and signed by the receiver, that is a delivery without receipt. An error that nobody signed
    rejects nothing at the first time; a certificate may just have changed.
    """
    code = problem.code
    if attempt > 1 and (code == _DUPLICATE or (code == _OTHER and _REPEATED.search(problem.detail))):
        return Outcome.DELIVERED if authenticated else Outcome.IN_DOUBT
    if code in _LATER:
        return Outcome.RETRY
    if attempt == 1 and (not authenticated or code in _CERTIFICATE_TROUBLE):
        return Outcome.RETRY
    return Outcome.REJECTED
