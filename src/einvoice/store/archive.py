# SPDX-License-Identifier: Apache-2.0
"""The archive: exact bytes, kept under their SHA-256, never changed and never deleted here.

Source: FIPS 180-4 (SHA-256); what tax law asks of an archive (unchanged, complete, found again) in Directive
2006/112/EC article 233 and 244.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from einvoice.errors import StoreError
from einvoice.store.once import insert_once
from einvoice.store.tables import document

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy import Connection


# Built once: building a statement takes longer than running it.
_GET: Final = select(document.c.content).where(document.c.sha256 == bindparam("sha256"))
_SIZE: Final = select(document.c.size).where(document.c.sha256 == bindparam("sha256"))
_SIZES: Final = select(document.c.sha256, document.c.size).where(
    document.c.sha256.in_(bindparam("digests", expanding=True))
)


def put(connection: Connection, content: bytes, media_type: str, *, now: datetime) -> str:
    """Keep bytes; the same bytes are kept once.

    Args:
        connection: a writing transaction.
        content: the bytes.
        media_type: what they are, such as ``application/xml``.
        now: the moment.

    Returns:
        Their SHA-256 in hexadecimal.
    """
    digest = hashlib.sha256(content).hexdigest()
    row = {"sha256": digest, "content": content, "size": len(content), "media_type": media_type, "stored": now}
    insert_once(connection, document, row)
    return digest


def get(connection: Connection, digest: str) -> bytes:
    """The bytes with this SHA-256.

    Raises:
        StoreError: they are not here, or are not those any more (``ARCHIVE``).
    """
    content = connection.execute(_GET, {"sha256": digest}).scalar()
    if content is None:
        raise StoreError(f"the archive holds no document with SHA-256 {digest}", code="ARCHIVE")
    if hashlib.sha256(content).hexdigest() != digest:
        raise StoreError(
            f"document {digest} of the archive was changed: its bytes have another SHA-256", code="ARCHIVE"
        )
    return bytes(content)


def size(connection: Connection, digest: str) -> int:
    """How many bytes the document with this SHA-256 has; 0 where it is not here."""
    return connection.execute(_SIZE, {"sha256": digest}).scalar() or 0


def sizes(connection: Connection, digests: Collection[str]) -> dict[str, int]:
    """How many bytes the documents with these SHA-256 have; those that are not here are left out."""
    return {row.sha256: row.size for row in connection.execute(_SIZES, {"digests": list(digests)})}


def damaged(connection: Connection) -> Iterator[str]:
    """The digests of all documents whose bytes have another SHA-256."""
    query = select(document.c.sha256, document.c.content).execution_options(stream_results=True)
    with connection.execute(query) as rows:
        for digest, content in rows:
            if hashlib.sha256(content).hexdigest() != digest:
                yield digest
