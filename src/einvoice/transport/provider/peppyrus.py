# SPDX-License-Identifier: Apache-2.0
"""Peppyrus, an access point for Belgium: messages in folders, without a key of the sender's.

A message goes from the folder Outbox to Sent or Failed. There is nothing that tells a repetition, so after an unclear
attempt our document is looked for among the messages that went out.

Source: OpenAPI 3.0.2 "Peppyrus API" 1.0.0 (stored copy of 2026-04-16) and the provider's PHP client of 2026-01-16.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.errors import ParticipantError, TransportError
from einvoice.transport.base import Capabilities, Inbound, Notice, Outcome, Prepared, Result, Submission
from einvoice.transport.provider.contract import NOTHING, Memory, Needs
from einvoice.transport.provider.dates import before
from einvoice.transport.provider.rest import Rest, part
from einvoice.transport.provider.twin import look_for
from einvoice.transport.provider.unread import brought

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from einvoice.transport.http import Answer

URL: Final = "https://api.peppyrus.be/v1"

_PAGE: Final = 100
_PAGES: Final = 50
_SKEW: Final = timedelta(hours=1)
_STATES: Final = {"outbox": Outcome.ACCEPTED, "sent": Outcome.DELIVERED, "failed": Outcome.REJECTED}


class _Message(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    sender: str = ""
    recipient: str = ""
    direction: str = ""
    folder: str = ""
    process_type: str = ""
    document_type: str = ""
    file_content: str | None = None
    created: str = ""


class _Meta(msgspec.Struct, frozen=True, rename="camel"):
    pages: int = 1


class _List(msgspec.Struct, frozen=True):
    items: list[_Message] = []
    meta: _Meta = _Meta()


class _Rule(msgspec.Struct, frozen=True):
    id: str = ""
    type: str = ""
    message: str = ""


class _Report(msgspec.Struct, frozen=True, rename="camel"):
    validation_rules: list[_Rule] | None = None
    transmission_rules: str | None = None


class _Service(msgspec.Struct, frozen=True, rename="camel"):
    document_type: str = ""


class _Participant(msgspec.Struct, frozen=True, rename="camel"):
    services: list[_Service] | None = None


@dataclass(frozen=True)
class Peppyrus:
    """An account at Peppyrus.

    Attributes:
        rest: the account.
        settle: seconds after which a message that is not listed was not taken.
    """

    rest: Rest
    settle: float = 120.0

    @property
    def capabilities(self) -> Capabilities:
        """Nothing tells a repetition; what went out can be searched, and what became of it asked."""
        return Capabilities(finds=True, polls=True, receives=True, settle=self.settle)

    @property
    def needs(self) -> Needs:
        """Both participants are named with every message."""
        return Needs(sender=True)

    def receives(self, receiver: str) -> Collection[str] | None:
        """What a participant registered."""
        try:
            found = self.rest.ask("GET", "/peppol/lookup", _Participant, query={"participantId": receiver})
        except TransportError as error:
            if error.code in {"HTTP_404", "HTTP_422"}:
                raise ParticipantError(f"{receiver}: {error.message}", code="NOT_REGISTERED") from None
            raise
        return frozenset(each.document_type for each in found.services or () if each.document_type) or None

    def prepare(self, submission: Submission) -> Prepared:
        """The body of the message."""
        request = submission.request
        if submission.media_type != "application/xml":
            raise TransportError("Peppyrus takes XML only; einvoice convert makes it", code="MEDIA_TYPE")
        body = {
            "sender": request["sender"],
            "recipient": request["receiver"],
            "processType": request["process"],
            "documentType": request["document_type"],
            "fileContent": base64.b64encode(submission.payload).decode(),
        }
        return Prepared(wire=msgspec.json.encode(body), media_type="application/json")

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Post the message."""
        del submission, attempt
        return self.rest.submitted(lambda: self.rest.call("POST", "/message", body=prepared.wire), self._taken)

    def _taken(self, answer: Answer) -> Result:
        found = self.rest.read(answer, _Message)
        return Result(outcome=Outcome.ACCEPTED, code="TAKEN", detail=_in(found), remote_id=found.id)

    def find(self, submission: Submission) -> Result | None:
        """Look for our document among the messages that went out; those that failed were not delivered."""
        return look_for(submission, self._candidates(submission), name="Peppyrus")

    def _candidates(self, submission: Submission) -> Iterator[tuple[str, bytes | None, Result]]:
        request = submission.request
        query = {"sender": str(request["sender"]), "receiver": str(request["receiver"])}
        for listed in self._list(query):
            old = submission.created is not None and before(listed.created, submission.created - _SKEW)
            state = _STATES.get(listed.folder.lower(), Outcome.ACCEPTED)
            if listed.direction.upper() == "IN" or old or state is Outcome.REJECTED:
                continue
            result = Result(outcome=Outcome.ACCEPTED, code="FOUND", detail=_in(listed), remote_id=listed.id)
            yield listed.id, _content(self._message(listed.id)), result

    def poll(self, remote_id: str) -> Result:
        """The folder that a message lies in, and the report on it."""
        found = self._message(remote_id)
        outcome = _STATES.get(found.folder.lower(), Outcome.ACCEPTED)
        if outcome is Outcome.ACCEPTED:
            return Result(outcome=outcome, code="UNDER_WAY", detail=_in(found))
        answer = self.rest.call("GET", f"/message/{part(remote_id)}/report")
        if outcome is Outcome.DELIVERED:
            evidence = answer.body if answer.status in range(200, 300) else None
            return Result(
                outcome=outcome, code="SENT", detail=_in(found), evidence=evidence, evidence_type="application/json"
            )
        return Result(outcome=outcome, code="FAILED", detail=self._reasons(answer))

    def _reasons(self, answer: Answer) -> str:
        report = self.rest.read(self.rest.good(answer), _Report)
        fatal = [f"{each.id}: {each.message}" for each in report.validation_rules or () if each.type.upper() == "FATAL"]
        told = [*fatal[:5], report.transmission_rules or ""]
        return self.rest.hide("; ".join(each for each in told if each))[:1000] or "Peppyrus gives no reason"

    def receive(self, memory: Memory = NOTHING) -> Iterator[Inbound | Notice]:
        """Messages of the inbox that were not confirmed; the list is read first, for confirming makes it shorter.

        Raises:
            TransportError: there are more than are listed (``TOO_MANY``); those that are were handed out before.
        """
        del memory
        listed, more = list[_Message](), None
        try:
            for each in self._list({"folder": "INBOX", "confirmed": "false"}):
                listed.append(each)
        except TransportError as error:
            if error.code != "TOO_MANY":
                raise
            more = error
        for each in reversed(listed):
            yield brought(each.id, partial(self._inbound, each.id))
        if more is not None:
            raise more

    def _inbound(self, identifier: str) -> Inbound:
        found = self._message(identifier)
        content = _content(found)
        if content is None:
            raise TransportError(f"Peppyrus gave message {identifier} without content", temporary=True, code="GARBAGE")
        about = {
            "sender": found.sender,
            "receiver": found.recipient,
            "document_type": found.document_type,
            "process": found.process_type,
            "created": found.created,
        }
        return Inbound(
            sender=found.sender, wire_id=found.id, payload=content, media_type="application/xml", about=about
        )

    def acknowledge(self, inbound: Inbound | Notice) -> None:
        """Confirm a message; 404 says that it is confirmed already. One that could not be read is left."""
        if isinstance(inbound, Notice):
            return
        answer = self.rest.call("PATCH", f"/message/{part(inbound.wire_id)}/confirm")
        if answer.status != 404:  # noqa: PLR2004 - already confirmed
            self.rest.good(answer)

    def _message(self, identifier: str) -> _Message:
        return self.rest.ask("GET", f"/message/{part(identifier)}", _Message)

    def _list(self, query: dict[str, str]) -> Iterator[_Message]:
        for page in range(1, _PAGES + 1):
            found = self.rest.ask("GET", "/message/list", _List, query={**query, "page": page, "perPage": _PAGE})
            yield from found.items
            if page >= found.meta.pages or not found.items:
                return
        raise TransportError(
            f"Peppyrus lists more than {_PAGE * _PAGES:,} messages; nobody looked at all of them",
            temporary=True,
            code="TOO_MANY",
        )


def _content(message: _Message) -> bytes | None:
    if not message.file_content:
        return None
    try:
        return base64.b64decode("".join(message.file_content.split()), validate=True)
    except ValueError:
        raise TransportError(
            f"the content of message {message.id} is no base64", temporary=True, code="GARBAGE"
        ) from None


def _in(message: _Message) -> str:
    return f"message {message.id} in {message.folder or 'no folder'}"
