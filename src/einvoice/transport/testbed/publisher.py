# SPDX-License-Identifier: Apache-2.0
"""A publisher of service metadata for tests: what participants receive, signed as the specification says.

Source: OpenPeppol, SMP 1.4.0, signature profile in section 5.5.1.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from einvoice.transport.identity import to_der
from einvoice.transport.peppol import smp
from einvoice.transport.peppol.c14n import inclusive

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from cryptography import x509
    from lxml.etree import _Element

    from einvoice.transport.identity import Identity
    from einvoice.transport.peppol.identifiers import DocumentType, ParticipantId, Process

_SMP: Final = "http://busdox.org/serviceMetadata/publishing/1.0/"
_IDS: Final = "http://busdox.org/transport/identifiers/1.0/"
_WSA: Final = "http://www.w3.org/2005/08/addressing"
_DS: Final = "http://www.w3.org/2000/09/xmldsig#"
_C14N: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
_ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What one participant receives, and where."""

    participant: ParticipantId
    document_type: DocumentType
    process: Process
    address: str
    certificate: x509.Certificate


def metadata(registration: Registration, signer: Identity) -> bytes:
    """The signed answer for a registration.

    Args:
        registration: what it says.
        signer: the publisher.
    """
    root = etree.Element(f"{{{_SMP}}}SignedServiceMetadata", nsmap={"smp": _SMP, "id": _IDS, "wsa": _WSA})
    information = etree.SubElement(
        etree.SubElement(root, f"{{{_SMP}}}ServiceMetadata"), f"{{{_SMP}}}ServiceInformation"
    )
    _identifier(information, "ParticipantIdentifier", registration.participant)
    _identifier(information, "DocumentIdentifier", registration.document_type)
    process = etree.SubElement(etree.SubElement(information, f"{{{_SMP}}}ProcessList"), f"{{{_SMP}}}Process")
    _identifier(process, "ProcessIdentifier", registration.process)
    endpoints = etree.SubElement(process, f"{{{_SMP}}}ServiceEndpointList")
    endpoint = etree.SubElement(endpoints, f"{{{_SMP}}}Endpoint", transportProfile=smp.AS4_PROFILE)
    reference = etree.SubElement(endpoint, f"{{{_WSA}}}EndpointReference")
    etree.SubElement(reference, f"{{{_WSA}}}Address").text = registration.address
    now = datetime.now(UTC)
    for name, text in (
        ("RequireBusinessLevelSignature", "false"),
        ("ServiceActivationDate", (now - timedelta(days=1)).isoformat(timespec="seconds")),
        ("ServiceExpirationDate", (now + timedelta(days=365)).isoformat(timespec="seconds")),
        ("Certificate", base64.b64encode(to_der(registration.certificate)).decode()),
        ("ServiceDescription", "testbed"),
        ("TechnicalContactUrl", "https://testbed.invalid/"),
    ):
        etree.SubElement(endpoint, f"{{{_SMP}}}{name}").text = text
    sign(root, signer)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def redirection(address: str, signer: Identity, target: Identity) -> bytes:
    """A signed answer that names another publisher."""
    root = etree.Element(f"{{{_SMP}}}SignedServiceMetadata", nsmap={"smp": _SMP})
    body = etree.SubElement(root, f"{{{_SMP}}}ServiceMetadata")
    redirect = etree.SubElement(body, f"{{{_SMP}}}Redirect", href=address)
    etree.SubElement(redirect, f"{{{_SMP}}}CertificateUID").text = target.name
    sign(root, signer)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def sign(root: _Element, signer: Identity) -> None:
    """Put an enveloped signature at the end of an answer."""
    signature = etree.SubElement(root, f"{{{_DS}}}Signature", nsmap={None: _DS})  # type: ignore[dict-item]
    info = etree.SubElement(signature, f"{{{_DS}}}SignedInfo")
    etree.SubElement(info, f"{{{_DS}}}CanonicalizationMethod", Algorithm=_C14N)
    etree.SubElement(info, f"{{{_DS}}}SignatureMethod", Algorithm=_RSA_SHA256)
    reference = etree.SubElement(info, f"{{{_DS}}}Reference", URI="")
    transforms = etree.SubElement(reference, f"{{{_DS}}}Transforms")
    etree.SubElement(transforms, f"{{{_DS}}}Transform", Algorithm=_ENVELOPED)
    etree.SubElement(reference, f"{{{_DS}}}DigestMethod", Algorithm=_SHA256)
    digest = hashlib.sha256(inclusive(root, without=signature)).digest()
    etree.SubElement(reference, f"{{{_DS}}}DigestValue").text = base64.b64encode(digest).decode()
    value = signer.key.sign(inclusive(info), PKCS1v15(), SHA256())
    etree.SubElement(signature, f"{{{_DS}}}SignatureValue").text = base64.b64encode(value).decode()
    data = etree.SubElement(etree.SubElement(signature, f"{{{_DS}}}KeyInfo"), f"{{{_DS}}}X509Data")
    certificate = base64.b64encode(to_der(signer.certificate)).decode()
    etree.SubElement(data, f"{{{_DS}}}X509Certificate").text = certificate


class Publisher(ThreadingHTTPServer):
    """Serves the metadata of a few participants, and the lists of certificates that the authorities took back.

    Args:
        signer: signs the answers.
        tls: certificate and key of the server.
        address: where it listens; port 0 takes a free one.

    Attributes:
        answers: the metadata by their paths.
        lists: what makes the lists of revoked certificates, by their paths.
        status: what is answered instead of 200.
    """

    daemon_threads = True

    def __init__(self, signer: Identity, *, tls: ssl.SSLContext, address: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        super().__init__(address, _Request)
        self.signer = signer
        self.tls = tls
        self.answers: dict[str, bytes] = {}
        self.lists: dict[str, Callable[[], bytes]] = {}
        self.status = 200

    @property
    def base(self) -> str:
        """The address below which it answers."""
        return f"https://localhost:{self.server_address[1]}"

    def register(self, registration: Registration) -> None:
        """Publish a registration."""
        path = smp.metadata_path(registration.participant, registration.document_type)
        self.answers[unquote(path)] = metadata(registration, self.signer)
        group = unquote(smp.group_path(registration.participant))
        below = [path for path in self.answers if path.startswith(f"{group}/services/")]
        self.answers[group] = self._group(registration.participant, below)

    def _group(self, participant: ParticipantId, paths: list[str]) -> bytes:
        root = etree.Element(f"{{{_SMP}}}ServiceGroup", nsmap={"smp": _SMP, "id": _IDS})
        _identifier(root, "ParticipantIdentifier", participant)
        collection = etree.SubElement(root, f"{{{_SMP}}}ServiceMetadataReferenceCollection")
        for path in paths:
            quoted = smp.quoted(path)
            etree.SubElement(collection, f"{{{_SMP}}}ServiceMetadataReference", href=self.base + quoted)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Shake hands in the thread of the peer."""
        request.settimeout(10)
        with self.tls.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """A peer that went away is no event."""
        del request, client_address

    def start(self) -> Publisher:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self


class _Request(BaseHTTPRequestHandler):
    server: Publisher
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        lists = self.server.lists.get(self.path)
        body = lists() if lists is not None else self.server.answers.get(unquote(self.path))
        status = self.server.status if body is not None else 404
        content = body if body is not None and status == 200 else b""  # noqa: PLR2004 - OK
        self.send_response(status)
        self.send_header("Content-Type", "application/xml" if lists is None else "application/pkix-crl")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as http.server has it
        """Say nothing."""


def _identifier(parent: _Element, name: str, value: ParticipantId | DocumentType | Process) -> None:
    etree.SubElement(parent, f"{{{_IDS}}}{name}", scheme=value.scheme).text = value.value
