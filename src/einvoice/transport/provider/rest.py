# SPDX-License-Identifier: Apache-2.0
"""Asking a provider over HTTP, and what its answers mean for a message.

A question is sent once. Every text that leaves this module is free of secrets. What a status means for a submission:

======================  ======================================================================
nothing was sent        ``RETRY``: surely not delivered
2xx                     what the adapter reads; an answer that cannot be read is ``IN_DOUBT``
301, 307, 308           ``RETRY``: the provider has moved, and nothing was taken
401, 403, 425, 429      ``RETRY``, after ``Retry-After`` if it is named
408, 5xx, no answer     ``IN_DOUBT``: it may have been taken
other 3xx               ``IN_DOUBT``
other 4xx               ``REJECTED``, with the provider's own words
======================  ======================================================================

Source: RFC 9110 section 15 (status codes) and 10.2.3 (Retry-After); RFC 6585 section 4 (429).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from einvoice.errors import TransportError
from einvoice.transport.base import Outcome, Result
from einvoice.transport.provider.asking import GARBAGE, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from einvoice.transport.http import Answer, Policy
    from einvoice.transport.provider.credentials import Credentials

T = TypeVar("T")

LIMIT: Final = 50_000_000
"""Bytes of one answer; a document in base64 with its attachments fits."""

_LONGEST: Final = 500
_IDENTIFIER: Final = 300
_DAY: Final = 86_400.0
_LEAVES: Final = 12
_LATER: Final = frozenset({301, 307, 308, 401, 403, 425, 429})
_UNCLEAR: Final = frozenset({300, 302, 303, 304, 305, 408})
_SERVER: Final = 500

NOBODY: Final = {404: Outcome.RETRY}
"""For services that describe no 404 where documents are handed over: the address is wrong, and can be put right."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """One account at one provider."""

    name: str
    """The provider, for the eyes of people."""
    base: str
    """The address that every path is appended to."""
    policy: Policy
    credentials: Credentials
    headers: Mapping[str, str] = field(default_factory=dict)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: bytes | None = None,
        media_type: str = "application/json",
    ) -> Answer:
        """Send one request with the credentials of the account.

        Args:
            method: such as ``GET``.
            path: what is appended to the base; identifiers within it are quoted (:func:`part`).
            query: what stands behind the question mark.
            body: what is sent.
            media_type: its type.

        Raises:
            TransportError: see :func:`einvoice.transport.http.request`; ``SECRET`` where the account has no secret.
        """
        url = f"{self.base.rstrip('/')}{path}" + (f"?{urlencode(query)}" if query else "")
        sent = {"Accept": "application/json", **self.headers, **self.credentials.headers(self.policy)}
        if body is not None:
            sent["Content-Type"] = media_type
        answer = ask(method, url, policy=self.policy, headers=sent, body=body, hide=self.hide)
        if answer.status == 401:  # noqa: PLR2004 - unauthorised: a token that was cached is of no use any more
            self.credentials.refused()
        return answer

    def ask(self, method: str, path: str, kind: type[T], **more: Any) -> T:  # noqa: ANN401 - as in call
        """Ask for something that delivers nothing, and read the answer.

        Args:
            method: such as ``GET``.
            path: as for :meth:`call`.
            kind: what the answer is read as.
            more: as for :meth:`call`.

        Raises:
            TransportError: no answer, one that refuses (``HTTP_404``; temporary where it may change), or one that
                cannot be read (``GARBAGE``).
        """
        return self.read(self.good(self.call(method, path, **more)), kind)

    def good(self, answer: Answer) -> Answer:
        """An answer that is not a refusal.

        Raises:
            TransportError: ``HTTP_`` with the status.
        """
        if answer.status in range(200, 300):
            return answer
        raise TransportError(
            f"{self.name} answered {answer.status}: {self.says(answer)}",
            temporary=answer.status in _LATER | _UNCLEAR or answer.status >= _SERVER,
            code=f"HTTP_{answer.status}",
            retry_after=retry_after(answer),
        )

    def read(self, answer: Answer, kind: type[T]) -> T:
        """An answer in JSON as what it has to be.

        Raises:
            TransportError: it is something else (``GARBAGE``, temporary).
        """
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except GARBAGE as error:
            told = f"{self.name} gave an answer that cannot be read ({error}): {self.says(answer)}"
            raise TransportError(
                self.hide(told)[:_LONGEST],
                temporary=True,
                code="GARBAGE",
            ) from None

    def submitted(
        self,
        question: Callable[[], Answer],
        took: Callable[[Answer], Result],
        also: Mapping[int, Outcome] | None = None,
    ) -> Result:
        """What became of a submission; nothing is raised.

        Args:
            question: sends it.
            took: reads an answer of 2xx; what it raises is a doubt.
            also: what other statuses mean for this provider.
        """
        try:
            answer = question()
        except TransportError as error:
            sure = error.code not in {"NO_ANSWER", "TOO_LARGE"}
            outcome = Outcome.RETRY if sure else Outcome.IN_DOUBT
            return Result(outcome=outcome, code=error.code or "TRANSPORT", detail=str(error))
        if answer.status in range(200, 300):
            try:
                return self._known(took(answer))
            except TransportError as error:
                return Result(outcome=Outcome.IN_DOUBT, code=error.code or "GARBAGE", detail=error.message)
        return Result(
            outcome=(also or {}).get(answer.status) or _outcome(answer.status),
            code=f"HTTP_{answer.status}",
            detail=f"{self.name} answered {answer.status}: {self.says(answer)}",
            retry_after=retry_after(answer),
        )

    def _known(self, found: Result) -> Result:
        """A result whose identifier can be kept and asked for."""
        if found.remote_id is not None and not 0 < len(found.remote_id) <= _IDENTIFIER:
            raise TransportError(f"{self.name} gave an identifier that is none", temporary=True, code="GARBAGE")
        return found

    def says(self, answer: Answer) -> str:
        """What an answer says, in one line without secrets, which are hidden while they are whole."""
        try:
            found = "; ".join(_leaves(msgspec.json.decode(answer.body)))
        except GARBAGE:
            text = answer.body.decode("utf-8", "replace")
            found = "a page of HTML" if "<html" in text[: 2 * _LONGEST].lower() else text
        shown = self.hide(found)[: 2 * _LONGEST]
        return " ".join("".join(c if c.isprintable() else " " for c in shown).split())[:_LONGEST] or "nothing"

    def hide(self, text: str) -> str:
        """A text without the secrets of the account."""
        for secret in self.credentials.secrets():
            text = text.replace(secret, "***")
        return text


def part(text: str) -> str:
    """One part of a path, quoted."""
    return quote(text, safe="")


def retry_after(answer: Answer, now: datetime | None = None) -> float | None:
    """The seconds that ``Retry-After`` asks for, a day at most; nothing where it asks for none.

    Args:
        answer: the answer.
        now: what a date is counted from.
    """
    named = answer.headers.get("retry-after", "").strip()
    if named.isdecimal() and named.isascii():
        return min(float(named[:9]), _DAY)
    try:
        moment = parsedate_to_datetime(named)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0), _DAY)


def _outcome(status: int) -> Outcome:
    if status in _LATER:
        return Outcome.RETRY
    if status in _UNCLEAR or status >= _SERVER or status < 200:  # noqa: PLR2004 - 1xx is no end
        return Outcome.IN_DOUBT
    return Outcome.REJECTED


def _leaves(value: Any, name: str = "") -> list[str]:  # noqa: ANN401 - anything that JSON can hold
    """The texts of an answer with the names they stand under, a few of them."""
    return [each for each, _ in zip(_walk(value, name), range(_LEAVES), strict=False)]


def _walk(value: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - see above
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner, name)
    elif isinstance(value, str) and value:
        yield f"{name}: {value}" if name not in {"", "detail", "message", "errorMessage", "root"} else value
