# SPDX-License-Identifier: Apache-2.0
"""The document that goes out: chosen by what the receiver takes, at once or when somebody can say it again.

Where the network or a provider does not answer, an invoice is kept as it came and its form stays open. The courier
chooses it before the first attempt, and bytes and identifiers are fixed then as those of any other message.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Final

from einvoice.errors import ProfileError
from einvoice.service.files import SUFFIXES, sanitised
from einvoice.service.intake import take_in_bytes
from einvoice.service.itinerary import Plan, as_it_is, plan
from einvoice.service.providers import registered
from einvoice.store.messages import FORCE, FORM, MADE_FROM, Formed
from einvoice.transport.peppol.identifiers import participant

if TYPE_CHECKING:
    from einvoice.rules.findings import Report
    from einvoice.service.channels import Wiring
    from einvoice.service.intake import Intake
    from einvoice.service.settings import Settings
    from einvoice.store.outbox import Message
    from einvoice.transport.peppol.lookup import Directory

_OPEN: Final = "open until the receiver can be looked up"


class Lookup:
    """Asks what receivers take, and chooses the form of invoices by it.

    Args:
        wiring: the channels.
        settings: what a document may cost.
    """

    def __init__(self, wiring: Wiring, settings: Settings) -> None:
        self.wiring, self.settings = wiring, settings
        self._directory: Directory | None = None

    def plan(self, intake: Intake, channel: str, request: dict[str, str]) -> Plan:
        """The form in which an invoice goes to a receiver.

        Args:
            intake: the invoice.
            channel: ``as4``, or the name of a provider.
            request: what is known of its way.

        Raises:
            TransportError: nobody answers (temporary), or the receiver takes no form of it.
        """
        if channel == "as4":
            self._directory = self._directory or self.wiring.directory()
            receives = self._directory.receives(participant(request["receiver"]))
            return plan(intake, receives, self.settings)
        adapter = self.wiring.providers()[channel]
        if adapter.needs.hybrid:
            return as_it_is(intake)
        return plan(intake, registered(adapter, request["receiver"]), self.settings)

    def form(self, message: Message, payload: bytes) -> Formed:
        """The document of a message whose form was open.

        Args:
            message: the message.
            payload: the invoice, as it came.

        Raises:
            TransportError: see :meth:`plan`.
            ProfileError: it is not valid in the form that its receiver takes, and nobody insisted (``NOT_VALID``).
        """
        intake = take_in_bytes(payload, self.settings)
        request = {name: value for name, value in message.request.items() if name not in {FORM, FORCE}}
        chosen = self.plan(intake, message.channel, request)
        if chosen.report.verdict != "valid" and FORCE not in message.request:
            raise not_valid(chosen.report)
        return as_formed(intake, request, chosen)


def is_open(message: Message) -> bool:
    """Whether the form of a message is chosen when its receiver was looked up."""
    return FORM in message.request and message.wire is None


def open_form(intake: Intake, request: dict[str, str]) -> dict[str, str]:
    """What an outbox keeps of an invoice whose form is open.

    Args:
        intake: the invoice.
        request: what is known of its way.
    """
    origin = {MADE_FROM: hashlib.sha256(intake.data).hexdigest()}
    return request | _told(intake) | origin | {FORM: _OPEN}


def as_formed(intake: Intake, request: dict[str, str], chosen: Plan) -> Formed:
    """An invoice in the form in which it goes out, with all that its channel has to know.

    Args:
        intake: the invoice.
        request: what is known of its way.
        chosen: its form.
    """
    kind = {"cii": "cii", "pdf": "facturx"}.get(chosen.syntax, "ubl")
    media_type = "application/pdf" if chosen.syntax == "pdf" else "application/xml"
    known = {
        "media_type": media_type,
        "document_type": str(chosen.document_type),
        "process": str(chosen.process),
        "filename": (sanitised(intake.reading.invoice.number or "") or "invoice") + SUFFIXES[kind],
    }
    if chosen.changed and "receiver" in request and kind != "facturx":
        known[MADE_FROM] = hashlib.sha256(intake.data).hexdigest()
    told = {"document_type": str(chosen.document_type), "verdict": chosen.report.verdict}
    return Formed(payload=chosen.output, media_type=media_type, request=request | known | _told(intake), told=told)


def _told(intake: Intake) -> dict[str, str]:
    """Date and seller, which tell an answer to this invoice from one to another with its number."""
    invoice = intake.reading.invoice
    told = {"invoice_date": invoice.issue_date.isoformat()} if isinstance(invoice.issue_date, date) else {}
    seller = invoice.seller.legal_registration_identifier if invoice.seller else None
    return told | ({"seller_id": f"{seller.scheme or ''}:{seller.value}"} if seller and seller.value else {})


def not_valid(report: Report, source: str | None = None) -> ProfileError:
    """Why an invoice does not go out.

    Args:
        report: what was found.
        source: its name.
    """
    fatal = [each for each in report.findings if each.effective == "fatal"]
    first = f": {fatal[0].rule}: {fatal[0].message}" if fatal else ""
    return ProfileError(
        f"is {report.verdict}{first} (einvoice validate tells all);"
        " an invoice that is not valid goes out with --force only",
        source=source,
        code="NOT_VALID",
    )
