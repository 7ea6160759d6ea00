# SPDX-License-Identifier: Apache-2.0
"""Certificates for tests: a small authority and what it issues, made once per process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from einvoice.transport.identity import Identity

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@cache
def key(number: int = 0) -> rsa.RSAPrivateKey:
    """One of a few RSA keys; making one takes longer than a test."""
    del number
    return rsa.generate_private_key(65537, 2048)


@cache
def self_signed(name: str, number: int = 0) -> Identity:
    """An access point whose certificate it signed itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key(number).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=700))
        .sign(key(number), SHA256())
    )
    return Identity(key(number), certificate)
