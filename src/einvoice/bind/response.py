# SPDX-License-Identifier: Apache-2.0
"""Answers to invoices as UBL: the ApplicationResponse of Peppol's Invoice Response and of its Message Level Status.

Source: OASIS UBL 2.1 ApplicationResponse; OpenPeppol BIS 63 Invoice Response 3.1 (T111), syntax binding; Peppol
Message Level Status 1.1, chapter 8.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final, cast

import msgspec
from lxml import etree

from einvoice.bind import xml
from einvoice.bind.elements import Elements
from einvoice.codes.responses import INVOICE_STATUSES, names
from einvoice.errors import FormatError, OutputError
from einvoice.model.response import (
    Answer,
    Clarification,
    Endpoint,
    InvoiceResponse,
    Issue,
    MessageStatus,
    Party,
    Proposal,
)
from einvoice.model.response_rules import MESSAGE_CODES, faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

NAMESPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
ROOT: Final = f"{{{NAMESPACE}}}ApplicationResponse"
RESPONSE: Final = "urn:fdc:peppol.eu:poacc:trns:invoice_response:3"
RESPONSE_PROCESS: Final = "urn:fdc:peppol.eu:poacc:bis:invoice_response:3"
_PROCESSES: Final = (RESPONSE_PROCESS, "urn:peppol:bis:billing_with_response")
STATUS: Final = "urn:peppol:edec:mls:1.0"
STATUS_PROCESS: Final = "urn:peppol:edec:mls"

_CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_PREFIXES: Final = {"cac": _CAC, "cbc": _CBC}
_ELEMENTS: Final = Elements(_PREFIXES)
_add, _put, _text = _ELEMENTS.add, _ELEMENTS.put, _ELEMENTS.text
_ABOUT: Final = "cac:DocumentResponse/cac:DocumentReference/"
_SAID: Final = "cac:DocumentResponse/cac:Response/"


class Read(msgspec.Struct, frozen=True):
    """An answer that was read, and what is wrong with it all the same."""

    answer: Answer
    faults: tuple[str, ...]


def write(answer: Answer) -> bytes:
    """Write an answer as UBL.

    Args:
        answer: the answer.

    Raises:
        OutputError: it breaks a rule, or a text in it cannot stand in XML (``RESPONSE``).
    """
    found = faults(answer)
    if found:
        raise OutputError(f"the response would not be valid: {'; '.join(found)}", code="RESPONSE")
    try:
        root = _message(answer) if isinstance(answer, MessageStatus) else _invoice(answer)
    except ValueError:  # what lxml says of control characters
        raise OutputError(
            "a text of the response holds a control character, which XML does not take", code="RESPONSE"
        ) from None
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _invoice(response: InvoiceResponse) -> _Element:
    root = _root(RESPONSE, RESPONSE_PROCESS, response.id, response.issued)
    if response.issued_at is not None:
        _put(root, "cbc:IssueTime", _clock(response.issued_at))
    _put(root, "cbc:Note", response.note)
    for name, party in (("SenderParty", response.sender), ("ReceiverParty", response.receiver)):
        into = _add(root, f"cac:{name}")
        _endpoint(into, party.endpoint)
        _put(_add(into, "cac:PartyLegalEntity"), "cbc:RegistrationName", party.name)
    said = _add(root, "cac:DocumentResponse")
    inside = _add(said, "cac:Response")
    _put(inside, "cbc:ResponseCode", response.status)
    _put(inside, "cbc:EffectiveDate", _iso(response.effective))
    for each in response.clarifications:
        _clarification(inside, each)
    about = _add(said, "cac:DocumentReference")
    _put(about, "cbc:ID", response.number)
    _put(about, "cbc:IssueDate", _iso(response.invoice_date))
    _put(about, "cbc:DocumentTypeCode", response.type_code)
    for name, who in (("IssuerParty", response.seller), ("RecipientParty", response.buyer)):
        if who:
            _put(_add(_add(said, f"cac:{name}"), "cac:PartyName"), "cbc:Name", who)
    return root


def _clarification(parent: _Element, each: Clarification) -> None:
    into = _add(parent, "cac:Status")
    if each.code:
        _put(into, "cbc:StatusReasonCode", each.code).set("listID", str(each.list))
    _put(into, "cbc:StatusReason", each.text)
    for proposal in each.proposals:
        condition = _add(into, "cac:Condition")
        _put(condition, "cbc:AttributeID", proposal.term)
        _put(condition, "cbc:Description", proposal.value)


def _message(status: MessageStatus) -> _Element:
    issued = status.issued if status.issued.tzinfo else status.issued.replace(tzinfo=UTC)
    root = _root(STATUS, STATUS_PROCESS, status.id, issued.date())
    _put(root, "cbc:IssueTime", _clock(issued.timetz()))
    for name, who in (("SenderParty", status.sender), ("ReceiverParty", status.receiver)):
        _endpoint(_add(root, f"cac:{name}"), who)
    said = _add(root, "cac:DocumentResponse")
    inside = _add(said, "cac:Response")
    _put(inside, "cbc:ResponseCode", status.status)
    _put(inside, "cbc:Description", status.text)
    about = _add(said, "cac:DocumentReference")
    _put(about, "cbc:ID", status.instance_id)
    _put(about, "cbc:DocumentTypeCode", status.type_code)
    for issue in status.issues:
        line = _add(said, "cac:LineResponse")
        _put(_add(line, "cac:LineReference"), "cbc:LineID", issue.location)
        told = _add(line, "cac:Response")
        _put(told, "cbc:Description", issue.text)
        _put(_add(told, "cac:Status"), "cbc:StatusReasonCode", issue.code)
    return root


def read(data: bytes) -> Read:
    """Read an ApplicationResponse that is an Invoice Response or a Message Level Status.

    Args:
        data: the document.

    Returns:
        The answer, and the rules that it breaks: one of them does not hide what the answer says.

    Raises:
        FormatError: it is neither, or does not say what it answers, when, or how (``RESPONSE``).
        XmlError: it is no XML that is accepted.
    """
    root = xml.parse(data)
    if root.tag != ROOT:
        raise FormatError(f"this is no ApplicationResponse, but {str(root.tag)[:160]}", code="RESPONSE")
    kind = _text(root, "cbc:CustomizationID") or ""
    for path in ("cac:DocumentResponse", "cac:DocumentResponse/cac:DocumentReference"):
        if len(_all(root, path)) > 1:
            raise FormatError(f"this response answers more than one document: {path} is repeated", code="RESPONSE")
    if kind == STATUS:
        answer: Answer = _read_message(root)
    elif kind.startswith(RESPONSE):
        answer = _read_invoice(root)
    else:
        raise FormatError(
            f"this ApplicationResponse is of the kind {kind[:160]!r}; known are {RESPONSE} and {STATUS}",
            code="RESPONSE",
        )
    return Read(answer, (*_form(root, answer), *faults(answer)))


def _form(root: _Element, answer: Answer) -> Iterator[str]:
    """What is wrong with the way it is written."""
    status = isinstance(answer, MessageStatus)
    process, known = _text(root, "cbc:ProfileID"), (STATUS_PROCESS,) if status else _PROCESSES
    if process not in known:
        yield f"{'SCH-MLS-02' if status else 'PEPPOL-T111-R008'}: the process {process!r} is none of {', '.join(known)}"
    if status and len(_needed(root, "cbc:IssueDate")) != len("2026-01-01"):
        yield "SCH-MLS-04: the date of issue names a zone"
    if status and not re.search(r"([+-]\d{2}:\d{2}|Z)$", _text(root, "cbc:IssueTime") or ""):
        yield "SCH-MLS-06: the time of issue is missing or names no zone; it is taken for UTC"


def _read_invoice(root: _Element) -> InvoiceResponse:
    at = _text(root, "cbc:IssueTime")
    return InvoiceResponse(
        id=_text(root, "cbc:ID") or "",
        issued=_day(root),
        issued_at=_time(at) if at else None,
        note=_text(root, "cbc:Note"),
        sender=_read_party(root, "cac:SenderParty"),
        receiver=_read_party(root, "cac:ReceiverParty"),
        status=_status(root, tuple(names(INVOICE_STATUSES))),
        effective=_maybe_day(_text(root, f"{_SAID}cbc:EffectiveDate")),
        clarifications=tuple(map(_read_clarification, _all(root, f"{_SAID}cac:Status"))),
        number=_needed(root, f"{_ABOUT}cbc:ID"),
        invoice_date=_maybe_day(_text(root, f"{_ABOUT}cbc:IssueDate")),
        type_code=_text(root, f"{_ABOUT}cbc:DocumentTypeCode"),
        seller=_text(root, "cac:DocumentResponse/cac:IssuerParty/cac:PartyName/cbc:Name"),
        buyer=_text(root, "cac:DocumentResponse/cac:RecipientParty/cac:PartyName/cbc:Name"),
    )


def _read_clarification(status: _Element) -> Clarification:
    code = status.find("cbc:StatusReasonCode", _PREFIXES)
    return Clarification(
        list=code.get("listID") if code is not None else None,
        code=_text(status, "cbc:StatusReasonCode"),
        text=_text(status, "cbc:StatusReason"),
        proposals=tuple(
            Proposal(_text(each, "cbc:AttributeID") or "", _text(each, "cbc:Description"))
            for each in _all(status, "cac:Condition")
        ),
    )


def _read_message(root: _Element) -> MessageStatus:
    at = _text(root, "cbc:IssueTime")
    issued = datetime.combine(_day(root), (_time(at) if at else None) or time())
    return MessageStatus(
        id=_text(root, "cbc:ID") or "",
        issued=issued if issued.tzinfo else issued.replace(tzinfo=UTC),
        sender=_read_endpoint(root, "cac:SenderParty"),
        receiver=_read_endpoint(root, "cac:ReceiverParty"),
        status=_status(root, MESSAGE_CODES),
        text=_text(root, f"{_SAID}cbc:Description"),
        instance_id=_needed(root, f"{_ABOUT}cbc:ID"),
        type_code=_text(root, f"{_ABOUT}cbc:DocumentTypeCode"),
        issues=tuple(
            Issue(
                location=_text(line, "cac:LineReference/cbc:LineID") or "",
                text=_text(told, "cbc:Description") or "",
                code=_text(told, "cac:Status/cbc:StatusReasonCode") or "",
            )
            for line in _all(root, "cac:DocumentResponse/cac:LineResponse")
            for told in _all(line, "cac:Response")
        ),
    )


def _read_party(root: _Element, path: str) -> Party:
    return Party(
        endpoint=_read_endpoint(root, path),
        name=_text(root, f"{path}/cac:PartyLegalEntity/cbc:RegistrationName"),
    )


def _read_endpoint(root: _Element, path: str) -> Endpoint | None:
    found = root.find(f"{path}/cbc:EndpointID", _PREFIXES)
    if found is None or not (found.text or "").strip():
        return None
    return Endpoint((found.get("schemeID") or "").strip(), (found.text or "").strip())


def _root(kind: str, process: str, identifier: str, day: date) -> _Element:
    root = etree.Element(ROOT, nsmap=cast("dict[str, str]", {None: NAMESPACE, **_PREFIXES}))  # the stubs know no None
    _put(root, "cbc:CustomizationID", kind)
    _put(root, "cbc:ProfileID", process)
    _put(root, "cbc:ID", identifier)
    _put(root, "cbc:IssueDate", day.isoformat())
    return root


def _endpoint(parent: _Element, who: Endpoint | None) -> None:
    if who is not None:
        _put(parent, "cbc:EndpointID", who.value).set("schemeID", who.scheme)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _clock(at: time) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _all(root: _Element, path: str) -> list[_Element]:
    return root.findall(path, _PREFIXES)


def _needed(root: _Element, path: str) -> str:
    found = _text(root, path)
    if found is None:
        raise FormatError(f"this response does not say {path}", code="RESPONSE")
    return found


def _status(root: _Element, known: tuple[str, ...]) -> str:
    found = _needed(root, f"{_SAID}cbc:ResponseCode")
    if found not in known:
        raise FormatError(f"the status {found[:40]!r} of this response is none of {', '.join(known)}", code="RESPONSE")
    return found


def _day(root: _Element) -> date:
    found = _maybe_day(_needed(root, "cbc:IssueDate"))
    if found is None:
        raise FormatError("the IssueDate of this response is no date", code="RESPONSE")
    return found


def _maybe_day(text: str | None) -> date | None:
    """A date of XML Schema, which may name a zone."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None
