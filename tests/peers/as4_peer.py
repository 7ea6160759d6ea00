# SPDX-License-Identifier: Apache-2.0
"""Another implementation of Peppol's AS4, the package ``as4``, as an access point that speaks over files.

Run by an interpreter of its own that has the package: ``as4_peer.py send|receive|receipt FOLDER``. FOLDER holds
``own.pem`` (key and certificate), ``other.pem`` (certificate) and what is sent or received. What it makes is written
there as well. Exits with 0 if the package was content.
"""

# ruff: noqa: T201 - it speaks by printing

from __future__ import annotations

import json
import sys
from pathlib import Path

from as4 import AS4LocalPrivateKey, SecurityPolicy, pinned_certificates
from as4.peppol import (
    build_peppol_message,
    create_peppol_external_party,
    create_peppol_internal_party,
    parse_peppol_message,
    parse_peppol_receipt,
)
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

DOCUMENT_TYPE = (
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017#compliant"
    "#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1"
)


def main(action: str, folder: Path) -> None:
    """Do one thing."""
    own = (folder / "own.pem").read_bytes()
    key = AS4LocalPrivateKey(load_pem_private_key(own, None))
    certificate = x509.load_pem_x509_certificate(own)
    other = x509.load_pem_x509_certificate((folder / "other.pem").read_bytes())
    local = create_peppol_internal_party(party_id=_name(certificate), certificate=certificate, private_key=key)
    if action == "send":
        _send(folder, local, create_peppol_external_party(party_id=_name(other), certificate=other))
    elif action == "receive":
        _receive(folder, local, other)
    else:
        receipt = parse_peppol_receipt((folder / "answer.xml").read_bytes(), other)
        print(json.dumps({"refers_to": receipt.original_message_id, "errors": len(receipt.errors)}))


def _send(folder: Path, local: object, remote: object) -> None:
    message = build_peppol_message(
        payload=(folder / "document.xml").read_bytes(),
        local_party=local,
        remote_party=remote,
        sender="9915:a",
        recipient="9915:b",
        sender_country_id="DE",
        document_type_identifier_scheme="busdox-docid-qns",
        document_type_identifier_value=DOCUMENT_TYPE,
        process_identifier="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    )
    body, boundary = message.get_request_data()
    (folder / "wire.bin").write_bytes(body)
    (folder / "headers.json").write_text(json.dumps(message.get_http_headers(boundary)), encoding="utf-8")
    print(json.dumps({"message_id": message.message_id}))


def _receive(folder: Path, local: object, other: x509.Certificate) -> None:
    receiving = parse_peppol_message(
        request_headers=json.loads((folder / "headers.json").read_text(encoding="utf-8")),
        request_body=(folder / "wire.bin").read_bytes(),
        local_party=local,
        security_policy=SecurityPolicy(signer_resolver=pinned_certificates(other)),
    )
    headers, signal = receiving.build_signal()
    (folder / "answer.xml").write_bytes(signal)
    (folder / "answer.json").write_text(json.dumps(headers), encoding="utf-8")
    if receiving.successful:
        (folder / "received.xml").write_bytes(next(iter(receiving.message.decrypted_data.values())))
    print(json.dumps({"successful": receiving.successful, "errors": [str(each) for each in receiving.errors]}))


def _name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
