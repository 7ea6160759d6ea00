# SPDX-License-Identifier: Apache-2.0
"""The answer to a message: given by the receiver, judged by the sender.

A receipt is a delivery only if it is signed by the access point that was spoken to and repeats every digest of the
message. What says less is kept, and never taken for a proof. A warning is no error.

Source: AS4 1.0 section 5.1.8, eDelivery AS4 1.14 section 3.2.5, Peppol AS4 2.0.3.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from cryptography import x509

from einvoice.errors import SecurityError, TransportError
from einvoice.transport.as4 import envelope, mime, names, signals, signature
from einvoice.transport.as4.signals import Problem
from einvoice.transport.identity import common_name, to_der

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from lxml.etree import _Element

    from einvoice.transport.as4.message import Sealed
    from einvoice.transport.as4.signals import Signal
    from einvoice.transport.as4.signature import Reference
    from einvoice.transport.identity import Identity


class Kind(StrEnum):
    """What an answer amounts to."""

    RECEIPT = "receipt"
    """A receipt that was verified in full."""
    UNPROVEN = "unproven"
    """A receipt for this message whose signature or digests do not hold: somebody took it, and it proves nothing."""
    ERROR = "error"
    """An error of ebMS; ``authenticated`` tells whether the receiver signed it."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for a message."""

    kind: Kind
    problems: tuple[Problem, ...] = ()
    authenticated: bool = False
    renewed: bool = False
    """The receipt is signed with another certificate of the same access point than the one that was looked up."""
    why: str = ""
    certificate: x509.Certificate | None = None


def acknowledge(
    references: Iterable[Reference], *, refers_to: str, message_id: str, signer: Identity, now: datetime
) -> bytes:
    """The signed receipt for a message, as SOAP.

    Args:
        references: the digests of the message.
        refers_to: the identifier of the message.
        message_id: the identifier of the receipt.
        signer: the receiving access point.
        now: the moment.
    """
    return _signed(signals.receipt_element(references, message_id=message_id, refers_to=refers_to, now=now), signer)


def refuse(problem: Problem, *, message_id: str, signer: Identity, now: datetime) -> bytes:
    """The signed error for a message, as SOAP.

    Args:
        problem: what is wrong with the message.
        message_id: the identifier of the error.
        signer: the receiving access point.
        now: the moment.
    """
    return _signed(signals.error_element(problem, message_id=message_id, now=now), signer)


def judge(
    content_type: str,
    body: bytes,
    *,
    sent: Sealed,
    receiver: x509.Certificate,
    trust: Callable[[x509.Certificate, datetime | None], object],
) -> Answer:
    """Say what an answer amounts to.

    Args:
        content_type: the header ``Content-Type`` of the answer.
        body: the answer.
        sent: the message that was sent.
        receiver: the certificate that the message was encrypted for.
        trust: judges the certificate of the signer, that of ``receiver`` or one renewed since, for the moment at which
            the answer says that it was signed; raises SecurityError.

    Raises:
        TransportError: it is no answer to this message: HTML, nothing, cut off, warnings alone, or about another
            message (temporary).
    """
    try:
        made = envelope.read(mime.split(content_type, body)[0].content)
    except TransportError as error:
        raise TransportError(f"the answer is not one of AS4: {error.message}", temporary=True, code="ANSWER") from None
    signal = signals.from_element(made.messaging)
    if signal is None or not (signal.receipt or signal.problems):
        raise TransportError("the answer holds neither a receipt nor an error", temporary=True, code="ANSWER")
    named = _named(signal, sent.message_id)
    failures = tuple(each for each in signal.problems if not each.warns)
    if not signal.receipt and not failures:
        said = "; ".join(f"{each.code} {each.detail}" for each in signal.problems)
        raise TransportError(f"the answer warns and says no more: {said}"[:500], temporary=True, code="ANSWER")
    answer = _authenticated(made, signal, receiver, trust)
    if signal.receipt:
        return _receipt(signal, failures, sent.digests, answer)
    if not named:  # an answer that could be about any message proves nothing about this one
        answer = msgspec.structs.replace(answer, authenticated=False)
    return msgspec.structs.replace(answer, kind=Kind.ERROR, problems=failures)


def _named(signal: Signal, message_id: str) -> bool:
    """Whether an answer says that it is about this message; it may be silent, and must not speak of another one."""
    about = {signal.refers_to, *(each.refers_to or None for each in signal.problems)} - {None}
    if about - {message_id} or (signal.receipt and signal.refers_to is None):
        other = next(iter(sorted(str(each) for each in about - {message_id})), "none")
        message = f"the answer is about another message: {other[:80]!r}, not {message_id!r}"
        raise TransportError(message, temporary=True, code="ANSWER")
    return bool(about)


def _authenticated(
    made: envelope.Envelope,
    signal: Signal,
    receiver: x509.Certificate,
    trust: Callable[[x509.Certificate, datetime | None], object],
) -> Answer:
    """An answer that says who signed it, if it is the receiver; else why not."""
    try:
        if made.security is None:
            return Answer(kind=Kind.RECEIPT, why="it is not signed")
        signer = signature.verify(made.security, [made.messaging], {}, optional=(made.body,)).certificate
        renewed = to_der(signer) != to_der(receiver)
        if renewed and common_name(signer) != common_name(receiver):
            why = f"it is signed by {common_name(signer)[:80]}, not by {common_name(receiver)[:80]}"
            return Answer(kind=Kind.RECEIPT, why=why)
        trust(signer, signal.timestamp)
    except SecurityError as error:
        return Answer(kind=Kind.RECEIPT, why=error.message)
    return Answer(kind=Kind.RECEIPT, authenticated=True, renewed=renewed, certificate=signer)


def _receipt(signal: Signal, failures: tuple[Problem, ...], digests: Mapping[str, str], answer: Answer) -> Answer:
    repeated = {reference.uri: reference.digest for reference in signal.references}
    wrong = [uri for uri, digest in digests.items() if repeated.get(uri) != digest]
    why = answer.why or (f"it does not repeat the digest of {wrong[0]}" if wrong else "")
    if failures and not why:
        why = f"an error came with it: {failures[0].code} {failures[0].detail}"
    return msgspec.structs.replace(answer, kind=Kind.UNPROVEN if why else Kind.RECEIPT, why=why)


def _signed(signal: _Element, signer: Identity) -> bytes:
    made = envelope.new(signal)
    if made.security is not None:
        signature.sign(made.security, [made.messaging, made.body], {}, signer)
    return made.to_bytes()


CONTENT_TYPE = f"{names.SOAP_TYPE}; charset=UTF-8"
"""The header that goes with a receipt or an error."""
