# SPDX-License-Identifier: Apache-2.0
"""Sending and receiving by e-mail from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller

from einvoice import convert
from einvoice.service.testbed import init, run
from einvoice.transport.mail.compose import compose
from tests.architecture.house import ROOT
from tests.cli.test_send import call, free_ports
from tests.transport.mail.test_mail import LETTER, Server, free_port
from tests.transport.mail.test_reading import BOUNCE, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Iterator[Path]:
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    path = tmp_path / "mail.toml"
    path.write_text(
        f'[email]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nsender = "invoices@seller.example"\n',
        encoding="utf-8",
    )
    yield path
    controller.stop()


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "invoice.xml"
    path.write_bytes(convert(ROOT / "fixtures" / "page" / "german.json", "cii").output)
    return path


def test_an_invoice_goes_out_as_one_message_and_a_bounce_is_matched(
    settings: Path, server: Server, invoice: Path
) -> None:
    result = call("send", invoice, "--via", "email", "--to", "ap@buyer.example", "--settings", settings)
    assert result.exit_code == 0, result.output
    assert "delivered email" in result.output
    [kept] = server.kept
    assert b'filename="' in kept
    again = call("send", invoice, "--via", "email", "--to", "ap@buyer.example", "--settings", settings)
    assert again.output == result.output
    assert len(server.kept) == 1

    key = kept.partition(b"Message-ID: <")[2].partition(b"@")[0]
    own = compose(LETTER)
    imap = serving(settings.parent / "mail", [BOUNCE.replace(LETTER.key.encode(), key), own, own])
    with settings.open("a", encoding="utf-8") as file:
        file.write(f'imap_host = "127.0.0.1"\nimap_port = {imap.port}\nimap_tls = "none"\nimap_user = "u"\n')
    received = call("receive", "--settings", settings)
    assert received.exit_code == 0, received.output
    assert "was not delivered" in received.output
    assert "message 3: 1 known already" in received.output
    assert "rejected" in call("outbox", "list", "--settings", settings).output
    assert len(call("inbox", "list", "--settings", settings).output.splitlines()) == 1
    assert call("receive", "--settings", settings).output == ""
    imap.shutdown()
    imap.server_close()


def test_an_address_that_is_none_is_refused_before_anything_is_queued(settings: Path, invoice: Path) -> None:
    result = call("send", invoice, "--via", "email", "--to", "a@b\r\nBcc: c@d", "--settings", settings)
    assert result.exit_code == 2
    assert "is no e-mail address" in result.output
    assert call("outbox", "list", "--settings", settings).output == ""


def test_a_model_is_told_to_become_a_document_first(settings: Path) -> None:
    model = ROOT / "fixtures" / "page" / "german.json"
    result = call("send", model, "--via", "email", "--to", "ap@buyer.example", "--settings", settings)
    assert result.exit_code == 1
    assert "einvoice convert makes both" in result.output


def test_the_testbed_carries_mail_between_its_two_points(tmp_path: Path, invoice: Path) -> None:
    """Over STARTTLS and IMAP with TLS, with the settings as they were laid out."""
    init(tmp_path / "net", first_port=free_ports())
    running = run(tmp_path / "net")
    try:
        settings = [("--settings", str(tmp_path / "net" / f"{name}.toml")) for name in "ab"]
        sent = call("send", invoice, "--to", "mailto:b@testbed.invalid", *settings[0])
        assert sent.exit_code == 0, sent.output
        assert "delivered email" in sent.output
        unknown = call("send", invoice, "--to", "mailto:c@testbed.invalid", *settings[0])
        assert "5.1.1" in unknown.output
        assert " new   email" in call("receive", *settings[1]).output
        assert call("receive", *settings[1]).output == ""
        call("inbox", "take", "-o", tmp_path / "in", *settings[1])
        [path] = (tmp_path / "in").iterdir()
        assert path.read_bytes() == invoice.read_bytes()
    finally:
        running.stop()
