# SPDX-License-Identifier: Apache-2.0
"""How an account shows who it is: a key in a header, a bearer token, name and secret, OAuth 2.0.

A secret is read from the environment when it is needed, so that a channel without one stops no other, and so that a
new one is used without a restart.

Source: RFC 6750 (bearer tokens), RFC 7617 (Basic), RFC 6749 section 4.4 (client credentials) and 2.3.1.
"""

from __future__ import annotations

import base64
import os
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol
from urllib.parse import quote, urlencode

import msgspec

from einvoice.errors import TransportError
from einvoice.transport.provider.asking import GARBAGE, ask

if TYPE_CHECKING:
    from einvoice.transport.http import Policy

_EARLY: Final = 30.0
_UNTOLD: Final = 300.0


class Credentials(Protocol):
    """What goes with every request."""

    def headers(self, policy: Policy) -> dict[str, str]:
        """The headers that show who asks.

        Raises:
            TransportError: there is no secret (``SECRET``), or no token was given (``TOKEN``).
        """

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text, the longest first."""

    def refused(self) -> None:
        """The provider did not believe it; what was cached is of no use any more."""


class Secret(msgspec.Struct, frozen=True):
    """A secret in the environment."""

    variable: str

    def value(self) -> str:
        """The secret.

        Raises:
            TransportError: the variable is not set, or cannot stand in a header (``SECRET``, temporary).
        """
        found = os.environ.get(self.variable, "").strip()
        if not found or not found.isascii() or not found.isprintable():
            raise TransportError(
                f"the environment variable {self.variable} {'is not set' if not found else 'holds no secret'}",
                temporary=True,
                code="SECRET",
            )
        return found

    def hidden(self) -> tuple[str, ...]:
        """The secret if there is one."""
        found = os.environ.get(self.variable, "").strip()
        return (found,) if found else ()


class HeaderKey(msgspec.Struct, frozen=True):
    """A key in a header of its own."""

    header: str
    secret: Secret

    def headers(self, policy: Policy) -> dict[str, str]:
        """The key."""
        del policy
        return {self.header: self.secret.value()}

    def secrets(self) -> tuple[str, ...]:
        """The key."""
        return self.secret.hidden()

    def refused(self) -> None:
        """Nothing is cached."""


class Bearer(msgspec.Struct, frozen=True):
    """A token that does not change."""

    secret: Secret

    def headers(self, policy: Policy) -> dict[str, str]:
        """The token."""
        del policy
        return {"Authorization": f"Bearer {self.secret.value()}"}

    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return self.secret.hidden()

    def refused(self) -> None:
        """Nothing is cached."""


class Basic(msgspec.Struct, frozen=True):
    """A name and a secret."""

    user: str
    secret: Secret

    def headers(self, policy: Policy) -> dict[str, str]:
        """Both, in base64."""
        del policy
        return {"Authorization": f"Basic {_pair(self.user, self.secret.value())}"}

    def secrets(self) -> tuple[str, ...]:
        """The secret, plain and as it stands in the header."""
        return tuple(text for found in self.secret.hidden() for text in (_pair(self.user, found), found))

    def refused(self) -> None:
        """Nothing is cached."""


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of a kind
    expires_in: float | None = None


class ClientCredentials:
    """A token that is fetched with an identifier and a secret, and kept until shortly before it expires.

    Args:
        url: where tokens are given.
        client: the identifier.
        secret: the secret.
        scope: what is asked for, where the provider wants it named.
        told: whether both stand in the header (``basic``) or in the body (``body``).
    """

    def __init__(
        self,
        url: str,
        client: str,
        secret: Secret,
        *,
        scope: str | None = None,
        told: Literal["basic", "body"] = "basic",
    ) -> None:
        self.url = url
        self.client = client
        self.secret = secret
        self.scope = scope
        self.told = told
        self._lock = threading.Lock()
        self._token: tuple[str, float] | None = None
        self._spent: tuple[str, ...] = ()

    def headers(self, policy: Policy) -> dict[str, str]:
        """The token, fetched when there is none that lasts."""
        with self._lock:
            if self._token is None or time.monotonic() >= self._token[1]:
                self._token = self._fetched(policy)
            return {"Authorization": f"Bearer {self._token[0]}"}

    def secrets(self) -> tuple[str, ...]:
        """The secret in the forms that it travels in, and the tokens it brought."""
        own = tuple(text for each in self.secret.hidden() for text in (_pair(_form(self.client), _form(each)), each))
        token = (self._token[0],) if self._token else ()
        return (*token, *self._spent, *own)

    def refused(self) -> None:
        """Forget the token; another one is fetched at the next request."""
        with self._lock:
            if self._token is not None:
                self._spent = (*self._spent[-3:], self._token[0])
            self._token = None

    def _fetched(self, policy: Policy) -> tuple[str, float]:
        secret = self.secret.value()
        form: dict[str, str] = {"grant_type": "client_credentials"} | ({"scope": self.scope} if self.scope else {})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self.told == "basic":
            headers["Authorization"] = f"Basic {_pair(_form(self.client), _form(secret))}"
        else:
            form |= {"client_id": self.client, "client_secret": secret}
        try:
            body = urlencode(form).encode()
            answer = ask("POST", self.url, policy=policy, headers=headers, body=body, hide=self._hidden)
        except TransportError as error:  # nothing of the message has left, whatever became of this request
            raise TransportError(
                f"no token: {error.message}", temporary=error.temporary, code="TOKEN", source=error.source
            ) from None
        return self._read(answer.status, answer.body)

    def _read(self, status: int, body: bytes) -> tuple[str, float]:
        try:
            token = msgspec.json.decode(body, type=_Token) if status == 200 else None  # noqa: PLR2004 - OK
        except GARBAGE:
            token = None
        if token is None or token.token_type.lower() != "bearer" or not _plain(token.access_token):
            raise TransportError(
                f"no token: the address for tokens answered {status}{self._why(body)}; client_id and the secret of"
                f" {self.secret.variable} are what it was shown",
                temporary=True,
                code="TOKEN",
                source=self.url.partition("?")[0],
            )
        lasts = token.expires_in if token.expires_in is not None else _UNTOLD
        return token.access_token, time.monotonic() + max(lasts - _EARLY, lasts / 2)

    def _why(self, body: bytes) -> str:
        """The two fields that say why (RFC 6749, section 5.2)."""
        try:
            told: Any = msgspec.json.decode(body)
        except GARBAGE:
            return " with something that cannot be read"
        fields = [told.get(name) for name in ("error", "error_description")] if isinstance(told, dict) else []
        words = " ".join(each for each in fields if isinstance(each, str) and each.isprintable())
        return f" ({self._hidden(words)[:200]})" if words else ""

    def _hidden(self, text: str) -> str:
        for each in self.secrets():
            text = text.replace(each, "***")
        return text


def _plain(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token


def _form(text: str) -> str:
    """As RFC 6749, section 2.3.1, has name and secret encoded before they are joined."""
    return quote(text, safe="")


def _pair(user: str, secret: str) -> str:
    return base64.b64encode(f"{user}:{secret}".encode()).decode()
