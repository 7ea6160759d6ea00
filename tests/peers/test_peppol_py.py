# SPDX-License-Identifier: Apache-2.0
"""What the package peppol-py sends, our access point takes: decrypted, verified, kept and acknowledged."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from einvoice.transport.testbed import authority
from tests.e2e.ground import DOCUMENT, canonical
from tests.transport.network import Network, certificates, start

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.peers

PEER = Path(__file__).with_name("peppol_py_peer.py")


@pytest.fixture
def python() -> str:
    """An interpreter that has the package ``peppol-py``."""
    found = os.environ.get("EINVOICE_PEPPOL_PYTHON")
    if not found:
        pytest.skip("the environment variable EINVOICE_PEPPOL_PYTHON does not name an interpreter with peppol-py")
    return found


@pytest.fixture
def network() -> Iterator[Network]:
    running = start()
    yield running
    running.close()


def call(python: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, str(PEER), *map(str, words)], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def folder(python: str, tmp_path: Path) -> Path:
    """What the package needs, and the command xmlsec1 that it calls."""
    certs = certificates()
    key = certs.sender.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "cert.pem").write_bytes(authority.certificate_pem(certs.sender))
    (tmp_path / "other.pem").write_bytes(authority.certificate_pem(certs.receiver))
    (tmp_path / "root.pem").write_bytes(authority.certificate_pem(certs.root.identity))
    (tmp_path / "document.xml").write_bytes(DOCUMENT)
    command = tmp_path / "xmlsec1"
    command.write_text(f'#!/bin/sh\nexec "{python}" "{PEER}" "$@"\n', encoding="utf-8")
    command.chmod(0o700)
    return tmp_path


def test_our_access_point_takes_the_message_of_peppol_py_and_it_is_content(
    python: str, folder: Path, network: Network
) -> None:
    made = call(python, "message", folder)
    assert made.returncode == 0, made.stderr
    for _ in range(2):  # the same message again is the same delivery
        posted = call(python, "post", folder, network.address, folder / "root.pem")
        assert posted.returncode == 0, posted.stderr
    [kept] = network.drawer.kept.values()
    assert (kept.sender, kept.envelope.receiver.value) == (certificates().sender.name, "9915:b")
    assert canonical(kept.document) == canonical(DOCUMENT)


def test_a_message_of_peppol_py_for_somebody_else_is_refused(python: str, folder: Path, network: Network) -> None:
    (folder / "other.pem").write_bytes(authority.certificate_pem(certificates().access_points.issue("PTB000007")))
    assert call(python, "message", folder).returncode == 0
    posted = call(python, "post", folder, network.address, folder / "root.pem")
    assert posted.returncode != 0
    assert "Endpoint error" in posted.stderr
    assert not network.drawer.kept
