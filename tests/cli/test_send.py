# SPDX-License-Identifier: Apache-2.0
"""Sending from the command line, over a network of two access points on loopback."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import json
import random
import re
import shutil
import socket
import zipfile
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from einvoice import convert, read
from einvoice.cli import main
from einvoice.errors import MissingExtraError
from einvoice.service.testbed import PORTS, Running, init, run
from einvoice.store import archive
from einvoice.store.database import Database
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Outbox, Settlement
from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result


def free_ports() -> int:
    """The first of the ports of a testbed, none of which anybody uses; below those of outgoing connections."""
    dice = random.SystemRandom()  # other runs on this machine look for ports too
    for port in (dice.randrange(15_000, 32_000, PORTS) for _ in range(200)):
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for each in range(port, port + PORTS):
                held.enter_context(socket.create_server(("127.0.0.1", each)))
            return port
    pytest.fail("no free ports")


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("testbed") / "net"
    init(folder, first_port=free_ports())
    return folder


@pytest.fixture
def running(layout: Path) -> Iterator[Running]:
    for name in ("a", "b"):
        for file in layout.glob(f"{name}.db*"):
            file.unlink()
        shutil.rmtree(layout / name / "out", ignore_errors=True)
    started = run(layout)
    yield started
    started.stop()


@pytest.fixture
def network(layout: Path, running: Running) -> Path:
    del running  # it runs as long as the test
    return layout


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    """A valid invoice: ours from the ERP, in UBL."""
    source = ROOT / "fixtures" / "page" / "german.json"
    path = tmp_path / "invoice.xml"
    path.write_bytes(convert(source, "ubl").output)
    return path


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def sent(invoice: Path, network: Path, *words: str) -> Result:
    return call("send", invoice, "--to", "9915:b", "--settings", network / "a.toml", *words)


def test_an_invoice_is_delivered_once_and_the_proof_is_kept(network: Path, invoice: Path, tmp_path: Path) -> None:
    first = sent(invoice, network)
    assert first.exit_code == 0, first.output
    assert "delivered" in first.output
    again = sent(invoice, network)
    assert again.output == first.output
    listed = call("outbox", "list", "--settings", network / "a.toml").output.splitlines()
    assert len(listed) == 1
    identifier = listed[0].split()[0]
    shown = call("outbox", "show", identifier, "--settings", network / "a.toml").output
    steps = re.findall(r"^    \S+ \S+  (\S+)", shown, re.MULTILINE)
    assert steps == ["queued", "prepared", "attempt", "delivered"]
    proof = tmp_path / "proof.zip"
    assert call("outbox", "evidence", identifier, "-o", proof, "--settings", network / "a.toml").exit_code == 0
    with zipfile.ZipFile(proof) as packed:
        assert packed.read("document.xml") == invoice.read_bytes()
        assert b"NonRepudiationInformation" in packed.read("answer-1.xml")
    receipt = call("outbox", "evidence", identifier, "--settings", network / "a.toml")
    assert "NonRepudiationInformation" in receipt.output
    assert call("archive", "verify", "--settings", network / "a.toml").output.startswith("unchanged: 4 events")


def test_what_came_in_is_listed_and_handed_on_once(network: Path, invoice: Path, tmp_path: Path) -> None:
    sent(invoice, network)
    settings = ("--settings", str(network / "b.toml"))
    assert "from 9915:a" in call("inbox", "list", "--new", *settings).output
    taken = call("inbox", "take", "-o", tmp_path / "in", *settings)
    assert taken.exit_code == 0, taken.output
    [path] = (tmp_path / "in").iterdir()
    assert call("validate", path).exit_code == 0
    database = Database(str(network / "b.db"))
    [received] = Inbox(database).find()
    with database.read() as connection:
        packed = archive.get(connection, received.about["attachment"])
        envelope = archive.get(connection, received.about["envelope"])
    database.close()
    digest = base64.b64encode(hashlib.sha256(packed).digest())
    assert digest in envelope  # what the sender signed can be shown again
    assert b"StandardBusinessDocument" in gzip.decompress(packed)
    assert call("inbox", "list", "--new", *settings).output == ""


def test_a_dry_run_sends_nothing(network: Path, invoice: Path) -> None:
    result = sent(invoice, network, "--dry-run")
    assert result.exit_code == 0
    assert "judged    valid" in result.output
    assert call("outbox", "list", "--settings", network / "a.toml").output == ""


def test_an_invoice_that_is_not_valid_needs_force_and_that_is_written_down(network: Path, invoice: Path) -> None:
    spoiled = re.sub(rb"(<cbc:PayableAmount[^>]*>)\d+", rb"\g<1>1", invoice.read_bytes())
    invoice.write_bytes(spoiled)
    refused = sent(invoice, network)
    assert refused.exit_code == 1
    assert "goes out with --force only" in refused.output
    assert sent(invoice, network, "--force").exit_code == 0
    identifier = call("outbox", "list", "--settings", network / "a.toml").output.split()[0]
    assert " forced " in call("outbox", "show", identifier, "--settings", network / "a.toml").output


def test_a_number_is_not_sent_twice_with_other_content(network: Path, invoice: Path) -> None:
    sent(invoice, network)
    invoice.write_bytes(
        invoice.read_bytes().replace(b"</cbc:Note>", b" </cbc:Note>", 1).replace(b"<cbc:ID>", b"<cbc:ID >", 1)
    )
    changed = sent(invoice, network)
    assert changed.exit_code == 1
    assert "has other bytes" in changed.output


def test_a_receiver_that_is_not_registered_is_told_at_once(network: Path, invoice: Path) -> None:
    result = call("send", invoice, "--to", "9915:nobody", "--settings", network / "a.toml")
    assert result.exit_code == 1
    assert "is not registered in this network" in result.output


@pytest.mark.parametrize("queue", [(), ("--queue",)])
def test_an_invoice_whose_receiver_cannot_be_looked_up_waits_in_the_outbox(
    network: Path, running: Running, invoice: Path, queue: tuple[str, ...]
) -> None:
    """An outage is no refusal: it is kept, it is said of which document, and it goes out once when it is over."""
    running.names.mode = "servfail"
    settings = ("--settings", network / "a.toml")
    for _ in range(2):
        result = sent(invoice, network, *queue)
        assert result.exit_code == 4, result.output
        assert f"einvoice: {invoice}: " in result.output
        assert "the DNS did not say where 9915:b is registered" in result.output
        [line] = call("outbox", "list", *settings).output.splitlines()
        assert "retry" in line
        assert "  DNS  " in line
    planned = sent(invoice, network, "--dry-run")
    assert (planned.exit_code, planned.output.count("einvoice: ")) == (4, 1)
    running.names.mode = "ok"
    database = Database(str(network / "a.db"))
    with database.write() as connection:
        connection.execute(text("UPDATE message SET due = 0"))  # as if the time had come
    database.close()
    worked = call("worker", "--once", *settings)
    assert "delivered" in worked.output, worked.output
    again = sent(invoice, network)
    assert again.exit_code == 0, again.output
    assert len(call("outbox", "list", *settings).output.splitlines()) == 1
    assert len(call("inbox", "list", "--settings", network / "b.toml").output.splitlines()) == 1
    identifier = worked.output.split()[0]
    steps = re.findall(r"^    \S+ \S+  (\S+)", call("outbox", "show", identifier, *settings).output, re.MULTILINE)
    assert steps == ["queued", "retry", "formed", "prepared", "attempt", "delivered"]
    assert call("archive", "verify", *settings).exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--via", "emial"), "there is no channel 'emial'; did you mean 'email'?; there are as4, email, folder"),
        (("--to", "foo"), "--to: 'foo' is no identifier of a participant"),
        (("--to", "mailto:xx"), "--to: 'xx' is no e-mail address"),
        (("--to", "9915:b", "--as", "facturx"), "--as facturx is for email and folder"),
    ],
)
def test_wrong_use_is_told_before_a_document_is_looked_at(
    layout: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    result = call("send", tmp_path / "nowhere.xml", *words, "--settings", layout / "a.toml")
    assert result.exit_code == 2
    assert said in result.output


def test_an_extra_that_is_missing_for_a_form_is_wrong_use(
    layout: Path, invoice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise MissingExtraError("pdf", "rendering an invoice")

    monkeypatch.setattr("einvoice.service.send.as_hybrid", missing)
    result = call("send", invoice, "--via", "folder", "--as", "facturx", "--settings", layout / "a.toml")
    assert result.exit_code == 2
    assert f"{invoice}: rendering an invoice needs the extra 'pdf': pip install 'einvoice[pdf]'" in result.output


def test_an_answer_to_a_document_that_is_not_there_is_wrong_use(layout: Path) -> None:
    result = call("respond", "ffff", "--status", "AP", "--settings", layout / "b.toml")
    assert result.exit_code == 2
    assert "the inbox holds no document whose id begins with 'ffff'" in result.output


def test_a_state_that_there_is_none_is_no_empty_list(layout: Path) -> None:
    result = call("outbox", "list", "--state", "quued", "--settings", layout / "a.toml")
    assert result.exit_code == 2
    assert "there is no state 'quued'; did you mean 'queued'?; there are queued, ready, sending, retry" in result.output
    assert call("outbox", "list", "--state", "IN-DOUBT", "--settings", layout / "a.toml").exit_code == 0


def test_lists_are_for_programs_too(network: Path, invoice: Path) -> None:
    sent(invoice, network)
    own, other = ("--settings", network / "a.toml"), ("--settings", network / "b.toml")
    stated = read(invoice).invoice
    assert stated.seller is not None
    [message] = json.loads(call("outbox", "list", "--format", "json", *own).output)
    assert (message["state"], message["number"], message["receiver"]) == ("delivered", stated.number, "9915:b")
    assert message["created"].endswith("Z")
    [line] = call("inbox", "list", "--format", "jsonl", *other).output.splitlines()
    document = json.loads(line)
    assert (document["number"], document["seller"]) == (stated.number, stated.seller.name)
    assert document["taken"] is None
    [found] = json.loads(call("archive", "find", "--number", str(stated.number), "--format", "json", *own).output)
    assert found["id"] == message["id"]
    assert call("outbox", "list", "--state", "held", "--format", "json", *own).output == "[]\n"
    shown = call("inbox", "list", *other).output
    assert f"{stated.number}  {stated.seller.name}  from 9915:a  to 9915:b" in shown
    assert re.search(r" \d\d:\d\d:\d\dZ\b", shown)


def test_a_queued_invoice_is_sent_by_the_worker(network: Path, invoice: Path) -> None:
    assert "queued" in sent(invoice, network, "--queue").output
    worked = call("worker", "--once", "--settings", network / "a.toml")
    assert worked.exit_code == 0
    assert "delivered" in worked.output


def test_a_message_is_held_and_let_go(network: Path, invoice: Path) -> None:
    sent(invoice, network, "--queue")
    settings = ("--settings", str(network / "a.toml"))
    identifier = call("outbox", "list", *settings).output.split()[0]
    assert "held" in call("outbox", "hold", identifier, *settings).output
    assert call("worker", "--once", *settings).output == ""
    assert "queued" in call("outbox", "retry", identifier, *settings).output
    assert "delivered" in call("worker", "--once", *settings).output


@pytest.mark.parametrize("queue", [(), ("--queue",)])
def test_what_was_refused_before_is_not_said_to_be_queued(network: Path, invoice: Path, queue: tuple[str, ...]) -> None:
    """The same invoice is the same message, and that one has come to its end: the status says so."""
    sent(invoice, network, "--queue")
    settings = ("--settings", str(network / "a.toml"))
    database = Database(str(network / "a.db"))
    outbox = Outbox(database)
    claimed = outbox.claim("w")
    assert claimed is not None
    outbox.settle(claimed, Settlement(outcome="rejected", code="NOT_SERVED"))
    database.close()
    again = sent(invoice, network, *queue)
    assert again.exit_code == 1
    assert f"einvoice outbox retry {claimed.id[:8]}" in again.output
    assert call("outbox", "retry", claimed.id, *settings).exit_code == 0
    assert "delivered" in sent(invoice, network).output


def test_a_certificate_that_was_taken_back_is_held_and_said(network: Path, invoice: Path) -> None:
    """The publisher still names it: nobody sends to it until there is another one."""
    assert "is revoked" in call("testbed", "revoke", network, "b").output
    assert "there are a, b and smp" in call("testbed", "revoke", network, "c").output
    try:
        refused = sent(invoice, network)
        assert refused.exit_code == 1
        assert "REVOKED" in refused.output
        assert "was revoked by its authority" in refused.output
    finally:
        (network / "issuers" / "revoked").unlink()
    identifier = call("outbox", "list", "--settings", network / "a.toml").output.split()[0]
    assert call("outbox", "retry", identifier, "--settings", network / "a.toml").exit_code == 0
    assert "delivered" in sent(invoice, network).output


def test_a_folder_is_a_way_out_too(network: Path, invoice: Path) -> None:
    result = call("send", invoice, "--via", "folder", "--settings", network / "a.toml")
    assert result.exit_code == 0, result.output
    [path] = (network / "a" / "out").iterdir()
    assert path.read_bytes() == invoice.read_bytes()
    number = str(read(invoice).invoice.number)
    found = call("archive", "find", "--number", number, "--settings", network / "a.toml").output
    digest = found.split()[-1]
    exported = CliRunner().invoke(main, ["archive", "export", digest, "--settings", str(network / "a.toml")])
    assert exported.stdout_bytes == invoice.read_bytes()


def test_a_changed_archive_is_found_out(network: Path, invoice: Path) -> None:
    sent(invoice, network)
    database = Database(str(network / "a.db"))
    with database.write() as connection:
        connection.execute(text("UPDATE event SET data = '{}' WHERE number = 2"))
    database.close()
    result = call("archive", "verify", "--settings", network / "a.toml")
    assert result.exit_code == 1
    assert "event 2 does not follow" in result.output


def test_without_settings_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = call("outbox", "list")
    assert result.exit_code == 2
    assert "einvoice testbed init" in result.output
    (tmp_path / "einvoice.toml").write_text("[as5]\n", encoding="utf-8")
    refused = call("outbox", "list").output
    assert "einvoice.toml:1: there is no key 'as5'; did you mean 'as4'?" in refused


@pytest.mark.parametrize("content", [None, "[as5]", "as4 ="])
def test_settings_that_are_not_there_or_wrong_are_wrong_use_of_every_command(
    tmp_path: Path, content: str | None
) -> None:
    (tmp_path / "in.xml").write_text("<a/>", encoding="utf-8")
    settings = tmp_path / "e.toml"
    if content is not None:
        settings.write_text(content, encoding="utf-8")
    commands = ["outbox list", "outbox show 1", "inbox list", "archive verify", "worker --once", "receive"]
    commands += [f"send {tmp_path / 'in.xml'}", "respond 1 --status AP", "serve --as4"]
    for command in commands:
        result = call(*command.split(), "--settings", settings)
        assert (result.exit_code, "e.toml" in result.output) == (2, True), command


def test_a_network_is_not_laid_out_over_another(layout: Path) -> None:
    result = call("testbed", "init", layout)
    assert result.exit_code != 0
    assert "there is a network already" in result.output
