# SPDX-License-Identifier: Apache-2.0
"""What came in is looked at once: an answer finds the message that it is about, everything else is a document.

An answer is believed as far as its sender is: the buyer's, if it comes from the participant or the address that the
invoice went to; the access point's, if it comes from the access point that gave the receipt. What finds no message
stays in the inbox and says why.

Source: OpenPeppol BIS 63 Invoice Response 3.1, section 5; Peppol Message Level Status 1.1 (correlation by the instance
identifier of the envelope).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.bind import cdar
from einvoice.bind import response as ubl
from einvoice.errors import EinvoiceError, StoreError
from einvoice.model.life_cycle import LifeCycleStatus
from einvoice.model.response import Answer, InvoiceResponse, MessageStatus
from einvoice.model.response_rules import Standing, overruled, standing
from einvoice.service.projection import business_status
from einvoice.store.answers import (
    DOCUMENT,
    INVOICE_RESPONSE,
    LIFE_CYCLE,
    MESSAGE_STATUS,
    UNREADABLE,
    Answers,
    Noted,
)
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Outbox
from einvoice.transport.identity import common_name, read_certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from einvoice.store.database import Database
    from einvoice.store.inbox import Received
    from einvoice.store.outbox import Message

_UBL: Final = b"ApplicationResponse"
_CEFACT: Final = b"CrossDomainAcknowledgementAndResponse"
_HEAD: Final = 16_384
_STATUS: Final = 10
"""Characters of a status that are kept; those that are known have three at most."""
_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_OF_A_PURCHASE: Final = "SupplierInvoiceLC"
"""What a French platform calls the status of an invoice that somebody sold to us (XP Z12-013, flowType)."""
_VAT: Final = "VA"
_FRENCH: Final = {
    "0002": re.compile("([0-9]{9})"),
    "0009": re.compile("([0-9]{9})[0-9]{5}"),
    _VAT: re.compile("FR[0-9A-Z]{2}([0-9]{9})"),
}
"""Where a SIREN stands, by the scheme of an identifier (ISO 6523)."""

Parsed = Answer | LifeCycleStatus


def is_answer(content: bytes) -> bool:
    """Whether a document is an answer to another one, by its root element."""
    return _root(content) in {_UBL, _CEFACT}


def may_answer(received: Received) -> bool:
    """Whether a document may be an answer, as far as its envelope says; without one it may."""
    named = str(received.about.get("document_type") or "")
    return not named or _UBL.decode() in named or _CEFACT.decode() in named


def _root(content: bytes) -> bytes:
    """The local name of the root element, as far as the beginning of a document in UTF-8 shows it."""
    found = _ROOT.search(_COMMENT.sub(b"", content[:_HEAD]))
    return found[1] if found else b""


class Sorter:
    """Looks at what came into one database.

    Args:
        database: where inbox and outbox are.
    """

    def __init__(self, database: Database) -> None:
        self.inbox, self.outbox, self.answers = Inbox(database), Outbox(database), Answers(database)

    def sort(self, received: Received) -> Noted | None:
        """Look at one document and write down what it is.

        Args:
            received: the document.

        Returns:
            What it is; nothing where another process was faster.
        """
        content = self.inbox.content(received) if may_answer(received) else b""
        if not is_answer(content):
            return self.answers.note(Noted(inbound=received.id, kind=DOCUMENT))
        try:
            answer, faults = _read(content)
        except EinvoiceError as error:
            about = {"why": error.message[:1000]}
            return self.answers.note(Noted(inbound=received.id, kind=UNREADABLE, about=about))
        found = Noted(
            inbound=received.id,
            kind=_kind(answer),
            status=answer.status[:_STATUS],
            about=_about(answer, faults) | {"sha256": received.payload},
        )
        try:
            message = self._meant(received, answer)
        except StoreError as error:
            if error.code != "UNMATCHED":
                raise
            return self.answers.note(msgspec.structs.replace(found, about=found.about | {"why": error.message}))
        return self.answers.note(msgspec.structs.replace(found, message=message.id), _weighing(answer))

    def _meant(self, received: Received, answer: Parsed) -> Message:
        if isinstance(answer, MessageStatus):
            return self._handled(received, answer)
        return self._answered(received, answer)

    def _handled(self, received: Received, status: MessageStatus) -> Message:
        found = self.outbox.find(wire_id=status.instance_id)
        if not found:
            raise _unmatched(f"no message went out under the instance identifier {status.instance_id[:100]!r}")
        message = found[0]
        told = (message.wire_about or {}).get("certificate")
        point = common_name(read_certificate(bytes.fromhex(told), source="the message")) if told else None
        if received.channel != "as4" or point != received.sender:
            raise _unmatched(
                f"message {message.id[:8]} went to the access point {point or '-'}; this comes from {received.sender}"
            )
        return message

    def _answered(self, received: Received, answer: InvoiceResponse | LifeCycleStatus) -> Message:
        if received.about.get("type") == _OF_A_PURCHASE:
            raise _unmatched("it is about an invoice of a supplier, and none that went out")
        named = [
            each
            for each in self.outbox.find(number=answer.number)
            if "in_reply_to" not in each.request and _fits(answer, each.request) and _sold_by(answer, each)
        ]
        if not named:
            raise _unmatched(f"no invoice with the number {answer.number[:100]!r} went out, of its date and seller")
        found = [each for each in named if _sent_to(each, received)]
        if not found:
            raise _unmatched(
                f"the invoice {answer.number[:100]!r} went to {named[0].receiver}; this comes from {_from(received)}"
            )
        if len(found) > 1:
            raise _unmatched(f"{len(found)} invoices with the number {answer.number[:100]!r} went to this buyer")
        return found[0]


def _unmatched(why: str) -> StoreError:
    return StoreError(why, code="UNMATCHED")


def _read(content: bytes) -> tuple[Parsed, tuple[str, ...]]:
    if _root(content) == _CEFACT:
        return cdar.read(content)
    read = ubl.read(content)
    return read.answer, read.faults


def _kind(answer: Parsed) -> str:
    if isinstance(answer, MessageStatus):
        return MESSAGE_STATUS
    return LIFE_CYCLE if isinstance(answer, LifeCycleStatus) else INVOICE_RESPONSE


def _fits(answer: InvoiceResponse | LifeCycleStatus, request: dict[str, Any]) -> bool:
    """Whether an invoice can be the one that is meant, as far as both sides name its date."""
    known = request.get("invoice_date")
    return answer.invoice_date is None or known is None or answer.invoice_date.isoformat() == known


def _sold_by(answer: InvoiceResponse | LifeCycleStatus, message: Message) -> bool:
    """Whether the seller that a status names (MDT-129) can be the one of an invoice, as far as both are known."""
    named = answer.seller if isinstance(answer, LifeCycleStatus) else None
    scheme, told = (named.scheme, "".join(named.value.split())) if named is not None else ("", "")
    scheme_known, _, known = str(message.request.get("seller_id") or "").partition(":")
    siren = _siren(scheme, told)
    ours = _siren(scheme_known, known) or _siren(_VAT, message.seller or "")
    if siren and ours:
        return siren == ours
    return not told or not known or scheme != scheme_known or told == known


def _siren(scheme: str, value: str) -> str | None:
    """The SIREN of a French company: the identifier itself, the beginning of a SIRET, the end of a VAT number."""
    found = _FRENCH[scheme].fullmatch("".join(value.split()).upper()) if scheme in _FRENCH else None
    return found[1] if found else None


def _sent_to(message: Message, received: Received) -> bool:
    if received.channel == "email":
        return message.channel == "email" and _from(received) == (message.receiver or "").strip().lower()
    if received.about.get("platform"):  # it brings what is said of an invoice that it took itself
        return message.channel == received.channel
    sender = str(message.request.get("sender") or "").lower()
    back = str(received.about.get("receiver") or "").rpartition("::")[2].lower()
    here = not sender or not back or sender == back  # some providers do not say whom a document came to
    return _from(received) == (message.receiver or "").lower() and here


def _from(received: Received) -> str:
    """The participant, or the address, that a document comes from."""
    told = str(received.about.get("sender") or received.sender)
    return (parseaddr(told)[1] if received.channel == "email" else told.rpartition("::")[2]).lower()


def _about(answer: Parsed, faults: tuple[str, ...]) -> dict[str, Any]:
    """What is kept of an answer: enough to weigh the next one, and to tell people."""
    about: dict[str, Any] = {"id": answer.id[:200]}
    if isinstance(answer, MessageStatus):
        reasons = [f"{each.code} {each.text}".strip() for each in answer.issues]
        about |= {"issued": answer.issued.isoformat(), "reasons": [answer.text or "", *reasons]}
    elif isinstance(answer, LifeCycleStatus):
        about |= {"issued": answer.at.isoformat(), "number": answer.number[:300]}
        about["reasons"] = [_told(each.code, each.text, each.action) for each in answer.reasons]
    else:
        day, at = answer.issued.isoformat(), answer.issued_at
        about |= {"issued": f"{day}T{at.isoformat()}" if at else day, "number": answer.number[:300]}
        about["reasons"] = [_told(each.code, each.text) for each in answer.clarifications] + [answer.note or ""]
        about["partial"] = answer.partial
    about["reasons"] = [each[:500] for each in about["reasons"] if each][:20]
    return about | ({"faults": [each[:300] for each in faults][:20]} if faults else {})


def _told(*parts: str | None) -> str:
    return " ".join(each for each in parts if each)


def _weighing(answer: Parsed) -> Callable[[Sequence[Noted]], str | None]:
    if isinstance(answer, MessageStatus):
        return _first_status
    other = _standing(answer)
    if other is None:
        return lambda _: "this status of the life cycle is the platform's and says nothing of the buyer"
    in_order = not isinstance(answer, LifeCycleStatus)
    return lambda before: overruled(_last(before), other, in_order=in_order)


def _first_status(before: Sequence[Noted]) -> str | None:
    known = next((each for each in before if each.kind == MESSAGE_STATUS), None)
    return f"the access point said {known.status} before, and it says one thing of a message" if known else None


def _standing(answer: InvoiceResponse | LifeCycleStatus) -> Standing | None:
    if not isinstance(answer, LifeCycleStatus):
        return standing(answer)
    status = business_status(answer.status)
    if status is None:
        return None
    return Standing(status=status, issued=answer.at.date(), issued_at=answer.at.timetz())


def _last(before: Sequence[Noted]) -> Standing | None:
    """Where the invoice stands by the answers that counted so far."""
    known = [each for each in before if each.kind != MESSAGE_STATUS]
    return standing_of(known[-1]) if known else None


def standing_of(noted: Noted) -> Standing:
    """Where an invoice stands by an answer that was written down."""
    issued = str(noted.about["issued"])
    moment = datetime.fromisoformat(issued) if "T" in issued else None
    status = str(noted.status)
    return Standing(
        status=business_status(status) or status if noted.kind == LIFE_CYCLE else status,
        issued=moment.date() if moment else date.fromisoformat(issued),
        issued_at=moment.timetz() if moment else None,
        partial=bool(noted.about.get("partial")),
    )
