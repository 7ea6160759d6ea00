# SPDX-License-Identifier: Apache-2.0
"""The signature of a message: over its header block, its body and its attachment.

What is verified is bound to the place where it is read: the header block of ebMS must be the one child of the SOAP
header, the body the one child of the envelope, and no identifier may occur twice, so that a signed copy put somewhere
else proves nothing (signature wrapping).

Source: XML Signature 1.1 section 3, WS-Security 1.1.1 sections 8 and 9, SwA profile 1.1 section 5.4, eDelivery AS4
1.14 section 3.2.6: exclusive canonicalisation, RSA with SHA-256, the certificate as a binary security token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from einvoice.errors import SecurityError
from einvoice.transport.as4 import names
from einvoice.transport.as4.names import ds, wsse
from einvoice.transport.identity import read_certificate, to_der
from einvoice.transport.reading import octets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from einvoice.transport.identity import Identity


class Reference(msgspec.Struct, frozen=True):
    """One digest of a signature: of which part, how it was made canonical, and its SHA-256 in base64."""

    uri: str
    digest: str


class Verified(msgspec.Struct, frozen=True):
    """A signature that holds: who made it, and what it covers."""

    certificate: x509.Certificate
    references: tuple[Reference, ...]


def canonical(element: _Element, prefixes: tuple[str, ...] = ()) -> bytes:
    """The exclusive canonical form of an element, without comments.

    Args:
        element: what is signed or digested.
        prefixes: the prefixes that count wherever they are declared (``InclusiveNamespaces``).
    """
    return etree.tostring(
        element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=list(prefixes) or None
    )


def sign(
    security: _Element, parts: list[_Element], attachments: Mapping[str, bytes], signer: Identity
) -> tuple[Reference, ...]:
    """Sign parts of an envelope and the attachments, and put token and signature into its security header.

    Args:
        security: the element ``wsse:Security``, within its envelope.
        parts: elements that carry a ``wsu:Id``.
        attachments: the content of each attachment by its Content-ID, before it is encrypted.
        signer: whose key signs.

    Returns:
        The digests that were signed: what a receipt has to repeat.
    """
    token_id = f"X509-{secrets.token_hex(16)}"
    token = etree.SubElement(security, wsse("BinarySecurityToken"), EncodingType=names.BASE64, ValueType=names.X509V3)
    token.set(names.WSU_ID, token_id)
    token.text = base64.b64encode(to_der(signer.certificate)).decode()
    signature = etree.SubElement(security, ds("Signature"), nsmap={"ds": names.DS}, Id=f"SIG-{secrets.token_hex(16)}")
    info = etree.SubElement(signature, ds("SignedInfo"))
    etree.SubElement(info, ds("CanonicalizationMethod"), Algorithm=names.EXCLUSIVE_C14N)
    etree.SubElement(info, ds("SignatureMethod"), Algorithm=names.RSA_SHA256)
    references = [
        *(_refer(info, f"#{part.get(names.WSU_ID)}", names.EXCLUSIVE_C14N, canonical(part)) for part in parts),
        *(_refer(info, f"cid:{cid}", names.CONTENT_SIGNATURE, content) for cid, content in attachments.items()),
    ]
    value = signer.key.sign(canonical(info), PKCS1v15(), SHA256())
    etree.SubElement(signature, ds("SignatureValue")).text = base64.b64encode(value).decode()
    holder = etree.SubElement(etree.SubElement(signature, ds("KeyInfo")), wsse("SecurityTokenReference"))
    etree.SubElement(holder, wsse("Reference"), URI=f"#{token_id}", ValueType=names.X509V3)
    return tuple(references)


def _refer(info: _Element, uri: str, transform: str, content: bytes) -> Reference:
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    reference = etree.SubElement(info, ds("Reference"), URI=uri)
    transforms = etree.SubElement(reference, ds("Transforms"))
    etree.SubElement(transforms, ds("Transform"), Algorithm=transform)
    etree.SubElement(reference, ds("DigestMethod"), Algorithm=names.SHA256)
    etree.SubElement(reference, ds("DigestValue")).text = digest
    return Reference(uri, digest)


def verify(
    security: _Element, parts: list[_Element], attachments: Mapping[str, bytes], *, optional: tuple[_Element, ...] = ()
) -> Verified:
    """Verify the one signature of a security header, and that it covers what it must cover.

    Args:
        security: the element ``wsse:Security``.
        parts: the elements that must be signed; each is digested where it stands.
        attachments: the decrypted content of every attachment by Content-ID; each must be signed.
        optional: elements that may be signed and are verified if they are.

    Returns:
        The certificate of the signer, which nobody has judged yet, and the digests.

    Raises:
        SecurityError: there is no signature, or it does not hold, or it leaves something out (``SIGNATURE``).
    """
    if not all(part.get(names.WSU_ID) for part in parts):
        raise _broken("a part that must be signed has no identifier")
    signature = _only(security, ds("Signature"), "signature")
    info = _only(signature, ds("SignedInfo"), "list of what is signed")
    method = _algorithm(info, ds("CanonicalizationMethod"))
    if method != names.EXCLUSIVE_C14N or _algorithm(info, ds("SignatureMethod")) != names.RSA_SHA256:
        raise _broken("it is not made with exclusive canonicalisation, RSA and SHA-256, which Peppol's AS4 asks for")
    certificate = _signer(security, signature)
    _check_value(certificate, info, signature)
    wanted = {f"#{part.get(names.WSU_ID)}": part for part in parts}
    known = wanted | {f"#{part.get(names.WSU_ID)}": part for part in optional if part.get(names.WSU_ID)}
    elements = info.findall(ds("Reference"))
    if len(elements) > len(known) + len(attachments):  # each costs a digest, and nobody is believed yet
        raise _broken("it signs more than the message has")
    references = [_check_reference(element, known, attachments) for element in elements]
    covered = {reference.uri for reference in references}
    missing = [uri for uri in (*wanted, *(f"cid:{cid}" for cid in attachments)) if uri not in covered]
    if missing or len(covered) != len(references):
        what = missing[0] if missing else "one part twice"
        raise _broken(f"it does not cover {what}" if missing else f"it signs {what}")
    return Verified(certificate, tuple(references))


def _check_value(certificate: x509.Certificate, info: _Element, signature: _Element) -> None:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise _broken("the certificate of the signer has no RSA key")
    method = info.find(ds("CanonicalizationMethod"))
    content = canonical(info, _prefixes(method))
    try:
        key.verify(decoded(_only(signature, ds("SignatureValue"), "value")), content, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise _broken("its value does not fit: somebody changed it, or another key made it") from None


def _check_reference(element: _Element, parts: Mapping[str, _Element], attachments: Mapping[str, bytes]) -> Reference:
    uri = element.get("URI", "")
    if _algorithm(element, ds("DigestMethod")) != names.SHA256:
        raise _broken(f"the digest of {uri} is not SHA-256")
    transforms = element.findall(f"{ds('Transforms')}/{ds('Transform')}")
    if len(transforms) != 1:
        raise _broken(f"{uri} goes through {len(transforms)} transformations instead of one")
    content = _content(uri, transforms[0], parts, attachments)
    stated = decoded(_only(element, ds("DigestValue"), "digest"))
    if not hmac.compare_digest(hashlib.sha256(content).digest(), stated):
        raise _broken(f"the digest of {uri} does not fit: it was changed after it was signed")
    return Reference(uri, base64.b64encode(stated).decode())


def _content(uri: str, transform: _Element, parts: Mapping[str, _Element], attachments: Mapping[str, bytes]) -> bytes:
    algorithm = transform.get("Algorithm")
    if uri.startswith("cid:") and algorithm == names.CONTENT_SIGNATURE:
        if uri[4:] in attachments:
            return attachments[uri[4:]]
        raise _broken(f"it signs {uri}, which the message does not carry")
    if uri not in parts or algorithm != names.EXCLUSIVE_C14N:
        raise _broken(f"it signs {uri or 'the whole envelope'} in a way that Peppol's AS4 does not know")
    return canonical(parts[uri], _prefixes(transform))


def _prefixes(element: _Element | None) -> tuple[str, ...]:
    inclusive = element.find(f"{{{names.EXCLUSIVE_C14N}}}InclusiveNamespaces") if element is not None else None
    return tuple(inclusive.get("PrefixList", "").split()) if inclusive is not None else ()


def _signer(security: _Element, signature: _Element) -> x509.Certificate:
    reference = signature.find(f"{ds('KeyInfo')}/{wsse('SecurityTokenReference')}/{wsse('Reference')}")
    wanted = reference.get("URI", "") if reference is not None else ""
    tokens = [each for each in security.findall(wsse("BinarySecurityToken")) if f"#{each.get(names.WSU_ID)}" == wanted]
    if len(tokens) != 1 or tokens[0].get("ValueType") != names.X509V3:
        raise _broken("it names no certificate (BinarySecurityToken) of the message")
    try:
        return read_certificate(decoded(tokens[0]), source="the message")
    except SecurityError:
        raise _broken("its BinarySecurityToken is no certificate") from None


def decoded(element: _Element) -> bytes:
    """The bytes that an element holds as base64, white space within aside.

    Raises:
        SecurityError: it is no base64 (``SIGNATURE``).
    """
    return octets(element, _broken)


def _only(parent: _Element, name: str, what: str) -> _Element:
    found = parent.findall(name)
    if len(found) != 1:
        raise _broken(f"there {'is no' if not found else 'is more than one'} {what}")
    return found[0]


def _algorithm(parent: _Element, name: str) -> str | None:
    element = parent.find(name)
    return element.get("Algorithm") if element is not None else None


def _broken(why: str) -> SecurityError:
    return SecurityError(f"the signature of the message does not hold: {why}", code="SIGNATURE")
