# SPDX-License-Identifier: Apache-2.0
"""A status of the French life cycle of invoices, and what must hold for it.

The numbers MDT-... and BR-FR-CDV-... are those of the norm and of its published rules.

Source: XP Z12-012 as FNFE-MPE publishes it: rules BR-FR-CDV 1.4.0 and their examples.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from einvoice.codes.responses import ACTIONS, PHASE_TREATMENT, life_cycle, life_cycle_reasons, names
from einvoice.model.response import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

PAID = "212"
"""Encaissée: the only status that needs amounts by VAT rate, which no answer of a buyer holds."""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who says or gets a status."""

    role: str
    """UNTDID 3035: BY, SE, WK (a platform), DFH (the public portal) ..."""
    identifier: Endpoint | None = None
    """In France the SIREN, scheme 0002."""
    name: str | None = None
    endpoint: Endpoint | None = None


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why, and what is asked for."""

    code: str | None = None
    """MDT-113."""
    text: str | None = None
    action: str | None = None
    """MDT-121, a code of OPStatusAction."""


class LifeCycleStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One status of one invoice."""

    id: str
    created: datetime
    """When the document was made (MDT-8)."""
    process: str = "REGULATED"
    """MDT-2."""
    issuer: Actor
    """Who says it (MDG-13); a platform (WK) hands it on."""
    recipients: tuple[Actor, ...]
    at: datetime
    """Since when it holds (MDT-78)."""
    number: str
    """BT-1 of the invoice."""
    type_code: str | None = None
    """BT-3."""
    invoice_date: date | None = None
    """BT-2."""
    received: datetime | None = None
    """When the invoice came to the platform (MDT-95)."""
    status: str
    """MDT-105: 200 to 214, and others between platforms."""
    seller: Endpoint | None = None
    """The seller's legal identifier (BT-30)."""
    reasons: tuple[Reason, ...] = ()


def faults(status: LifeCycleStatus) -> list[str]:
    """What is wrong with a status, each fault with the id of its rule; nothing where it is sound.

    Args:
        status: the status.
    """
    known = life_cycle().get(status.status)
    if known is None:
        return [f"BR-FR-CDV-CL-06: the status {status.status!r} is none of {', '.join(life_cycle())}"]
    return [*_parties(status, known.phase, known.role), *_about(status), *_reasons(status)]


def _parties(status: LifeCycleStatus, phase: str, role: str) -> Iterator[str]:
    if status.issuer.role != role:
        yield f"BR-FR-CDV-CL-03: the status {status.status} is said by {role}, not by {status.issuer.role}"
    if phase == PHASE_TREATMENT and status.issuer.identifier is None:
        yield "BR-FR-CDV-07: who says it has no identifier (SIREN, BT-47 of the buyer, BT-30 of the seller)"
    if not status.recipients:
        yield "BR-FR-CDV-08: nobody gets it"
    for each in status.recipients:
        if each.role not in {"WK", "DFH"} and each.endpoint is None:
            yield f"BR-FR-CDV-08: the recipient {each.name or each.role} has no electronic address"


def _about(status: LifeCycleStatus) -> Iterator[str]:
    if not status.number:
        yield "BR-FR-CDV-10: the number of the invoice (BT-1) is missing"
    if status.invoice_date is None:
        yield "BR-FR-CDV-11: the date of the invoice (BT-2) is missing"
    if status.seller is None:
        yield "BR-FR-CDV-13: the seller's legal identifier (BT-30) is missing"


def _reasons(status: LifeCycleStatus) -> Iterator[str]:
    allowed = life_cycle_reasons().get(status.status, ())
    given = [each.code for each in status.reasons if each.code]
    if allowed and not given and status.status != "200":
        yield f"BR-FR-CDV-15: the status {status.status} needs a reason: {', '.join(allowed)}"
    for code in given:
        if code not in allowed:
            other = f"one of {', '.join(allowed)}" if allowed else "none at all"
            yield f"BR-FR-CDV-CL-09: the status {status.status} takes {other}, not {code!r}"
    for each in status.reasons:
        if each.action and each.action not in names(ACTIONS):
            yield f"BR-FR-CDV-CL-10: {each.action!r} is none of {', '.join(names(ACTIONS))}"
