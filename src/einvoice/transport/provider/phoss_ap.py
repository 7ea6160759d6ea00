# SPDX-License-Identifier: Apache-2.0
"""phoss-ap, an access point that one runs oneself: it sends while one waits, and goes on by itself where it failed.

The identifier of the message is the SBDH instance identifier, by which its state can be asked. phoss-ap keeps no two of
them apart, so an unclear attempt is looked up before anything is sent again. What comes in it forwards (HTTP, S3, SFTP,
files) and does not hand out on request.

Source: the source of phoss-ap 0.12 of 2026-08-20 (Apache-2.0): OutboundController, OutboundTransactionResponse,
EOutboundStatus, EMlsReceptionStatus.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import msgspec

from einvoice.errors import TransportError
from einvoice.transport.base import Capabilities, Inbound, Notice, Outcome, Prepared, Result, Submission
from einvoice.transport.provider.contract import NOTHING, Memory, Needs
from einvoice.transport.provider.rest import NOBODY, Rest, part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from einvoice.transport.http import Answer

_NOT_FOUND: Final = 404
_UNPROCESSABLE: Final = 422
_STATES: Final = {
    "pending": Outcome.ACCEPTED,
    "sending": Outcome.ACCEPTED,
    "failed": Outcome.ACCEPTED,  # it tries again by itself
    "sent": Outcome.DELIVERED,
    "rejected": Outcome.REJECTED,
    "permanently_failed": Outcome.REJECTED,
}


class _Transaction(msgspec.Struct, frozen=True, rename="camel"):
    status: str
    error_details: str | None = None
    mls_status: str | None = None
    next_retry: str | None = msgspec.field(default=None, name="nextRetryDT")


class _Report(msgspec.Struct, frozen=True, rename="camel"):
    overall_success: bool
    as4_message_id: str = ""


@dataclass(frozen=True)
class PhossAp:
    """An instance of phoss-ap.

    Attributes:
        rest: the account.
        mls_to: who gets the Message Level Status; by default the service provider of the sender.
        settle: seconds after which a message of which it knows nothing was not taken.
    """

    rest: Rest
    mls_to: str | None = None
    settle: float = 60.0

    @property
    def capabilities(self) -> Capabilities:
        """A message can be asked for by its own identifier; a delivery comes with the report of the sending."""
        return Capabilities(finds=True, polls=True, proves=True, settle=self.settle)

    @property
    def needs(self) -> Needs:
        """Everything that stands in the header of the envelope."""
        return Needs(sender=True, country=True)

    def receives(self, receiver: str) -> Collection[str] | None:
        """It looks up by itself when it sends."""
        del receiver
        return None

    def prepare(self, submission: Submission) -> Prepared:
        """The path that names the parties, and the document as it is."""
        request = submission.request
        if submission.media_type != "application/xml":
            raise TransportError("phoss-ap is given XML only; einvoice convert makes it", code="MEDIA_TYPE")
        names = (
            f"iso6523-actorid-upis::{request['sender']}",
            f"iso6523-actorid-upis::{request['receiver']}",
            str(request["document_type"]),
            str(request["process"]),
            str(request["country"]),
        )
        query = {"sbdhInstanceID": submission.key} | ({"mlsTo": self.mls_to} if self.mls_to else {})
        path = "/api/outbound/submit/" + "/".join(part(each) for each in names) + f"?{urlencode(query)}"
        return Prepared(wire=submission.payload, media_type="application/xml", about={"path": path})

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Hand the document over and wait until it was sent, or could not be."""
        del attempt
        path = str(prepared.about["path"])
        found = self.rest.submitted(
            lambda: self.rest.call("POST", path, body=prepared.wire, media_type="application/xml"),
            lambda answer: self._sent(answer, submission.key),
            NOBODY,  # also where sending is switched off
        )
        return self._followed(submission.key, found) if found.code == f"HTTP_{_UNPROCESSABLE}" else found

    def _sent(self, answer: Answer, key: str) -> Result:
        report = self.rest.read(answer, _Report)
        if not report.overall_success:
            raise TransportError("phoss-ap says 200 and that it was not sent", temporary=True, code="GARBAGE")
        return Result(
            outcome=Outcome.DELIVERED,
            code="SENT",
            detail=f"AS4 message {report.as4_message_id}",
            evidence=answer.body,
            evidence_type="application/json",
            remote_id=key,
        )

    def _followed(self, key: str, refusal: Result) -> Result:
        """What a sending that failed means: phoss-ap goes on with it, or has given it up, or never took it."""
        try:
            state = self._state(key)
        except TransportError:
            return Result(
                outcome=Outcome.IN_DOUBT, code=refusal.code, detail=refusal.detail, retry_after=refusal.retry_after
            )
        return refusal if state is None else state

    def find(self, submission: Submission) -> Result | None:
        """Ask for the message by its identifier; what was given up was not delivered."""
        found = self._state(submission.key)
        return None if found is None or found.outcome is Outcome.REJECTED else found

    def poll(self, remote_id: str) -> Result:
        """Ask for the message by its identifier."""
        found = self._state(remote_id)
        if found is None:
            raise TransportError("phoss-ap does not know the message any more", temporary=True, code="HTTP_404")
        return found

    def _state(self, key: str) -> Result | None:
        answer = self.rest.call("GET", f"/api/outbound/status/{part(key)}", query={"includeArchive": "true"})
        if answer.status == _NOT_FOUND:
            return None
        found = self.rest.read(self.rest.good(answer), _Transaction)
        outcome = _STATES.get(found.status, Outcome.ACCEPTED)
        if outcome is Outcome.DELIVERED and found.mls_status == "received_re":
            return Result(
                outcome=Outcome.REJECTED,
                code="MLS_RE",
                detail="the receiver's access point rejected it (Message Level Status)",
                evidence=answer.body,
                evidence_type="application/json",
                remote_id=key,
            )
        return Result(
            outcome=outcome,
            code=found.status.upper()[:60],
            detail=self.rest.hide(" ".join((found.error_details or found.status).split()))[:1000],
            evidence=answer.body if outcome is Outcome.DELIVERED else None,
            evidence_type="application/json",
            remote_id=key,
        )

    def receive(self, memory: Memory = NOTHING) -> Iterable[Inbound]:
        """phoss-ap forwards what came in; it does not hand it out."""
        del memory
        return ()

    def acknowledge(self, inbound: Inbound | Notice) -> None:
        """Nothing comes in here."""
