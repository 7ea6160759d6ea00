# SPDX-License-Identifier: Apache-2.0
"""When to try again.

What was surely not delivered is tried again for three days, ever more slowly. What may have been delivered is tried
again quickly at first, because receivers remember the identifiers of some minutes, and slowly from then on.

Source: AS4 1.0 section 3.2 (reception awareness); phase4 remembers identifiers for ten minutes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

GIVE_UP: Final = timedelta(hours=72)
"""How long a document that was surely not delivered is tried."""

LEASE: Final = timedelta(minutes=5)
"""How long a worker may be silent before another one takes its message over."""

_SLOWEST: Final = 50_000
"""Bytes per second of the slowest peer that is not cut."""

LONGEST: Final = timedelta(hours=2)
"""No pause and no lease is longer: what lies further ahead was written by a clock that went wrong."""

_DOUBT: Final = (5, 15, 45, 120, 300)
_SURE: Final = (5, 30, 60, 300, 900, 1800)
_SLOW: Final = 3600


def lease(size: int) -> timedelta:
    """How long a worker may be silent while it sends so many bytes."""
    return min(LEASE + timedelta(seconds=size / _SLOWEST), LONGEST)


def after_failure(attempts: int) -> timedelta:
    """The pause after so many attempts that surely delivered nothing."""
    return timedelta(seconds=_SURE[attempts - 1] if attempts <= len(_SURE) else _SLOW)


def after_doubt(doubts: int) -> timedelta:
    """The pause after so many attempts of which nobody knows whether they delivered."""
    return timedelta(seconds=_DOUBT[doubts - 1] if doubts <= len(_DOUBT) else _SLOW)


def doubtful(doubts: int) -> bool:
    """Whether so many unclear attempts are a case for a person."""
    return doubts > len(_DOUBT)
