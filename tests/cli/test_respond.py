# SPDX-License-Identifier: Apache-2.0
"""Answers to invoices from the command line, over a network of two access points on loopback."""

from __future__ import annotations

import itertools
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from einvoice import convert
from einvoice.bind import cdar, response
from einvoice.model.response import InvoiceResponse
from einvoice.service.channels import load
from einvoice.service.testbed import MAIL, init, run
from einvoice.store.database import Database
from tests.architecture.house import ROOT
from tests.cli.test_send import call, free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Both access points run; b judges what it receives, and a asks for the status of everything."""
    folder = tmp_path_factory.mktemp("responses") / "net"
    init(folder, first_port=free_ports())
    for name, setting in (("a", 'mls_type = "ALWAYS_SEND"'), ("b", 'mls = "judged"')):
        path = folder / f"{name}.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("[as4]", f"[as4]\n{setting}"), encoding="utf-8")
    running = run(folder)
    yield folder
    running.stop()


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    """A valid invoice with a number that no other test uses."""
    content = convert(ROOT / "fixtures" / "page" / "german.json", "ubl").output
    path = tmp_path / "invoice.xml"
    number = f"<cbc:ID>ANSWER-{next(NUMBERS)}</cbc:ID>".encode()
    path.write_bytes(re.sub(rb"<cbc:ID>[^<]*</cbc:ID>", number, content, count=1))
    return path


def number(invoice: Path) -> str:
    found = re.search(rb"<cbc:ID>([^<]*)<", invoice.read_bytes())
    assert found is not None
    return found[1].decode()


def at(network: Path, who: str, *words: str | Path) -> str:
    """What a command says at an access point; it has to succeed."""
    result = call(*words, "--settings", network / f"{who}.toml")
    assert result.exit_code == 0, result.output
    return result.output


def sent(network: Path, invoice: Path, *words: str) -> str:
    """Send from a to b; the document of b's inbox."""
    at(network, "a", "send", invoice, "--to", "9915:b", *words)
    return at(network, "b", "inbox", "list").splitlines()[0].split()[0]


def standing(network: Path, invoice: Path) -> str:
    """What a's outbox says of the invoice itself."""
    return at(network, "a", "outbox", "list", "--number", number(invoice))


def test_a_rejection_reaches_the_outbox_of_the_seller_and_does_not_undo_the_delivery(
    network: Path, invoice: Path
) -> None:
    received = sent(network, invoice)
    said = at(
        network, "b", "respond", received, "--status", "RE", "--reason", "REF", "--action", "NIN", "--note", "no order"
    )
    assert "delivered" in said
    assert f"answers {received} with RE" in said
    line = standing(network, invoice)
    assert "delivered" in line
    assert "rejected by the buyer (RE)" in line
    assert "REF references incorrect; NIN issue a new invoice; no order" in line
    identifier = line.split()[0]
    story = at(network, "a", "outbox", "show", identifier)
    assert re.findall(r"^    \S+ \S+  (\S+)", story, re.MULTILINE)[-2:] == ["delivered", "answered"]
    assert f"of {identifier}" in at(network, "a", "inbox", "list")
    assert identifier in at(network, "a", "outbox", "list", "--answer", "re")
    assert identifier not in at(network, "a", "outbox", "list", "--answer", "AP")
    assert at(network, "a", "archive", "verify").startswith("unchanged")


def test_the_same_answer_twice_is_one_message_and_goes_through_the_outbox(network: Path, invoice: Path) -> None:
    received = sent(network, invoice)
    words = ("respond", received, "--status", "AP")
    first = at(network, "b", *words, "--queue")
    assert "queued" in first
    assert at(network, "b", *words, "--queue") == first
    at(network, "b", "worker", "--once")
    again = at(network, "b", *words)
    assert again.split()[0] == first.split()[0]
    assert "delivered" in again
    assert "accepted by the buyer (AP)" in standing(network, invoice)


def test_an_answer_that_contradicts_an_earlier_one_is_refused(network: Path, invoice: Path) -> None:
    received = sent(network, invoice)
    at(network, "b", "respond", received, "--status", "RE", "--reason", "PRI")
    refused = call("respond", received, "--status", "AP", "--settings", network / "b.toml")
    assert refused.exit_code == 1
    assert "the status RE is final" in refused.output


def test_an_answer_that_breaks_a_rule_is_refused_and_says_which(network: Path, invoice: Path) -> None:
    received = sent(network, invoice)
    settings = ("--settings", network / "b.toml")
    refused = call("respond", received, "--status", "UQ", *settings)
    assert "PEPPOL-T111-R001" in refused.output
    assert "PEPPOL-T111-R007" in call("respond", received, "--status", "RE", "--reason", "XYZ", *settings).output
    assert "PEPPOL-T111-B03001" in call("respond", received, "--status", "OK", *settings).output
    assert "holds no document" in call("respond", "nothing", "--status", "AP", *settings).output


def test_a_dry_run_prints_the_answer_and_sends_nothing(network: Path, invoice: Path) -> None:
    received = sent(network, invoice)
    said = at(
        network,
        "b",
        *("respond", received, "--status", "CA", "--reason", "LEG", "--proposal", "BT-48=EU12345"),
        *("--date", "2026-11-20", "--dry-run"),
    )
    answer, faults = response.read(said.encode()).answer, response.read(said.encode()).faults
    assert isinstance(answer, InvoiceResponse)
    assert faults == ()
    assert answer.number == number(invoice)
    assert answer.clarifications[0].proposals[0].value == "EU12345"
    assert str(answer.effective) == "2026-11-20"
    path = invoice.with_name("answer.xml")
    at(network, "b", "respond", received, "--status", "AP", "-o", path)
    assert response.read(path.read_bytes()).answer.status == "AP"
    assert "exists" in call("respond", received, "--status", "AP", "-o", path, "--settings", network / "b.toml").output
    assert "buyer" not in standing(network, invoice)


def test_the_status_that_was_asked_for_is_told_and_stands_beside_the_delivery(network: Path, invoice: Path) -> None:
    sent(network, invoice)
    at(network, "b", "worker", "--once")
    line = standing(network, invoice)
    assert "delivered" in line
    assert "handed over to the receiver without a confirmation (AB)" in line


def test_a_document_that_is_not_valid_is_told_to_be_rejected_where_the_operator_wants_that(
    network: Path, invoice: Path
) -> None:
    spoiled = re.sub(rb"(<cbc:PayableAmount[^>]*>)\d+", rb"\g<1>1", invoice.read_bytes())
    invoice.write_bytes(spoiled)
    sent(network, invoice, "--force")
    at(network, "b", "worker", "--once")
    line = standing(network, invoice)
    assert "delivered" in line
    assert "rejected by the receiver's access point (RE)" in line
    assert "[BR-CO-16]" in line


def test_an_answer_to_an_invoice_that_never_went_out_stays_in_the_inbox_and_says_so(
    network: Path, invoice: Path
) -> None:
    received = sent(network, invoice)
    database = Database(str(network / "a.db"))
    with database.write() as connection:  # as if the outbox were another one's
        connection.execute(text("UPDATE message SET number = 'OTHER' WHERE number = :it"), {"it": number(invoice)})
    database.close()
    at(network, "b", "respond", received, "--status", "AP")
    listed = at(network, "a", "inbox", "list")
    assert f"no invoice with the number '{number(invoice)}' went out" in listed


def test_the_life_cycle_is_another_view_on_the_same_story(network: Path, invoice: Path, tmp_path: Path) -> None:
    content = invoice.read_bytes()
    siren = (
        b"<cac:PartyLegalEntity><cbc:RegistrationName>%s</cbc:RegistrationName>"
        b'<cbc:CompanyID schemeID="0002">%s</cbc:CompanyID></cac:PartyLegalEntity>'
    )
    sides = iter((siren % (b"S", b"100000009"), siren % (b"B", b"200000008")))
    content = re.sub(
        rb"<cac:PartyLegalEntity>.*?</cac:PartyLegalEntity>", lambda _: next(sides), content, flags=re.DOTALL
    )
    invoice.write_bytes(content)
    received = sent(network, invoice)
    at(network, "b", "worker", "--once")
    at(network, "b", "respond", received, "--status", "AP")
    identifier = standing(network, invoice).split()[0]
    shown = at(network, "a", "outbox", "show", identifier, "--as", "cdar")
    assert [line.split()[0] for line in shown.splitlines()] == ["200", "201", "203", "205"]
    path = tmp_path / "cdar.xml"
    at(network, "a", "outbox", "show", identifier, "--as", "cdar", "-o", path)
    status, faults = cdar.read(path.read_bytes())
    assert (status.status, faults) == ("201", ())
    told = at(
        network,
        "b",
        *("respond", received, "--status", "RE", "--reason", "TX_TVA_ERR", "--format", "cdar", "-o", "-"),
    )
    refused, faults = cdar.read(told.encode())
    assert (refused.status, refused.issuer.role, faults) == ("210", "BY", ())
    wrong = call(
        *("respond", received, "--status", "RE", "--reason", "REF", "--format", "cdar", "-o", "-"),
        *("--settings", network / "b.toml"),
    )
    nowhere = call(*("respond", received, "--status", "AP", "--format", "cdar"), "--settings", network / "b.toml")
    assert nowhere.exit_code == 1
    assert "no French platform" in nowhere.output
    assert "BR-FR-CDV-CL-09" in wrong.output
    assert "TX_TVA_ERR" in wrong.output


def test_by_mail_an_answer_goes_back_to_where_the_invoice_came_from(network: Path, invoice: Path) -> None:
    at(network, "a", "send", invoice, "--to", f"mailto:b@{MAIL}")
    at(network, "b", "receive")
    received = at(network, "b", "inbox", "list").splitlines()[0].split()[0]
    said = at(network, "b", "respond", received, "--status", "RE", "--reason", "OTH", "--note", "wrong company")
    assert "delivered email" in said
    told = at(network, "a", "receive")
    assert "invoice-response RE of" in told
    assert "rejected by the buyer (RE)" in standing(network, invoice)
    assert "OTH other, wrong company" in standing(network, invoice)


def test_the_proof_of_a_message_holds_what_was_answered(network: Path, invoice: Path, tmp_path: Path) -> None:
    received = sent(network, invoice)
    at(network, "b", "respond", received, "--status", "AP")
    identifier = standing(network, invoice).split()[0]
    proof = tmp_path / "proof.zip"
    at(network, "a", "outbox", "evidence", identifier, "-o", proof)
    with zipfile.ZipFile(proof) as packed:
        assert response.read(packed.read("response-1.xml")).answer.status == "AP"
        assert b'"answered"' in packed.read("events.json")


def test_who_asks_for_nothing_is_told_of_failures_only(network: Path) -> None:
    settings = load(str(network / "b.toml")).channels.as4
    assert settings is not None
    assert settings.mls_type is None
    assert load(str(network / "a.toml")).channels.as4.mls == "asked"  # type: ignore[union-attr]
