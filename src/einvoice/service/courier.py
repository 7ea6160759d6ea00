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
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from einvoice.errors import EinvoiceError, SecurityError, StoreError, TransportError
from einvoice.service.followup import UNSURE, earlier
from einvoice.service.forming import is_open
from einvoice.store import archive
from einvoice.store.outbox import Settlement
from einvoice.store.tables import State
from einvoice.transport.base import Outcome, Prepared, Result, Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from einvoice.store.messages import Formed
    from einvoice.store.outbox import Message, Outbox
    from einvoice.transport.base import Submitter

_MOST: Final = 32
"""Messages of one round."""
_QUICK: Final = 3.0
"""Seconds for each message of a round; after one that took longer the next one is of one message."""
_LAST_CALL: Final = 100.0
"""Seconds after which nothing more of a round leaves: attempt and outcome have to fit into the lease."""


class Made(NamedTuple):
    """What is to be sent."""

    submitter: Submitter
    submission: Submission
    prepared: Prepared
    new: bool
    """Whether its bytes are new."""
    formed: Formed | None
    """The document, where its form was open until now."""


class Outage:
    """Says once that the database is away, whoever of several hands notices it, and once that it is back.

    Args:
        tell: is given the sentences.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._away = False
        self._turn = threading.Lock()

    def begins(self, error: StoreError) -> None:
        """Somebody noticed it."""
        with self._turn:
            if not self._away:
                self._tell(f"{error}; tried again until it does")
            self._away = True

    def over(self) -> None:
        """The database answered."""
        if self._away:
            with self._turn:
                if self._away:
                    self._tell("the database answers again")
                self._away = False


class Courier:
    """Works for one outbox.

    Args:
        outbox: the messages.
        submitters: the channels by their names.
        name: who works, for the eyes of people; by default host and process.
        form: chooses the document of a message whose form is open; without it such a message waits.
        tell: is told when the database is away, and when it is back.
    """

    def __init__(
        self,
        outbox: Outbox,
        submitters: Mapping[str, Submitter],
        *,
        name: str | None = None,
        form: Callable[[Message, bytes], Formed] | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.outbox = outbox
        self.submitters = submitters
        self.form = form
        self.outage = Outage(tell)
        self.name = name or f"{platform.node()}:{os.getpid()}:{threading.get_ident()}"

    def step(self) -> Message | None:
        """Take the message that is due and bring it one step further.

        Returns:
            The message as it stands then; nothing where none is due.
        """
        return next(iter(self.round(1)), None)

    def round(self, most: int) -> list[Message]:
        """Take messages that are due and bring each of them one step further.

        Those whose channel may be given the same bytes twice share their transactions. After a crash in between, all of
        them are sent again; so a channel that cannot tell a repetition gets one message after the other.

        Args:
            most: how many messages at most.

        Returns:
            The messages as they stand then, none where none is due.
        """
        claimed = self.outbox.claim_some(self.name, most)
        shared = [each for each in claimed if self._repeatable(each)]
        groups = [[each] for each in claimed if not self._repeatable(each)]
        return [done for group in ([shared] if shared else []) + groups for done in self._carry(group)]

    def run(
        self, *, once: bool = False, pause: float = 1.0, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Message]:
        """Carry message after message; as long as that goes quickly, more of them at once.

        Args:
            once: end when nothing is due, instead of waiting.
            pause: seconds to wait when nothing is due.
            stop: asked between two rounds.

        Yields:
            Each message after its step.
        """
        waiting = threading.Event()
        most = 1
        while not stop():
            began = time.monotonic()
            try:
                found = self.round(most)
                self.outage.over()
            except StoreError as error:
                if once:
                    raise
                self.outage.begins(error)
                found = []  # the database is away or busy: what was begun is followed up when it is back
            quick = time.monotonic() - began < _QUICK * max(len(found), 1)
            most = min(most * 2, _MOST) if quick else 1
            yield from found
            if not found and once:
                return
            if not found:
                waiting.wait(pause)

    def _repeatable(self, claimed: Message) -> bool:
        submitter = self.submitters.get(claimed.channel)
        return submitter is not None and submitter.capabilities.idempotent

    def _carry(self, group: list[Message]) -> list[Message]:
        """Bring the messages of a group one step further; every step of all is kept before the next one is taken."""
        looked = [(each, self._made(each)) for each in group]
        with self.outbox.together(group):
            begun = [self._begun(each, made) for each, made in looked]
        since = time.monotonic()
        tried: list[tuple[Message, Result | None]] = []
        for message, parcel in begun:
            late = time.monotonic() - since > _LAST_CALL  # its lease is about to end: the next courier has it
            tried.append((message, None if parcel is None or late else _submit(*parcel, message.attempts)))
        with self.outbox.together(group):
            return [message if found is None else self._settled(message, found) for message, found in tried]

    def _made(self, claimed: Message) -> Result | Made:
        """What is to be sent, and whether its bytes are new; or why nothing is."""
        submitter = self.submitters.get(claimed.channel)
        if submitter is None:
            detail = f"no channel {claimed.channel!r} is set up here"
            outcome = Outcome.IN_DOUBT if claimed.state in UNSURE else Outcome.RETRY
            if claimed.state is State.ACCEPTED:  # a worker that has the channel asks what became of it
                outcome = Outcome.ACCEPTED
            return Result(outcome=outcome, code="CHANNEL", detail=detail)
        try:
            submission = self._submission(claimed)
            kept = self._prepared(claimed) if claimed.wire is not None else None
        except StoreError as error:
            if error.code != "ARCHIVE":
                raise
            return Result(outcome=Outcome.HELD, code="ARCHIVE", detail=str(error))
        found = earlier(self.outbox, submitter, claimed, submission)
        formed = found or self._formed(claimed, submission)
        if isinstance(formed, Result):
            return formed
        if formed is not None:
            submission = self._submission(claimed, formed)
        made = kept or _prepare(submitter, submission)
        if isinstance(made, Result):
            return made
        before = self.outbox.attempts(claimed.id) if claimed.attempts else []
        made = msgspec.structs.replace(made, codes=tuple(each["code"] or "" for each in before))
        return Made(submitter, submission, made, kept is None, formed)

    def _formed(self, claimed: Message, submission: Submission) -> Formed | Result | None:
        """The document of a message whose form is open, or why there is none yet; nothing for every other message."""
        if not is_open(claimed):
            return None
        if self.form is None:
            return Result(outcome=Outcome.RETRY, code="FORM", detail="nobody here looks up what its receiver takes")
        try:
            return self.form(claimed, submission.payload)
        except TransportError as error:
            return _refused(error)
        except EinvoiceError as error:  # a person has to look: the invoice, or the settings, do not allow it
            return Result(outcome=Outcome.HELD, code=error.code or "FORM", detail=str(error))
        except Exception as error:  # noqa: BLE001 - see _prepare
            return _stumbled(error, Outcome.HELD)

    def _begun(
        self, claimed: Message, made: Result | Made
    ) -> tuple[Message, tuple[Submitter, Submission, Prepared] | None]:
        """Fix the bytes and note that an attempt begins, or that none does."""
        try:
            if isinstance(made, Result):
                return self._settle(claimed, made), None
            parcel = made.prepared
            if made.new:
                claimed = self.outbox.prepared(claimed, parcel.wire, parcel.media_type, parcel.about, made.formed)
            return self.outbox.begin(claimed), (made.submitter, made.submission, parcel)
        except StoreError as error:
            return _taken_over(claimed, error), None

    def _settled(self, begun: Message, found: Result) -> Message:
        try:
            return self._settle(begun, found)
        except StoreError as error:
            return _taken_over(begun, error)

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

    def _submission(self, claimed: Message, formed: Formed | None = None) -> Submission:
        if formed is None:
            with self.outbox.database.read() as connection:
                payload, request = archive.get(connection, claimed.payload), claimed.request
        else:
            payload, request = formed.payload, formed.request
        return Submission(
            key=claimed.wire_id,
            payload=payload,
            media_type=str(request.get("media_type", "application/xml")),
            filename=str(request.get("filename", "invoice.xml")),
            request=request,
            created=claimed.created,
        )

    def _prepared(self, claimed: Message) -> Prepared:
        with self.outbox.database.read() as connection:
            wire = archive.get(connection, str(claimed.wire))
        unsure = claimed.state in UNSURE or claimed.doubts > 0
        if not unsure and claimed.attempts:  # one that died without an end may have delivered, too
            unsure = any(each["ended"] is None for each in self.outbox.attempts(claimed.id))
        return Prepared(wire=wire, media_type="", about=claimed.wire_about or {}, unsure=unsure)


def _taken_over(message: Message, error: StoreError) -> Message:
    """The message as it was, where another courier has taken it over: its story goes on there."""
    if error.code != "FENCE":
        raise error
    return message


def _prepare(submitter: Submitter, submission: Submission) -> Prepared | Result:
    try:
        return submitter.prepare(submission)
    except TransportError as error:
        return _refused(error)
    except Exception as error:  # noqa: BLE001 - one message that nobody foresaw must not stop all the others
        return _stumbled(error, Outcome.HELD)


def _submit(submitter: Submitter, submission: Submission, made: Prepared, attempt: int) -> Result:
    try:
        return submitter.submit(submission, made, attempt=attempt)
    except Exception as error:  # noqa: BLE001 - see above; nobody knows what left before it
        return _stumbled(error, Outcome.IN_DOUBT)


def _stumbled(error: Exception, outcome: Outcome) -> Result:
    detail = f"einvoice stumbled, please report it: {type(error).__name__}: {error}"[:500]
    return Result(outcome=outcome, code="INTERNAL", detail=detail)


def _refused(error: TransportError) -> Result:
    """What stopped a message before anything of it left."""
    code = error.code or "TRANSPORT"
    if isinstance(error, SecurityError):
        return Result(outcome=Outcome.HELD, code=code, detail=str(error))
    outcome = Outcome.RETRY if error.temporary else Outcome.REJECTED
    return Result(outcome=outcome, code=code, detail=str(error), retry_after=error.retry_after)
