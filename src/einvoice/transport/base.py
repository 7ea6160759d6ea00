# SPDX-License-Identifier: Apache-2.0
"""What every way out has in common: a submission, its fixed bytes, and what became of it.

A submitter is asked in two steps, because the bytes of a message are kept before the first of them leaves: ``prepare``
makes them and delivers nothing, ``submit`` delivers them and may be called again with the same bytes.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable


class Outcome(StrEnum):
    """What became of an attempt."""

    DELIVERED = "delivered"
    """There is a proof, or the channel gives none and took it."""
    ACCEPTED = "accepted"
    """A service in between has taken it; ``poll`` tells what became of it."""
    REJECTED = "rejected"
    """It will never be taken; trying again is of no use."""
    RETRY = "retry"
    """It was surely not delivered; later it may be."""
    IN_DOUBT = "in-doubt"
    """It may have been delivered."""
    HELD = "held"
    """Something is not to be believed: a person should look before anything is sent."""


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One document on its way, with identifiers that never change."""

    key: str
    """Identifies the message at every attempt; a UUID."""
    payload: bytes
    media_type: str
    filename: str
    request: dict[str, Any] = {}
    """What the channel has to know, such as receiver, document type and process."""
    created: datetime | None = None
    """When it was taken; nothing of it can be older at the other side."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes of a message, fixed."""

    wire: bytes
    media_type: str
    about: dict[str, Any] = {}
    """What belongs to the bytes: where they go, what an answer has to repeat."""
    unsure: bool = False
    """An earlier attempt may have delivered them: they cannot be made anew any more."""
    codes: tuple[str, ...] | None = None
    """What the earlier attempts of the message came to; nothing where whoever calls does not tell."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an attempt, with the proof if there is one."""

    outcome: Outcome
    code: str = ""
    detail: str = ""
    evidence: bytes | None = None
    evidence_type: str = "application/octet-stream"
    remote_id: str | None = None
    retry_after: float | None = None
    """Seconds before another attempt, where the other side asks for them."""
    renew: bool = False
    """The bytes cannot be used any more (another certificate, another address): make them anew, same identifiers."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel can do."""

    idempotent: bool = False
    """The same submission twice is one delivery, and the other side says so."""
    finds: bool = False
    """``find`` tells whether an earlier attempt was taken."""
    polls: bool = False
    """``poll`` tells what became of what was accepted."""
    receives: bool = False
    """``receive`` brings what came in."""
    proves: bool = False
    """A delivery comes with a proof of the receiver's."""
    settle: float = 0.0
    """Seconds after an unclear attempt before ``find`` may be believed when it finds nothing."""


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """A document that came in over a channel."""

    sender: str
    wire_id: str
    payload: bytes
    media_type: str
    filename: str = ""
    instance_id: str | None = None
    about: dict[str, Any] = {}


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a service in between says later of a message that it was given."""

    wire_id: str
    """What the service calls this notice."""
    result: Result | None = None
    """What became of the message; nothing where the notice is of something else."""
    key: str | None = None
    """The identifier of the message, where the notice repeats it."""
    about: dict[str, Any] = {}


class Submitter(Protocol):
    """A way out."""

    @property
    def capabilities(self) -> Capabilities:
        """What this channel can do."""

    def prepare(self, submission: Submission) -> Prepared:
        """Make the bytes of a message and deliver nothing.

        Raises:
            TransportError: it cannot be made now (temporary) or ever.
        """

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Deliver the bytes; ``attempt`` counts from 1. What goes wrong is a result, not an exception."""

    def find(self, submission: Submission) -> Result | None:
        """Say whether an earlier attempt was taken; nothing where it was not, or where nobody can tell."""

    def poll(self, remote_id: str) -> Result:
        """Say what became of what was accepted."""

    def receive(self) -> Iterable[Inbound | Notice]:
        """Bring what came in and was not acknowledged."""

    def acknowledge(self, inbound: Inbound) -> None:
        """Say that a document was kept; it is not brought again."""
