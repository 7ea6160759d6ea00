# SPDX-License-Identifier: Apache-2.0
"""Recommand, an access point for Belgium whose server is open: documents go out while one waits.

A document is listed after the receiver's access point has taken it; one that could not be delivered is not listed at
all. There is nothing that tells a repetition, so after an unclear attempt our document is looked for among those that
went out.

Source: the server's own source (AGPL; read for its interface) as of 2026-04-21, which its OpenAPI is made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.errors import ParticipantError, TransportError
from einvoice.transport.base import Capabilities, Inbound, Notice, Outcome, Prepared, Result, Submission
from einvoice.transport.provider.contract import NOTHING, Memory, Needs
from einvoice.transport.provider.rest import NOBODY, Rest, part
from einvoice.transport.provider.twin import look_for
from einvoice.transport.provider.unread import brought

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from einvoice.transport.http import Answer

URL: Final = "https://app.recommand.eu"

_PAGE: Final = 200
_PAGES: Final = 50
_SKEW: Final = timedelta(hours=1)
_SCHEME: Final = "busdox-docid-qns::"


class _Sent(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    sent_over_peppol: bool
    envelope_id: str | None = None


class _Document(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    sender_id: str = ""
    receiver_id: str | None = None
    doc_type_id: str = ""
    process_id: str = ""
    country_c1: str = msgspec.field(default="", name="countryC1")
    created_at: str = ""
    xml: str | None = None
    sent_over_peppol: bool = False
    envelope_id: str | None = None
    received_peppol_signal_message: str | None = None


class _One(msgspec.Struct, frozen=True):
    document: _Document


class _Pagination(msgspec.Struct, frozen=True, rename="camel"):
    total_pages: int = 1


class _Listed(msgspec.Struct, frozen=True):
    documents: list[_Document]
    pagination: _Pagination = _Pagination()


class _Supported(msgspec.Struct, frozen=True, rename="camel"):
    doc_type_id: str = ""


class _Verified(msgspec.Struct, frozen=True, rename="camel"):
    is_valid: bool
    supported_documents: list[_Supported] = []


@dataclass(frozen=True)
class Recommand:
    """A company at Recommand.

    Attributes:
        rest: the account.
        company: the company that sends and receives.
        settle: seconds after which a document that is not listed was not taken.
    """

    rest: Rest
    company: str
    settle: float = 180.0

    @property
    def capabilities(self) -> Capabilities:
        """Nothing tells a repetition; what went out can be searched."""
        return Capabilities(finds=True, polls=True, receives=True, proves=True, settle=self.settle)

    @property
    def needs(self) -> Needs:
        """The sender is the company."""
        return Needs()

    def receives(self, receiver: str) -> Collection[str] | None:
        """What a participant registered."""
        body = msgspec.json.encode({"peppolAddress": receiver})
        found = self.rest.ask("POST", "/api/v1/verify", _Verified, body=body)
        if not found.is_valid:
            raise ParticipantError(
                f"{receiver} is not registered, says Recommand; it says so too when it could not find out",
                code="NOT_REGISTERED",
            )
        types = (each.doc_type_id for each in found.supported_documents if each.doc_type_id)
        return frozenset(_SCHEME + _bare(each) for each in types) or None

    def prepare(self, submission: Submission) -> Prepared:
        """The body of the request; the document stands in it as text."""
        request = submission.request
        if submission.media_type != "application/xml":
            raise TransportError("Recommand takes XML only; einvoice convert makes it", code="MEDIA_TYPE")
        try:
            text = submission.payload.decode("utf-8")
        except UnicodeDecodeError:
            raise TransportError(
                "Recommand takes XML in UTF-8 only; einvoice convert writes it so", code="ENCODING"
            ) from None
        body = {
            "recipient": request["receiver"],
            "documentType": "xml",
            "document": text,
            "doctypeId": _bare(str(request["document_type"])),
            "processId": _bare(str(request["process"])),
        }
        return Prepared(wire=msgspec.json.encode(body), media_type="application/json")

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Send the document, wait for the receiver's access point, and fetch its receipt."""
        del submission, attempt
        path = f"/api/v1/{part(self.company)}/send"
        found = self.rest.submitted(lambda: self.rest.call("POST", path, body=prepared.wire), self._taken, NOBODY)
        if found.outcome is not Outcome.ACCEPTED or found.remote_id is None:
            return found
        try:
            return self.poll(found.remote_id)
        except TransportError:
            return found  # it was taken; the receipt is asked for again later

    def _taken(self, answer: Answer) -> Result:
        found = self.rest.read(answer, _Sent)
        if not found.sent_over_peppol:
            return Result(
                outcome=Outcome.HELD,
                code="NOT_OVER_PEPPOL",
                detail=f"Recommand took document {found.id} and says that it did not go over Peppol",
                remote_id=found.id,
            )
        return Result(outcome=Outcome.ACCEPTED, code="SENT", detail=f"document {found.id}", remote_id=found.id)

    def find(self, submission: Submission) -> Result | None:
        """Look for our document among those that went out to the receiver."""
        return look_for(submission, self._candidates(submission), name="Recommand")

    def _candidates(self, submission: Submission) -> Iterator[tuple[str, bytes | None, Result]]:
        receiver = str(submission.request["receiver"]).lower()
        query = {"direction": "outgoing"}
        if submission.created is not None:
            query["from"] = (submission.created - _SKEW).strftime("%Y-%m-%dT%H:%M:%SZ")
        for listed in self._list(query):
            if (listed.receiver_id or "").lower() == receiver:
                document = self._document(listed.id)
                yield document.id, document.xml.encode() if document.xml else None, _state(document)

    def poll(self, remote_id: str) -> Result:
        """The document with the receipt of the receiver's access point."""
        return _state(self._document(remote_id))

    def receive(self, memory: Memory = NOTHING) -> Iterator[Inbound | Notice]:
        """The documents that nobody has read yet."""
        del memory
        found = self.rest.ask("GET", "/api/v1/inbox", _Listed, query={"companyId": self.company})
        for listed in reversed(found.documents):
            yield brought(listed.id, partial(self._inbound, listed.id))

    def _inbound(self, identifier: str) -> Inbound:
        document = self._document(identifier)
        if document.xml is None:
            raise TransportError(
                f"Recommand gave document {identifier} without its XML", temporary=True, code="GARBAGE"
            )
        about = {
            "sender": document.sender_id,
            "receiver": document.receiver_id,
            "document_type": document.doc_type_id,
            "process": document.process_id,
            "country": document.country_c1,
            "created": document.created_at,
        }
        return Inbound(
            sender=document.sender_id,
            wire_id=document.id,
            payload=document.xml.encode(),
            media_type="application/xml",
            instance_id=document.envelope_id,
            about=about,
        )

    def acknowledge(self, inbound: Inbound | Notice) -> None:
        """Mark a document as read; one that could not be read is left."""
        if isinstance(inbound, Notice):
            return
        path = f"/api/v1/documents/{part(inbound.wire_id)}/mark-as-read"
        self.rest.good(self.rest.call("POST", path, body=b'{"read":true}'))

    def _document(self, identifier: str) -> _Document:
        return self.rest.ask("GET", f"/api/v1/documents/{part(identifier)}", _One).document

    def _list(self, query: dict[str, str]) -> Iterator[_Document]:
        more = {**query, "companyId": self.company, "limit": str(_PAGE), "excludeAttachments": "true"}
        for page in range(1, _PAGES + 1):
            found = self.rest.ask("GET", "/api/v1/documents", _Listed, query={**more, "page": str(page)})
            yield from found.documents
            if page >= found.pagination.total_pages or not found.documents:
                return
        raise TransportError(
            f"Recommand lists more than {_PAGE * _PAGES:,} documents; nobody looked at all of them",
            temporary=True,
            code="TOO_MANY",
        )


def _state(document: _Document) -> Result:
    if not document.sent_over_peppol:
        return Result(
            outcome=Outcome.HELD,
            code="NOT_OVER_PEPPOL",
            detail=f"document {document.id} did not go over Peppol, says Recommand",
            remote_id=document.id,
        )
    receipt = document.received_peppol_signal_message
    return Result(
        outcome=Outcome.DELIVERED,
        code="SENT",
        detail=f"document {document.id}",
        evidence=receipt.encode() if receipt else None,
        evidence_type="application/xml",
        remote_id=document.id,
    )


def _bare(identifier: str) -> str:
    """An identifier without the scheme in front, as Recommand's examples have it."""
    for scheme in (_SCHEME, "cenbii-procid-ubl::"):
        identifier = identifier.removeprefix(scheme)
    return identifier
