# SPDX-License-Identifier: Apache-2.0
"""Who signs: a private key and its certificate.

Source: RFC 5958, RFC 7292 (PKCS #12), RFC 5280.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12
from cryptography.x509.oid import NameOID

from einvoice.errors import SecurityError

if TYPE_CHECKING:
    from pathlib import Path


_UNREADABLE: Final = (ValueError, UnsupportedAlgorithm, x509.InvalidVersion)


class Identity(msgspec.Struct, frozen=True):
    """A private key and the certificate that goes with it."""

    key: RSAPrivateKey
    certificate: x509.Certificate

    @property
    def name(self) -> str:
        """The common name, which Peppol uses as the identifier of an access point."""
        return common_name(self.certificate)


def common_name(certificate: x509.Certificate) -> str:
    """The common name of a certificate's subject.

    Raises:
        SecurityError: it has none, or several (``CERTIFICATE``).
    """
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(found) != 1:
        raise SecurityError("the certificate names no subject, or several (common name)", code="CERTIFICATE")
    return str(found[0].value)


def country_of(certificate: x509.Certificate) -> str | None:
    """The country of a certificate's subject, ISO 3166-1; nothing where it names none."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
    return str(found[0].value) if found else None


def to_der(certificate: x509.Certificate) -> bytes:
    """The bytes of a certificate, as a message carries them."""
    return certificate.public_bytes(Encoding.DER)


def read_certificate(text: str | bytes, *, source: str) -> x509.Certificate:
    """Read a certificate as PEM, as bare base64 with or without line ends, or as DER.

    Args:
        text: the certificate.
        source: where it stands, for the message.

    Raises:
        SecurityError: it is none, or one whose name or key cannot be read (``CERTIFICATE``).
    """
    data = text.encode() if isinstance(text, str) else text
    stripped = data.strip()
    try:
        if stripped.startswith(b"\x30"):
            return _readable(x509.load_der_x509_certificate(data))
        if not stripped.startswith(b"-----"):
            stripped = b"-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n" % b"\n".join(stripped.split())
        return _readable(x509.load_pem_x509_certificate(stripped))
    except _UNREADABLE:
        raise SecurityError("this is no X.509 certificate", code="CERTIFICATE", source=source) from None


def _readable(certificate: x509.Certificate) -> x509.Certificate:
    """Read name and key now: the library leaves both alone until they are asked for, and stumbles over them then."""
    _ = certificate.subject, certificate.issuer
    certificate.public_key()
    return certificate


def load_identity(path: Path, *, password: bytes | None = None) -> Identity:
    """Load key and certificate from one file: PKCS #12, or PEM with both.

    Args:
        path: the file.
        password: opens it, where it is locked.

    Raises:
        SecurityError: the file cannot be opened with this password, lacks one of both, or they do not belong together
            (``IDENTITY``).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SecurityError(f"cannot be read: {error.strerror}", code="IDENTITY", source=str(path)) from None
    try:
        if data.lstrip().startswith(b"-----"):
            key = load_pem_private_key(data, password)
            certificate: x509.Certificate | None = x509.load_pem_x509_certificate(data)
        else:
            key, certificate, _ = pkcs12.load_key_and_certificates(data, password)  # type: ignore[assignment]
    except (ValueError, TypeError) as error:
        raise SecurityError(
            f"cannot be opened: {error}; is the password right?", code="IDENTITY", source=str(path)
        ) from None
    if not isinstance(key, RSAPrivateKey) or certificate is None:
        raise SecurityError("holds no RSA key with its certificate", code="IDENTITY", source=str(path))
    if key.public_key() != certificate.public_key():
        raise SecurityError("the key does not belong to the certificate", code="IDENTITY", source=str(path))
    return Identity(key, certificate)
