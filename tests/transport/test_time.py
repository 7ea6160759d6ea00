# SPDX-License-Identifier: Apache-2.0
"""Certificates that end or are taken back between two attempts, and clocks that are wrong."""

from __future__ import annotations

import contextlib
import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.errors import SecurityError, TransportError
from einvoice.transport.base import Outcome, Prepared
from einvoice.transport.trust import Authorities, Role
from tests.transport.network import Network, certificates, registration, start, submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cryptography import x509

    from einvoice.transport.as4.receiver import Reply
    from einvoice.transport.as4.submitter import As4Submitter
    from einvoice.transport.identity import Identity

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def network() -> Iterator[Network]:
    running = start()
    yield running
    running.close()


def at(network: Network, **by: float) -> As4Submitter:
    """The sender with a clock that is wrong by so much."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC) + timedelta(**by)  # noqa: E731 - as short as it is
    directory = dataclasses.replace(network.submitter.directory, clock=clock)
    return dataclasses.replace(network.submitter, clock=clock, directory=directory)


class Taken:
    """Tells of one certificate that it was taken back; or that nobody knows."""

    def __init__(self, revoked: Identity | None = None, *, unknown: bool = False) -> None:
        self.revoked, self.unknown = revoked, unknown

    def check(self, chain: Sequence[x509.Certificate], *, now: datetime) -> None:
        del now
        if self.unknown:
            raise TransportError("no list", temporary=True, code="REVOCATION")
        if self.revoked is not None and chain[0] == self.revoked.certificate:
            raise SecurityError("was revoked", code="REVOKED")


def with_lists(authorities: Authorities, lists: Taken) -> Authorities:
    return msgspec.structs.replace(authorities, revocations=lists)


def sending_with(network: Network, lists: Taken, **by: float) -> As4Submitter:
    sender = at(network, **by)
    directory = dataclasses.replace(sender.directory, authorities=with_lists(sender.directory.authorities, lists))
    return dataclasses.replace(sender, directory=directory)


def _soon_ended(network: Network) -> Prepared:
    """A message for a certificate that ends within the day."""
    ending = certificates().access_points.issue("PTB000002", ends=datetime.now(UTC) + HOUR)
    network.publisher.register(registration(network.address, ending))
    return network.submitter.prepare(submission())


def test_a_message_for_a_certificate_that_ended_meanwhile_is_sealed_anew(network: Network) -> None:
    prepared = _soon_ended(network)
    network.publisher.register(registration(network.address, certificates().receiver))
    later = at(network, hours=2)
    found = later.submit(submission(), prepared, attempt=2)
    assert (found.outcome, found.code, found.renew) == (Outcome.RETRY, "CERTIFICATE", True)
    assert network.drawer.kept == {}  # nothing left under it
    anew = later.prepare(submission())
    assert later.submit(submission(), anew, attempt=3).outcome is Outcome.DELIVERED


def test_a_message_that_may_have_arrived_goes_out_as_it_is_although_a_certificate_ended(network: Network) -> None:
    """Who has it gives the receipt that was given, which was signed in time."""
    prepared = network.submitter.prepare(submission())
    first = network.submitter.submit(submission(), prepared, attempt=1)
    years = at(network, days=800)
    again = years.submit(submission(), msgspec.structs.replace(prepared, unsure=True), attempt=2)
    assert (again.outcome, again.evidence) == (Outcome.DELIVERED, first.evidence)


@pytest.mark.parametrize(
    ("signed", "believed"), [(-2 * HOUR, True), (-HOUR / 2, False), (2 * DAY, False), (-9 * DAY, False)]
)
def test_a_signature_counts_if_its_certificate_was_valid_when_it_was_made(signed: timedelta, *, believed: bool) -> None:
    certs, now = certificates(), datetime.now(UTC)
    ended = certs.access_points.issue("PTB000002", ends=now - HOUR, key=certs.receiver.key).certificate
    with contextlib.nullcontext() if believed else pytest.raises(SecurityError, match=r"valid from|it ended on"):
        certs.authorities.judge(ended, Role.ACCESS_POINT, now=now, signed=now + signed)


@pytest.mark.parametrize("days", [-0.99, 1])
def test_a_sender_whose_clock_is_a_day_off_delivers_and_believes_the_receipt(network: Network, days: float) -> None:
    """Time stamps order nothing and prove nothing: duplicates are known for good, and certificates last for years."""
    wrong, wanted = at(network, days=days), submission()
    prepared = wrong.prepare(wanted)
    found = wrong.submit(wanted, prepared, attempt=1)
    assert (found.outcome, found.code) == (Outcome.DELIVERED, "RECEIPT")
    [kept] = network.drawer.kept.values()
    assert abs(kept.envelope.created - datetime.now(UTC)) > 20 * HOUR  # as it was written, and no reason to refuse it
    again = network.submitter.submit(wanted, prepared, attempt=2)
    assert again.evidence == found.evidence


def test_an_access_point_whose_own_certificate_ended_seals_nothing_with_it(network: Network) -> None:
    late = at(network, days=800)
    with pytest.raises(TransportError, match="certificate of this access point is valid from") as caught:
        late.prepare(submission())
    assert (caught.value.code, caught.value.temporary) == ("IDENTITY", True)


@pytest.mark.parametrize(("unsure", "expected"), [(False, Outcome.RETRY), (True, Outcome.HELD)])
def test_nothing_goes_to_a_certificate_that_was_revoked_since_it_was_looked_up(
    network: Network, expected: Outcome, *, unsure: bool
) -> None:
    prepared = msgspec.structs.replace(network.submitter.prepare(submission()), unsure=unsure)
    sender = sending_with(network, Taken(certificates().receiver), hours=1)
    found = sender.submit(submission(), prepared, attempt=2)
    assert (found.outcome, found.code, found.renew) == (expected, "REVOKED", True)
    assert network.drawer.kept == {}


def test_while_nobody_knows_whether_it_was_revoked_nothing_leaves(network: Network) -> None:
    prepared = network.submitter.prepare(submission())
    found = sending_with(network, Taken(unknown=True), hours=1).submit(submission(), prepared, attempt=2)
    assert (found.outcome, found.code, found.renew) == (Outcome.RETRY, "REVOCATION", False)
    with pytest.raises(TransportError) as caught:
        sending_with(network, Taken(unknown=True)).prepare(submission())
    assert (caught.value.code, caught.value.temporary) == ("REVOCATION", True)
    assert network.drawer.kept == {}


@pytest.mark.parametrize("who", ["receiver", "publisher"])
def test_whose_certificate_was_revoked_is_not_believed_in_a_lookup(network: Network, who: str) -> None:
    with pytest.raises(SecurityError) as caught:
        sending_with(network, Taken(getattr(certificates(), who))).prepare(submission())
    assert caught.value.code == "REVOKED"


def test_a_receipt_of_an_access_point_that_was_revoked_meanwhile_proves_nothing(network: Network) -> None:
    prepared = network.submitter.prepare(submission())
    found = sending_with(network, Taken(certificates().receiver)).submit(submission(), prepared, attempt=1)
    assert (found.outcome, found.code) == (Outcome.IN_DOUBT, "UNPROVEN")
    assert found.evidence is not None


@pytest.mark.parametrize(
    ("lists", "outcome", "code"),
    [(Taken(certificates().sender), Outcome.RETRY, "EBMS:0101"), (Taken(unknown=True), Outcome.RETRY, "EBMS:0202")],
)
def test_an_access_point_takes_nothing_from_a_sender_that_was_revoked(
    network: Network, lists: Taken, outcome: Outcome, code: str
) -> None:
    """Where it cannot be found out it says so, and asks for the message again later."""
    point = dataclasses.replace(network.access_point, authorities=with_lists(network.access_point.authorities, lists))
    said: list[Reply] = []

    def receive(kind: str, body: bytes) -> Reply:
        said.append(point.receive(kind, body))
        return said[-1]

    network.server.answer = receive
    found = network.submitter.submit(submission(), network.submitter.prepare(submission()), attempt=1)
    assert (found.outcome, found.code, said[0].status) == (outcome, code, 503 if code == "EBMS:0202" else 200)
    assert network.drawer.kept == {}
