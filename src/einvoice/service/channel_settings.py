# SPDX-License-Identifier: Apache-2.0
"""What the settings file says: one struct per section.

Paths are relative to the file. Secrets stand in files or in environment variables that it names, never in it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from einvoice.service.provider_settings import ProviderSettings


class As4Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[as4]``: an access point of Peppol's network, or of one's own."""

    identity: str
    """Key and certificate of the access point: PEM or PKCS #12."""
    authorities: str
    """Folder with the network's authorities: roots/, access-points/, smp/."""
    domain: str
    """The right side of the identifiers that are made."""
    participant: str | None = None
    """Who sends, where the invoice's own endpoint (BT-34) is not meant."""
    country: str | None = None
    """The country of the sender (C1), where it is not that of the seller."""
    zone: str = "production"
    """``production`` or ``test`` of Peppol, or the name of a zone."""
    dns: str | None = None
    """The name server that is asked (``127.0.0.1:5353``); by default those of the system."""
    password_variable: str | None = None
    """The environment variable with the password of the identity."""
    private: bool = False
    """Whether addresses inside of one's own network may be called."""
    tls_authorities: str | None = None
    """Whom to believe for TLS; by default the authorities of the system."""
    listen: str = "127.0.0.1:8443"
    tls_identity: str | None = None
    """Key and certificate of the server; without them plain HTTP is spoken, for a proxy in front."""
    receives: tuple[str, ...] = ()
    """The participants that are served here."""
    document_types: tuple[str, ...] = ()
    """What they take; by default invoices that einvoice can judge, and answers to invoices."""
    revocation: Literal["hard", "soft", "off"] = "hard"
    """Whether certificates are asked for revocation: ``hard`` waits where no list can be had, ``soft`` goes on."""
    revocation_lists: str | None = None
    """Folder in which fetched lists are kept from one run to the next."""
    ports: tuple[int, ...] | None = None
    """The ports that may be called; by default 443 alone in Peppol's production network, any in others."""
    mls: Literal["off", "asked", "judged"] = "asked"
    """Whether senders are told what became of their messages: to those who ask for it; or also, after each document was
    judged, that it is not valid."""
    mls_type: Literal["FAILURE_ONLY", "ALWAYS_SEND"] | None = None
    """What is asked for with what is sent; nothing said means FAILURE_ONLY."""
    mls_to: str | None = None
    """Who is told; by default the service provider of the access point's certificate."""


class FolderSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[folder]``: documents become files."""

    path: str


class EmailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[email]``: a mail server that takes messages, and a mailbox that they come into."""

    sender: str | None = None
    """The address that messages come from."""
    host: str | None = None
    port: int = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    user: str | None = None
    password_variable: str | None = None
    """The environment variable with the password, of both servers."""
    tls_authorities: str | None = None
    signer: str | None = None
    """Key and certificate that sign with S/MIME."""
    imap_host: str | None = None
    imap_port: int = 993
    imap_tls: Literal["starttls", "implicit", "none"] = "implicit"
    imap_user: str | None = None
    imap_folder: str = "INBOX"


class Channels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings file as a whole."""

    database: str = "einvoice.db"
    as4: As4Settings | None = None
    folder: FolderSettings | None = None
    email: EmailSettings | None = None
    provider: dict[str, ProviderSettings] = {}
    """Accounts at somebody else's access points, by the names of the channels."""
