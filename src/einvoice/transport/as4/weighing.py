# SPDX-License-Identifier: Apache-2.0
"""What an answer amounts to for the outbox: delivered, refused, to be tried again, or nobody knows.

An error of the receiver's ends a message only when repeating it is of no use. What may have been damaged on the way,
or sealed for a certificate or an address that has changed since, is made anew and tried once more.

Source: ebMS 3.0 section 6.7, AS4 1.0 section 6, Peppol AS4 2.0.3 (``PEPPOL:NOT_SERVICED``); RFC 9110 section 15.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.transport.as4.answer import Answer, Kind
from einvoice.transport.base import Outcome, Result

if TYPE_CHECKING:
    from einvoice.transport import http
    from einvoice.transport.as4.signals import Problem

_CHANGED: Final = {"EBMS:0101", "EBMS:0102"}
"""The receiver cannot verify or decrypt: a certificate may have changed."""
_DAMAGED: Final = {"EBMS:0007", "EBMS:0303"}
"""What arrived is not what was sent."""
_LATER: Final = {"EBMS:0005", "EBMS:0202"}
_DUPLICATE: Final = "EBMS:4001"
_OTHER: Final = "EBMS:0004"
_NOT_SERVICED: Final = "PEPPOL:NOT_SERVICED"
_REPEATED: Final = re.compile(r"\bduplicate\b", re.IGNORECASE)
_SOAP: Final = "application/soap+xml"
_CLIENT: Final = range(400, 500)


def weigh(found: Answer, body: bytes, attempt: int, codes: tuple[str, ...] | None = None) -> Result:
    """What an answer of AS4 amounts to.

    Args:
        found: the answer.
        body: its bytes, which are kept.
        attempt: how often the message was posted, this time included.
        codes: what the earlier attempts came to; where that is not known, each counts as an error like this one.
    """
    if found.kind is Kind.RECEIPT:
        detail = "signed with a renewed certificate" if found.renewed else ""
        return Result(outcome=Outcome.DELIVERED, code="RECEIPT", detail=detail, evidence=body, evidence_type=_SOAP)
    if found.kind is Kind.UNPROVEN:
        detail = f"a receipt came that proves nothing: {found.why}"
        return Result(outcome=Outcome.IN_DOUBT, code="UNPROVEN", detail=detail, evidence=body, evidence_type=_SOAP)
    problem = found.problems[0]
    again = attempt > 1 if codes is None else _came_before(problem, codes)
    detail = "; ".join(f"{each.code} {each.detail}" for each in found.problems)
    return Result(
        outcome=_outcome(problem, authenticated=found.authenticated, attempt=attempt, again=again),
        code=problem.code,
        detail=detail,
        evidence=body,
        evidence_type=_SOAP,
        renew=not again and asks_for_lookup(problem),
    )


def unanswered(got: http.Answer, why: str) -> Result:
    """What an answer amounts to that is none of AS4.

    A status between 400 and 499 is the server's word that it did not take the request. Everything else may come from
    something in between, after the message went on.

    Args:
        got: the answer over HTTP.
        why: why it is no answer of AS4.
    """
    refused = got.status in _CLIENT
    wanted = got.headers.get("retry-after", "")
    return Result(
        outcome=Outcome.RETRY if refused else Outcome.IN_DOUBT,
        code=f"HTTP:{got.status}",
        detail=f"HTTP {got.status}: {why}",
        evidence=got.body or None,
        retry_after=float(wanted) if re.fullmatch("[0-9]{1,6}", wanted) else None,
        renew=refused,
    )


def asks_for_lookup(problem: Problem) -> bool:
    """Whether an error says that what was looked up may have changed since: certificate, address, registration."""
    return problem.code in _CHANGED or _is_not_serviced(problem)


def _is_not_serviced(problem: Problem) -> bool:
    return problem.code == _OTHER and _NOT_SERVICED in problem.detail


def _came_before(problem: Problem, codes: tuple[str, ...]) -> bool:
    """Whether an earlier attempt met an error that gave the message its second chance.

    A receiver that was busy, a server that failed and a connection that was not made used up none; nor did damage on
    the way use up the lookup.
    """
    if asks_for_lookup(problem):
        return not {*_CHANGED, _OTHER}.isdisjoint(codes)
    return any(":" in code and not code.startswith("HTTP:") and code not in _LATER for code in codes)


def _outcome(problem: Problem, *, authenticated: bool, attempt: int, again: bool) -> Outcome:
    """What an error amounts to.

    phase4 answers a message that it has already with an error (EBMS:4001 or, before 4.5, EBMS:0004 that says so): after
    an attempt of ours, and signed by the receiver, that is a delivery without receipt. An error that nobody signed
    rejects nothing at the first time; a certificate may just have changed. ``again`` tells that it is not the first.
    """
    code = problem.code
    if attempt > 1 and (code == _DUPLICATE or (code == _OTHER and _REPEATED.search(problem.detail))):
        return Outcome.DELIVERED if authenticated else Outcome.IN_DOUBT
    if code in _LATER:
        return Outcome.RETRY
    if not again and (not authenticated or code in _DAMAGED or asks_for_lookup(problem)):
        return Outcome.RETRY
    return Outcome.REJECTED
