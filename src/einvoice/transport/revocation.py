# SPDX-License-Identifier: Apache-2.0
"""Lists of certificates that an authority took back: found, verified, kept, and asked.

A list comes from a folder of the operator's, or from where the certificate says that its authority publishes one. It
counts if that authority signed it, for all its certificates and all reasons, and until the moment at which it announces
its successor; it is fetched anew long before that. An older list never replaces a newer one.

Source: RFC 5280 sections 4.2.1.13, 5 and 6.3; OpenPeppol PKI certificate policy.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from einvoice.errors import SecurityError, TransportError
from einvoice.transport import http
from einvoice.transport.identity import to_der

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOG: Final = logging.getLogger("einvoice.transport")
_REFRESH: Final = 600.0
"""Seconds until a list that is kept is looked for anew; it counts until its end if there is no newer one."""
_FAILED: Final = 60.0
"""Seconds until an address that gave no list is asked again."""
_SKEW: Final = timedelta(minutes=5)
_STRONG: Final = {"sha256", "sha384", "sha512"}
_OK: Final = 200


class _Question(msgspec.Struct, frozen=True):
    """Which list is looked for: whose, for which kind of certificates, published where, good at which moment."""

    issuer: x509.Certificate
    authority: bool
    places: tuple[str, ...]
    now: datetime

    @property
    def key(self) -> bytes:
        """What tells it from other questions, at whatever moment."""
        about = "\n".join((str(self.authority), *self.places))
        return hashlib.sha256(to_der(self.issuer) + about.encode()).digest()


class _Kept(msgspec.Struct, frozen=True):
    lists: x509.CertificateRevocationList
    since: float


@dataclass(kw_only=True)
class RevocationLists:
    """Tells whether a certificate was taken back.

    Attributes:
        policy: what the request for a list may call and cost.
        folder: lists that the operator brought, as files that end in ``.crl``, DER or PEM; they go first.
        cache: where fetched lists are kept from one run to the next; without it they are kept in memory only.
        hard: whether a certificate is refused, for the time being, when no list can be had.
    """

    policy: http.Policy
    folder: Path | None = None
    cache: Path | None = None
    hard: bool = True
    _known: dict[bytes, _Kept] = field(default_factory=dict)
    _failed: dict[bytes, tuple[float, str]] = field(default_factory=dict)
    _locks: dict[bytes, threading.Lock] = field(default_factory=dict)

    def check(self, chain: Sequence[x509.Certificate], *, now: datetime) -> None:
        """Find out whether a certificate, or an authority above it, was revoked.

        Where no list can be had for an authority, that is let pass: the operator has put it among those to believe.

        Args:
            chain: the certificate, who issued it, who issued that, up to the root.
            now: the present.

        Raises:
            SecurityError: it is revoked (``REVOKED``).
            TransportError: no list can be had, and ``hard`` asks for one (``REVOCATION``, temporary).
        """
        for number, (certificate, issuer) in enumerate(pairwise(chain)):
            try:
                found = self._list(certificate, issuer, now)
            except TransportError as error:
                if number == 0:
                    self._unknown(certificate, error.message)
                continue
            entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None:
                raise SecurityError(
                    f"the certificate of {_name(certificate)} was revoked by its authority on"
                    f" {entry.revocation_date_utc:%Y-%m-%d}",
                    code="REVOKED",
                )

    def _unknown(self, certificate: x509.Certificate, why: str) -> None:
        message = f"whether the certificate of {_name(certificate)} was revoked cannot be found out: {why}"
        if not self.hard:
            _LOG.warning("%s; it is believed all the same", message)
            return
        raise TransportError(
            f'{message}. It is tried again; a list in crls/ of the authorities helps, and revocation = "soft" in [as4]'
            " goes on without",
            temporary=True,
            code="REVOCATION",
        )

    def _list(
        self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime
    ) -> x509.CertificateRevocationList:
        """The list that says whether an authority took this certificate back."""
        asked = _Question(issuer, _is_authority(certificate), _places(certificate), now)
        with self._locks.setdefault(asked.key, threading.Lock()):  # who comes meanwhile waits for the same list
            kept = self._known.get(asked.key)
            if kept is None or time.monotonic() - kept.since >= _REFRESH or _late(kept.lists, now):
                kept = _Kept(self._newest(asked), time.monotonic())
                self._known[asked.key] = kept
            return kept.lists

    def _newest(self, asked: _Question) -> x509.CertificateRevocationList:
        reasons: list[str] = []
        usable: list[x509.CertificateRevocationList] = []
        for found in self._brought(asked.issuer):
            why = _why_not(found, asked)
            reasons += [why] if why else []
            usable += [] if why else [found]
        if not usable:
            usable += self._fetched(asked, reasons)
        before = self._known.get(asked.key)
        if before is not None and not _late(before.lists, asked.now):
            usable.append(before.lists)
        if not usable:
            none = "there is none" if asked.places else "its authority names no place for a list"
            raise _unusable("; ".join(dict.fromkeys(reasons)) or none)
        return max(usable, key=lambda each: each.last_update_utc)

    def _brought(self, issuer: x509.Certificate) -> Iterator[x509.CertificateRevocationList]:
        """What the operator put into the folder for an authority."""
        for path in sorted(self.folder.glob("*.crl")) if self.folder is not None else ():
            try:
                found = _read(path.read_bytes())
            except (OSError, TransportError) as error:
                _LOG.warning("%s is no list of revoked certificates: %s", path, error)
                continue
            if found.issuer == issuer.subject:
                yield found

    def _fetched(self, asked: _Question, reasons: list[str]) -> list[x509.CertificateRevocationList]:
        """What the authority publishes: kept of late, else fetched, else kept for longer."""
        young = [each for place in asked.places for each in self._from_cache(place, asked, _REFRESH)]
        if young:
            return young
        since, failed = self._failed.get(asked.key, (-_FAILED, ""))
        if time.monotonic() - since < _FAILED:
            reasons.append(failed)
        else:
            found = self._from_network(asked, reasons)
            if found is not None:
                return [found]
            self._failed[asked.key] = (time.monotonic(), "; ".join(reasons))
        return [each for place in asked.places for each in self._from_cache(place, asked)]

    def _from_network(self, asked: _Question, reasons: list[str]) -> x509.CertificateRevocationList | None:
        for place in asked.places:
            try:
                answer = http.request("GET", place, policy=self.policy)
                if answer.status != _OK:
                    raise _unusable(f"its server answered {answer.status}")
                found = _read(answer.body)
                why = _why_not(found, asked)
            except TransportError as error:
                reasons.append(f"{place}: {error.message}")
                continue
            if why is None:
                self._keep(place, answer.body)
                return found
            reasons.append(f"{place}: {why}")
        return None

    def _keep(self, place: str, content: bytes) -> None:
        if self.cache is None:
            return
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.cache)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).replace(self.cache / _file(place))
        except OSError as error:
            _LOG.warning("the list of %s cannot be kept in %s: %s", place, self.cache, error.strerror)

    def _from_cache(
        self, place: str, asked: _Question, youth: float = float("inf")
    ) -> Iterator[x509.CertificateRevocationList]:
        if self.cache is None:
            return
        path = self.cache / _file(place)
        with contextlib.suppress(OSError, TransportError):
            found = _read(path.read_bytes()) if time.time() - path.stat().st_mtime < youth else None
            if found is not None and not _why_not(found, asked):
                yield found


def _file(place: str) -> str:
    return f"{hashlib.sha256(place.encode()).hexdigest()[:32]}.crl"


def _name(certificate: x509.Certificate) -> str:
    return repr(certificate.subject.rfc4514_string()[:120])


def _read(content: bytes) -> x509.CertificateRevocationList:
    """A list all of whose parts can be read: they are parsed one by one, and only when they are asked for."""
    try:
        pem = content.lstrip().startswith(b"-----")
        found = x509.load_pem_x509_crl(content) if pem else x509.load_der_x509_crl(content)
        _ = found.issuer, found.last_update_utc, found.next_update_utc, found.extensions
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        raise _unusable("it is no list of revoked certificates") from None
    return found


def _places(certificate: x509.Certificate) -> tuple[str, ...]:
    """Where a certificate says that the list of its authority lies; only what HTTP can fetch."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return ()
    whole = [point for point in points if point.reasons is None and point.crl_issuer is None]
    names = [name.value for point in whole for name in point.full_name or ()]
    return tuple(str(name) for name in names if str(name).lower().startswith(("http://", "https://")))


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _late(found: x509.CertificateRevocationList, now: datetime) -> bool:
    return found.next_update_utc is None or found.next_update_utc < now


def _why_not(found: x509.CertificateRevocationList, asked: _Question) -> str | None:
    """Why a list does not answer a question, or nothing where it does."""
    until = found.next_update_utc
    if found.issuer != asked.issuer.subject or not _signed(found, asked.issuer):
        return "the list is not signed by the authority of the certificate"
    if found.last_update_utc > asked.now + _SKEW:
        return f"the list begins on {found.last_update_utc:%Y-%m-%d %H:%M} UTC only"
    if _late(found, asked.now):
        return f"the list ended on {until:%Y-%m-%d %H:%M} UTC" if until else "the list does not say how long it counts"
    return _partial(found, asked)


def _signed(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        key, algorithm = issuer.public_key(), found.signature_hash_algorithm
        if (
            algorithm is None
            or algorithm.name not in _STRONG
            or not isinstance(key, (RSAPublicKey, EllipticCurvePublicKey))
        ):
            return False
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        return usage.crl_sign and found.is_signature_valid(key)
    except x509.ExtensionNotFound:
        return False
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def _partial(found: x509.CertificateRevocationList, asked: _Question) -> str | None:
    """Whether a list is one of changes, or of some certificates or reasons only, or has a condition we do not know."""
    for extension in found.extensions:
        value = extension.value
        if isinstance(value, x509.IssuingDistributionPoint):
            if not _covers(value, asked):
                return "the list is not one of these certificates and of all reasons"
        elif extension.critical:
            return f"the list has a condition that is not known here ({extension.oid.dotted_string})"
    return None


def _covers(value: x509.IssuingDistributionPoint, asked: _Question) -> bool:
    if value.only_some_reasons or value.indirect_crl or value.only_contains_attribute_certs or value.relative_name:
        return False
    if value.only_contains_user_certs if asked.authority else value.only_contains_ca_certs:
        return False
    named = {str(name.value) for name in value.full_name or ()}
    return not named or bool(named & set(asked.places))


def _unusable(why: str) -> TransportError:
    return TransportError(why, temporary=True, code="REVOCATION")
