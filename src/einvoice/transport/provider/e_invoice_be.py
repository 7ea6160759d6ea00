# SPDX-License-Identifier: Apache-2.0
"""e-invoice.be, an access point for Belgium: a draft is made first, and sent by its identifier then.

The draft is made while the message is prepared, and its identifier is kept before it is sent. A document that was sent
is no draft any more, so sending it again does nothing. There is no mark for what was read in the inbox: what was kept
is remembered here.

Source: OpenAPI "e-invoice.be Peppol Access Point API" 1.1.0, as of 2026-04-14; the provider's Python client 1.30.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.errors import ParticipantError, TransportError
from einvoice.transport.base import Capabilities, Inbound, Notice, Outcome, Prepared, Result, Submission
from einvoice.transport.provider.asking import ask
from einvoice.transport.provider.contract import NOTHING, Memory, Needs
from einvoice.transport.provider.form import Part, form
from einvoice.transport.provider.rest import Rest, part
from einvoice.transport.provider.unread import brought

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from einvoice.transport.http import Answer

URL: Final = "https://api.e-invoice.be"

_PAGE: Final = 100
_PAGES: Final = 200
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_NO_DRAFT: Final = 405
_STATES: Final = {"TRANSIT": Outcome.ACCEPTED, "SENT": Outcome.DELIVERED, "FAILED": Outcome.REJECTED}


class _Document(msgspec.Struct, frozen=True):
    id: str
    state: str = ""
    invoice_id: str | None = None
    vendor_name: str | None = None
    created_at: str = ""


class _Page(msgspec.Struct, frozen=True):
    items: list[_Document]
    has_next_page: bool = False


class _Ubl(msgspec.Struct, frozen=True):
    id: str
    signed_url: str | None = None
    file_name: str = ""
    sender_peppol_id: str | None = None
    sender_peppol_scheme: str | None = None
    receiver_peppol_id: str | None = None
    receiver_peppol_scheme: str | None = None


class _Event(msgspec.Struct, frozen=True):
    event_type: str
    details: dict[str, Any] | None = None


class _Timeline(msgspec.Struct, frozen=True):
    events: list[_Event] = []


class _Type(msgspec.Struct, frozen=True):
    scheme: str
    value: str


class _Endpoint(msgspec.Struct, frozen=True, rename="camel"):
    document_types: list[_Type] = []


class _Metadata(msgspec.Struct, frozen=True):
    status: str = ""
    endpoints: list[_Endpoint] = []


class _Lookup(msgspec.Struct, frozen=True, rename="camel"):
    status: str
    errors: list[str] = []
    service_metadata: _Metadata = _Metadata()


@dataclass(frozen=True)
class EInvoiceBe:
    """An account at e-invoice.be.

    Attributes:
        rest: the account.
    """

    rest: Rest

    @property
    def capabilities(self) -> Capabilities:
        """A document is sent once, by its identifier."""
        return Capabilities(idempotent=True, polls=True, receives=True)

    @property
    def needs(self) -> Needs:
        """Both participants are named, for it would derive them from tax numbers otherwise."""
        return Needs(sender=True)

    def receives(self, receiver: str) -> Collection[str] | None:
        """What a participant registered, as far as it is UBL: the provider takes nothing else."""
        found = self.rest.ask("GET", "/api/lookup", _Lookup, query={"peppol_id": receiver})
        if found.status != "success":
            why = self.rest.hide("; ".join(found.errors))[:300]
            raise ParticipantError(
                f"{receiver} could not be looked up, says e-invoice.be: {why}", temporary=True, code="NOT_REGISTERED"
            )
        types = [each for endpoint in found.service_metadata.endpoints for each in endpoint.document_types]
        if not types:
            return None
        return frozenset(f"{each.scheme}::{each.value}" for each in types if each.value.startswith(_UBL))

    def prepare(self, submission: Submission) -> Prepared:
        """Make a draft; nothing of it goes to anybody before it is sent."""
        if submission.media_type != "application/xml" or _UBL not in str(submission.request["document_type"]):
            raise TransportError("e-invoice.be takes UBL only; einvoice convert --to ubl makes it", code="MEDIA_TYPE")
        file = Part(name="file", content=submission.payload, media_type="application/xml", filename=submission.filename)
        body, media_type = form(file)
        answer = self.rest.call("POST", "/api/documents/ubl", body=body, media_type=media_type)
        draft = self.rest.read(self.rest.good(answer), _Document)
        query: dict[str, str] = {}
        for side in ("sender", "receiver"):
            scheme, _, value = str(submission.request[side]).partition(":")
            query |= {f"{side}_peppol_scheme": scheme, f"{side}_peppol_id": value}
        return Prepared(wire=submission.payload, media_type="application/xml", about={"id": draft.id, "query": query})

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Send the draft; where an attempt came before, look first whether it is one still."""
        del submission
        identifier = str(prepared.about["id"])
        if attempt > 1:
            try:
                state = self._document(identifier)
                if state.state != "DRAFT":
                    return self._result(state)
            except TransportError as error:
                return Result(
                    outcome=Outcome.IN_DOUBT,
                    code=error.code or "TRANSPORT",
                    detail=str(error),
                    retry_after=error.retry_after,
                )
        path = f"/api/documents/{part(identifier)}/send"
        query = dict(prepared.about["query"])
        return self.rest.submitted(
            lambda: self.rest.call("POST", path, query=query, body=b""),
            lambda answer: self._result(self.rest.read(answer, _Document)),
            {_NO_DRAFT: Outcome.IN_DOUBT},  # it was sent before: the next attempt reads its state
        )

    def find(self, submission: Submission) -> Result | None:
        """The draft is known by its identifier, and sending it again does nothing: nothing has to be searched."""
        del submission
        return None

    def poll(self, remote_id: str) -> Result:
        """The state of the document."""
        return self._result(self._document(remote_id))

    def _result(self, document: _Document) -> Result:
        outcome = _STATES.get(document.state)
        about = f"document {document.id} is {document.state or 'in no state'}"
        if outcome is None:
            return Result(outcome=Outcome.IN_DOUBT, code="STATE", detail=about, remote_id=document.id)
        if outcome is Outcome.ACCEPTED:
            return Result(outcome=outcome, code="TRANSIT", detail=about, remote_id=document.id)
        answer = self._timeline(document.id)
        failed = outcome is Outcome.REJECTED
        return Result(
            outcome=outcome,
            code=document.state,
            detail=f"{about}: {self._failure(answer)}" if failed else about,
            evidence=answer.body if answer is not None else None,
            evidence_type="application/json",
            remote_id=document.id,
        )

    def _timeline(self, identifier: str) -> Answer | None:
        """What happened to a document, where the provider tells."""
        try:
            return self.rest.good(self.rest.call("GET", f"/api/documents/{part(identifier)}/timeline"))
        except TransportError:
            return None

    def _failure(self, answer: Answer | None) -> str:
        try:
            events = self.rest.read(answer, _Timeline).events if answer is not None else []
        except TransportError:
            events = []
        failed = (each.details or {} for each in events if each.event_type == "send_failed")
        told = [f"{name}: {value}" for each in failed for name, value in each.items()]
        return self.rest.hide(" ".join("; ".join(told).split()))[:1000] or "e-invoice.be gives no reason"

    def receive(self, memory: Memory = NOTHING) -> Iterator[Inbound | Notice]:
        """The documents of the inbox that were not kept yet, the oldest first.

        The list is read from its newest end to the first page of which everything is known. Where that page is too far
        away, the oldest documents come first, so that what is known stays without a gap.

        Raises:
            TransportError: there are more than are listed at once (``TOO_MANY``); the oldest were handed out before.
        """
        listed = self._fresh(memory)
        more = listed is None
        for each in reversed(listed) if listed is not None else self._oldest(memory):
            yield brought(each.id, partial(self._inbound, each))
        if more:
            raise TransportError(
                f"e-invoice.be lists more than {_PAGE * _PAGES:,} new documents; the oldest were brought, ask again"
                " for the others",
                temporary=True,
                code="TOO_MANY",
            )

    def _inbound(self, listed: _Document) -> Inbound:
        ubl = self.rest.ask("GET", f"/api/documents/{part(listed.id)}/ubl", _Ubl)
        if not ubl.signed_url:
            raise TransportError(f"e-invoice.be names no file of document {listed.id}", temporary=True, code="GARBAGE")
        sender = f"{ubl.sender_peppol_scheme}:{ubl.sender_peppol_id}" if ubl.sender_peppol_id else ""
        receiver = f"{ubl.receiver_peppol_scheme}:{ubl.receiver_peppol_id}" if ubl.receiver_peppol_id else None
        about = {"sender": sender or listed.vendor_name, "receiver": receiver, "created": listed.created_at}
        return Inbound(
            sender=sender or listed.vendor_name or "unknown",
            wire_id=listed.id,
            payload=self._file(ubl.signed_url),
            media_type="application/xml",
            filename=ubl.file_name,
            about=about,
        )

    def _fresh(self, memory: Memory) -> list[_Document] | None:
        """The new documents, the newest first; nothing where there are more than anybody lists at once."""
        found: dict[str, _Document] = {}
        for page in range(1, _PAGES + 1):
            listed = self._page(page, "desc")
            fresh = [each for each in listed.items if not memory.known(each.id)]
            found |= {each.id: each for each in fresh}  # a document that came meanwhile moves others to the next page
            if not fresh or not listed.has_next_page:
                return list(found.values())
        return None

    def _oldest(self, memory: Memory) -> list[_Document]:
        """As many of the new documents as are listed at once, from the oldest one on."""
        found: dict[str, _Document] = {}
        page, listed = 1, self._page(1, "asc")
        while listed.items and len(found) < _PAGE * _PAGES:
            found |= {each.id: each for each in listed.items if not memory.known(each.id)}
            if not listed.has_next_page:
                break
            page += 1
            listed = self._page(page, "asc")
        return list(found.values())

    def _page(self, number: int, order: str) -> _Page:
        query = {"page": number, "page_size": _PAGE, "sort_by": "created_at", "sort_order": order}
        return self.rest.ask("GET", "/api/inbox/", _Page, query=query)

    def _file(self, url: str) -> bytes:
        """A file at its own address, which carries its own permission: the key of the account stays here."""
        return self.rest.good(ask("GET", url, policy=self.rest.policy, hide=self.rest.hide)).body

    def acknowledge(self, inbound: Inbound | Notice) -> None:
        """There is no mark for what was read; what was kept is remembered here."""

    def _document(self, identifier: str) -> _Document:
        return self.rest.ask("GET", f"/api/documents/{part(identifier)}", _Document)
