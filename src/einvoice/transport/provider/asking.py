# SPDX-License-Identifier: Apache-2.0
"""One request whose errors say nothing that is not for everybody's eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.errors import TransportError
from einvoice.transport import http

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from einvoice.transport.http import Answer, Policy

GARBAGE: Final = (msgspec.MsgspecError, ValueError, RecursionError)
"""What reading an answer in JSON raises where it is none, or nested deeper than anybody reads."""


def ask(
    method: str,
    url: str,
    *,
    policy: Policy,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    hide: Callable[[str], str] = str,
) -> Answer:
    """Send one request.

    Args:
        method: such as ``GET``.
        url: where to.
        policy: what may be called and what it may cost.
        headers: what goes with it.
        body: what is sent.
        hide: takes secrets out of a text.

    Raises:
        TransportError: as :func:`einvoice.transport.http.request`; what stands behind the question mark of the address,
            which may be a permission, is not named.
    """
    try:
        return http.request(method, url, policy=policy, body=body, headers=headers)
    except TransportError as error:
        where = hide(url.partition("?")[0])
        raise TransportError(hide(error.message), temporary=error.temporary, code=error.code, source=where) from None
