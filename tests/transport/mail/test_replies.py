# SPDX-License-Identifier: Apache-2.0
"""A reply is weighed by the step that it answers: about us, about the receiver, about the message, or about nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from einvoice.transport.base import Outcome
from einvoice.transport.mail.submitter import Mailer
from tests.transport.mail.test_mail import submission

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = ("HELO", "MAIL", "RCPT", "DATA", "DOT")
YES = {
    "HELO": b"250 hello\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    "DOT": b"250 taken\r\n",
}


class Script:
    """A server that says yes to everything but to one step."""

    def __init__(self) -> None:
        self.replies = dict(YES)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._talk, daemon=True)
        self.thread.start()

    def _talk(self) -> None:
        peer, _ = self.listening.accept()
        peer.settimeout(1)
        with peer, peer.makefile("rb") as lines, contextlib.suppress(OSError):
            peer.sendall(b"220 here\r\n")
            for line in lines:
                word = line[:4].decode("ascii").upper()
                step = {"EHLO": "HELO", "HELO": "HELO"}.get(word, word)
                if step not in self.replies:
                    return
                self._say(peer, self.replies[step])
                if step == "DATA" and self.replies[step].startswith(b"354"):
                    while lines.readline() not in {b".\r\n", b""}:
                        pass
                    self._say(peer, self.replies["DOT"])

    def _say(self, peer: socket.socket, reply: bytes) -> None:
        peer.sendall(reply)
        while reply.startswith(b"250-"):
            peer.sendall(reply)

    def close(self) -> None:
        self.listening.close()
        self.thread.join(10)


@pytest.fixture
def script() -> Iterator[Script]:
    made = Script()
    yield made
    made.close()


def mailer(script: Script, timeout: float = 5.0) -> Mailer:
    port = script.listening.getsockname()[1]
    return Mailer(host="127.0.0.1", port=port, tls="none", sender="invoices@seller.example", timeout=timeout)


@pytest.mark.parametrize(
    ("step", "reply", "expected"),
    [
        ("MAIL", b"550 5.7.1 sender rejected", Outcome.HELD),
        ("MAIL", b"501 no such sender", Outcome.HELD),
        ("MAIL", b"530 5.7.0 log in first", Outcome.RETRY),
        ("MAIL", b"552 5.3.4 too large", Outcome.REJECTED),
        ("MAIL", b"451 later", Outcome.RETRY),
        ("RCPT", b"550 5.1.1 no such user", Outcome.REJECTED),
        ("RCPT", b"550 no such user", Outcome.REJECTED),
        ("RCPT", b"554 5.7.1 relay access denied", Outcome.HELD),
        ("RCPT", b"450 4.2.0 greylisted", Outcome.RETRY),
        ("DATA", b"554 5.7.1 policy", Outcome.HELD),
        ("DATA", b"554 no valid recipients", Outcome.REJECTED),
        ("DATA", b"garbled", Outcome.RETRY),
        ("DOT", b"250 taken", Outcome.DELIVERED),
        ("DOT", b"554 5.7.1 looks like spam", Outcome.REJECTED),
        ("DOT", b"451 later", Outcome.RETRY),
        ("DOT", b"garbled", Outcome.IN_DOUBT),
        ("DOT", b"", Outcome.IN_DOUBT),
        ("DOT", b"999 what", Outcome.IN_DOUBT),
        ("DOT", b"354 go on", Outcome.IN_DOUBT),
        ("DOT", b"250 " + b"x" * 10_000, Outcome.IN_DOUBT),
    ],
)
def test_a_reply_is_weighed_by_its_step(script: Script, step: str, reply: bytes, expected: Outcome) -> None:
    script.replies[step] = reply + b"\r\n"
    sender, wanted = mailer(script), submission()
    assert sender.submit(wanted, sender.prepare(wanted), attempt=1).outcome is expected


def test_a_held_message_says_whose_matter_it_is(script: Script) -> None:
    script.replies["MAIL"] = b"550 5.7.1 sender rejected\r\n"
    sender, wanted = mailer(script), submission()
    detail = sender.submit(wanted, sender.prepare(wanted), attempt=1).detail
    assert detail == (
        "the server does not take mail from this sender, and says nothing of the receiver: 5.7.1 sender rejected"
    )


def test_a_server_that_replies_without_end_is_cut_and_leaves_a_doubt(script: Script) -> None:
    script.replies["DOT"] = b"250-and on\r\n"
    sender, wanted = mailer(script, timeout=0.1), submission()
    assert sender.submit(wanted, sender.prepare(wanted), attempt=1).outcome is Outcome.IN_DOUBT
