# SPDX-License-Identifier: Apache-2.0
"""As much of IMAP as reading a mailbox takes: log in, select, search, fetch, flag. For tests on one machine.

Whoever knows the name of a mailbox may read it.

Source: RFC 3501.
"""

from __future__ import annotations

import contextlib
import re
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ssl import SSLContext

    from einvoice.transport.testbed.mail import MailDrop

_WORD: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\S+)')
_IDLE: Final = 60.0


class ImapServer(ThreadingTCPServer):
    """Serves mailboxes.

    Args:
        boxes: the mailboxes by the names of their users.
        address: where it listens; port 0 takes a free one.
        tls: certificate and key of the server; TLS is spoken from the first byte on. Without it, plain IMAP.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        boxes: Mapping[str, MailDrop],
        address: tuple[str, int] = ("127.0.0.1", 0),
        *,
        tls: SSLContext | None = None,
    ) -> None:
        super().__init__(address, _Conversation)
        self.boxes = boxes
        self.tls = tls

    @property
    def port(self) -> int:
        """The port it listens at."""
        return int(self.server_address[1])

    def start(self) -> ImapServer:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Shake hands in the thread of the peer."""
        request.settimeout(_IDLE)
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with contextlib.suppress(OSError), self.tls.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """A peer that went away is no event."""
        del request, client_address


class _Conversation(StreamRequestHandler):
    server: ImapServer
    box: MailDrop | None = None

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, rest = line.strip().partition(b" ")
            words = [quoted or plain for quoted, plain in _WORD.findall(rest)]
            verb = words[0].upper() if words else b""
            if verb == b"UID" and len(words) > 1:
                verb += b" " + words[1].upper()
            self.wfile.write(self._answer(verb, words, tag))
            if verb == b"LOGOUT":
                return

    def _answer(self, verb: bytes, words: list[bytes], tag: bytes) -> bytes:
        if verb in {b"CAPABILITY", b"NOOP", b"LOGOUT"}:
            more = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n", b"LOGOUT": b"* BYE\r\n"}.get(verb, b"")
            return more + tag + b" OK done\r\n"
        if verb == b"LOGIN" and len(words) > 1:
            self.box = self.server.boxes.get(words[1].decode("utf-8", "replace"))
            return tag + (b" OK done\r\n" if self.box is not None else b" NO nobody has this name\r\n")
        if self.box is None:
            return tag + b" NO log in first\r\n"
        return self._selected(self.box, verb, words, tag)

    def _selected(self, box: MailDrop, verb: bytes, words: list[bytes], tag: bytes) -> bytes:
        if verb == b"SELECT":
            return b"* %d EXISTS\r\n" % len(box.numbers()) + tag + b" OK done\r\n"
        if verb == b"UID SEARCH":
            left = [b"%d" % each for each in box.numbers() if not box.flagged(each)]
            return b"* SEARCH " + b" ".join(left) + b"\r\n" + tag + b" OK done\r\n"
        if verb in {b"UID FETCH", b"UID STORE"} and len(words) > 2 and words[2].isdigit():  # noqa: PLR2004 - and a UID
            return self._one(box, verb, int(words[2]), b" ".join(words[3:]).upper()) + tag + b" OK done\r\n"
        return tag + b" BAD this is not spoken here\r\n"

    def _one(self, box: MailDrop, verb: bytes, uid: int, what: bytes) -> bytes:
        """What is said of one message; nothing of one that is not there."""
        if uid not in box.numbers():
            return b""
        if verb == b"UID STORE":
            box.flag(uid)
            return b""
        data = box.read(uid)
        if b"RFC822.SIZE" in what:
            return b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, uid, len(data))
        return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, uid, len(data), data)
