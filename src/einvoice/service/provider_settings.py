# SPDX-License-Identifier: Apache-2.0
"""``[provider.NAME]`` of the settings file: an account at somebody else's access point. ``kind`` says whose.

A secret stands in the environment variable that ``secret_variable`` names, never in the file.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class _Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every account has."""

    secret_variable: str
    """The environment variable with the key, the token or the secret."""
    url: str | None = None
    """The address of the service; by default that of production, where it is published."""
    participant: str | None = None
    """Who sends, where the invoice's own endpoint (BT-34) is not meant."""
    country: str | None = None
    """The country of the sender (C1), where it is not that of the seller."""
    private: bool = False
    """Whether an address inside of one's own network may be called."""
    plain: bool = False
    """Whether it may be called without TLS."""
    tls_authorities: str | None = None
    """Whom to believe for TLS; by default the authorities of the system."""


class PhossApSettings(_Account, frozen=True, kw_only=True, tag="phoss-ap"):
    """phoss-ap, which one runs oneself: ``url`` is where it stands."""

    mls_to: str | None = None
    """Who gets the Message Level Status; by default the service provider of the sender."""
    settle: float | None = None
    """Seconds after an unclear attempt before a message of which nothing is known goes out again."""


class PeppyrusSettings(_Account, frozen=True, kw_only=True, tag="peppyrus"):
    """Peppyrus; ``https://api.test.peppyrus.be/v1`` is its test environment."""

    settle: float | None = None


class RecommandSettings(_Account, frozen=True, kw_only=True, tag="recommand"):
    """Recommand."""

    company: str
    """The identifier of the company that sends and receives."""
    key: str | None = None
    """The name of the API key whose secret the variable holds; without it the variable holds a JWT."""
    settle: float | None = None


class StorecoveSettings(_Account, frozen=True, kw_only=True, tag="storecove"):
    """Storecove."""

    legal_entity: int
    """The identifier of the legal entity that sends."""
    schemes: dict[str, str] = {}
    """Storecove's name of a scheme by its four digits, where it is not that of Peppol's code list."""


class EInvoiceBeSettings(_Account, frozen=True, kw_only=True, tag="e-invoice-be"):
    """e-invoice.be; ``https://api-dev.e-invoice.be`` is its staging environment."""


class AfnorSettings(_Account, frozen=True, kw_only=True, tag="afnor"):
    """A French platform that offers the flow service of XP Z12-013: ``url`` is what stands before ``/v1``."""

    token_url: str
    """Where tokens are given (OAuth 2.0, client credentials)."""
    client: str
    """The identifier of the client whose secret the variable holds."""
    client_in: Literal["basic", "body"] = "basic"
    """Where client and secret stand when a token is asked for."""
    scope: str | None = None
    organization: str | None = None
    """The header ``Organization-Id``, where one account serves several organisations."""
    rule: Literal["B2B", "B2BInt", "B2C", "B2G", "B2GInt", "OutOfScope", "B2GOutOfScope", "ArchiveOnly"] | None = None
    """The processing rule; by default the platform computes it."""
    settle: float | None = None


ProviderSettings = (
    PhossApSettings | PeppyrusSettings | RecommandSettings | StorecoveSettings | EInvoiceBeSettings | AfnorSettings
)
