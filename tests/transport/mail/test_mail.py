# SPDX-License-Identifier: Apache-2.0
"""An invoice by e-mail: one attachment, nothing injected, the same bytes twice, and never a false success."""

from __future__ import annotations

import dataclasses
import shutil
import socket
import subprocess
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st

from einvoice.errors import TransportError
from einvoice.transport.base import Outcome, Submission
from einvoice.transport.mail.compose import Letter, compose, safe_name
from einvoice.transport.mail.parse import parse
from einvoice.transport.mail.submitter import Mailer, to_request
from einvoice.transport.testbed import authority
from tests.transport.network import certificates, tls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session

INVOICE = b"<?xml version='1.0'?>\n<Invoice>\r\n\t\xc3\xa4</Invoice>"
KNOCK = "p"
LETTER = Letter(
    key="0b5a3a0e-1f5c-4d0e-9f0a-000000000001",
    sender="invoices@seller.example",
    receiver="ap@buyer.example",
    subject="Invoice RE-1",
    text="The invoice is attached.\n",
    filename="RE-1.xml",
    media_type="application/xml",
    content=INVOICE,
    date=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    digest="ab" * 32,
)


class Server:
    """A mail server that keeps what it takes, and plays faults."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.reply = "250 taken"
        self.cut = False

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        self.kept.append(bytes(envelope.original_content or b""))
        if self.cut and server.transport is not None:
            server.transport.close()
        return self.reply


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return int(unused.getsockname()[1])


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def mailer(server: Server) -> Iterator[Mailer]:
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port, data_size_limit=200_000)
    controller.start()
    yield Mailer(host="127.0.0.1", port=port, tls="none", sender="invoices@seller.example", timeout=5)
    controller.stop()


def submission(**request: str) -> Submission:
    wanted = to_request("ap@buyer.example", subject="Invoice RE-1", text="The invoice is attached.\n")
    return Submission(
        key=LETTER.key, payload=INVOICE, media_type="application/xml", filename="RE-1.xml", request=wanted | request
    )


def test_a_message_has_one_attachment_byte_for_byte_and_fixed_headers() -> None:
    data = compose(LETTER)
    assert data == compose(LETTER)
    assert data.count(b"\n") == data.count(b"\r\n")
    message: Any = message_from_bytes(data, policy=policy.default)
    [attachment] = message.iter_attachments()
    assert attachment.get_content() == INVOICE
    assert (attachment.get_content_type(), attachment.get_filename()) == ("application/xml", "RE-1.xml")
    assert message["Message-ID"] == "<0b5a3a0e-1f5c-4d0e-9f0a-000000000001@seller.example>"
    assert message["Auto-Submitted"] == "auto-generated"


@given(subject=st.text(max_size=120), text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_nothing_that_an_invoice_says_becomes_a_header(subject: str, text: str) -> None:
    hostile = msgspec.structs.replace(
        LETTER,
        subject=subject.encode("utf-8", "ignore").decode() + "\r\nBcc: thief@evil.example",
        filename="../a\r\nX: y@z.xml",
        text=text,
    )
    message: Any = message_from_bytes(compose(hostile), policy=policy.default)
    assert message["Bcc"] is None
    assert message["X"] is None
    assert {name.lower() for name in message} == {
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "auto-submitted",
        "x-invoice-sha256",
        "mime-version",
        "content-type",
    }
    [attachment] = message.iter_attachments()
    assert attachment.get_filename() == "a-X-y-z.xml"


@pytest.mark.parametrize(
    "address", ["", "a", "a@b\r\nBcc: c@d", "a b@c", "<a@b>", "a@b,c@d", "ä" * 65 + "@b", "jürgen@b"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(TransportError) as caught:
        compose(msgspec.structs.replace(LETTER, receiver=address))
    assert caught.value.code == "ADDRESS"


def test_a_file_name_is_one_everywhere() -> None:
    assert safe_name("C:\\x\\Rechnung Nr. 7@2026.xml") == "Rechnung-Nr.-7-2026.xml"
    assert safe_name("///") == "invoice"


def test_a_signed_message_is_verified_by_openssl(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to verify with")
    certs = certificates()
    data = compose(LETTER, signer=certs.sender)
    (tmp_path / "signer.pem").write_bytes(authority.certificate_pem(certs.sender))
    (tmp_path / "mail.eml").write_bytes(data)
    done = subprocess.run(
        [openssl, "cms", "-verify", "-in", tmp_path / "mail.eml", "-noverify", "-certfile", tmp_path / "signer.pem"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [each.content for each in parse(data).enclosed] == [INVOICE]
    assert parse(data).message_id == f"<{LETTER.key}@seller.example>"


def test_a_message_is_taken_by_the_server(mailer: Mailer, server: Server) -> None:
    wanted = submission()
    prepared = mailer.prepare(wanted)
    found = mailer.submit(wanted, prepared, attempt=1)
    assert (found.outcome, found.code) == (Outcome.DELIVERED, "SMTP:250")
    assert server.kept == [prepared.wire]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("451 later", Outcome.RETRY), ("552 never", Outcome.REJECTED), ("250 yes", Outcome.DELIVERED)],
)
def test_a_reply_is_weighed(mailer: Mailer, server: Server, reply: str, expected: Outcome) -> None:
    server.reply = reply
    wanted = submission()
    assert mailer.submit(wanted, mailer.prepare(wanted), attempt=1).outcome is expected


def test_a_server_that_refuses_us_says_nothing_of_the_message(mailer: Mailer) -> None:
    wanted = submission()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def refuse() -> None:
            peer, _ = listening.accept()
            with peer:
                peer.sendall(b"554 not you\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        there = dataclasses.replace(mailer, port=listening.getsockname()[1])
        found = there.submit(wanted, there.prepare(wanted), attempt=1)
        thread.join()
    assert (found.outcome, found.code) == (Outcome.RETRY, "SMTP:554")


def test_the_headers_of_a_signed_message_are_ascii() -> None:
    data = compose(msgspec.structs.replace(LETTER, subject="Rechnung für Müller"), signer=certificates().sender)
    assert data.partition(b"\r\n\r\n")[0].isascii()
    assert parse(data).subject == "Rechnung für Müller"


def test_a_connection_that_breaks_after_the_message_leaves_a_doubt_and_the_same_bytes_go_again(
    mailer: Mailer, server: Server
) -> None:
    server.cut = True
    wanted = submission()
    prepared = mailer.prepare(wanted)
    assert mailer.submit(wanted, prepared, attempt=1).outcome is Outcome.IN_DOUBT
    server.cut = False
    assert mailer.submit(wanted, prepared, attempt=2).outcome is Outcome.DELIVERED
    assert len(server.kept) == 2
    assert len(set(server.kept)) == 1


def test_a_server_that_is_not_there_surely_got_nothing(mailer: Mailer) -> None:
    port = free_port()
    wanted = submission()
    away = dataclasses.replace(mailer, port=port)
    assert away.submit(wanted, away.prepare(wanted), attempt=1).outcome is Outcome.RETRY


def test_a_server_without_tls_gets_nothing_by_default(mailer: Mailer, server: Server) -> None:
    wanted = submission()
    strict = dataclasses.replace(mailer, tls="starttls")
    assert strict.submit(wanted, strict.prepare(wanted), attempt=1).outcome is Outcome.RETRY
    assert server.kept == []


def test_starttls_is_spoken_with_a_server_that_is_believed(server: Server) -> None:
    server_tls, client_tls = tls()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port, tls_context=server_tls, require_starttls=True)
    controller.start()
    try:
        mailer = Mailer(host="localhost", port=port, sender="a@b.example", context=client_tls, timeout=5)
        wanted = submission()
        assert mailer.submit(wanted, mailer.prepare(wanted), attempt=1).outcome is Outcome.DELIVERED
        doubting = dataclasses.replace(mailer, context=None)
        assert doubting.submit(wanted, doubting.prepare(wanted), attempt=1).outcome is Outcome.RETRY
    finally:
        controller.stop()


def test_a_message_that_is_too_large_is_not_even_begun(mailer: Mailer, server: Server) -> None:
    large = msgspec.structs.replace(submission(), payload=bytes(200_000))
    found = mailer.submit(large, mailer.prepare(large), attempt=1)
    assert (found.outcome, found.code) == (Outcome.REJECTED, "SIZE")
    assert server.kept == []
