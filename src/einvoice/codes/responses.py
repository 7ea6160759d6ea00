# SPDX-License-Identifier: Apache-2.0
"""The code lists of answers to invoices: Peppol's Invoice Response and Message Level Status, the French life cycle.

They stand in ``data`` beside the lists of EN 16931; line 1 of each says where it comes from.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_DATA: Final = Path(__file__).parent / "data"

INVOICE_STATUSES: Final = "invoice-status"
"""Status of an invoice at the buyer, in the order in which it advances."""
REASONS: Final = "op-status-reason"
ACTIONS: Final = "op-status-action"
MESSAGE_STATUSES: Final = "message-status"

PHASE_TRANSMISSION: Final = "305"
PHASE_TREATMENT: Final = "23"


class LifeCycle(NamedTuple):
    """A status of the French life cycle."""

    code: str
    """MDT-105."""
    name: str
    document_status: str
    """MDT-88, a code of UNTDID 1373; empty where none is published for it."""
    phase: str
    """MDT-77: 305 while platforms transmit, 23 while the parties treat it."""
    role: str
    """UNTDID 3035: who says it: the platform (WK), the buyer (BY), the seller (SE)."""


@cache
def names(which: str) -> dict[str, str]:
    """The codes of a list with what they say, in the order of the list.

    Args:
        which: one of the names above.
    """
    return {row[0]: row[1] for row in _rows(which)}


@cache
def life_cycle() -> dict[str, LifeCycle]:
    """The statuses of the French life cycle by their codes."""
    return {row[0]: LifeCycle(*row) for row in _rows("fr-cdv-status")}


@cache
def life_cycle_reasons() -> dict[str, tuple[str, ...]]:
    """The reasons (MDT-113) that a status of the French life cycle takes; a status that needs none is not named."""
    return {row[0]: tuple(row[1].split()) for row in _rows("fr-cdv-reason")}


@cache
def _rows(name: str) -> tuple[list[str], ...]:
    text = (_DATA / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.reader(text.splitlines()[2:]))
