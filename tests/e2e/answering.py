# SPDX-License-Identifier: Apache-2.0
"""More processes that die where a test says so: while an answer is noted, or a status is put into the outbox.

``python tests/e2e/answering.py ROLE FAULT SETTINGS``, as ``processes.py``, with one role more: ``reception`` attends to
what waits, once.
"""

from __future__ import annotations

import sys

from einvoice.service.channels import load
from einvoice.store import answers, ledger
from einvoice.store.answers import Answers
from tests.e2e import processes

processes.DEATHS |= {
    "before-noted": (Answers, "note"),
    "before-tied": (Answers, "replied"),
}


class DyingLedger:
    """The ledger, whose first event about an answer is never written."""

    take_turn = staticmethod(ledger.take_turn)
    append = staticmethod(processes.die)


def reception(settings: str, fault: str) -> None:
    """Attend to what waits, and end."""
    if fault == "within-noted":
        answers.ledger = DyingLedger  # type: ignore[attr-defined, assignment]
    wiring = load(settings)
    for _ in wiring.reception(wiring.database()).attend():
        pass


processes.ROLES["reception"] = reception

if __name__ == "__main__":
    processes.play(*sys.argv[1:4])
