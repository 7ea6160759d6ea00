# SPDX-License-Identifier: Apache-2.0
"""Authorities of a network for tests, and the certificates they issue.

The shape is that of Peppol's: one root, one authority for access points and one for publishers of metadata, and beside
them an authority for TLS. Source: OpenPeppol PKI certificate policy; RFC 5280.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from einvoice.transport.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_YEARS: Final = timedelta(days=3650)
_LEAF: Final = timedelta(days=730)


@dataclass(frozen=True)
class Authority:
    """Issues certificates, and takes them back.

    Attributes:
        identity: its key and certificate.
        list_at: where its certificates say that the list of the revoked ones lies; nothing for no word about it.
    """

    identity: Identity
    list_at: str | None = None

    def issue(
        self,
        name: str,
        *,
        key: RSAPrivateKey | None = None,
        hosts: tuple[str, ...] = (),
        begins: datetime | None = None,
        ends: datetime | None = None,
    ) -> Identity:
        """Issue a certificate, by default for an access point or a publisher.

        Args:
            name: the common name.
            key: its key; a new one where none is given.
            hosts: names and addresses of a TLS server; then the certificate is for one.
            begins: the first moment of its validity; by default yesterday.
            ends: the last one; by default in two years.
        """
        usage = ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH
        own = key or new_key()
        builder = _builder(name, self.identity.certificate.subject, own, begins, ends or _now() + _LEAF)
        builder = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=not hosts)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.identity.key.public_key()), critical=False
            )
        )
        if self.list_at is not None:
            builder = builder.add_extension(_points(self.list_at), critical=False)
        if hosts:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False
            )
        return Identity(own, builder.sign(self.identity.key, SHA256()))

    def delegate(self, name: str, *, list_at: str | None = None) -> Authority:
        """Make an authority below this one.

        Args:
            name: its common name.
            list_at: where the list of the certificates that it took back lies.
        """
        key = new_key()
        builder = _builder(name, self.identity.certificate.subject, key, None, _now() + _YEARS)
        if self.list_at is not None:
            builder = builder.add_extension(_points(self.list_at), critical=False)
        made = _as_authority(builder, self.identity.key).sign(self.identity.key, SHA256())
        return Authority(Identity(key, made), list_at)

    def revoked(
        self,
        serials: Iterable[int] = (),
        *,
        begins: datetime | None = None,
        ends: datetime | None = None,
        extension: x509.ExtensionType | None = None,
    ) -> bytes:
        """The list of certificates that were taken back (CRL), DER.

        Args:
            serials: their serial numbers.
            begins: from when on it counts; by default since an hour.
            ends: when its successor comes; by default in seven days.
            extension: a condition that it has, critical.
        """
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.identity.certificate.subject)
        builder = builder.last_update(begins or _now() - timedelta(hours=1))
        builder = builder.next_update(ends or _now() + timedelta(days=7))
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(_now())
            builder = builder.add_revoked_certificate(entry.build())
        if extension is not None:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(self.identity.key, SHA256()).public_bytes(Encoding.DER)


def root(name: str, *, list_at: str | None = None) -> Authority:
    """A new root.

    Args:
        name: its common name.
        list_at: where the list of the certificates that it took back lies.
    """
    key = new_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _as_authority(_builder(name, subject, key, None, _now() + _YEARS), key)
    return Authority(Identity(key, builder.sign(key, SHA256())), list_at)


def new_key() -> RSAPrivateKey:
    """A new RSA key of 2,048 bits."""
    return rsa.generate_private_key(65537, 2048)


def to_pem(identity: Identity) -> bytes:
    """Key and certificate as PEM; the key is not locked."""
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key + identity.certificate.public_bytes(Encoding.PEM)


def certificate_pem(identity: Identity) -> bytes:
    """The certificate alone as PEM, for those who shall believe it."""
    return identity.certificate.public_bytes(Encoding.PEM)


def _builder(
    name: str, issuer: x509.Name, key: RSAPrivateKey, begins: datetime | None, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins or _now() - timedelta(days=1))
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _as_authority(builder: x509.CertificateBuilder, issuer: RSAPrivateKey) -> x509.CertificateBuilder:
    signs = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    usage = x509.KeyUsage(key_cert_sign=True, crl_sign=True, **signs)
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False)
    )


def _points(address: str) -> x509.CRLDistributionPoints:
    names = [x509.UniformResourceIdentifier(address)]
    return x509.CRLDistributionPoints([x509.DistributionPoint(names, None, None, None)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _now() -> datetime:
    return datetime.now(UTC)
