# SPDX-License-Identifier: Apache-2.0
"""How judging is measured: in turns with what it is compared with, and with and without what that does not do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from einvoice.service.intake import take_in_bytes
from einvoice.service.judging import by_rules
from einvoice.service.packs import choose, parse
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.rules.findings import Report

ROUNDS, REPEATS = 5, 4
_SETTINGS: Final = Settings()


def quickest(*works: Callable[[], object]) -> list[float]:
    """The seconds of the quickest run of each work, taken in turns of several, so that all have a warm cache.

    It is the time that the processor works for this process, so that other processes matter little.
    """
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for place, work in enumerate(works):
            for _ in range(REPEATS):
                begin = time.process_time()
                work()
                best[place] = min(best[place], time.process_time() - begin)
    return best


def by_rules_alone(data: bytes, packs: str) -> Report:
    """Read a document, judge it by the rules of packs and place what they find, as a publisher's stylesheet does.

    The schema is left out: a stylesheet knows none.
    """
    intake = take_in_bytes(data, _SETTINGS)
    report = by_rules(intake, choose(parse(packs), intake.reading).packs)
    if intake.places is not None:
        for one in report.findings:
            if one.location is None:
                intake.places.locate(one.model_path)
    return report
