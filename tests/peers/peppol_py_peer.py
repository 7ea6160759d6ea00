# SPDX-License-Identifier: Apache-2.0
"""Another sender of Peppol, the package ``peppol-py``: its message and its post, by an interpreter of its own.

``peppol_py_peer.py message FOLDER`` makes a message; ``peppol_py_peer.py post FOLDER URL AUTHORITY`` posts it. FOLDER
holds ``key.pem`` and ``cert.pem`` (the sender), ``other.pem`` (the receiver) and ``document.xml``.

The package encrypts with the command ``xmlsec1`` of release 1.3 or newer, and Debian 12 has 1.2.37. The package
``xmlsec`` carries libxmlsec 1.3.9: this script is that command as well (``--encrypt ... TEMPLATE``), with the arguments
that peppol-py gives. The template is peppol-py's, the encryption libxmlsec's.

Its lookup is left out, because it looks for participants in the zones of the real network only, and so is its judgement
of the receiver's certificate, which fails on OpenSSL 3.0.19 (it needs oscrypto, which cannot read that version).
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

DOCUMENT_TYPE = (
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017#compliant"
    "#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1"
)
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def encrypt(words: list[str]) -> None:
    """What ``xmlsec1 --encrypt --pubkey-cert-pem FILE --session-key aes-128 --binary-data FILE ... TEMPLATE`` does."""
    import xmlsec
    from lxml import etree

    certificate = words[words.index("--pubkey-cert-pem") + 1]
    data = Path(words[words.index("--binary-data") + 1]).read_bytes()
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_file(certificate, xmlsec.KeyFormat.CERT_PEM))
    context = xmlsec.EncryptionContext(manager)
    context.key = xmlsec.Key.generate(xmlsec.KeyData.AES, 128, xmlsec.KeyDataType.SESSION)
    done = context.encrypt_binary(etree.parse(words[-1]).getroot(), data)
    sys.stdout.buffer.write(etree.tostring(done))


def message(folder: Path) -> None:
    """Make a message as ``send_peppol_document`` does between its lookup and its post."""
    from lxml import etree
    from peppol_py.as4_sender import get_headers_and_body_for_posting_as4_document
    from peppol_py.sender import (
        get_common_name_from_certificate,
        wrap_ubl_in_peppol_standard_business_document_header,
    )

    own, other = (folder / "cert.pem").read_bytes(), (folder / "other.pem").read_bytes()
    now = datetime.now(UTC).isoformat()
    content, document = wrap_ubl_in_peppol_standard_business_document_header(
        etree.parse(folder / "document.xml").getroot(), now, DOCUMENT_TYPE, PROCESS, "9915:a", "DE", "9915:b"
    )
    body, headers = get_headers_and_body_for_posting_as4_document(
        content,
        document,
        now,
        DOCUMENT_TYPE,
        PROCESS,
        "9915:a",
        "9915:b",
        get_common_name_from_certificate(other),
        str(folder / "xmlsec1"),
        str(folder / "key.pem"),
        "",
        own,
        other,
        get_common_name_from_certificate(own),
    )
    (folder / "wire.bin").write_bytes(body)
    (folder / "headers.json").write_text(json.dumps(headers), encoding="utf-8")


def post(folder: Path, url: str, authority: str) -> None:
    """Post what was made; raises where the package is not content with the answer."""
    from peppol_py.as4_sender import post_edelivery_as4_document

    os.environ["REQUESTS_CA_BUNDLE"] = authority
    headers = json.loads((folder / "headers.json").read_text(encoding="utf-8"))
    post_edelivery_as4_document(url, (folder / "wire.bin").read_bytes(), headers, 30, "peppol-py")


if __name__ == "__main__":
    if sys.argv[1] == "--encrypt":
        encrypt(sys.argv[1:])
    elif sys.argv[1] == "message":
        message(Path(sys.argv[2]))
    else:
        post(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
