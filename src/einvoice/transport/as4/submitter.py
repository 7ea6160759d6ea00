# SPDX-License-Identifier: Apache-2.0
"""Sending over Peppol: look up, seal, post, judge the answer.

Source: Peppol AS4 2.0.3; AS4 1.0 section 3.2 (reception awareness: the same message again, never the same document
under another identifier).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from einvoice.errors import ParticipantError, SecurityError, TransportError
from einvoice.transport import http
from einvoice.transport.as4 import answer, message, weighing
from einvoice.transport.as4.user_message import Participant, UserMessage
from einvoice.transport.base import Capabilities, Outcome, Prepared, Result, Submission
from einvoice.transport.connections import Connections
from einvoice.transport.identity import Identity, common_name, read_certificate, to_der
from einvoice.transport.peppol import identifiers, sbdh
from einvoice.transport.peppol.identifiers import ParticipantId, Process
from einvoice.transport.trust import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cryptography import x509

    from einvoice.transport.base import Inbound
    from einvoice.transport.peppol.lookup import Directory

_FRESH: Final = timedelta(minutes=5)
"""How long what was judged when a message was sealed is not asked again."""
_SKEW: Final = timedelta(days=1)
"""How far the clocks of two access points may be apart before a moment is not believed."""


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
        self._check_own()
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
            conversation_id=str(submission.request.get("conversation") or submission.key),
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
            "sealed": header.timestamp.astimezone(UTC).isoformat(),
            "signed_until": self.identity.certificate.not_valid_after_utc.isoformat(),
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
        certificate = read_certificate(bytes.fromhex(about["certificate"]), source="the message")
        receiver = identifiers.participant(submission.request["receiver"])
        stale = self._stale(prepared, certificate)
        if stale is not None:
            self.directory.forget(receiver)
            return stale
        try:
            got = self._post(prepared)
        except TransportError as error:
            sure = error.code in {"CONNECT", "URL"}
            self.directory.forget(receiver)
            outcome = Outcome.RETRY if sure else Outcome.IN_DOUBT
            return Result(outcome=outcome, code=error.code or "", detail=str(error), renew=sure)
        sent = message.Sealed(
            message_id=about["message_id"], content_type=about["content_type"], body=b"", digests=about["digests"]
        )
        try:
            trust = self._witness(prepared, certificate)
            found = answer.judge(got.content_type, got.body, sent=sent, receiver=certificate, trust=trust)
            result = weighing.weigh(found, got.body, attempt, prepared.codes)
        except TransportError as error:
            result = weighing.unanswered(got, error.message)
        if result.renew:
            self.directory.forget(receiver)
        return result

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

    def _post(self, prepared: Prepared) -> http.Answer:
        return http.request(
            "POST",
            prepared.about["url"],
            policy=self.policy,
            body=prepared.wire,
            headers={"Content-Type": prepared.about["content_type"]},
            connections=self.connections,
        )

    def _trust(self, certificate: x509.Certificate, signed: datetime | None = None) -> None:
        self.directory.authorities.judge(certificate, Role.ACCESS_POINT, now=self.clock(), signed=signed)

    def _witness(
        self, prepared: Prepared, looked_up: x509.Certificate
    ) -> Callable[[x509.Certificate, datetime | None], None]:
        """Who judges the signer of an answer at the moment that the answer names.

        Whoever has a certificate that has ended can name a moment at which it had not. The one that was looked up was
        valid when the message was sealed; with another one nothing can have been signed before that.
        """
        begin = _sealed(prepared) - _SKEW

        def judge(signer: x509.Certificate, signed: datetime | None) -> None:
            if signed is not None and signed < begin and to_der(signer) != to_der(looked_up):
                raise SecurityError(
                    f"it says that it was signed on {signed:%Y-%m-%d}, before there was the message, and not with the"
                    " certificate that was looked up",
                    code="CERTIFICATE",
                )
            self._trust(signer, signed)

        return judge

    def _check_own(self) -> None:
        """Refuse to seal with a certificate that nobody will accept."""
        certificate, now = self.identity.certificate, self.clock()
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            raise TransportError(
                f"the certificate of this access point is valid from {begins:%Y-%m-%d} to {ends:%Y-%m-%d} only: put the"
                " new one where identity in [as4] says, or put the clock right",
                temporary=True,
                code="IDENTITY",
            )

    def _stale(self, prepared: Prepared, certificate: x509.Certificate) -> Result | None:
        """Why a message that was sealed a while ago does not leave as it is; it is made anew, if that may be.

        One that may have arrived cannot be made anew. It goes out under a certificate that has ended since: who has
        it already tells so, and that is what is to be found out. It stays here if the certificate was revoked.
        """
        now = self.clock()
        if abs(now - _sealed(prepared)) < _FRESH:
            return None
        try:
            self._trust(certificate)
            _check_ended(prepared, now)
        except SecurityError as error:
            revoked = error.code == "REVOKED"
            if prepared.unsure and not revoked:
                return None
            outcome = Outcome.HELD if prepared.unsure else Outcome.RETRY
            return Result(outcome=outcome, code=error.code or "", detail=str(error), renew=True)
        except TransportError as error:  # it is not known whether it was revoked
            return Result(outcome=Outcome.RETRY, code=error.code or "", detail=str(error))
        return None

    def _envelope(self, submission: Submission) -> sbdh.Header:
        request = submission.request
        document_type = identifiers.document_type(str(request["document_type"]))
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


def _sealed(prepared: Prepared) -> datetime:
    return datetime.fromisoformat(prepared.about.get("sealed", "1970-01-01T00:00:00+00:00"))


def _check_ended(prepared: Prepared, now: datetime) -> None:
    until = prepared.about.get("signed_until")
    if until is not None and datetime.fromisoformat(until) < now:
        raise SecurityError("the certificate that this message was signed with has ended", code="CERTIFICATE")
