# SPDX-License-Identifier: Apache-2.0
"""The status of an invoice as UN/CEFACT writes it: the CrossDomainAcknowledgementAndResponse (CDAR) of France.

Source: UN/CEFACT CrossDomainAcknowledgementAndResponse 100.D22B; XP Z12-012 as FNFE-MPE publishes it (rules BR-FR-CDV
1.4.0 and their examples), whose numbers MDT-... are named below.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.bind import xml
from einvoice.bind.elements import Elements
from einvoice.bind.values import read_date_102, write_date_102
from einvoice.codes.responses import life_cycle
from einvoice.errors import FormatError, OutputError
from einvoice.model.life_cycle import PAID, Actor, LifeCycleStatus, Reason, faults
from einvoice.model.response import Endpoint

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE: Final = "urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
ROOT: Final = f"{{{NAMESPACE}}}CrossDomainAcknowledgementAndResponse"
GUIDELINE: Final = "urn.cpro.gouv.fr:1p0:CDV:invoice"

_DATA: Final = "urn:un:unece:uncefact:data:standard"
_NAMES: Final = {
    "rsm": NAMESPACE,
    "ram": f"{_DATA}:ReusableAggregateBusinessInformationEntity:100",
    "qdt": f"{_DATA}:QualifiedDataType:100",
    "udt": f"{_DATA}:UnqualifiedDataType:100",
}
_ELEMENTS: Final = Elements(_NAMES)
_add, _put, _text = _ELEMENTS.add, _ELEMENTS.put, _ELEMENTS.text
_MOMENT: Final = "%Y%m%d%H%M%S"
_ABOUT: Final = "rsm:AcknowledgementDocument/ram:ReferenceReferencedDocument"


def write(status: LifeCycleStatus) -> bytes:
    """Write a status as CDAR.

    Args:
        status: the status.

    Raises:
        OutputError: it breaks a rule, or a text in it cannot stand in XML (``RESPONSE``).
    """
    found = faults(status)
    if status.status == PAID:
        found.append(
            "BR-FR-CDV-14: the status 212 needs the amounts that were paid by VAT rate, which are not known here"
        )
    if found:
        raise OutputError(f"the CDAR would not be valid: {'; '.join(found)}", code="RESPONSE")
    try:
        root = _written(status)
    except ValueError:  # what lxml says of control characters
        raise OutputError(
            "a text of the CDAR holds a control character, which XML does not take", code="RESPONSE"
        ) from None
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _written(status: LifeCycleStatus) -> _Element:
    known = life_cycle()[status.status]
    root = etree.Element(ROOT, nsmap=_NAMES)
    context = _add(root, "rsm:ExchangedDocumentContext")
    _put(_add(context, "ram:BusinessProcessSpecifiedDocumentContextParameter"), "ram:ID", status.process)  # MDT-2
    _put(_add(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", GUIDELINE)  # MDT-3
    document = _add(root, "rsm:ExchangedDocument")
    _put(document, "ram:ID", status.id)  # MDT-4
    _moment(document, "ram:IssueDateTime", status.created)  # MDT-8
    _put(_add(document, "ram:SenderTradeParty"), "ram:RoleCode", "WK")  # MDT-21: a platform hands it on
    _actor(document, "ram:IssuerTradeParty", status.issuer)
    for each in status.recipients:
        _actor(document, "ram:RecipientTradeParty", each)
    said = _add(root, "rsm:AcknowledgementDocument")
    _put(_add(said, "ram:MultipleReferencesIndicator"), "udt:Indicator", "false")  # MDT-74
    _put(said, "ram:TypeCode", known.phase)  # MDT-77
    _moment(said, "ram:IssueDateTime", status.at)  # MDT-78
    about = _add(said, "ram:ReferenceReferencedDocument")
    _put(about, "ram:IssuerAssignedID", status.number)  # MDT-87
    _put(about, "ram:StatusCode", known.document_status)  # MDT-88
    _put(about, "ram:TypeCode", status.type_code)  # MDT-91
    if status.received is not None:
        _moment(about, "ram:ReceiptDateTime", status.received)  # MDT-95
    if status.invoice_date is not None:
        day = _put(_add(about, "ram:FormattedIssueDateTime"), "qdt:DateTimeString", write_date_102(status.invoice_date))
        day.set("format", "102")  # MDT-100
    _put(about, "ram:ProcessConditionCode", status.status)  # MDT-105
    _put(about, "ram:ProcessCondition", known.name)  # MDT-106
    if status.seller is not None:
        _identifier(_add(about, "ram:IssuerTradeParty"), "ram:GlobalID", status.seller)  # MDT-129
    for number, reason in enumerate(status.reasons, start=1):
        _reason(about, reason, number)
    return root


def _reason(about: _Element, reason: Reason, number: int) -> None:
    into = _add(about, "ram:SpecifiedDocumentStatus")
    _put(into, "ram:ReasonCode", reason.code)  # MDT-113
    _put(into, "ram:Reason", reason.text)  # MDT-114
    _put(into, "ram:RequestedActionCode", reason.action)  # MDT-121
    _put(into, "ram:SequenceNumeric", str(number))  # MDT-124-2


def _actor(parent: _Element, name: str, actor: Actor) -> None:
    into = _add(parent, name)
    if actor.identifier is not None:
        _identifier(into, "ram:GlobalID", actor.identifier)
    _put(into, "ram:Name", actor.name)
    _put(into, "ram:RoleCode", actor.role)
    if actor.endpoint is not None:
        _identifier(_add(into, "ram:URIUniversalCommunication"), "ram:URIID", actor.endpoint)


def read(data: bytes) -> tuple[LifeCycleStatus, tuple[str, ...]]:
    """Read a CDAR about one invoice.

    Args:
        data: the document.

    Returns:
        The status, and the rules that it breaks: one of them does not hide what it says.

    Raises:
        FormatError: it is none, is about several invoices, or does not say about which one what since when
            (``RESPONSE``).
        XmlError: it is no XML that is accepted.
    """
    root = _opened(data)
    at = _read_moment(root, "rsm:AcknowledgementDocument/ram:IssueDateTime")
    created = _read_moment(root, "rsm:ExchangedDocument/ram:IssueDateTime") or at
    if created is None:
        raise FormatError("this CDAR does not say when it was made (MDT-8)", code="RESPONSE")
    status = _needed(root, f"{_ABOUT}/ram:ProcessConditionCode", "the status (MDT-105)")
    issuer = root.find("rsm:ExchangedDocument/ram:IssuerTradeParty", _NAMES)
    found = LifeCycleStatus(
        id=_text(root, "rsm:ExchangedDocument/ram:ID") or "",
        created=created,
        process=_text(root, "rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID")
        or "",
        issuer=_read_actor(issuer) if issuer is not None else Actor(role=""),
        recipients=tuple(map(_read_actor, root.findall("rsm:ExchangedDocument/ram:RecipientTradeParty", _NAMES))),
        at=at or created,
        number=_needed(root, f"{_ABOUT}/ram:IssuerAssignedID", "the number of the invoice (MDT-87)"),
        type_code=_text(root, f"{_ABOUT}/ram:TypeCode"),
        invoice_date=read_date_102(_text(root, f"{_ABOUT}/ram:FormattedIssueDateTime/qdt:DateTimeString") or ""),
        received=_read_moment(root, f"{_ABOUT}/ram:ReceiptDateTime"),
        status=status,
        seller=_read_identifier(root.find(f"{_ABOUT}/ram:IssuerTradeParty/ram:GlobalID", _NAMES)),
        reasons=tuple(map(_read_reason, root.findall(f"{_ABOUT}/ram:SpecifiedDocumentStatus", _NAMES))),
    )
    return found, tuple(faults(found))


def _opened(data: bytes) -> _Element:
    root = xml.parse(data)
    if root.tag != ROOT:
        raise FormatError(
            f"this is no CrossDomainAcknowledgementAndResponse, but {str(root.tag)[:160]}", code="RESPONSE"
        )
    if len(root.findall(_ABOUT, _NAMES)) > 1:
        raise FormatError("this CDAR is about several invoices; one at a time is read", code="RESPONSE")
    return root


def _read_reason(element: _Element) -> Reason:
    return Reason(
        code=_text(element, "ram:ReasonCode"),
        text=_text(element, "ram:Reason"),
        action=_text(element, "ram:RequestedActionCode"),
    )


def _read_actor(element: _Element) -> Actor:
    return Actor(
        role=_text(element, "ram:RoleCode") or "",
        identifier=_read_identifier(element.find("ram:GlobalID", _NAMES)),
        name=_text(element, "ram:Name"),
        endpoint=_read_identifier(element.find("ram:URIUniversalCommunication/ram:URIID", _NAMES)),
    )


def _read_identifier(element: _Element | None) -> Endpoint | None:
    if element is None or not (element.text or "").strip():
        return None
    return Endpoint(element.get("schemeID") or "", (element.text or "").strip())


def _read_moment(root: _Element, path: str) -> datetime | None:
    """A moment in the format 204; the format names no zone, so it is taken for UTC."""
    try:
        return datetime.strptime(_text(root, f"{path}/udt:DateTimeString") or "", _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _moment(parent: _Element, name: str, moment: datetime) -> None:
    text = moment.astimezone(UTC).strftime(_MOMENT)
    _put(_add(parent, name), "udt:DateTimeString", text).set("format", "204")


def _identifier(parent: _Element, name: str, value: Endpoint) -> None:
    _put(parent, name, value.value).set("schemeID", value.scheme)


def _needed(root: _Element, path: str, what: str) -> str:
    found = _text(root, path)
    if found is None:
        raise FormatError(f"this CDAR does not say {what}", code="RESPONSE")
    return found
