# SPDX-License-Identifier: Apache-2.0
"""What a service metadata publisher says of a participant, read and verified.

Only the answer is read here; nothing is fetched. An answer counts when its signature holds, when its signer is a
publisher of this network, and when it speaks of the participant and the document type that were asked for.

Source: OpenPeppol, SMP 1.4.0 (BUSDOX service metadata, signature profile in section 5.5.1); XML Signature 1.1.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urlsplit

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from einvoice.bind import xml
from einvoice.errors import EinvoiceError, ParticipantError, SecurityError
from einvoice.transport import reading
from einvoice.transport.identity import common_name, read_certificate
from einvoice.transport.peppol.c14n import inclusive
from einvoice.transport.peppol.identifiers import DocumentType, ParticipantId, Process

if TYPE_CHECKING:
    from lxml.etree import _Element

AS4_PROFILE: Final = "peppol-transport-as4-v2_0"

_SMP: Final = "http://busdox.org/serviceMetadata/publishing/1.0/"
_IDS: Final = "http://busdox.org/transport/identifiers/1.0/"
_WSA: Final = "http://www.w3.org/2005/08/addressing"
_DS: Final = "http://www.w3.org/2000/09/xmldsig#"
_C14N: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
_ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a participant receives documents of one type within one process."""

    process: Process
    transport: str
    address: str
    certificate: x509.Certificate
    active_from: datetime | None = None
    active_until: datetime | None = None

    def active(self, now: datetime) -> bool:
        """Whether the endpoint may be used at a moment; senders must leave the others alone."""
        begun = self.active_from is None or self.active_from <= now
        return begun and (self.active_until is None or now < self.active_until)


class Redirect(msgspec.Struct, frozen=True):
    """The metadata lies with another publisher, whose certificate has this unique identifier."""

    address: str
    certificate_uid: str


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """A verified answer: the endpoints of one participant for one document type, or where else to ask."""

    participant: ParticipantId | None
    document_type: DocumentType | None
    endpoints: tuple[Endpoint, ...]
    redirect: Redirect | None
    signer: x509.Certificate


def group_path(participant: ParticipantId) -> str:
    """The path of the list of what a participant receives, below the publisher's address."""
    return f"/{quote(str(participant), safe='')}"


def metadata_path(participant: ParticipantId, document_type: DocumentType) -> str:
    """The path of the metadata of one document type, below the publisher's address."""
    return f"{group_path(participant)}/services/{quote(str(document_type), safe='')}"


def quoted(path: str) -> str:
    """A path below the publisher's address with every part escaped, from one that is not."""
    participant, _, document_type = path.removeprefix("/").partition("/services/")
    escaped = f"/{quote(participant, safe='')}"
    return f"{escaped}/services/{quote(document_type, safe='')}" if document_type else escaped


def read_group(data: bytes, participant: ParticipantId) -> tuple[DocumentType, ...]:
    """The document types that a participant is registered for. This list is not signed: it is a hint, no proof.

    Args:
        data: the answer of the publisher.
        participant: who was asked for.

    Raises:
        ParticipantError: it is no such list, or one of somebody else (``SMP``).
    """
    root = _parse(data)
    if root.tag != f"{{{_SMP}}}ServiceGroup" or not _participant(root).same(participant):
        raise _unusable(f"it is no list of what {participant.value} receives")
    found = []
    for reference in root.iter(f"{{{_SMP}}}ServiceMetadataReference"):
        _, _, last = urlsplit(reference.get("href", "")).path.partition("/services/")
        scheme, _, value = unquote(last).partition("::")
        found.append(DocumentType(value, scheme))
    return tuple(found)


def read_metadata(data: bytes) -> Metadata:
    """Read the metadata of one document type and verify its signature.

    Args:
        data: the answer of the publisher.

    Raises:
        SecurityError: the signature is missing, of another kind than the specification asks for, or does not hold
            (``SMP_SIGNATURE``).
        ParticipantError: the answer is no service metadata (``SMP``).
    """
    root = _parse(data)
    if root.tag != f"{{{_SMP}}}SignedServiceMetadata":
        raise _unusable("it is no SignedServiceMetadata")
    signer = _verified(root)
    metadata = _child(root, f"{{{_SMP}}}ServiceMetadata")
    redirect = metadata.find(f"{{{_SMP}}}Redirect")
    if redirect is not None:
        uid = redirect.findtext(f"{{{_SMP}}}CertificateUID", "").strip()
        target = Redirect(redirect.get("href", ""), uid)
        return Metadata(participant=None, document_type=None, endpoints=(), redirect=target, signer=signer)
    information = _child(metadata, f"{{{_SMP}}}ServiceInformation")
    document = _child(information, f"{{{_IDS}}}DocumentIdentifier")
    return Metadata(
        participant=_participant(information),
        document_type=DocumentType((document.text or "").strip(), document.get("scheme", "")),
        endpoints=tuple(_endpoints(information)),
        redirect=None,
        signer=signer,
    )


def check_redirect(signer: x509.Certificate, redirect: Redirect) -> None:
    """Refuse the answer of a publisher that another one did not redirect to.

    Args:
        signer: who signed the answer behind the redirection.
        redirect: the redirection.

    Raises:
        SecurityError: the unique identifier of the certificate is another (``SMP_SIGNATURE``).
    """
    wanted = redirect.certificate_uid.strip()
    if wanted not in {signer.subject.rfc4514_string(), common_name(signer)}:
        raise SecurityError(
            f"the redirection names {wanted[:80]!r}, but {common_name(signer)[:80]!r} signed the answer",
            code="SMP_SIGNATURE",
        )


def _endpoints(information: _Element) -> list[Endpoint]:
    found = []
    for process in information.iter(f"{{{_SMP}}}Process"):
        identifier = _child(process, f"{{{_IDS}}}ProcessIdentifier")
        name = Process((identifier.text or "").strip(), identifier.get("scheme", ""))
        for endpoint in process.iter(f"{{{_SMP}}}Endpoint"):
            text = endpoint.findtext(f"{{{_SMP}}}Certificate", "")
            if endpoint.get("transportProfile") != AS4_PROFILE:
                continue  # another transport needs no certificate that we can read
            found.append(
                Endpoint(
                    process=name,
                    transport=AS4_PROFILE,
                    address=endpoint.findtext(f"{{{_WSA}}}EndpointReference/{{{_WSA}}}Address", "").strip(),
                    certificate=read_certificate(text, source="the metadata of the receiver"),
                    active_from=_moment(endpoint.findtext(f"{{{_SMP}}}ServiceActivationDate")),
                    active_until=_moment(endpoint.findtext(f"{{{_SMP}}}ServiceExpirationDate")),
                )
            )
    return found


def _verified(root: _Element) -> x509.Certificate:
    """Verify the enveloped signature over the whole answer."""
    signature = _only(root, f"{{{_DS}}}Signature")
    info = _only(signature, f"{{{_DS}}}SignedInfo")
    reference = _only(info, f"{{{_DS}}}Reference")
    _check_kind(info, reference)
    digest = hashlib.sha256(inclusive(root, without=signature)).digest()
    if not hmac.compare_digest(digest, _decoded(_only(reference, f"{{{_DS}}}DigestValue"))):
        raise _forged("the digest does not fit: the answer was changed")
    holder = _only(_only(signature, f"{{{_DS}}}KeyInfo"), f"{{{_DS}}}X509Data")
    tokens = holder.findall(f"{{{_DS}}}X509Certificate")
    if not tokens:
        raise _forged("it names no certificate")
    certificate = read_certificate(tokens[0].text or "", source="the signature of the publisher")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise _forged("the publisher has no RSA key")
    try:
        key.verify(_decoded(_only(signature, f"{{{_DS}}}SignatureValue")), inclusive(info), PKCS1v15(), SHA256())
    except InvalidSignature:
        raise _forged("its value does not fit") from None
    return certificate


def _check_kind(info: _Element, reference: _Element) -> None:
    transforms = [each.get("Algorithm") for each in reference.iter(f"{{{_DS}}}Transform")]
    kinds = [
        _only(info, f"{{{_DS}}}CanonicalizationMethod").get("Algorithm"),
        _only(info, f"{{{_DS}}}SignatureMethod").get("Algorithm"),
        _only(reference, f"{{{_DS}}}DigestMethod").get("Algorithm"),
    ]
    if kinds != [_C14N, _RSA_SHA256, _SHA256] or transforms != [_ENVELOPED] or reference.get("URI") != "":
        raise _forged("it is not an enveloped signature with inclusive canonicalisation, RSA and SHA-256")


def _participant(parent: _Element) -> ParticipantId:
    identifier = _child(parent, f"{{{_IDS}}}ParticipantIdentifier")
    return ParticipantId((identifier.text or "").strip(), identifier.get("scheme", ""))


def _moment(text: str | None) -> datetime | None:
    return reading.moment(text.strip(), _unusable) if text and text.strip() else None


def _parse(data: bytes) -> _Element:
    try:
        return xml.parse(data, exact=True)
    except EinvoiceError as error:
        raise _unusable(error.message) from None


def _child(parent: _Element, name: str) -> _Element:
    return reading.one(parent, name, _unusable)


def _only(parent: _Element, name: str) -> _Element:
    return reading.one(parent, name, _forged)


def _decoded(element: _Element) -> bytes:
    return reading.octets(element, _forged)


def _unusable(why: str) -> ParticipantError:
    # A page of maintenance is no word about the participant, and a publisher can mend what it says: not for good.
    message = f"the answer of the service metadata publisher cannot be used: {why}"
    return ParticipantError(message, temporary=True, code="SMP")


def _forged(why: str) -> SecurityError:
    return SecurityError(f"the signature of the service metadata does not hold: {why}", code="SMP_SIGNATURE")
