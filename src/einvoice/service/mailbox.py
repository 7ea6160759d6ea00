# SPDX-License-Identifier: Apache-2.0
"""Where the access point puts what it takes: the inbox, with the receipt that goes back."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from einvoice.service.sorting import is_answer
from einvoice.store.inbox import Arrival, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.store.inbox import Inbox, Received
    from einvoice.transport.as4.receiver import Delivery

CHANNEL = "as4"


class InboxMailbox:
    """Keeps deliveries of AS4 in an inbox.

    Args:
        inbox: where they are kept.
        attend: is given every answer that is new, so that it is known at once; what it leaves is attended to later.
    """

    def __init__(self, inbox: Inbox, attend: Callable[[Received], object] = lambda _: None) -> None:
        self.inbox = inbox
        self.attend = attend

    def keep(self, delivery: Delivery) -> bytes:
        """Keep a delivery with its receipt; a message that came before gets the receipt it got.

        Raises:
            StoreError: it cannot be kept, or another message came under its identifier.
        """
        header = delivery.envelope
        arrival = Arrival(
            channel=CHANNEL,
            sender=delivery.sender,
            wire_id=delivery.message_id,
            digest=digest_of(delivery.digests),
            payload=delivery.document,
            media_type="application/xml",
            instance_id=header.instance_id,
            answer=delivery.receipt,
            proof={"envelope": delivery.signed[0], "attachment": delivery.signed[1]},
            about={
                "sender": str(header.sender),
                "receiver": str(header.receiver),
                "document_type": str(header.document_type),
                "process": str(header.process),
                "country": header.country,
                "created": header.created.isoformat(),
                "mls_to": str(header.mls_to) if header.mls_to else None,
                "mls_type": header.mls_type,
            },
        )
        received, new = self.inbox.store(arrival)
        if new and received.duplicate_of is None and is_answer(delivery.document):
            with suppress(Exception):  # it is kept, and gets its receipt whatever is wrong with it
                self.attend(received)
        return self.inbox.answer(received) or delivery.receipt
