# SPDX-License-Identifier: Apache-2.0
"""The receiving access point says what became of a message: Peppol's Message Level Status, put into the outbox.

A sender asks for it in the envelope: ``FAILURE_ONLY``, which is meant where nothing is said, or ``ALWAYS_SEND``. It is
told once for a message, never for another status, and only to the service provider that sent: an ``MLS_TO`` that names
another one is not followed.

Source: Peppol Message Level Status 1.1; Peppol Network Policy 1.0.0 (FAILURE_ONLY is the default); Service Provider
Operational Guideline on MLS 1.0.0, sections 5.1 and 5.4; OpenPeppol SPIS 1.0.0 (the digits of a seat are its main id).
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from einvoice.bind import response as ubl
from einvoice.errors import EinvoiceError, StoreError
from einvoice.model.response import Endpoint, Issue, MessageStatus, endpoint
from einvoice.model.response_rules import SPIS
from einvoice.service.check import judge
from einvoice.service.intake import take_in_bytes
from einvoice.service.packs import choose
from einvoice.service.schemas import SCHEMA
from einvoice.store.answers import MESSAGE_STATUS, Answers, Sent
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Message, Order, Outbox

if TYPE_CHECKING:
    from einvoice.rules.findings import Finding
    from einvoice.service.settings import Settings
    from einvoice.store.database import Database
    from einvoice.store.inbox import Received

DOCUMENT_TYPE: Final = f"busdox-docid-qns::{ubl.NAMESPACE}::ApplicationResponse##{ubl.STATUS}::2.1"
PROCESS: Final = f"cenbii-procid-ubl::{ubl.STATUS_PROCESS}"

_SEAT: Final = re.compile(r"P[A-Z]{2}([0-9]{6})")
_NEVER: Final = (ubl.STATUS, "urn:fdc:peppol.eu:poacc:trns:mlr:3")
"""What no status is sent for: another status, and its predecessor."""
_LATEST: Final = timedelta(days=3)
_MOST: Final = 50
"""Issues that are listed; the text says how many there are."""


def provider(common_name: str) -> str | None:
    """The participant that a service provider is (``0242:000123``), by the seat in its certificate (``POP000123``).

    Args:
        common_name: the common name of the certificate.
    """
    found = _SEAT.fullmatch(common_name)
    return f"{SPIS}:{found[1]}" if found else None


def receiver(received: Received) -> str | None:
    """Who gets the status of a message: what it asks for, if that belongs to who sent it; else who sent it.

    Args:
        received: the message.
    """
    own = provider(received.sender)
    wanted = str(received.about.get("mls_to") or "").rpartition("::")[2]
    if own is not None and (wanted == own or wanted.startswith(f"{own}-")):
        return wanted
    return own


class Teller:
    """Says what became of messages that came in over AS4.

    Args:
        database: where inbox and outbox are.
        own: the common name of the own access point.
        country: the country of its operator, ISO 3166-1, if it is known.
        judges: whether documents are judged, and those that are not valid rejected.
        limits: what judging a document may cost.
    """

    def __init__(self, database: Database, *, own: str, country: str | None, judges: bool, limits: Settings) -> None:
        self.inbox, self.outbox, self.answers = Inbox(database), Outbox(database), Answers(database)
        self.sender, self.country, self.judges, self.limits = provider(own), country, judges, limits

    def wants(self, received: Received) -> bool:
        """Whether something may have to be told of a message; where not, nobody has to look at it.

        Args:
            received: the message.
        """
        if received.channel != "as4" or self.sender is None or _is_status(received):
            return False
        if datetime.now(UTC) - received.received > _LATEST:  # who updates does not tell of what came long ago
            return False
        return received.about.get("mls_type") == "ALWAYS_SEND" or (self.judges and _is_invoice(received))

    def tell(self, received: Received) -> Message | None:
        """Put the status of a message into the outbox, if it is to be told.

        Args:
            received: the message.

        Returns:
            The message that tells it; nothing where none is asked for or allowed.

        Raises:
            EinvoiceError: it cannot be told, because nothing says in which country that is (``NO_COUNTRY``).
        """
        to = receiver(received)
        if to is None or not self.wants(received):
            return None
        key = f"as4|{MESSAGE_STATUS}|{received.id}"
        known = self.outbox.find(key=key)
        if known:
            return known[0]
        issues = self._issues(received) if self.judges else ()
        if not issues and received.about.get("mls_type") != "ALWAYS_SEND":
            return None
        if self.country is None:
            raise EinvoiceError("the status cannot be told: country is missing in [as4]", code="NO_COUNTRY")
        status = self._status(received, endpoint(to), issues)
        try:
            return self._submit(key, received, status)
        except StoreError as error:
            if error.code != "KEY":  # another process was faster, and says the same under another time
                raise
            return self.outbox.find(key=key)[0]

    def _status(self, received: Received, to: Endpoint, issues: tuple[Issue, ...]) -> MessageStatus:
        handed = "AP" if received.taken else "AB"
        text = f"the document is not valid: {len(issues)} rules are broken" if issues else None
        return MessageStatus(
            id=str(uuid.uuid4()),
            issued=datetime.now(UTC).replace(microsecond=0),
            sender=endpoint(str(self.sender)),
            receiver=to,
            status="RE" if issues else handed,
            instance_id=str(received.instance_id),
            text=text,
            issues=issues[:_MOST],
        )

    def _submit(self, key: str, received: Received, status: MessageStatus) -> Message:
        order = Order(
            key=key,
            channel="as4",
            payload=ubl.write(status),
            media_type="application/xml",
            request={
                "sender": str(status.sender),
                "receiver": str(status.receiver),
                "country": self.country,
                "document_type": DOCUMENT_TYPE,
                "process": PROCESS,
                "media_type": "application/xml",
                "filename": "status.xml",
                "in_reply_to": received.id,
                "status": status.status,
            },
            receiver=str(status.receiver),
        )
        with self.outbox.database.write():
            message = self.outbox.submit(order)
            about = {"receiver": str(status.receiver), "issues": len(status.issues)}
            self.answers.replied(
                Sent(
                    message=message.id,
                    inbound=received.id,
                    kind=MESSAGE_STATUS,
                    status=status.status,
                    about=about,
                )
            )
        return message

    def _issues(self, received: Received) -> tuple[Issue, ...]:
        """What is wrong with a document, by the schema and the rules that it claims to obey."""
        if not _is_invoice(received):
            return ()
        try:
            intake = take_in_bytes(self.inbox.content(received), self.limits)
            report, _ = judge(intake, choose((), intake.reading))
        except EinvoiceError as error:
            return (Issue(location="NA", text=error.message[:500], code="SV"),)
        if report.verdict != "invalid":
            return ()
        return tuple(_issue(each) for each in report.findings if each.effective == "fatal")


def _issue(finding: Finding) -> Issue:
    told = " ".join(each for each in (finding.message, finding.why) if each)
    code = "SV" if finding.rule == SCHEMA else "BV"
    return Issue(location=finding.location or "NA", text=f"[{finding.rule}] {told}"[:1000], code=code)


def _is_status(received: Received) -> bool:
    return any(each in str(received.about.get("document_type")) for each in _NEVER)


def _is_invoice(received: Received) -> bool:
    return any(f"::{root}##" in str(received.about.get("document_type")) for root in _INVOICES)


_INVOICES: Final = ("Invoice", "CreditNote", "CrossIndustryInvoice")
