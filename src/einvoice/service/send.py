# SPDX-License-Identifier: Apache-2.0
"""Sending an invoice: found out what the receiver takes, converted to it, judged, queued, delivered, proven."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.errors import EinvoiceError, StoreError, TransportError, UnknownNameError
from einvoice.importers.wording import nearest
from einvoice.service.check import judge
from einvoice.service.forming import Lookup, as_formed, not_valid, open_form
from einvoice.service.intake import take_in
from einvoice.service.itinerary import Plan, as_hybrid, as_it_is
from einvoice.service.packs import choose
from einvoice.service.parties import parties
from einvoice.service.providers import TAKEN, UNSET
from einvoice.store.messages import FORCE, Formed
from einvoice.store.outbox import Message, Order, Outbox
from einvoice.transport.peppol.identifiers import participant

if TYPE_CHECKING:
    from einvoice.model import Invoice
    from einvoice.rules.findings import Report
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
    plan: Plan | None
    """The form in which it goes out; nothing where nobody could say yet what its receiver takes."""
    order: Order
    forced: bool
    put_off: TransportError | None = None
    """Why nobody could say it: an outage, which passes."""


def check(wanted: Wanted, wiring: Wiring, *, queue: bool = False) -> None:
    """See that invoices can be sent as they are to be sent, whatever they say.

    Args:
        wanted: how they are to be sent.
        wiring: the channels.
        queue: whether somebody else sends them.

    Raises:
        UnknownNameError: there is no such channel (``CHANNEL``).
        EinvoiceError: the channel is not set up or lacks its secret (``SETTINGS``), does not go with the form
            (``FORM``), or the receiver is named by no identifier or address (``TO``).
    """
    wanted = _addressed(wanted)
    channel, account = wanted.channel, wiring.channels.provider.get(wanted.channel)
    if account is None and channel not in TAKEN:
        known = [*sorted(TAKEN), *wiring.channels.provider]
        raise UnknownNameError(
            f"there is no channel {channel!r}{nearest(channel, known)}; there are {', '.join(known)}", code="CHANNEL"
        )
    if wanted.as_pdf and channel not in _PDF:
        raise EinvoiceError(
            f"over {channel!r}, the receiver chooses the form; --as facturx is for {' and '.join(sorted(_PDF))}",
            code="FORM",
        )
    if account is not None and not queue:
        wiring.secret_of(channel)
    if wanted.to is not None:
        _check_receiver(wanted.to, channel)


def _check_receiver(to: str, channel: str) -> None:
    """A receiver that the user named is the user's to get right."""
    from einvoice.transport.mail.compose import check_address

    if channel == "folder":
        return
    try:
        _ = check_address(to) if channel == "email" else participant(to)
    except TransportError as error:
        raise EinvoiceError(f"--to: {error.message}", code="TO") from None


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
    wanted = _addressed(wanted)
    check(wanted, wiring, queue=True)
    intake = take_in(source, settings)
    request = _asked(intake, wanted, wiring)
    try:
        chosen = _chosen(intake, wanted, request, Lookup(wiring, settings))
    except TransportError as error:
        if not error.temporary or error.code == UNSET:
            raise
        return _put_off(intake, wanted, request, error)
    forced = chosen.report.verdict != "valid"
    if forced and not wanted.force:
        raise not_valid(chosen.report, source)
    formed = as_formed(intake, request, chosen)
    return Ready(
        source=source, plan=chosen, order=_order(intake, wanted, formed, chosen.report, forced=forced), forced=forced
    )


def _put_off(intake: Intake, wanted: Wanted, request: dict[str, str], error: TransportError) -> Ready:
    """An invoice whose receiver cannot be looked up now: kept as it is, its form chosen when somebody answers."""
    report, _ = judge(intake, choose((), intake.reading))
    source, forced = str(intake.source), report.verdict == "invalid"
    if forced and not wanted.force:
        raise not_valid(report, source)
    kept = Formed(
        payload=intake.data, media_type="application/octet-stream", request=open_form(intake, request), told={}
    )
    if wanted.force:
        kept.request[FORCE] = "yes"
    order = _order(intake, wanted, kept, report, forced=forced)
    order = msgspec.structs.replace(order, put_off=(error.code or "TRANSPORT", str(error)))
    return Ready(source=source, plan=None, order=order, forced=forced, put_off=error)


def _order(intake: Intake, wanted: Wanted, formed: Formed, report: Report, *, forced: bool) -> Order:
    invoice, receiver = intake.reading.invoice, formed.request.get("receiver")
    origin = intake.data if wanted.channel not in _PDF else formed.payload
    return Order(
        key=_key(invoice, wanted, origin, receiver or ""),
        channel=wanted.channel,
        payload=formed.payload,
        media_type=formed.media_type,
        request=formed.request,
        number=invoice.number,
        seller=_seller(invoice) or None,
        receiver=receiver,
        forced=({"verdict": report.verdict, "rules": [each.rule for each in report.findings]} if forced else None),
    )


def _asked(intake: Intake, wanted: Wanted, wiring: Wiring) -> dict[str, str]:
    """What the channel has to know, as far as nobody has to be asked for it."""
    invoice = intake.reading.invoice
    if wanted.channel == "as4":
        return _as4(invoice, wanted, wiring)
    if wanted.channel in wiring.channels.provider:
        return _by_provider(invoice, wanted, wiring)
    return _email(invoice, wanted) if wanted.channel == "email" else {}


def _chosen(intake: Intake, wanted: Wanted, request: dict[str, str], lookup: Lookup) -> Plan:
    """The form in which the invoice goes over its channel."""
    if wanted.channel in _PDF:
        return as_hybrid(intake, lookup.settings) if wanted.as_pdf else as_it_is(intake)
    return lookup.plan(intake, wanted.channel, request)


def _addressed(wanted: Wanted) -> Wanted:
    """``mailto:ap@example.org`` names the channel with the address (RFC 6068)."""
    scheme, colon, address = (wanted.to or "").partition(":")
    if not colon or scheme.lower() != "mailto":
        return wanted
    return msgspec.structs.replace(wanted, channel="email", to=address)


def _key(invoice: Invoice, wanted: Wanted, origin: bytes, receiver: str) -> str:
    """What makes two orders one: channel, seller, number, year and receiver; numbers may begin anew every year."""
    if not invoice.number:
        return f"{wanted.channel}|{hashlib.sha256(origin).hexdigest()}"
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


def _by_provider(invoice: Invoice, wanted: Wanted, wiring: Wiring) -> dict[str, str]:
    """What a provider has to be told."""
    account, adapter = wiring.channels.provider[wanted.channel], wiring.providers()[wanted.channel]
    section = f"provider.{wanted.channel}"
    own, country = account.participant, account.country
    return parties(invoice, to=wanted.to, own=own, country=country, section=section, needs=adapter.needs)


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
