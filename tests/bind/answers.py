# SPDX-License-Identifier: Apache-2.0
"""Sound answers to an invoice, for the tests of how they are written, read and judged."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from einvoice.codes.responses import life_cycle, life_cycle_reasons
from einvoice.model.life_cycle import Actor, LifeCycleStatus, Reason
from einvoice.model.response import (
    ACTION_LIST,
    REASON_LIST,
    Clarification,
    Endpoint,
    InvoiceResponse,
    Issue,
    MessageStatus,
    Party,
    Proposal,
)

RESPONSE = InvoiceResponse(
    id="0f0a9b1c-7b1e-4a43-9d0a-2b8f3c1d4e5f",
    issued=date(2026, 11, 22),
    issued_at=time(9, 30, tzinfo=UTC),
    sender=Party(endpoint=Endpoint("0208", "0123456749"), name="Buyer BV"),
    receiver=Party(endpoint=Endpoint("9930", "DE123456788"), name="Verkäufer GmbH"),
    status="RE",
    number="RE-1",
    type_code="380",
    invoice_date=date(2026, 11, 1),
    effective=date(2026, 11, 21),
    note="The order number is missing.",
    clarifications=(
        Clarification(list=REASON_LIST, code="REF", text="no order", proposals=(Proposal("BT-13", "PO-7"),)),
        Clarification(list=ACTION_LIST, code="NIN"),
    ),
    seller="Verkäufer GmbH",
    buyer="Buyer BV",
)
STATUS = MessageStatus(
    id="5b0c0e4e-5d0c-4a43-9d0a-2b8f3c1d4e5f",
    issued=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    sender=Endpoint("0242", "000002"),
    receiver=Endpoint("0242", "000001-EU_WEST"),
    status="RE",
    instance_id="90f14eff-3705-4869-ad3c-caae270a234e",
    text="The document is not valid.",
    issues=(
        Issue(location="/Invoice/cbc:ID", text="[BR-02] An invoice has a number.", code="BV"),
        Issue(location="NA", text="late", code="BW"),
    ),
)


def life_cycle_status(code: str, *, reason: str | None = None) -> LifeCycleStatus:
    """A sound status of the French life cycle, with a reason where it needs one."""
    known = life_cycle()[code]
    needed = life_cycle_reasons().get(code, ())
    siren = {"BY": "200000008", "SE": "100000009"}
    issuer = Actor(
        role=known.role,
        identifier=Endpoint("0002", siren[known.role]) if known.role in siren else None,
        name="ACHETEUR" if known.role == "BY" else None,
    )
    other = "BY" if known.role == "SE" else "SE"
    chosen = reason or (needed[0] if needed and code != "200" else None)
    return LifeCycleStatus(
        id=f"RE-1_{code}_20261122093000#380_20261101",
        created=datetime(2026, 11, 22, 9, 35, tzinfo=UTC),
        issuer=issuer,
        recipients=(
            Actor(
                role=other,
                identifier=Endpoint("0002", siren[other]),
                name="Partie",
                endpoint=Endpoint("0225", siren[other]),
            ),
        ),
        at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        number="RE-1",
        type_code="380",
        invoice_date=date(2026, 11, 1),
        received=datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        status=code,
        seller=Endpoint("0002", "100000009"),
        reasons=(Reason(code=chosen, text="voir la ligne 1", action="NIN"),) if chosen else (),
    )
