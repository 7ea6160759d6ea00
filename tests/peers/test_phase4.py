# SPDX-License-Identifier: Apache-2.0
"""phase4, the reference implementation, receives our messages and sends to our access point.

Its own WSS4J verifies, decrypts and signs; nothing of ours runs in its process.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import socket
import subprocess
from typing import TYPE_CHECKING

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from einvoice.transport.base import Outcome
from einvoice.transport.server import As4Server, run_in_thread
from einvoice.transport.testbed import authority
from tests.peers.judges import QUICK
from tests.transport.network import DOCUMENT, Network, certificates, registration, start, submission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.transport.identity import Identity

pytestmark = pytest.mark.peers

WORD = "peer"
_WSS4J = "org.apache.wss4j.crypto.merlin"


@pytest.fixture
def network() -> Iterator[Network]:
    running = start()
    yield running
    running.close()


def stores(folder: Path, identity: Identity) -> None:
    """Key and trust of phase4, as PKCS #12."""
    certs = certificates()
    chain = [certs.access_points.identity.certificate, certs.root.identity.certificate]
    closed = BestAvailableEncryption(WORD.encode())
    key = pkcs12.serialize_key_and_certificates(b"cert", identity.key, identity.certificate, chain, closed)
    trusted = [pkcs12.PKCS12Certificate(each, str(number).encode()) for number, each in enumerate(chain)]
    (folder / "key.p12").write_bytes(key)
    (folder / "trust.p12").write_bytes(pkcs12.serialize_java_truststore(trusted, closed))


def java(folder: Path, *words: str, name: str = "") -> list[str]:
    """The command that runs phase4, or a skip that says what is missing."""
    home, program = os.environ.get("EINVOICE_PHASE4"), shutil.which("java")
    if not home or program is None:
        pytest.skip('the environment variable EINVOICE_PHASE4 is not set or there is no java; eval "$(tools/peers.sh)"')
    settings = {
        f"{_WSS4J}.keystore.type": "PKCS12",
        f"{_WSS4J}.keystore.file": str(folder / "key.p12"),
        f"{_WSS4J}.keystore.password": WORD,
        f"{_WSS4J}.keystore.alias": "cert",
        f"{_WSS4J}.keystore.private.password": WORD,
        f"{_WSS4J}.truststore.type": "PKCS12",
        f"{_WSS4J}.truststore.file": str(folder / "trust.p12"),
        f"{_WSS4J}.truststore.password": WORD,
        "peer.folder": str(folder),
        "peer.name": name,
        "org.slf4j.simpleLogger.defaultLogLevel": "error",
    }
    options = [f"-D{key}={value}" for key, value in settings.items()]
    return [program, *QUICK, *options, "-cp", f"{home}/classes:{home}/lib/*", "peer.Peer", *words]


def test_phase4_receives_our_message_and_we_believe_its_receipt(network: Network, tmp_path: Path) -> None:
    certs = certificates()
    stores(tmp_path, certs.receiver)
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    process = subprocess.Popen(
        java(tmp_path, "receive", str(port)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        network.publisher.register(registration(f"http://127.0.0.1:{port}/as4", certs.receiver))
        policy = msgspec.structs.replace(network.submitter.policy, plain=True, total=60)
        sender = dataclasses.replace(network.submitter, policy=policy)
        wanted = submission()
        prepared = sender.prepare(wanted)
        first = sender.submit(wanted, prepared, attempt=1)
        assert (first.outcome, first.code) == (Outcome.DELIVERED, "RECEIPT"), first.detail
        assert DOCUMENT.partition(b"?>\n")[2] in (tmp_path / "received.xml").read_bytes()
        again = sender.submit(wanted, prepared, attempt=2)
        assert again.outcome is Outcome.DELIVERED, again.detail
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_our_access_point_receives_the_message_of_phase4_and_it_believes_our_receipt(
    network: Network, tmp_path: Path
) -> None:
    certs = certificates()
    stores(tmp_path, certs.sender)
    (tmp_path / "other.pem").write_bytes(authority.certificate_pem(certs.receiver))
    (tmp_path / "issuer.pem").write_bytes(authority.certificate_pem(certs.access_points.identity))
    (tmp_path / "document.xml").write_bytes(DOCUMENT)
    server = As4Server(("127.0.0.1", 0), network.access_point.receive)
    run_in_thread(server)
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/as4"
        command = java(tmp_path, "send", url, name=certs.sender.name)
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert "result SUCCESS" in done.stdout, done.stderr[-3000:]
    finally:
        server.shutdown()
        server.server_close()
    [kept] = network.drawer.kept.values()
    assert (kept.sender, kept.envelope.receiver.value) == (certs.sender.name, "9915:b")
    assert b"Invoice" in kept.document
