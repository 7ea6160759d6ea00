# SPDX-License-Identifier: Apache-2.0
"""Mail that goes out over SMTP comes in over dovecot: once each, with its flags, forwarded messages too."""

from __future__ import annotations

import imaplib
import mailbox
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from einvoice.service.channels import load
from einvoice.store import archive
from einvoice.store.inbox import Inbox
from einvoice.transport.mail.mailbox import KEYWORD
from einvoice.transport.testbed.mail import MailServer
from tests.transport.mail.test_mail import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e

SETTINGS = """\
database = "{name}.db"
[email]
sender = "a@testbed.invalid"
host = "127.0.0.1"
port = {smtp}
tls = "none"
imap_host = "{host}"
imap_port = {imap}
imap_tls = "none"
imap_user = "b"
"""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def maildir(tmp_path: Path) -> Iterator[mailbox.Maildir]:
    """The mailbox that dovecot serves, empty, with a mail server in front of it and settings for both."""
    named = os.environ.get("EINVOICE_DOVECOT")
    if not named:
        pytest.skip(
            'the environment variable EINVOICE_DOVECOT does not name a server; eval "$(tools/dovecot.sh start DIR)"'
        )
    host, port, folder = named.split(":", 2)
    box = mailbox.Maildir(folder, create=False)
    for key in box.keys():  # noqa: SIM118 - of a mailbox, which is no dict
        box.remove(key)
    server = MailServer({"b@testbed.invalid": box.add}, ("127.0.0.1", smtp := free_port())).start()
    for name in "ab":
        text = SETTINGS.format(name=name, smtp=smtp, host=host, imap=port)
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    yield box
    server.stop()


def call(*words: str | Path) -> str:
    """Run einvoice as a user does."""
    command = [sys.executable, "-c", "from einvoice.cli import main; main()", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_mail_is_received_once_flagged_and_unpacked(maildir: mailbox.Maildir, tmp_path: Path) -> None:
    fixture = ROOT / "fixtures" / "rich-ubl" / "invoice.xml"
    settings = ["--settings", str(tmp_path / "a.toml")], ["--settings", str(tmp_path / "b.toml")]
    assert "delivered email" in call("send", fixture, "--force", "--to", "mailto:b@testbed.invalid", *settings[0])
    [first] = [maildir.get_bytes(key) for key in maildir.keys()]  # noqa: SIM118 - see above
    maildir.add(first)  # as SMTP does when a reply is lost
    forwarded = (
        b"From: c@testbed.invalid\r\nMessage-ID: <forwarded@testbed.invalid>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="q"\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\nFor you.\r\n'
        b"--q\r\nContent-Type: message/rfc822\r\n\r\n" + first + b"\r\n--q--\r\n"
    )
    maildir.add(forwarded)
    said = call("receive", *settings[1])
    assert said.count(" new   email") == 1
    assert said.count("1 known already") == 2  # the copy, and the one that was forwarded
    wiring = load(str(tmp_path / "b.toml"))
    database = wiring.database()
    inbox = Inbox(database)
    [kept] = inbox.find()
    with database.read() as connection:
        assert archive.get(connection, kept.payload) == fixture.read_bytes()
    database.close()
    assert call("receive", *settings[1]) == ""
    assert flags() == [KEYWORD] * 3


def flags() -> list[str]:
    """The keywords of all messages, as another client sees them."""
    host, port, _ = os.environ["EINVOICE_DOVECOT"].split(":", 2)
    with imaplib.IMAP4(host, int(port), timeout=10) as other:
        other.login("b", "any")
        other.select("INBOX")
        _, answers = other.fetch("1:*", "(FLAGS)")
    return [KEYWORD for each in answers if isinstance(each, bytes) and KEYWORD.encode() in each]
