# SPDX-License-Identifier: Apache-2.0
"""Where a message stands by the answers that came, in words: after the state of its delivery, never instead of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.codes.responses import ACTIONS, INVOICE_STATUSES, MESSAGE_STATUSES, REASONS, life_cycle, names
from einvoice.store.answers import LIFE_CYCLE

if TYPE_CHECKING:
    from einvoice.store.answers import Current, Noted


def words(current: Current | None) -> list[str]:
    """What the access point and the buyer say, one sentence each; nothing where nobody said anything.

    Args:
        current: the answers that count.
    """
    if current is None:
        return []
    return [_sentence(each) for each in (current.point, current.buyer) if each is not None]


def _sentence(noted: Noted) -> str:
    status = str(noted.status)
    if noted.kind == LIFE_CYCLE:
        known = life_cycle().get(status)
        told = f"{known.name if known else 'status'} ({status})"
    else:
        table = INVOICE_STATUSES if status in names(INVOICE_STATUSES) and "partial" in noted.about else MESSAGE_STATUSES
        part = "partly " if noted.about.get("partial") else ""
        told = f"{part}{names(table).get(status, status)} ({status})"
    reasons = "; ".join(map(_reason, noted.about.get("reasons", ())))
    day = str(noted.about.get("issued", ""))[:10]
    return f"{told} on {day}" + (f": {reasons}" if reasons else "")


def _reason(told: str) -> str:
    """A reason with its meaning, where it begins with a code of Peppol's lists."""
    code, _, rest = told.partition(" ")
    meaning = names(REASONS).get(code) or names(ACTIONS).get(code)
    return f"{code} {meaning}" + (f", {rest}" if rest else "") if meaning else told
