# SPDX-License-Identifier: Apache-2.0
"""A mailbox that invoices come into, read over IMAP.

A message is flagged after it was kept, never before: after a crash in between it is brought again, and the inbox knows
it by its identifier and its content.

Source: RFC 3501, RFC 5788 (keywords).
"""

from __future__ import annotations

import contextlib
import hashlib
import imaplib
import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from einvoice.errors import TransportError
from einvoice.transport.base import Inbound
from einvoice.transport.mail.parse import Mail, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORD: Final = "EinvoiceTaken"

_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """A mailbox on a server of IMAP.

    Attributes:
        host: the name of the server.
        port: 993 for ``implicit``, 143 else.
        tls: how the connection is secured; ``none`` is for tests.
        user: the name to log in with.
        password: goes with it.
        folder: the folder that is read.
        context: whom to believe for TLS; by default the authorities of the system.
        limit: bytes of a message; larger ones are left alone and flagged.
        timeout: seconds that each step may take.
    """

    host: str
    port: int = 993
    tls: Literal["starttls", "implicit", "none"] = "implicit"
    user: str
    password: str
    folder: str = "INBOX"
    context: ssl.SSLContext | None = None
    limit: int = 100_000_000
    timeout: float = 30.0

    @contextlib.contextmanager
    def opened(self) -> Iterator[Opened]:
        """Log in and select the folder.

        Raises:
            TransportError: the server does not answer or does not let us in (temporary, ``IMAP``).
        """
        try:
            server = self._connect()
        except (OSError, imaplib.IMAP4.error) as error:
            raise _failed(self.host, error) from None
        try:
            server.login(self.user, self.password)
            _ok(server.select(_quoted(self.folder)))
            yield Opened(server, self)
        except (OSError, imaplib.IMAP4.error) as error:
            raise _failed(self.host, error) from None
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                server.logout()

    def _connect(self) -> imaplib.IMAP4:
        context = self.context or ssl.create_default_context()
        if self.tls == "implicit":
            return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=self.timeout)
        server = imaplib.IMAP4(self.host, self.port, timeout=self.timeout)
        if self.tls == "starttls":
            server.starttls(context)
        return server


@dataclass(frozen=True)
class Opened:
    """A mailbox that is open."""

    server: imaplib.IMAP4
    mailbox: Mailbox

    def fresh(self) -> Iterator[tuple[str, Mail | None]]:
        """The messages that were not flagged yet: their UID, and what they hold; nothing where one is too large."""
        found = _ok(self.server.uid("SEARCH", "UNKEYWORD", KEYWORD))
        for uid in (found[0] or b"").split():
            name = uid.decode("ascii")
            size = _SIZE.search(
                b" ".join(each for each in _ok(self.server.uid("FETCH", name, "(RFC822.SIZE)")) if each)
            )
            if size is None or int(size[1]) > self.mailbox.limit:
                yield name, None
                continue
            answer = self.server.uid("FETCH", name, "(BODY.PEEK[])")
            data = next((each[1] for each in answer[1] if isinstance(each, tuple)), None)
            if isinstance(data, bytes):
                yield name, parse(data)

    def flag(self, uid: str) -> None:
        """Note on the server that a message was kept."""
        _ok(self.server.uid("STORE", uid, "+FLAGS.SILENT", f"({KEYWORD})"))


def inbound(mail: Mail) -> Iterator[Inbound]:
    """The candidates of a message, as the inbox takes them; each is known by its message and its content."""
    for enclosed in mail.enclosed:
        digest = hashlib.sha256(enclosed.content).hexdigest()
        yield Inbound(
            sender=mail.sender,
            wire_id=f"{mail.message_id}#{digest}",
            payload=enclosed.content,
            media_type=enclosed.media_type,
            filename=enclosed.filename,
            instance_id=digest,
            about={"subject": mail.subject, "sender": mail.sender, "filename": enclosed.filename},
        )


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        told = data[0].decode("utf-8", "replace") if data and isinstance(data[0], bytes) else status
        raise imaplib.IMAP4.error(told)
    return data


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _failed(host: str, error: Exception) -> TransportError:
    message = f"the mailbox cannot be read: {type(error).__name__}: {error}"[:300]
    return TransportError(message, temporary=True, code="IMAP", source=host)
