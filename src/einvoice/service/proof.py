# SPDX-License-Identifier: Apache-2.0
"""The proof of a message, to be handed to whoever doubts it: everything that was sent and answered, and the ledger."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

from einvoice.errors import StoreError
from einvoice.store import archive, ledger
from einvoice.store.answers import Answers
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from einvoice.store.database import Database
    from einvoice.store.outbox import Message


def last_answer(database: Database, message: Message) -> bytes:
    """The last answer that came for a message, byte for byte.

    Raises:
        StoreError: none came yet (``EVIDENCE``).
    """
    digests = [each["evidence"] for each in Outbox(database).attempts(message.id) if each["evidence"]]
    if not digests:
        raise StoreError(f"no answer came for message {message.id} yet; it is {message.state}", code="EVIDENCE")
    with database.read() as connection:
        return archive.get(connection, digests[-1])


def bundle(database: Database, message: Message) -> bytes:
    """A ZIP with the document, the bytes on the wire, the metadata that was looked up, every answer and all events.

    What the receiver and its access point said of the document later lies beside it, as ``response-N.xml``.

    Args:
        database: where the message is.
        message: the message.
    """
    out = io.BytesIO()
    attempts = Outbox(database).attempts(message.id)
    with database.read() as connection, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        document = archive.get(connection, message.payload)
        packed.writestr("document.pdf" if document.startswith(b"%PDF-") else "document.xml", document)
        if message.wire is not None:
            packed.writestr("wire.bin", archive.get(connection, message.wire))
        about = dict(message.wire_about or {})
        metadata = about.pop("metadata", None)
        if metadata is not None:
            packed.writestr("metadata.xml", metadata)
        packed.writestr("wire.json", json.dumps(about, indent=2, sort_keys=True))
        for attempt in attempts:
            if attempt["evidence"]:
                packed.writestr(f"answer-{attempt['number']}.xml", archive.get(connection, attempt["evidence"]))
        for number, payload in enumerate(_responses(database, message), start=1):
            packed.writestr(f"response-{number}.xml", archive.get(connection, payload))
        packed.writestr(
            "events.json", json.dumps(_events(ledger.read(connection, message.id)), indent=2, ensure_ascii=False)
        )
    return out.getvalue()


def _responses(database: Database, message: Message) -> list[str]:
    """The digests of what came in about a message, in the order in which it came."""
    inbox = Inbox(database)
    return [inbox.get(each.inbound).payload for each in Answers(database).concerning(message.id)]


def _events(events: Iterable[ledger.Event]) -> list[dict[str, object]]:
    return [
        {
            "number": event.number,
            "at": event.at.isoformat(),
            "kind": event.kind,
            "data": event.data,
            "hash": event.hash,
        }
        for event in events
    ]
