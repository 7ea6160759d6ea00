# SPDX-License-Identifier: Apache-2.0
"""Other implementations understand our messages of AS4 and our metadata, and we theirs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from einvoice.transport.as4 import answer, message
from einvoice.transport.testbed import authority
from einvoice.transport.testbed.publisher import metadata
from einvoice.transport.trust import Role
from tests.transport.network import DOCUMENT, Network, certificates, registration, start, submission

if TYPE_CHECKING:
    from collections.abc import Iterator


pytestmark = pytest.mark.peers

PEER = Path(__file__).with_name("as4_peer.py")
VERIFY = """
import sys, xmlsec
from lxml import etree
root = etree.parse(sys.argv[1]).getroot()
context = xmlsec.SignatureContext()
signature = xmlsec.tree.find_node(root, xmlsec.Node.SIGNATURE)
context.key = xmlsec.Key.from_file(sys.argv[2], xmlsec.KeyFormat.CERT_PEM)
context.verify(signature)
"""


@pytest.fixture
def python() -> str:
    """An interpreter that has the packages ``as4`` and ``xmlsec``."""
    found = os.environ.get("EINVOICE_AS4_PYTHON")
    if not found:
        pytest.skip("the environment variable EINVOICE_AS4_PYTHON does not name an interpreter with as4 and xmlsec")
    return found


@pytest.fixture
def network() -> Iterator[Network]:
    running = start()
    yield running
    running.close()


def call(python: str, *words: str | Path) -> str:
    done = subprocess.run([python, *map(str, words)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_other_one_opens_our_message_and_we_believe_its_receipt(
    python: str, network: Network, tmp_path: Path
) -> None:
    certs = certificates()
    prepared = network.submitter.prepare(submission())
    (tmp_path / "own.pem").write_bytes(authority.to_pem(certs.receiver))
    (tmp_path / "other.pem").write_bytes(authority.certificate_pem(certs.sender))
    (tmp_path / "wire.bin").write_bytes(prepared.wire)
    headers = {"Content-Type": prepared.about["content_type"]}
    (tmp_path / "headers.json").write_text(json.dumps(headers), encoding="utf-8")
    assert json.loads(call(python, PEER, "receive", tmp_path)) == {"successful": True, "errors": []}
    assert DOCUMENT.partition(b"?>\n")[2] in (tmp_path / "received.xml").read_bytes()
    sent = message.Sealed(
        message_id=prepared.about["message_id"], content_type="", body=b"", digests=prepared.about["digests"]
    )
    kind = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))["Content-Type"]
    found = answer.judge(
        kind,
        (tmp_path / "answer.xml").read_bytes(),
        sent=sent,
        receiver=certs.receiver.certificate,
        trust=lambda certificate, _signed: certs.authorities.judge(certificate, Role.ACCESS_POINT),
    )
    assert (found.kind, found.authenticated) == (answer.Kind.RECEIPT, True)


def test_we_open_the_message_of_the_other_one_and_it_believes_our_receipt(
    python: str, network: Network, tmp_path: Path
) -> None:
    certs = certificates()
    (tmp_path / "own.pem").write_bytes(authority.to_pem(certs.sender))
    (tmp_path / "other.pem").write_bytes(authority.certificate_pem(certs.receiver))
    (tmp_path / "document.xml").write_bytes(DOCUMENT)
    sent = json.loads(call(python, PEER, "send", tmp_path))
    headers = json.loads((tmp_path / "headers.json").read_text(encoding="utf-8"))
    reply = network.access_point.receive(headers["Content-Type"], (tmp_path / "wire.bin").read_bytes())
    (tmp_path / "answer.xml").write_bytes(reply.body)
    [kept] = network.drawer.kept.values()
    assert kept.message_id == sent["message_id"]
    judged = json.loads(call(python, PEER, "receipt", tmp_path))
    assert judged == {"refers_to": sent["message_id"], "errors": 0}


def test_xmlsec_verifies_the_metadata_that_our_publisher_signs(python: str, tmp_path: Path) -> None:
    """A signer that canonicalises wrongly agrees with itself; another library does not."""
    certs = certificates()
    signed = metadata(registration("https://ap.invalid/as4", certs.receiver), certs.publisher)
    (tmp_path / "metadata.xml").write_bytes(signed)
    (tmp_path / "publisher.pem").write_bytes(authority.certificate_pem(certs.publisher))
    call(python, "-c", VERIFY, tmp_path / "metadata.xml", tmp_path / "publisher.pem")
