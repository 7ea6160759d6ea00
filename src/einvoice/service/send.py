# SPDX-License-Identifier: Apache-2.0
"""Sending an invoice: found out what the receiver takes, converted to it, judged, queued, delivered, proven."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.errors import EinvoiceError, ProfileError, StoreError, UnknownNameError
from einvoice.service.intake import take_in
from einvoice.service.itinerary import Plan, as_hybrid, as_it_is, plan
from einvoice.service.parties import parties
from einvoice.service.providers import TAKEN, registered
from einvoice.store.outbox import Message, Order, Outbox
from einvoice.transport.peppol.identifiers import participant

if TYPE_CHECKING:
    from einvoice.model import Invoice
    from einvoice.service.channel_settings import As4Settings
    from einvoice.service.channels import Wiring
    from einvoice.service.intake import Intake
    from einvoice.service.settings import Settings
    from einvoice.store.database import Database

_PDF: Final = frozenset({"email", "folder"})
_LONGEST: Final = 1000


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How an invoice is to be sent."""

    channel: str = "as4"
    """as4, email, folder, or the name of a provider of the settings."""
    to: str | None = None
    """The receiver; by default the buyer's electronic address (BT-49)."""
    force: bool = False
    """Whether an invoice goes out that is not valid; that is written down."""
    as_pdf: bool = False
    """Whether it goes out as a Factur-X PDF, which is drawn where it is none yet."""


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice that can go out, and how."""

    source: str
    plan: Plan
    order: Order
    forced: bool


def prepare(source: str, wanted: Wanted, wiring: Wiring, settings: Settings) -> Ready:
    """Find out how an invoice goes out; nothing is sent and nothing is stored.

    Args:
        source: the invoice.
        wanted: how it is to be sent.
        wiring: the channels.
        settings: what a document may cost.

    Raises:
        EinvoiceError: it cannot be read, its receiver is not known or takes no form of it, or it is not valid.
    """
    intake = take_in(source, settings)
    invoice = intake.reading.invoice
    wanted = _addressed(wanted)
    request, chosen = _formed(intake, wanted, wiring, settings)
    forced = chosen.report.verdict != "valid"
    if forced and not wanted.force:
        raise _not_valid(chosen, source)
    media_type = "application/pdf" if chosen.syntax == "pdf" else "application/xml"
    request |= {
        "media_type": media_type,
        "document_type": str(chosen.document_type),
        "process": str(chosen.process),
        **_named(invoice, chosen),
    }
    order = Order(
        key=_key(invoice, wanted, chosen, request.get("receiver", "")),
        channel=wanted.channel,
        payload=chosen.output,
        media_type=media_type,
        request=request,
        number=invoice.number,
        seller=_seller(invoice) or None,
        receiver=request.get("receiver"),
    )
    if forced:
        why = {"verdict": chosen.report.verdict, "rules": [each.rule for each in chosen.report.findings]}
        order = msgspec.structs.replace(order, forced=why)
    return Ready(source=source, plan=chosen, order=order, forced=forced)


def _formed(intake: Intake, wanted: Wanted, wiring: Wiring, settings: Settings) -> tuple[dict[str, str], Plan]:
    """What the channel has to know, and the form in which the invoice goes over it."""
    invoice = intake.reading.invoice
    if wanted.as_pdf and wanted.channel not in _PDF:
        raise EinvoiceError(
            f"over {wanted.channel!r}, the receiver chooses the form; --as facturx is for {' and '.join(sorted(_PDF))}",
            code="FORM",
        )
    if wanted.channel == "as4":
        request = _as4(invoice, wanted, wiring)
        receives = wiring.directory().receives(participant(request["receiver"]))
        return request, plan(intake, receives, settings)
    if wanted.channel in wiring.channels.provider:
        return _by_provider(intake, wanted, wiring, settings)
    if wanted.channel not in TAKEN:
        known = ", ".join([*sorted(TAKEN), *wiring.channels.provider])
        raise UnknownNameError(f"there is no channel {wanted.channel!r}, but {known}", code="CHANNEL")
    chosen = as_hybrid(intake, settings) if wanted.as_pdf else as_it_is(intake)
    return (_email(invoice, wanted) if wanted.channel == "email" else {}), chosen


def _addressed(wanted: Wanted) -> Wanted:
    """``mailto:ap@example.org`` names the channel with the address (RFC 6068)."""
    scheme, colon, address = (wanted.to or "").partition(":")
    if not colon or scheme.lower() != "mailto":
        return wanted
    return msgspec.structs.replace(wanted, channel="email", to=address)


def _key(invoice: Invoice, wanted: Wanted, chosen: Plan, receiver: str) -> str:
    """What makes two orders one: channel, seller, number, year and receiver; numbers may begin anew every year."""
    if not invoice.number:
        return f"{wanted.channel}|{hashlib.sha256(chosen.output).hexdigest()}"
    year = str(invoice.issue_date or "")[:4]
    key = "|".join((wanted.channel, _seller(invoice), invoice.number, year, receiver))
    return key if len(key) <= _LONGEST else f"{wanted.channel}|{hashlib.sha256(key.encode()).hexdigest()}"


def enqueue(ready: Ready, database: Database) -> Message:
    """Put an invoice into the outbox, once.

    Args:
        ready: the invoice.
        database: where the outbox is.

    Raises:
        StoreError: this number of this seller was sent with other content (``KEY``).
    """
    try:
        return Outbox(database).submit(ready.order)
    except StoreError as error:
        error.at(ready.source)
        raise


def _as4(invoice: Invoice, wanted: Wanted, wiring: Wiring) -> dict[str, str]:
    settings = wiring.channels.as4
    own, country = (settings.participant, settings.country) if settings else (None, None)
    return {
        **parties(invoice, to=wanted.to, own=own, country=country, section="as4"),
        **_asked_for(settings),
    }


def _asked_for(settings: As4Settings | None) -> dict[str, str]:
    """Which message level status the receiver's access point is asked for, and who is told."""
    if settings is None:
        return {}
    told = participant(settings.mls_to).value if settings.mls_to else None
    return {name: value for name, value in (("mls_type", settings.mls_type), ("mls_to", told)) if value}


def _by_provider(intake: Intake, wanted: Wanted, wiring: Wiring, settings: Settings) -> tuple[dict[str, str], Plan]:
    """What a provider has to be told, and the form: what it says that the receiver takes, else the invoice as it is."""
    account, adapter = wiring.channels.provider[wanted.channel], wiring.providers()[wanted.channel]
    section = f"provider.{wanted.channel}"
    own, country = account.participant, account.country
    invoice = intake.reading.invoice
    request = parties(invoice, to=wanted.to, own=own, country=country, section=section, needs=adapter.needs)
    if adapter.needs.hybrid:
        return request, as_it_is(intake)
    return request, plan(intake, registered(adapter, request["receiver"]), settings)


def _email(invoice: Invoice, wanted: Wanted) -> dict[str, str]:
    from einvoice.transport.mail.submitter import to_request

    buyer = invoice.buyer
    address = buyer.electronic_address if buyer else None
    named = getattr(address, "value", None) if getattr(address, "scheme", None) == "EM" else None
    receiver = wanted.to or named
    if receiver is None:
        raise EinvoiceError(
            "the invoice names no e-mail address (BT-49 with scheme EM): say --to ap@example.org", code="NO_RECEIVER"
        )
    seller = invoice.seller.name if invoice.seller else None
    subject = " ".join(each for each in ("Invoice", invoice.number, f"from {seller}" if seller else None) if each)
    return to_request(str(receiver), subject=subject, text="The invoice is attached.\n")


def _seller(invoice: Invoice) -> str:
    seller = invoice.seller
    if seller is None:
        return ""
    return str(seller.vat_identifier or seller.name or "")


def _named(invoice: Invoice, chosen: Plan) -> dict[str, str]:
    """The name of the file; date and seller tell an answer to this invoice from one to another with its number."""
    from einvoice.service.files import SUFFIXES, sanitised

    kind = {"cii": "cii", "pdf": "facturx"}.get(chosen.syntax, "ubl")
    named = {"filename": (sanitised(invoice.number or "") or "invoice") + SUFFIXES[kind]}
    named |= {"invoice_date": invoice.issue_date.isoformat()} if isinstance(invoice.issue_date, date) else {}
    seller = invoice.seller.legal_registration_identifier if invoice.seller else None
    return named | ({"seller_id": f"{seller.scheme or ''}:{seller.value}"} if seller and seller.value else {})


def _not_valid(chosen: Plan, source: str) -> ProfileError:
    report = chosen.report
    fatal = [each for each in report.findings if each.effective == "fatal"]
    first = f": {fatal[0].rule}: {fatal[0].message}" if fatal else ""
    return ProfileError(
        f"is {report.verdict}{first} (einvoice validate tells all);"
        " an invoice that is not valid goes out with --force only",
        source=source,
        code="NOT_VALID",
    )
