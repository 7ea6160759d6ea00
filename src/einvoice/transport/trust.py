# SPDX-License-Identifier: Apache-2.0
"""Whom to believe: certificates judged against the authorities of one network.

Peppol has two authorities under one root: one issues to access points, one to publishers of service metadata. A
certificate counts only in the role of the authority that issued it.

Source: OpenPeppol, PKI certificate policy (G3); RFC 5280 sections 5 and 6.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from einvoice.errors import InputError, SecurityError
from einvoice.transport.identity import common_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SHORTEST_KEY: Final = 2048


class Role(StrEnum):
    """What a certificate is used for; the folder that holds the authorities for it has this name."""

    ACCESS_POINT = "access-points"
    METADATA = "smp"


class Revocations(Protocol):
    """Tells whether an authority took a certificate back."""

    def check(self, chain: Sequence[x509.Certificate], *, now: datetime) -> None:
        """Find out whether a certificate, or an authority above it, was revoked.

        Args:
            chain: the certificate, who issued it, who issued that, up to the root.
            now: the present.

        Raises:
            SecurityError: it is revoked (``REVOKED``).
            TransportError: that must be known and cannot be found out now (``REVOCATION``, temporary).
        """


class Authorities(msgspec.Struct, frozen=True, kw_only=True):
    """The authorities of one network, and how revocation is asked."""

    roots: tuple[x509.Certificate, ...]
    issuers: dict[Role, tuple[x509.Certificate, ...]]
    revocations: Revocations | None = None

    def judge(
        self,
        certificate: x509.Certificate,
        role: Role,
        *,
        now: datetime | None = None,
        signed: datetime | None = None,
    ) -> None:
        """Accept a certificate in a role, or say why not.

        Args:
            certificate: the certificate of an access point, or of a publisher of service metadata.
            role: what it is used for.
            now: the moment it has to be valid at, and not revoked; by default the present.
            signed: the moment of what it signed, where that was earlier: then it has to have been valid at that one.

        Raises:
            SecurityError: it is not valid yet or any more, was issued by nobody of the network or for another role, or
                has a short key (``CERTIFICATE``); or it was revoked (``REVOKED``).
            TransportError: whether it was revoked cannot be found out now, and has to be known (``REVOCATION``,
                temporary).
        """
        present = now or datetime.now(UTC)
        moment = min(signed, present) if signed is not None else present
        _check_validity(certificate, moment)
        issuers = self.issuers.get(role, ())
        chain = self._chain(certificate, issuers, moment, role)
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey) or key.key_size < _SHORTEST_KEY:
            raise _refused(certificate, "its key is not RSA of at least 2,048 bits")
        if role is Role.ACCESS_POINT:
            _check_usage(certificate)
        if self.revocations is not None:
            self.revocations.check(chain, now=present)

    def _chain(
        self, certificate: x509.Certificate, issuers: tuple[x509.Certificate, ...], moment: datetime, role: Role
    ) -> list[x509.Certificate]:
        # Extended key usage is critical in Peppol's certificates, which the default policy for leaves refuses.
        policy = (
            PolicyBuilder()
            .store(Store(list(self.roots)))
            .time(moment)
            .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all())
            .build_client_verifier()
        )
        try:
            chain = policy.verify(certificate, list(issuers)).chain
        except (VerificationError, ValueError, x509.DuplicateExtension) as error:
            raise _refused(certificate, f"no authority of this network for {role} issued it ({error})") from None
        if len(chain) < 2 or chain[1] not in issuers:  # noqa: PLR2004 - the certificate and who issued it
            raise _refused(certificate, f"no authority of this network for {role} issued it")
        return chain


def load_authorities(folder: Path, *, revocations: Revocations | None = None) -> Authorities:
    """Load the authorities of a network from a folder of the operator's.

    ``roots/`` holds the root certificates, ``access-points/`` and ``smp/`` those that issue to access points and to
    publishers of service metadata; every file is PEM and may hold several.

    Args:
        folder: the folder.
        revocations: asked whether a certificate was taken back.

    Raises:
        SecurityError: a folder is missing or empty, or a file holds no certificate (``AUTHORITIES``).
    """
    return Authorities(
        roots=_certificates(folder / "roots"),
        issuers={role: _certificates(folder / role) for role in Role},
        revocations=revocations,
    )


def _certificates(folder: Path) -> tuple[x509.Certificate, ...]:
    found: list[x509.Certificate] = []
    for path in sorted(folder.glob("*.pem")) if folder.is_dir() else ():
        try:
            found += x509.load_pem_x509_certificates(_content(path))
        except ValueError:
            raise SecurityError("holds no certificate in PEM", code="AUTHORITIES", source=str(path)) from None
    if not found:
        raise SecurityError(
            "put the certificates of the network's authorities here, as .pem files (roots/, access-points/, smp/)",
            code="AUTHORITIES",
            source=str(folder),
        )
    return tuple(found)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=str(path), code="AUTHORITIES") from None


def _check_validity(certificate: x509.Certificate, moment: datetime) -> None:
    if moment < certificate.not_valid_before_utc:
        raise _refused(certificate, f"it is valid from {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC only")
    if moment > certificate.not_valid_after_utc:
        raise _refused(certificate, f"it ended on {certificate.not_valid_after_utc:%Y-%m-%d %H:%M} UTC")


def _check_usage(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        raise _refused(certificate, "it does not say what its key may be used for") from None
    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
        raise _refused(certificate, "it is not meant for an access point (client authentication)")


def _refused(certificate: x509.Certificate, why: str) -> SecurityError:
    try:
        name = common_name(certificate)
    except SecurityError:
        name = certificate.subject.rfc4514_string()
    return SecurityError(f"the certificate of {name[:80]!r} is refused: {why}", code="CERTIFICATE")
