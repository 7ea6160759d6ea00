# SPDX-License-Identifier: Apache-2.0
"""What to do about a finding, as a kind that every view puts into its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from einvoice.rules.causes import SCHEMA
from einvoice.rules.places import by_number

if TYPE_CHECKING:
    from einvoice.rules.findings import Finding

Advice = Literal["state", "correct", "trace", "message"]


def advice(finding: Finding) -> Advice:
    """What to do about a finding.

    Args:
        finding: the finding.

    Returns:
        ``state`` the term, which is missing; ``correct`` it; ``trace`` it: correct it, or what it is computed from;
        ``message``, for what the message of the finding says already.
    """
    if not finding.terms or finding.rule in SCHEMA:
        return "message"
    if finding.expected is not None:
        return "trace"
    return "state" if finding.found is None and not finding.why else "correct"


def name_of(term: str) -> str:
    """The name that the standard gives a term or group, or an empty string.

    Args:
        term: its number, such as ``BT-112``.
    """
    places = by_number().get(term)
    return places[0].name if places else ""
