# SPDX-License-Identifier: Apache-2.0
"""Storecove: a document is submitted under a key that makes a repetition harmless, and rewritten by the provider.

The identifier of the message is the ``idempotencyGuid``: of several submissions under it the first is processed. The
others get the status 422, which an invoice that is refused gets too; so after an attempt that may have been taken a 422
proves nothing. A delivery shows in the evidence of the submission, a failure only in the queue of webhooks, which is
drained with what came in. The queue is one for the whole account: nobody else may read it.

Source: Storecove API v2 (Swagger 2.0, and the generated description of 2.0.1); https://www.storecove.com/docs of 2026;
OpenPeppol, code list of participant identifier schemes 9.7 (whose names of schemes Storecove uses).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.errors import TransportError
from einvoice.transport.base import Capabilities, Inbound, Notice, Outcome, Prepared, Result, Submission
from einvoice.transport.peppol.identifiers import scheme_names
from einvoice.transport.provider.contract import NOTHING, Memory, Needs
from einvoice.transport.provider.rest import NOBODY, Rest, part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from einvoice.transport.http import Answer

URL: Final = "https://api.storecove.com/api/v2"

_EMPTY: Final = 204
_NOT_FOUND: Final = 404
_UNPROCESSABLE: Final = 422
_MOST: Final = 10_000
_ENDS: Final = {"succeeded": Outcome.ACCEPTED, "failed": Outcome.REJECTED, "no_action_taken": Outcome.REJECTED}


class _Guid(msgspec.Struct, frozen=True):
    guid: str


class _Instance(msgspec.Struct, frozen=True):
    guid: str
    body: str = ""


class _Event(msgspec.Struct, frozen=True, rename={"idempotency_guid": "idempotencyGuid"}):
    event_type: str = ""
    event: str = ""
    details: str | None = None
    guid: str | None = None
    idempotency_guid: str | None = None
    document_guid: str | None = None


class _Received(msgspec.Struct, frozen=True):
    original: str


@dataclass(frozen=True)
class Storecove:
    """A legal entity at Storecove.

    Attributes:
        rest: the account.
        legal_entity: the identifier of the legal entity that sends.
        schemes: Storecove's name of a scheme by its four digits, where it is not that of Peppol's code list.
    """

    rest: Rest
    legal_entity: int
    schemes: Mapping[str, str] = field(default_factory=dict)

    @property
    def capabilities(self) -> Capabilities:
        """The same key twice is one submission."""
        return Capabilities(idempotent=True, polls=True, receives=True, proves=True)

    @property
    def needs(self) -> Needs:
        """The sender is the legal entity."""
        return Needs()

    def receives(self, receiver: str) -> Collection[str] | None:
        """It looks up by itself, and rewrites the document to what the receiver takes."""
        del receiver
        return None

    def prepare(self, submission: Submission) -> Prepared:
        """The body of the submission."""
        if submission.media_type != "application/xml":
            raise TransportError("Storecove is given XML only; einvoice convert makes it", code="MEDIA_TYPE")
        digits, _, value = str(submission.request["receiver"]).partition(":")
        scheme = self.schemes.get(digits) or scheme_names().get(digits)
        if scheme is None:
            raise TransportError(
                f'{digits} is a scheme that Storecove has no known name for: say it as schemes = {{"{digits}" = "..."}}'
                " in the section of the provider",
                code="SCHEME",
            )
        cii = "CrossIndustryInvoice" in str(submission.request["document_type"])
        raw = {"document": base64.b64encode(submission.payload).decode(), "parseStrategy": "cii" if cii else "ubl"}
        body = {
            "legalEntityId": self.legal_entity,
            "idempotencyGuid": submission.key,
            "routing": {"eIdentifiers": [{"scheme": scheme, "id": value}]},
            "document": {"documentType": "invoice", "rawDocumentData": raw},
        }
        return Prepared(wire=msgspec.json.encode(body), media_type="application/json")

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Submit the document under its key."""
        del submission, attempt
        found = self.rest.submitted(
            lambda: self.rest.call("POST", "/document_submissions", body=prepared.wire),
            self._taken,
            NOBODY | {_UNPROCESSABLE: Outcome.IN_DOUBT if prepared.unsure else Outcome.REJECTED},
        )
        if found.outcome is Outcome.IN_DOUBT and found.code == f"HTTP_{_UNPROCESSABLE}":
            why = (
                "; Storecove says the same of a document that it took before: einvoice receive reads what became of it"
            )
            return msgspec.structs.replace(found, detail=found.detail + why)
        return found

    def _taken(self, answer: Answer) -> Result:
        guid = self.rest.read(answer, _Guid).guid
        return Result(outcome=Outcome.ACCEPTED, code="TAKEN", detail=f"submission {guid}", remote_id=guid)

    def find(self, submission: Submission) -> Result | None:
        """A submission cannot be searched, and under its key it can be repeated."""
        del submission
        return None

    def poll(self, remote_id: str) -> Result:
        """The evidence of the sending; before there is one the answer is 404."""
        answer = self.rest.call("GET", f"/document_submissions/{part(remote_id)}/evidence/sending")
        if answer.status == _NOT_FOUND:
            return Result(outcome=Outcome.ACCEPTED, code="UNDER_WAY", detail=f"submission {remote_id}")
        found: Any = self.rest.read(self.rest.good(answer), dict[str, Any])
        if not isinstance(found.get("evidence"), dict):
            raise TransportError("the evidence of Storecove holds none", temporary=True, code="GARBAGE")
        return Result(
            outcome=Outcome.DELIVERED,
            code="SENT",
            detail=f"submission {remote_id}",
            evidence=answer.body,
            evidence_type="application/json",
        )

    def receive(self, memory: Memory = NOTHING) -> Iterator[Inbound | Notice]:
        """The queue of webhooks: documents, and what became of submissions; acknowledging one brings the next."""
        del memory
        last = None
        for _ in range(_MOST):
            answer = self.rest.call("GET", "/webhook_instances/")
            if answer.status == _EMPTY:
                return
            found = self.rest.read(self.rest.good(answer), _Instance)
            if found.guid == last:
                return  # it was not acknowledged: what stands behind it cannot be reached now
            last = found.guid
            yield self._event(found)

    def _event(self, instance: _Instance) -> Inbound | Notice:
        try:
            event = msgspec.json.decode(instance.body, type=_Event)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            event = _Event()
        if event.document_guid:
            return self._document(instance.guid, event)
        details = self.rest.hide(event.details or "")[:1000]
        about = {"event": event.event, "event_type": event.event_type, "details": details}
        outcome = _ENDS.get(event.event)
        if event.event_type != "document_submission" or outcome is None:
            return Notice(wire_id=instance.guid, about=about)
        result = Result(
            outcome=outcome,
            code=event.event.upper()[:60],
            detail=details or event.event,
            remote_id=event.guid,
        )
        return Notice(wire_id=instance.guid, key=event.idempotency_guid, result=result, about=about)

    def _document(self, instance: str, event: _Event) -> Inbound:
        guid = str(event.document_guid)
        found = self.rest.ask("GET", f"/received_documents/{part(guid)}/original", _Received)
        return Inbound(
            sender="storecove",
            wire_id=guid,
            payload=_original(found.original, guid),
            media_type="application/xml",
            about={"instance": instance, "event": event.event},
        )

    def acknowledge(self, inbound: Inbound | Notice) -> None:
        """Take the event out of the queue; 404 says that it is out already."""
        guid = str(inbound.about.get("instance") or inbound.wire_id)
        answer = self.rest.call("DELETE", f"/webhook_instances/{part(guid)}")
        if answer.status != _NOT_FOUND:
            self.rest.good(answer)


def _original(text: str, guid: str) -> bytes:
    """A document as it came; the description does not say how it is written: as XML, or in base64."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return text.encode()
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise TransportError(
            f"document {guid} of Storecove is neither XML nor base64", temporary=True, code="GARBAGE"
        ) from None
