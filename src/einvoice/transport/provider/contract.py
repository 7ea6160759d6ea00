# SPDX-License-Identifier: Apache-2.0
"""What a provider's adapter offers beyond sending: what it has to be told, whom it can look up, what it brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from einvoice.transport.base import Submitter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from einvoice.transport.base import Inbound, Notice


class Memory(Protocol):
    """What was kept of a provider's documents, so that nothing is fetched twice that cannot be acknowledged."""

    def known(self, wire_id: str) -> bool:
        """Whether a document was kept under this identifier."""

    def latest(self) -> str | None:
        """The mark (``about["mark"]``) of the document that was kept last, in the order of the marks."""


class Blank(msgspec.Struct, frozen=True):
    """A memory that holds nothing."""

    def known(self, wire_id: str) -> bool:
        """Nothing is known."""
        del wire_id
        return False

    def latest(self) -> str | None:
        """There is none."""
        return None


NOTHING: Final = Blank()


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider has to be told, and what it takes."""

    sender: bool = False
    """The identifier of the sender; others know it from the account."""
    receiver: bool = True
    """The identifier of the receiver; others read it from the invoice."""
    country: bool = False
    """The country of the sender."""
    hybrid: bool = False
    """Whether it takes a PDF with the invoice inside as it is."""


class Provider(Submitter, Protocol):
    """A way out through somebody else's access point."""

    @property
    def needs(self) -> Needs:
        """What it has to be told."""

    def receives(self, receiver: str) -> Collection[str] | None:
        """The document types that a receiver registered, with their scheme; nothing where the provider cannot say.

        Raises:
            ParticipantError: the receiver is not registered.
            TransportError: the provider did not answer.
        """

    def receive(self, memory: Memory = ...) -> Iterable[Inbound | Notice]:
        """Bring what came in and was not acknowledged, the oldest first."""

    def acknowledge(self, inbound: Inbound | Notice) -> None:
        """Say that what was brought was kept; it is not brought again."""
