# SPDX-License-Identifier: Apache-2.0
"""From the identifier of a receiver to the address and the certificate that a message goes to.

In this order, and nothing is believed before it is checked: the identifiers, the DNS, the publisher's answer and its
signature, the signer's authority, that the answer speaks of what was asked, process, transport and activation, and the
certificate of the access point.

Source: OpenPeppol, SML 1.3.0, SMP 1.4.0, Policy for use of identifiers 4.4.0 (policies 7, 16, 21: wildcards of PINT).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.errors import ParticipantError, SecurityError, TransportError
from einvoice.transport import http
from einvoice.transport.peppol import sml, smp
from einvoice.transport.peppol.identifiers import WILDCARD_SCHEME, DocumentType, ParticipantId, Process, wildcards
from einvoice.transport.trust import Authorities, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from dns.resolver import Resolver

_MOST: Final = 2000
"""Answers that are kept; the oldest go first."""
_NOT_FOUND: Final = 404
_OK: Final = 200


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Where a document goes, with the answer that says so."""

    participant: ParticipantId
    document_type: DocumentType
    endpoint: smp.Endpoint
    evidence: bytes
    """The signed answer of the publisher, as it came."""


@dataclass(kw_only=True)
class Directory:
    """The registered participants of one network, asked over DNS and HTTP.

    Answers are kept for ``keep`` seconds; :meth:`forget` asks anew, which is due when an access point does not accept
    its certificate any more.
    """

    zone: str
    resolver: Resolver
    authorities: Authorities
    policy: http.Policy = field(default_factory=http.Policy)
    keep: float = 300.0
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    _known: dict[tuple[str, str, str], tuple[float, Receiver]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def receives(self, participant: ParticipantId) -> tuple[DocumentType, ...]:
        """The document types that a participant is registered for, as its publisher lists them; not signed.

        Raises:
            ParticipantError: the participant is not registered (permanent).
            TransportError: DNS or publisher did not answer (temporary).
        """
        base = sml.publisher(participant, zone=self.zone, resolver=self.resolver)
        return smp.read_group(self._get(base + smp.group_path(participant), participant), participant)

    def find(self, participant: ParticipantId, document_type: DocumentType, process: Process) -> Receiver:
        """Find where a participant receives a document type within a process.

        Args:
            participant: the receiver.
            document_type: what is sent; of a wildcard registration the most specific one that covers it is taken.
            process: within which process.

        Raises:
            ParticipantError: the participant is not registered, does not receive this, or its registration cannot be
                used (permanent).
            SecurityError: an answer or a certificate is not to be believed.
            TransportError: DNS or publisher did not answer (temporary).
        """
        key = (participant.value.lower(), str(document_type), str(process))
        with self._lock:
            known = self._known.get(key)
        if known is not None and time.monotonic() - known[0] < self.keep:
            return known[1]
        found = self._find(participant, document_type, process)
        with self._lock:
            self._known.pop(key, None)  # so that it stands at the end
            self._known[key] = (time.monotonic(), found)
            while len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
        return found

    def forget(self, participant: ParticipantId) -> None:
        """Ask anew at the next question about a participant."""
        with self._lock:
            for key in [key for key in self._known if key[0] == participant.value.lower()]:
                del self._known[key]

    def _find(self, participant: ParticipantId, document_type: DocumentType, process: Process) -> Receiver:
        base = sml.publisher(participant, zone=self.zone, resolver=self.resolver)
        registered = document_type
        if document_type.scheme == WILDCARD_SCHEME:
            registered = self._covering(base, participant, document_type)
        data = self._get(base + smp.metadata_path(participant, registered), participant, document_type)
        metadata = smp.read_metadata(data)
        if metadata.redirect is not None:
            self.authorities.judge(metadata.signer, Role.METADATA, now=self.clock())
            redirect = metadata.redirect
            data = self._get(redirect.address, participant, document_type)
            metadata = smp.read_metadata(data)
            smp.check_redirect(metadata.signer, redirect)
        endpoint = self._checked(metadata, participant, registered, process)
        return Receiver(participant=participant, document_type=document_type, endpoint=endpoint, evidence=data)

    def _covering(self, base: str, participant: ParticipantId, wanted: DocumentType) -> DocumentType:
        listed = set(smp.read_group(self._get(base + smp.group_path(participant), participant), participant))
        for value in wildcards(wanted.value):
            if DocumentType(value, WILDCARD_SCHEME) in listed:
                return DocumentType(value, WILDCARD_SCHEME)
        raise _not_served(participant, wanted)

    def _get(self, url: str, participant: ParticipantId, document_type: DocumentType | None = None) -> bytes:
        answer = http.request("GET", url, policy=self.policy, headers={"Accept": "application/xml"})
        if answer.status == _NOT_FOUND:
            raise _not_served(participant, document_type)
        if answer.status != _OK:
            message = f"the service metadata publisher answered {answer.status}"
            raise TransportError(message, temporary=True, code="SMP", source=url)
        return answer.body

    def _checked(
        self, metadata: smp.Metadata, participant: ParticipantId, registered: DocumentType, process: Process
    ) -> smp.Endpoint:
        now = self.clock()
        self.authorities.judge(metadata.signer, Role.METADATA, now=now)
        if metadata.redirect is not None:
            raise ParticipantError("the metadata is redirected twice, which is not allowed", code="SMP")
        named = metadata.participant
        if named is None or not named.same(participant) or metadata.document_type != registered:
            raise SecurityError(
                f"the publisher was asked for {participant.value} and {registered.value[:80]}, and speaks of others",
                code="SMP_ANSWER",
            )
        fitting = [each for each in metadata.endpoints if each.process == process]
        if not fitting:
            raise _not_served(participant, registered, process)
        usable = [each for each in fitting if each.active(now)]
        if not usable:
            begins = any(each.active_from is not None and each.active_from > now for each in fitting)
            message = f"{participant.value} does not receive this now: its registration has ended or not begun"
            raise ParticipantError(message, temporary=begins, code="SMP")
        self.authorities.judge(usable[0].certificate, Role.ACCESS_POINT, now=now)
        return usable[0]


def _not_served(
    participant: ParticipantId, document_type: DocumentType | None = None, process: Process | None = None
) -> ParticipantError:
    what = f"documents of the type {document_type.value}" if document_type is not None else "anything"
    within = f" within {process.value}" if process is not None else ""
    return ParticipantError(
        f"{participant.value} is not registered to receive {what}{within}; its registration says what it receives",
        code="NOT_SERVED",
    )
