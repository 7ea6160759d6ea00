# SPDX-License-Identifier: Apache-2.0
"""The flow service that every approved platform in France offers: XP Z12-013.

A flow is one document. The platform answers at once that it has it, and says later whether its checks have passed.
Our identifier goes along as ``trackingId``; the platform does not have to check that it is unique, so after an unclear
attempt it is searched for. Who receives stands in the invoice. Flows that came in have no mark for what was read: what
was kept is remembered here.

Source: XP Z12-013 of 2026-02, annex A (Flow Service 1.2.0).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.errors import TransportError
from einvoice.transport.base import Capabilities, Inbound, Notice, Outcome, Prepared, Result, Submission
from einvoice.transport.provider.contract import NOTHING, Memory, Needs
from einvoice.transport.provider.dates import moment
from einvoice.transport.provider.form import Part, form
from einvoice.transport.provider.rest import NOBODY, Rest, part
from einvoice.transport.provider.unread import brought

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from einvoice.transport.http import Answer

_PAGE: Final = 100
_PAGES: Final = 200
_BEGINNING: Final = "2020-01-01T00:00:00Z"
_AGAIN: Final = timedelta(hours=1)
_STATES: Final = {"Pending": Outcome.ACCEPTED, "Ok": Outcome.DELIVERED, "Error": Outcome.REJECTED}
_TWICE: Final = "AlreadyExistingFlow"
_XML: Final = "application/xml"
_TYPES: Final = {"CII": _XML, "UBL": _XML, "CDAR": _XML, "Factur-X": "application/pdf"}
_WANTED: Final = ("SupplierInvoice", "CustomerInvoice", "SupplierInvoiceLC", "CustomerInvoiceLC")
"""Invoices, self-billed ones too, and what is said of invoices in their life."""


class _Detail(msgspec.Struct, frozen=True, rename="camel"):
    level: str = ""
    item: str = ""
    reason_code: str = ""
    reason_message: str = ""


class _Acknowledgement(msgspec.Struct, frozen=True):
    status: str
    details: list[_Detail] = []


class _Flow(msgspec.Struct, frozen=True, rename="camel"):
    flow_id: str
    tracking_id: str | None = None
    name: str = ""
    flow_syntax: str = ""
    flow_type: str = ""
    updated_at: str = ""
    acknowledgement: _Acknowledgement | None = None


class _Results(msgspec.Struct, frozen=True):
    results: list[_Flow] = []


@dataclass(frozen=True)
class AfnorFlow:
    """An account at an approved platform.

    Attributes:
        rest: the account.
        rule: the processing rule (B2B, B2G ...); by default the platform computes it.
        settle: seconds after which a flow that cannot be searched was not taken.
    """

    rest: Rest
    rule: str | None = None
    settle: float = 120.0

    @property
    def capabilities(self) -> Capabilities:
        """A flow can be searched by our identifier, and what became of it asked."""
        return Capabilities(finds=True, polls=True, receives=True, settle=self.settle)

    @property
    def needs(self) -> Needs:
        """Nothing: the platform reads who sends and who receives in the invoice."""
        return Needs(receiver=False, hybrid=True)

    def receives(self, receiver: str) -> Collection[str] | None:
        """The directory is a service of its own; the platform converts where the receiver takes another format."""
        del receiver
        return None

    def prepare(self, submission: Submission) -> Prepared:
        """The form with the document and what is said of it."""
        syntax = _syntax(submission)
        about = {
            "trackingId": submission.key,
            "name": submission.filename[:255],
            "flowSyntax": syntax,
            "sha256": hashlib.sha256(submission.payload).hexdigest(),
        } | ({"processingRule": self.rule} if self.rule else {})
        body, media_type = form(
            Part(name="flowInfo", content=msgspec.json.encode(about), media_type="application/json"),
            Part(name="file", content=submission.payload, media_type=_TYPES[syntax], filename=submission.filename),
        )
        return Prepared(wire=body, media_type="multipart/form-data", about={"media_type": media_type})

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Submit the flow."""
        del submission, attempt
        media_type = str(prepared.about["media_type"])
        return self.rest.submitted(
            lambda: self.rest.call("POST", "/v1/flows", body=prepared.wire, media_type=media_type), self._taken, NOBODY
        )

    def _taken(self, answer: Answer) -> Result:
        flow = self.rest.read(answer, _Flow).flow_id
        return Result(outcome=Outcome.ACCEPTED, code="TAKEN", detail=f"flow {flow}", remote_id=flow)

    def find(self, submission: Submission) -> Result | None:
        """Search for the flow by our identifier; one that did not pass the checks was not taken."""
        found = [self._result(each) for each in self._tracked(submission.key)]
        return next((each for each in found if each.outcome is not Outcome.REJECTED), None)

    def poll(self, remote_id: str) -> Result:
        """What the platform says of a flow; where it says that it had the flow before, what it says of that one."""
        answer = self.rest.call("GET", f"/v1/flows/{part(remote_id)}", query={"docType": "Metadata"})
        flow = self.rest.read(self.rest.good(answer), _Flow)
        result = self._result(flow, answer.body)
        reasons = flow.acknowledgement.details if flow.acknowledgement else []
        if flow.tracking_id and any(each.reason_code == _TWICE for each in reasons):
            others = (self._result(each) for each in self._tracked(flow.tracking_id) if each.flow_id != flow.flow_id)
            return next((each for each in others if each.outcome is not Outcome.REJECTED), result)
        return result

    def _tracked(self, key: str) -> list[_Flow]:
        body = {"limit": _PAGE, "where": {"trackingId": key, "flowDirection": ["Out"]}}
        found = self._search(body)
        return [each for each in found if each.tracking_id == key]

    def _search(self, body: dict[str, Any]) -> list[_Flow]:
        return self.rest.ask("POST", "/v1/flows/search", _Results, body=msgspec.json.encode(body)).results

    def _result(self, flow: _Flow, evidence: bytes | None = None) -> Result:
        said = flow.acknowledgement or _Acknowledgement("Pending")
        outcome = _STATES.get(said.status, Outcome.ACCEPTED)
        told = [f"{each.level} of {each.item}: {each.reason_message} ({each.reason_code})" for each in said.details[:5]]
        return Result(
            outcome=outcome,
            code=f"ACK_{said.status.upper()}"[:60],
            detail=self.rest.hide(" ".join("; ".join([f"flow {flow.flow_id}", *told]).split()))[:1000],
            evidence=evidence if outcome is Outcome.DELIVERED else None,
            evidence_type="application/json",
            remote_id=flow.flow_id,
        )

    def receive(self, memory: Memory = NOTHING) -> Iterator[Inbound | Notice]:
        """Invoices and statuses that came in since the last one that was kept, in the order of their last change."""
        after = _overlap(memory.latest())
        for _ in range(_PAGES):
            where = {"updatedAfter": after, "flowDirection": ["In"], "flowType": _WANTED}
            found = sorted(self._search({"limit": _PAGE, "where": where}), key=lambda each: _moment(each.updated_at))
            for flow in found:
                checked = flow.acknowledgement is not None and flow.acknowledgement.status == "Ok"
                if checked and not memory.known(flow.flow_id):  # what is checked later is changed, and listed, again
                    yield brought(flow.flow_id, partial(self._inbound, flow))
            if len(found) < _PAGE or _moment(found[-1].updated_at) <= _moment(after):
                return
            after = found[-1].updated_at

    def _inbound(self, flow: _Flow) -> Inbound:
        answer = self.rest.call("GET", f"/v1/flows/{part(flow.flow_id)}", query={"docType": "Original"})
        content = self.rest.good(answer).body
        if not content:
            raise TransportError(f"flow {flow.flow_id} came without its document", temporary=True, code="GARBAGE")
        return Inbound(
            sender="afnor",
            wire_id=flow.flow_id,
            payload=content,
            media_type="application/pdf" if content.startswith(b"%PDF") else "application/xml",
            filename=flow.name,
            about={"mark": flow.updated_at, "syntax": flow.flow_syntax, "type": flow.flow_type, "platform": True},
        )

    def acknowledge(self, inbound: Inbound | Notice) -> None:
        """There is no mark for what was read; what was kept is remembered here."""


def _moment(text: str) -> datetime:
    return moment(text) or datetime.min.replace(tzinfo=UTC)


def _overlap(mark: str | None) -> str:
    """Where to begin: two flows may have changed at one moment, and only one of them was kept."""
    found = moment(mark) if mark else None
    return (found - _AGAIN).isoformat() if found else _BEGINNING


def _syntax(submission: Submission) -> str:
    if submission.media_type == "application/pdf":
        return "Factur-X"
    kind = str(submission.request["document_type"])
    if "CrossDomainAcknowledgementAndResponse" in kind:
        return "CDAR"
    return "CII" if "CrossIndustryInvoice" in kind else "UBL"
