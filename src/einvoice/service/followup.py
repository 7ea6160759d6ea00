# SPDX-License-Identifier: Apache-2.0
"""What became of an earlier attempt: asked of the channel before anything is sent again.

What was accepted is polled. What is in doubt is looked for, on channels that cannot tell a repetition; and since a
service may list a document some time after it has taken it, a search that finds nothing is believed only when the
channel has had the time to settle.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from einvoice.errors import EinvoiceError, TransportError
from einvoice.store.tables import State
from einvoice.transport.base import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.store.outbox import Message, Outbox
    from einvoice.transport.base import Submission, Submitter

UNSURE: Final = {State.SENDING, State.IN_DOUBT}
"""The states in which a message may have been delivered."""

LOOKED_AT: Final = "PROVIDER_DIFFERS"
"""The code of a finding that a person has to look at; whoever lets the message go on after it has done so."""


def earlier(outbox: Outbox, submitter: Submitter, claimed: Message, submission: Submission) -> Result | None:
    """What became of an earlier attempt, where the channel can tell; nothing where the message may be sent.

    Args:
        outbox: where its attempts are written down.
        submitter: the channel.
        claimed: the message.
        submission: what the channel is asked about.
    """
    if claimed.state is State.ACCEPTED:
        return _asked(lambda: submitter.poll(claimed.remote_id or ""), Outcome.ACCEPTED, "POLL")
    if claimed.state not in UNSURE or not submitter.capabilities.finds or submitter.capabilities.idempotent:
        return None
    found = _asked(lambda: submitter.find(submission), Outcome.IN_DOUBT, "FIND")
    if found is None:
        return _settling(outbox, submitter.capabilities.settle, claimed)
    return None if found.code == LOOKED_AT == claimed.code else found


def _settling(outbox: Outbox, settle: float, claimed: Message) -> Result | None:
    """A doubt that lasts, where the last attempt is too young for a search that finds nothing."""
    attempts = outbox.attempts(claimed.id)
    if not attempts or not settle:
        return None
    left = (attempts[-1]["started"] + timedelta(seconds=settle) - outbox.clock()).total_seconds()
    if left <= 0:
        return None
    detail = f"the last attempt is not to be found; it goes out again if that is so in {left:.0f} s still"
    return Result(outcome=Outcome.IN_DOUBT, code="SETTLING", detail=detail, retry_after=left)


def _asked(question: Callable[[], Result | None], unknown: Outcome, code: str) -> Result | None:
    try:
        return question()
    except EinvoiceError as error:
        wait = error.retry_after if isinstance(error, TransportError) else None
        return Result(outcome=unknown, code=error.code or code, detail=str(error), retry_after=wait)
    except Exception as error:  # noqa: BLE001 - one message that nobody foresaw must not stop all the others
        detail = f"einvoice stumbled, please report it: {type(error).__name__}: {error}"[:500]
        return Result(outcome=unknown, code="INTERNAL", detail=detail)
