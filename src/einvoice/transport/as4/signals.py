# SPDX-License-Identifier: Apache-2.0
"""The two answers to a message: a receipt that repeats its digests, or an error.

Source: ebMS 3.0 section 6 (errors and their codes), AS4 1.0 section 5.1.8 (receipts for non-repudiation),
ebBP signals 2.0.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec
from lxml import etree

from einvoice.errors import TransportError
from einvoice.transport import reading
from einvoice.transport.as4 import names
from einvoice.transport.as4.names import ds, eb
from einvoice.transport.as4.signature import Reference
from einvoice.transport.as4.user_message import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

_LONGEST: Final = 1000
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ERRORS: Final = {
    "EBMS:0001": ("ValueNotRecognized", "Content"),
    "EBMS:0002": ("FeatureNotSupported", "Content"),
    "EBMS:0003": ("ValueInconsistent", "Content"),
    "EBMS:0004": ("Other", "Content"),
    "EBMS:0005": ("ConnectionFailure", "Communication"),
    "EBMS:0007": ("MimeInconsistency", "Unpackaging"),
    "EBMS:0009": ("InvalidHeader", "Unpackaging"),
    "EBMS:0010": ("ProcessingModeMismatch", "Processing"),
    "EBMS:0011": ("ExternalPayloadError", "Content"),
    "EBMS:0101": ("FailedAuthentication", "Processing"),
    "EBMS:0102": ("FailedDecryption", "Processing"),
    "EBMS:0103": ("PolicyNoncompliance", "Processing"),
    "EBMS:0201": ("DysfunctionalReliability", "Processing"),
    "EBMS:0202": ("DeliveryFailure", "Communication"),
    "EBMS:0301": ("MissingReceipt", "Communication"),
    "EBMS:0302": ("InvalidReceipt", "Communication"),
    "EBMS:0303": ("DecompressionFailure", "Communication"),
}
"""The errors of ebMS 3.0 (section 6.7) and AS4 1.0 (section 6): code, short description and category."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One ``eb:Error``."""

    code: str
    detail: str = ""
    severity: str = "failure"
    refers_to: str | None = None

    @property
    def warns(self) -> bool:
        """Whether it is said for information, and the message was dealt with all the same."""
        return self.severity.strip().lower() == "warning"


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer says, whoever signed it: a receipt has digests, an error has problems."""

    message_id: str
    refers_to: str | None
    """``RefToMessageId``: the message that is answered."""
    receipt: bool
    timestamp: datetime | None = None
    """``eb:Timestamp``; nothing where it is missing or no moment."""
    references: tuple[Reference, ...] = ()
    problems: tuple[Problem, ...] = ()


def receipt_element(references: Iterable[Reference], *, message_id: str, refers_to: str, now: datetime) -> _Element:
    """The element ``eb:SignalMessage`` of a receipt.

    Args:
        references: the digests of the message that is acknowledged.
        message_id: the identifier of the receipt itself.
        refers_to: the identifier of the message.
        now: the moment of the receipt.
    """
    signal = _signal(message_id, refers_to, now)
    receipt = etree.SubElement(signal, eb("Receipt"))
    information = etree.SubElement(
        receipt, f"{{{names.EBBP}}}NonRepudiationInformation", nsmap={"ebbp": names.EBBP, "ds": names.DS}
    )
    for reference in references:
        part = etree.SubElement(information, f"{{{names.EBBP}}}MessagePartNRInformation")
        copy = etree.SubElement(part, ds("Reference"), URI=reference.uri)
        kind = names.CONTENT_SIGNATURE if reference.uri.startswith("cid:") else names.EXCLUSIVE_C14N
        etree.SubElement(etree.SubElement(copy, ds("Transforms")), ds("Transform"), Algorithm=kind)
        etree.SubElement(copy, ds("DigestMethod"), Algorithm=names.SHA256)
        etree.SubElement(copy, ds("DigestValue")).text = reference.digest
    return signal


def error_element(problem: Problem, *, message_id: str, now: datetime) -> _Element:
    """The element ``eb:SignalMessage`` of an error.

    Args:
        problem: what went wrong; a code of :data:`ERRORS` brings its short description and category.
        message_id: the identifier of the error message itself.
        now: the moment of the answer.
    """
    signal = _signal(message_id, problem.refers_to, now)
    short, category = ERRORS.get(problem.code, ("Other", "Content"))
    error = etree.SubElement(
        signal,
        eb("Error"),
        category=category,
        errorCode=problem.code,
        origin="ebms",
        severity=problem.severity,
        shortDescription=short,
    )
    if problem.refers_to:
        error.set("refToMessageInError", problem.refers_to)
    text = etree.SubElement(error, eb("Description"))
    text.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    text.text = short
    etree.SubElement(error, eb("ErrorDetail")).text = _UNWRITABLE.sub("?", problem.detail[:_LONGEST])
    return signal


def from_element(messaging: _Element) -> Signal | None:
    """Read the answer that a header block carries.

    Args:
        messaging: the element ``eb:Messaging``.

    Returns:
        The answer, or nothing where the block holds no signal.
    """
    signal = messaging.find(eb("SignalMessage"))
    if signal is None:
        return None
    info = signal.find(eb("MessageInfo"))
    receipt = signal.find(eb("Receipt"))
    return Signal(
        message_id=_text(info, eb("MessageId")) or "",
        refers_to=_text(info, eb("RefToMessageId")),
        receipt=receipt is not None,
        timestamp=_moment(_text(info, eb("Timestamp"))),
        references=tuple(_references(receipt)) if receipt is not None else (),
        problems=tuple(_problem(error) for error in signal.findall(eb("Error"))),
    )


def _references(receipt: _Element) -> Iterable[Reference]:
    for element in receipt.iter(ds("Reference")):
        value = element.findtext(ds("DigestValue"), "")
        yield Reference(element.get("URI", ""), "".join(value.split()))


def _moment(written: str | None) -> datetime | None:
    try:
        return reading.moment(written or "", TransportError)
    except TransportError:
        return None


def _problem(error: _Element) -> Problem:
    detail = error.findtext(eb("ErrorDetail")) or error.findtext(eb("Description")) or error.get("shortDescription")
    return Problem(
        code=error.get("errorCode", ""),
        detail=(detail or "").strip()[:_LONGEST],
        severity=error.get("severity", ""),
        refers_to=error.get("refToMessageInError"),
    )


def _signal(message_id: str, refers_to: str | None, now: datetime) -> _Element:
    signal = etree.Element(eb("SignalMessage"), nsmap={"eb": names.EB})
    info = etree.SubElement(signal, eb("MessageInfo"))
    etree.SubElement(info, eb("Timestamp")).text = stamp(now)
    etree.SubElement(info, eb("MessageId")).text = message_id
    if refers_to:
        etree.SubElement(info, eb("RefToMessageId")).text = refers_to
    return signal


def _text(parent: _Element | None, name: str) -> str | None:
    text = parent.findtext(name) if parent is not None else None
    return text.strip() if text and text.strip() else None
