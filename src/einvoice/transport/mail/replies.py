# SPDX-License-Identifier: Apache-2.0
"""What a reply of a mail server amounts to, by the step that it answers.

A refusal before the receiver was named is about us. A policy that refuses the receiver may still be about us: relaying,
block lists, sender policies. What cannot be read after the last dot leaves a doubt.

Source: RFC 5321 sections 4.2 and 4.3, RFC 3463 (5.7: security or policy), RFC 4954 section 6 (530, 534, 535, 538).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from einvoice.transport.base import Outcome, Result

_ACCESS: Final = {530, 534, 535, 538}
_TOO_LARGE: Final = 552
_SIZE: Final = re.compile(r"\b5\.3\.4\b")
_POLICY: Final = re.compile(r"\b5\.7\.[0-9]{1,3}\b")
_LONGEST: Final = 500
_AT_THE_END: Final = {2: (Outcome.DELIVERED, ""), 4: (Outcome.RETRY, ""), 5: (Outcome.REJECTED, "")}


class Step(StrEnum):
    """What a reply answers."""

    ACCESS = "access"
    """Greeting, TLS, login: whether the server speaks with us."""
    SENDER = "sender"
    """MAIL FROM."""
    RECEIVER = "receiver"
    """RCPT TO, and DATA before any of the message left."""
    MESSAGE = "message"
    """The message, with its last dot."""


def weigh(step: Step, code: int, reply: bytes | str) -> Result:
    """What a reply amounts to.

    Args:
        step: what it answers.
        code: its number; what is no number of SMTP cannot be read.
        reply: its text.
    """
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    outcome, why = _outcome(step, code, text)
    detail = f"{why}: {text}" if why else text
    return Result(
        outcome=outcome,
        code=f"SMTP:{code}",
        detail="" if outcome is Outcome.DELIVERED else detail[:_LONGEST],
        evidence=f"{code} {text}".encode("utf-8", "replace"),
        evidence_type="text/plain",
    )


def _outcome(step: Step, code: int, text: str) -> tuple[Outcome, str]:
    kind = code // 100
    if step is Step.MESSAGE:
        unread = Outcome.IN_DOUBT, "the message was sent, and the reply to it cannot be read"
        return _AT_THE_END.get(kind, unread)
    if step is Step.ACCESS or kind != 5 or code in _ACCESS:  # noqa: PLR2004 - replies that begin with 5 are for good
        return Outcome.RETRY, ""
    if code == _TOO_LARGE or _SIZE.search(text):
        return Outcome.REJECTED, "the message is too large for the server"
    if step is Step.SENDER:
        return Outcome.HELD, "the server does not take mail from this sender, and says nothing of the receiver"
    if _POLICY.search(text):
        return Outcome.HELD, "a policy of the server refuses it, which need not be the receiver's word"
    return Outcome.REJECTED, ""
