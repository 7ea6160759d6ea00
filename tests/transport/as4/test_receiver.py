# SPDX-License-Identifier: Apache-2.0
"""What an access point takes, what it refuses and with which word, and what that may cost it."""

from __future__ import annotations

import dataclasses
import socket
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.errors import StoreError, TransportError
from einvoice.service.mailbox import InboxMailbox
from einvoice.store.database import Database
from einvoice.store.inbox import Inbox
from einvoice.transport import http
from einvoice.transport.as4 import compression, envelope, signals
from einvoice.transport.base import Outcome
from einvoice.transport.peppol import sbdh
from einvoice.transport.peppol.identifiers import DocumentType, ParticipantId
from einvoice.transport.room import Room
from tests.transport.network import BILLING, DOCUMENT, Network, certificates, start, submission, tls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.transport.as4.receiver import AccessPoint, Reply


@pytest.fixture
def network() -> Iterator[Network]:
    running = start()
    yield running
    running.close()


def _receive(point: AccessPoint, network: Network, *, payload: bytes = DOCUMENT, **changes: object) -> str:
    """The code of the error that a changed sender gets."""
    sender = dataclasses.replace(network.submitter, **changes)  # type: ignore[arg-type]
    wanted = msgspec.structs.replace(submission(key=str(uuid.uuid4())), payload=payload)
    prepared = sender.prepare(wanted)
    return _code(point.receive(prepared.about["content_type"], prepared.wire))


def _code(got: Reply) -> str:
    signal = signals.from_element(envelope.read(got.body).messaging)
    assert signal is not None
    return signal.problems[0].code if signal.problems else "receipt"


def test_the_receiver_listens_to_members_of_the_network_only(network: Network) -> None:
    certs = certificates()
    strangers = (certs.root.issue("PTB000003"), certs.metadata.issue("PTB000003"))
    assert _receive(network.access_point, network) == "receipt"
    for stranger in strangers:
        assert _receive(network.access_point, network, identity=stranger) == "EBMS:0101"
    other = dataclasses.replace(network.access_point, identity=certs.access_points.issue("PTB000004"))
    assert _receive(other, network) == "EBMS:0102"
    assert len(network.drawer.kept) == 1


def test_a_document_that_cannot_be_kept_gets_no_receipt(network: Network) -> None:
    class Full:
        def keep(self, delivery: object) -> bytes:
            del delivery
            raise StoreError("the disk is full", code="DATABASE")

    assert _receive(dataclasses.replace(network.access_point, mailbox=Full()), network) == "EBMS:0202"


def test_what_einvoice_stumbles_over_comes_again_and_is_said(
    network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def keep(self, delivery: object) -> bytes:
            del delivery
            raise ZeroDivisionError("a defect")

    point = dataclasses.replace(network.access_point, mailbox=Broken())
    assert _receive(point, network) == "EBMS:0202"
    assert "please report it" in caplog.text
    assert "ZeroDivisionError: a defect" in caplog.text
    network.server.answer = point.receive
    wanted = submission()
    found = network.submitter.submit(wanted, network.submitter.prepare(wanted), attempt=1)
    assert (found.outcome, found.code) == (Outcome.RETRY, "EBMS:0202")


def test_one_message_gets_one_receipt_and_another_under_its_identifier_an_error(
    network: Network, tmp_path: Path
) -> None:
    database = Database(str(tmp_path / "store.db"))
    point = dataclasses.replace(network.access_point, mailbox=InboxMailbox(Inbox(database)))
    first, second = (network.submitter.prepare(submission()) for _ in range(2))
    receipt = point.receive(first.about["content_type"], first.wire)
    assert point.receive(first.about["content_type"], first.wire) == receipt
    refused = point.receive(second.about["content_type"], second.wire)
    assert _code(refused) == "EBMS:0004"
    assert b"another message of PTB000001 came under the identifier" in refused.body
    assert len(Inbox(database).find()) == 1
    database.close()


def test_nothing_of_a_stranger_is_decompressed(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """486 kB can say 500 MB: that is for members of the network alone, and bounded for them too."""
    monkeypatch.setattr(compression, "decompress", None)  # called, it would be a defect and EBMS:0202
    assert _receive(network.access_point, network, identity=certificates().root.issue("PTB000003")) == "EBMS:0101"


def test_large_payloads_share_the_memory(network: Network) -> None:
    point = dataclasses.replace(network.access_point, room=Room(3_000_000, patience=0.1))
    large = DOCUMENT.replace(b"</Invoice>", b"<x>%s</x></Invoice>" % (b"1" * 2_000_000))
    assert _receive(point, network, payload=large) == "receipt"
    with point.room.hold(2_500_000):
        assert _receive(point, network, payload=large) == "EBMS:0202"
        assert _receive(point, network) == "receipt"


@pytest.mark.parametrize(
    "document",
    [
        DOCUMENT.replace(b"billing:3.0", b"selfbilling:3.0"),
        DOCUMENT.replace(b"cbc:CustomizationID>", b"cbc:ProfileID>"),
        b"<Invoice/>",
    ],
)
def test_a_document_has_to_be_what_its_type_names(
    network: Network, document: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TransportError, match="it says") as caught:
        _receive(network.access_point, network, payload=document)
    assert caught.value.code == "SBDH"
    checked = sbdh._check_root
    monkeypatch.setattr(sbdh, "_check_root", lambda *_: None)
    prepared = network.submitter.prepare(msgspec.structs.replace(submission(), payload=document))
    monkeypatch.setattr(sbdh, "_check_root", checked)
    assert _code(network.access_point.receive(prepared.about["content_type"], prepared.wire)) == "EBMS:0004"


def test_an_invoice_of_cii_names_its_guideline() -> None:
    cii = "urn:un:unece:uncefact:data:standard:"
    kind = DocumentType(f"{cii}CrossIndustryInvoice:100::CrossIndustryInvoice##urn:cen.eu:en16931:2017::D16B")
    text = (
        '<r:CrossIndustryInvoice xmlns:r="{0}CrossIndustryInvoice:100"'
        ' xmlns:a="{0}ReusableAggregateBusinessInformationEntity:100"><r:ExchangedDocumentContext>'
        "<a:GuidelineSpecifiedDocumentContextParameter><a:ID>{1}</a:ID></a:GuidelineSpecifiedDocumentContextParameter>"
        "</r:ExchangedDocumentContext></r:CrossIndustryInvoice>"
    )
    header = sbdh.Header(
        sender=ParticipantId("9915:a"),
        receiver=ParticipantId("9915:b"),
        instance_id="1",
        created=datetime.now(UTC),
        document_type=kind,
        process=BILLING,
        country="DE",
        standard=f"{cii}CrossIndustryInvoice:100",
        kind="CrossIndustryInvoice",
        version="D16B",
    )
    right = sbdh.wrap(header, text.format(cii, "urn:cen.eu:en16931:2017").encode())
    assert sbdh.unwrap(right).header == msgspec.structs.replace(header, created=header.created.replace(microsecond=0))
    with pytest.raises(TransportError, match="claims 'urn:factur-x"):
        sbdh.wrap(header, text.format(cii, "urn:factur-x.eu:1p0:minimum").encode())


def test_the_server_takes_chunks_and_refuses_what_is_too_long_or_elsewhere(network: Network) -> None:
    _, client = tls()
    port = network.server.server_address[1]
    policy = http.Policy(private=True, tls=client)

    def say(lines: bytes) -> bytes:
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            client.wrap_socket(plain, server_hostname="localhost") as secured,
        ):
            secured.sendall(lines)
            return secured.recv(200)

    assert b" 404 " in say(b"POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    assert b" 411 " in say(b"POST /as4 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b" 413 " in say(b"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")
    assert b" 400 " in say(b"POST /as4 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    got = http.request("GET", f"https://localhost:{port}/as4", policy=policy)
    assert got.status == 405
    wanted = submission()
    prepared = network.submitter.prepare(wanted)
    head = f"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Type: {prepared.about['content_type']}\r\n"
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(prepared.wire), prepared.wire)
    assert b" 200 " in say(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
    assert len(network.drawer.kept) == 1
