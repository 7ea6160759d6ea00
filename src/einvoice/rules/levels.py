# SPDX-License-Identifier: Apache-2.0
"""The severity that counts: a publisher may say for a kind of document that a rule weighs otherwise than published.

KoSIT does so for XRechnung (``customLevel``): a unit that EN 16931 refuses is a warning, sub lines are fatal outside of
the extension. It says so of the rules of EN 16931 that it judges by, too. What is published stays the severity of a
finding; what counts for the verdict is its effective level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from einvoice.codes import is_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.model import Reading, Syntax
    from einvoice.rules.findings import Finding
    from einvoice.rules.registry import Pack, Scenario


def levelled(findings: Sequence[Finding], packs: Sequence[Pack], reading: Reading) -> tuple[Finding, ...]:
    """Findings with the levels that count in a document.

    A finding of packs that the publisher does not speak for becomes two: theirs keeps its level.

    Args:
        findings: the findings, at the levels of their severities.
        packs: the packs that judged.
        reading: the document.
    """
    found = tuple(findings)
    for pack in packs:
        scenario = scenario_of(pack, reading) if found and pack.scenarios else None
        if scenario is not None:
            found = tuple(one for finding in found for one in _levelled(finding, pack, scenario))
    return found


def scenario_of(pack: Pack, reading: Reading) -> Scenario | None:
    """What a publisher makes of rules in a document, if it does.

    An invoice that never was XML counts as what it would be in UBL.

    Args:
        pack: the pack.
        reading: the document.
    """
    syntax = reading.syntax or _in_ubl(reading)
    return next((one for one in pack.scenarios if (one.profile, one.syntax) == (reading.profile, syntax)), None)


def _in_ubl(reading: Reading) -> Syntax:
    code = reading.invoice.type_code or ""
    return "ubl-creditnote" if is_code(code, "untdid-1001-credit-note", "ubl") else "ubl-invoice"


def _levelled(finding: Finding, pack: Pack, scenario: Scenario) -> Iterator[Finding]:
    level = scenario.levels.get(finding.rule)
    concerned = tuple(one for one in finding.packs if one == pack.id or one in pack.needs)
    if level is None or not concerned:
        yield finding
        return
    others = tuple(one for one in finding.packs if one not in concerned)
    yield structs.replace(finding, packs=concerned, effective=level)
    if others:
        yield structs.replace(finding, packs=others)
