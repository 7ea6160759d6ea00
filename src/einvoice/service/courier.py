# SPDX-License-Identifier: Apache-2.0
"""The courier: takes one message of the outbox after the other to the channel that it goes over.

Every step is written down before the next one is taken. Wherever the process dies, the next courier finds the bytes and
the identifiers, and sends nothing under another identity.

Source: AS4 1.0 section 3.2 (reception awareness); the rules of the outbox stand in :mod:`einvoice.store.outbox`.
"""

from __future__ import annotations

import os
import platform
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from einvoice.errors import EinvoiceError, SecurityError, StoreError, TransportError
from einvoice.store import archive
from einvoice.store.outbox import Settlement
from einvoice.store.tables import State
from einvoice.transport.base import Outcome, Prepared, Result, Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from einvoice.store.outbox import Message, Outbox
    from einvoice.transport.base import Submitter

_UNSURE: Final = {State.SENDING, State.IN_DOUBT}


class Courier:
    """Works for one outbox.

    Args:
        outbox: the messages.
        submitters: the channels by their names.
        name: who works, for the eyes of people; by default host and process.
    """

    def __init__(self, outbox: Outbox, submitters: Mapping[str, Submitter], *, name: str | None = None) -> None:
        self.outbox = outbox
        self.submitters = submitters
        self.name = name or f"{platform.node()}:{os.getpid()}:{threading.get_ident()}"

    def step(self) -> Message | None:
        """Take the message that is due and bring it one step further.

        Returns:
            The message as it stands then; nothing where none is due.
        """
        claimed = self.outbox.claim(self.name)
        if claimed is None:
            return None
        try:
            return self._carry(claimed)
        except StoreError as error:
            if error.code != "FENCE":  # another courier has taken it over: its story goes on there
                raise
            return claimed

    def run(
        self, *, once: bool = False, pause: float = 1.0, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Message]:
        """Carry message after message.

        Args:
            once: end when nothing is due, instead of waiting.
            pause: seconds to wait when nothing is due.
            stop: asked between two messages.

        Yields:
            Each message after its step.
        """
        waiting = threading.Event()
        while not stop():
            found = self.step()
            if found is not None:
                yield found
            elif once:
                return
            else:
                waiting.wait(pause)

    def _carry(self, claimed: Message) -> Message:
        submitter = self.submitters.get(claimed.channel)
        if submitter is None:
            detail = f"no channel {claimed.channel!r} is set up here"
            return self._settle(claimed, Result(outcome=Outcome.RETRY, code="CHANNEL", detail=detail))
        submission = self._submission(claimed)
        if claimed.state is State.ACCEPTED:
            return self._settle(claimed, _asked(lambda: submitter.poll(claimed.remote_id or "")))
        if claimed.state in _UNSURE and submitter.capabilities.finds and not submitter.capabilities.idempotent:
            found = _asked_maybe(lambda: submitter.find(submission))
            if found is not None:
                return self._settle(claimed, found)
        if claimed.wire is None:
            try:
                made = submitter.prepare(submission)
            except TransportError as error:
                return self._settle(claimed, _refused(error))
            claimed = self.outbox.prepared(claimed, made.wire, made.media_type, made.about)
        else:
            made = self._prepared(claimed)
        begun = self.outbox.begin(claimed)
        return self._settle(begun, submitter.submit(submission, made, attempt=begun.attempts))

    def _settle(self, claimed: Message, result: Result) -> Message:
        return self.outbox.settle(
            claimed,
            Settlement(
                outcome=result.outcome.value,
                code=result.code,
                detail=result.detail,
                evidence=result.evidence,
                evidence_type=result.evidence_type,
                remote_id=result.remote_id,
                retry_after=timedelta(seconds=result.retry_after) if result.retry_after is not None else None,
                renew=result.renew,
            ),
        )

    def _submission(self, claimed: Message) -> Submission:
        with self.outbox.database.read() as connection:
            payload = archive.get(connection, claimed.payload)
        request = claimed.request
        return Submission(
            key=claimed.wire_id,
            payload=payload,
            media_type=str(request.get("media_type", "application/xml")),
            filename=str(request.get("filename", "invoice.xml")),
            request=request,
        )

    def _prepared(self, claimed: Message) -> Prepared:
        with self.outbox.database.read() as connection:
            wire = archive.get(connection, str(claimed.wire))
        return Prepared(wire=wire, media_type="", about=claimed.wire_about or {})


def _refused(error: TransportError) -> Result:
    """What stopped a message before anything of it left."""
    code = error.code or "TRANSPORT"
    if isinstance(error, SecurityError):
        return Result(outcome=Outcome.HELD, code=code, detail=str(error))
    return Result(outcome=Outcome.RETRY if error.temporary else Outcome.REJECTED, code=code, detail=str(error))


def _asked(question: Callable[[], Result]) -> Result:
    try:
        return question()
    except EinvoiceError as error:
        return Result(outcome=Outcome.ACCEPTED, code=error.code or "POLL", detail=str(error))


def _asked_maybe(question: Callable[[], Result | None]) -> Result | None:
    try:
        return question()
    except EinvoiceError as error:
        return Result(outcome=Outcome.IN_DOUBT, code=error.code or "FIND", detail=str(error))
