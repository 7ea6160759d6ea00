# SPDX-License-Identifier: Apache-2.0
"""Moments as providers write them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(text: str) -> datetime | None:
    """A moment in UTC; one without a zone is taken for UTC, and what is none for nothing."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def before(text: str, limit: datetime) -> bool:
    """Whether a moment is surely before another; what cannot be read is not."""
    found = moment(text)
    return found is not None and found < limit
