# SPDX-License-Identifier: Apache-2.0
"""A mail server for tests on one machine: what it takes lies in a folder, a file for each message.

Source: RFC 5321 (replies), RFC 3207 (STARTTLS).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from ssl import SSLContext

    from aiosmtpd.smtp import SMTP, Envelope, Session


class MailDrop:
    """The messages of one mailbox, each under a number that it keeps, and which of them carry a flag.

    Args:
        folder: where they lie; made when it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, content: bytes) -> int:
        """Keep a message.

        Returns:
            Its number.
        """
        with self._lock:
            number = max(self.numbers(), default=0) + 1
            beside = self.folder / f"{number:08}.tmp"
            beside.write_bytes(content)
            beside.replace(beside.with_suffix(".eml"))
            return number

    def numbers(self) -> list[int]:
        """The numbers of the messages, in their order."""
        return sorted(int(path.stem) for path in self.folder.glob("*.eml"))

    def read(self, number: int) -> bytes:
        """A message, byte for byte as it came."""
        return (self.folder / f"{number:08}.eml").read_bytes()

    def flag(self, number: int) -> None:
        """Note that a message was taken."""
        (self.folder / f"{number:08}.taken").touch()

    def flagged(self, number: int) -> bool:
        """Whether a message was taken."""
        return (self.folder / f"{number:08}.taken").exists()


class MailServer:
    """Takes messages over SMTP, with STARTTLS where it has a certificate.

    Args:
        boxes: what keeps the messages of an address; any other address is refused as unknown.
        address: host and port to listen at.
        tls: certificate and key of the server.
        limit: bytes of a message.
    """

    def __init__(
        self,
        boxes: Mapping[str, Callable[[bytes], object]],
        address: tuple[str, int],
        *,
        tls: SSLContext | None = None,
        limit: int = 100_000_000,
    ) -> None:
        host, port = address
        self._controller = Controller(
            _Deliverer(boxes),
            hostname=host,
            port=port,
            data_size_limit=limit,
            tls_context=tls,
            require_starttls=tls is not None,
        )

    def start(self) -> MailServer:
        """Serve in a thread of its own; returns when it listens."""
        self._controller.start()
        return self

    def stop(self) -> None:
        """Stop serving."""
        self._controller.stop()


class _Deliverer:
    def __init__(self, boxes: Mapping[str, Callable[[bytes], object]]) -> None:
        self.boxes = boxes

    async def handle_RCPT(  # noqa: N802 - the names that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.lower() not in self.boxes:
            return "550 5.1.1 nobody here has this address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 taken"

    async def handle_DATA(  # noqa: N802 - see above
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server, session
        for address in envelope.rcpt_tos:
            self.boxes[address.lower()](bytes(envelope.original_content or b""))
        return "250 2.0.0 taken"
