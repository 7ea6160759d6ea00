# SPDX-License-Identifier: Apache-2.0
"""An outbox with an invoice that was delivered, and answers that arrive, for the tests of what becomes of them."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

from einvoice.store.inbox import Arrival, Inbox, Received
from einvoice.store.outbox import Message, Order, Outbox, Settlement
from einvoice.transport.identity import to_der
from tests.transport.network import certificates

if TYPE_CHECKING:
    from einvoice.store.database import Database

COUNT = itertools.count(1)
RECEIVER = "PTB000002"
"""The access point that the invoice went to."""
BUYER, SELLER = "9915:b", "9915:a"


def delivered(database: Database, number: str = "RE-1", *, seller: str | None = None, **request: str) -> Message:
    """An invoice from 9915:a to 9915:b that the access point of b has acknowledged."""
    outbox = Outbox(database)
    wanted = {"sender": SELLER, "receiver": BUYER, "invoice_date": "2026-11-01"} | request
    order = Order(
        key=f"{number}|{next(COUNT)}",
        channel="as4",
        payload=number.encode(),
        media_type="application/xml",
        request=wanted,
        number=number,
        seller=seller,
        receiver=wanted["receiver"],
    )
    outbox.submit(order)
    claimed = outbox.claim("test", lease=timedelta(minutes=1))
    assert claimed is not None
    about = {"certificate": to_der(certificates().receiver.certificate).hex()}
    begun = outbox.begin(outbox.prepared(claimed, b"wire", "multipart/related", about))
    return outbox.settle(begun, Settlement(outcome="delivered", code="RECEIPT"))


def arrive(
    database: Database, payload: bytes, *, point: str = RECEIVER, channel: str = "as4", **about: str | None
) -> Received:
    """A document that comes in from b, unless something else is said."""
    number = next(COUNT)
    envelope = {"sender": f"iso6523-actorid-upis::{BUYER}", "receiver": f"iso6523-actorid-upis::{SELLER}"}
    arrival = Arrival(
        channel=channel,
        sender=point,
        wire_id=f"{number}@b",
        digest=hashlib.sha256(payload).hexdigest(),
        payload=payload,
        media_type="application/xml",
        instance_id=f"instance-{number}",
        about=(envelope if channel == "as4" else {}) | about,
    )
    return Inbox(database).store(arrival)[0]
