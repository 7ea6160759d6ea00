# SPDX-License-Identifier: Apache-2.0
"""What came by e-mail is read whatever it looks like, and brought until it was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.errors import TransportError
from einvoice.transport.mail.compose import compose
from einvoice.transport.mail.mailbox import KEYWORD, Mailbox, inbound
from einvoice.transport.mail.parse import parse
from einvoice.transport.testbed.imap import ImapServer
from einvoice.transport.testbed.mail import MailDrop
from tests.transport.mail.test_mail import INVOICE, KNOCK, LETTER, free_port

if TYPE_CHECKING:
    from pathlib import Path

BOUNCE = b"""From: MAILER-DAEMON@buyer.example
Subject: Undelivered
Message-ID: <b1@buyer.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=b
MIME-Version: 1.0

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.buyer.example
Original-Envelope-Id: 0b5a3a0e-1f5c-4d0e-9f0a-000000000001

Final-Recipient: rfc822; ap@buyer.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: text/rfc822-headers

Message-ID: <0b5a3a0e-1f5c-4d0e-9f0a-000000000001@seller.example>
--b--
"""


def test_a_bounce_names_the_message_that_did_not_arrive() -> None:
    bounce = parse(BOUNCE).bounce
    assert bounce is not None
    assert (bounce.failed, bounce.status) == (True, "5.1.1")
    assert bounce.envelope_id == LETTER.key
    assert bounce.message_id == f"<{LETTER.key}@seller.example>"
    assert "no such user" in bounce.detail


def test_the_content_decides_what_is_an_invoice_also_in_a_forwarded_message() -> None:
    forwarded = (
        b"From: x@y.example\r\nMessage-ID: <f@y>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n"
        b"\r\n--q\r\nContent-Type: message/rfc822\r\n\r\n" + compose(LETTER) + b"\r\n--q\r\n"
        b"Content-Type: application/octet-stream; name=logo.xml\r\n\r\nGIF89a\r\n--q--\r\n"
    )
    mail = parse(forwarded)
    assert [each.content for each in mail.enclosed] == [INVOICE]
    assert [each.wire_id.partition("#")[0] for each in inbound(mail)] == ["<f@y>"]


@given(data=st.binary(max_size=400))
def test_no_bytes_are_too_broken_to_be_looked_at(data: bytes) -> None:
    parse(data)
    parse(b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n" + data)


def serving(folder: Path, messages: list[bytes]) -> ImapServer:
    """A server of IMAP with the mailbox of a user u."""
    drop = MailDrop(folder)
    for each in messages:
        drop.add(each)
    return ImapServer({"u": drop}).start()


@pytest.mark.parametrize(
    "header",
    [
        b"From: a:;\xff",
        b"From: \r\n .; boundary=x\xff",
        b"From: .:[x\r\n =?utf-7?Q?+2AA-?=",
        b"Content-Transfer-Encoding: a[=?utf-7?Q?+2AA-?=",
        b"Content-Transfer-Encoding: %([",
        b'Content-Transfer-Encoding:  ="=?utf-8?q??=]',
        b"From: multipart/report@[ ",
        b"Content-Disposition: attachment; filename[]=?x?b?",
        b"Content-Type: multipart/report; report-type=delivery-status(",
    ],
)
def test_a_header_that_the_standard_library_stumbles_over_is_left_out(header: bytes) -> None:
    """It would stop the mailbox: the message is never flagged, and comes first again at the next time."""
    found = parse(b"Message-ID: <1@x>\r\n" + header + b"\r\n\r\n<?xml version='1.0'?><a/>")
    assert found.message_id == "<1@x>"


def test_a_mailbox_brings_each_message_until_it_is_flagged(tmp_path: Path) -> None:
    server = serving(tmp_path, [compose(LETTER), BOUNCE, b"x" * 300_000])
    box = Mailbox(host="127.0.0.1", port=server.port, tls="none", user="u", password=KNOCK, limit=100_000, timeout=5)
    with box.opened() as opened:
        found = dict(opened.fresh())
        assert found["3"] is None
        assert found["1"] is not None
        assert [each.payload for each in inbound(found["1"])] == [INVOICE]
        assert found["2"] is not None
        assert found["2"].bounce is not None
        opened.flag("1")
    with box.opened() as opened:
        assert [uid for uid, _ in opened.fresh()] == ["2", "3"]
    server.shutdown()
    server.server_close()
    assert KEYWORD.isalnum()


def test_a_mailbox_that_is_not_there_is_asked_later() -> None:
    port = free_port()
    box = Mailbox(host="127.0.0.1", port=port, tls="none", user="u", password=KNOCK, timeout=2)
    with pytest.raises(TransportError) as caught, box.opened():
        pass
    assert caught.value.temporary
