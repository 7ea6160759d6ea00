# SPDX-License-Identifier: Apache-2.0
"""A lookup that fails, lies or leads elsewhere, certificates that change, clocks that are wrong."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from cryptography import x509

from einvoice.service.channels import load
from einvoice.service.testbed import POINTS
from einvoice.store.tables import State
from einvoice.transport.identity import Identity, load_identity
from einvoice.transport.peppol import smp
from einvoice.transport.testbed import authority
from einvoice.transport.testbed import publisher as publishing
from tests.e2e.ground import REQUEST
from tests.transport.network import registration

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.ground import Ground

pytestmark = pytest.mark.e2e

DAY = timedelta(days=1)


def metadata_paths(ground: Ground) -> list[str]:
    return [path for path in ground.running.publisher.answers if "/services/" in path and "9915:b" in path]


def register(ground: Ground, identity: Identity) -> None:
    """Publish another certificate of the access point b."""
    url = load(str(ground.folder / "b.toml")).channels.as4
    assert url is not None
    port = url.listen.rpartition(":")[2]
    ground.running.publisher.register(registration(f"https://localhost:{port}/as4", identity, participant="9915:b"))


def heals(ground: Ground, heal: Callable[[], None], code: str) -> None:
    """The courier of a first run fails for the time being; then somebody repairs what was wrong."""
    ground.queue(3)
    with ground.receiving():
        assert ground.courier() == 0
        box = ground.outbox()
        assert {(each.state, each.code) for each in box.find()} == {(State.RETRY, code)}
        box.database.close()
        heal()
        ground.forget_leases()
        ground.work_off()
        ground.check(3)


@pytest.mark.parametrize("mode", ["servfail", "silent"])
def test_dns_fails_and_heals(ground: Ground, mode: str) -> None:
    what = {"servfail": "answers SERVFAIL", "silent": "does not answer"}[mode]
    ground.case(f"DNS: {what}, and heals", "tried again later, delivered once")
    ground.running.names.mode = mode
    heals(ground, lambda: setattr(ground.running.names, "mode", "ok"), "DNS")


def test_the_publisher_fails_and_heals(ground: Ground) -> None:
    ground.case("metadata: the publisher answers 500, and heals", "tried again later, delivered once")
    ground.running.publisher.status = 500
    heals(ground, lambda: setattr(ground.running.publisher, "status", 200), "SMP")


def test_the_publisher_hangs_up_and_heals(ground: Ground) -> None:
    ground.case("metadata: the publisher hangs up on every connection, and heals", "tried again later, delivered once")
    publisher = ground.running.publisher
    real = publisher.tls

    class HangsUp:
        def wrap_socket(self, *_words: object, **_more: object) -> None:
            raise ConnectionResetError

    publisher.tls = HangsUp()  # type: ignore[assignment]
    heals(ground, lambda: setattr(publisher, "tls", real), "CONNECT")


def ends(ground: Ground, state: State, code: str, evidence: str) -> None:
    """The courier ends it at once, and says why."""
    ground.queue(2)
    with ground.receiving():
        assert ground.courier() == 0
    box = ground.outbox()
    assert {(each.state, each.code) for each in box.find()} == {(state, code)}, [each.detail for each in box.find()]
    detail = str(box.find()[0].detail)
    box.database.close()
    assert evidence in detail
    ground.found(f"2 {state}, nothing sent: {evidence}")


def test_a_participant_that_is_not_registered(ground: Ground) -> None:
    ground.case("DNS: NXDOMAIN", "rejected at once")
    ground.running.names.records.clear()
    ends(ground, State.REJECTED, "NOT_REGISTERED", "is not registered in this network")


def test_a_document_type_that_is_not_registered(ground: Ground) -> None:
    ground.case("metadata: 404", "rejected at once")
    ground.running.publisher.answers.clear()
    ends(ground, State.REJECTED, "NOT_SERVED", "is not registered to receive")


def test_metadata_that_were_changed(ground: Ground) -> None:
    ground.case("metadata: forged, another address under the old signature", "held for a person, nothing is sent")
    answers = ground.running.publisher.answers
    for path in metadata_paths(ground):
        answers[path] = answers[path].replace(b"/as4", b"/mine")
    ends(ground, State.HELD, "SMP_SIGNATURE", "changed")


def test_a_certificate_that_has_ended(ground: Ground) -> None:
    ground.case("metadata: the certificate of the access point has ended", "held for a person, nothing is sent")
    register(ground, issued(ground, begins=datetime.now(UTC) - 9 * DAY, ends=datetime.now(UTC) - DAY))
    ends(ground, State.HELD, "CERTIFICATE", "it ended on")


def issued(ground: Ground, **validity: datetime) -> Identity:
    """A new certificate for the access point b, by the authority of the network."""
    issuer = load_identity(ground.folder / "issuers" / "access-points.pem")
    old = load_identity(ground.folder / "b" / "identity.pem").certificate
    [point] = old.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    [where] = point.full_name or []
    return authority.Authority(issuer, where.value).issue(POINTS["b"][0], **validity)  # type: ignore[arg-type]


def roll_over(ground: Ground) -> None:
    """The access point b takes a new key and certificate, and publishes it."""
    new = issued(ground)
    (ground.folder / "b" / "identity.pem").write_bytes(authority.to_pem(new))
    register(ground, new)


@pytest.fixture
def own_identity(ground: Ground) -> object:
    """Gives the access point its identity back after it was changed."""
    path = ground.folder / "b" / "identity.pem"
    before = path.read_bytes()
    yield load_identity(path)
    path.write_bytes(before)


@pytest.mark.usefixtures("own_identity")
def test_a_certificate_that_is_renewed_after_an_attempt_that_surely_failed(ground: Ground) -> None:
    ground.case(
        "receiver: away at the first attempt; back with a new key and certificate",
        "looked up and sealed anew under the same identifiers, delivered once",
    )
    ground.queue(3)
    assert ground.courier() == 0  # nobody is there
    roll_over(ground)
    ground.forget_leases()
    with ground.receiving():
        ground.work_off()
        ground.check(3)


@pytest.mark.usefixtures("own_identity")
def test_a_certificate_that_is_renewed_after_an_attempt_in_doubt(ground: Ground) -> None:
    """The bytes may have arrived, so they are not made anew; a person decides."""
    ground.case(
        "receiver: hangs up after the message came; back with a new key, which cannot open the same bytes",
        "held with its signed word (EBMS:0102) for a person; never sealed a second time",
    )
    ground.queue(1)
    with ground.receiving("drop"):
        assert ground.courier() == 0
    box = ground.outbox()
    [doubtful] = box.find()
    assert doubtful.state is State.IN_DOUBT
    box.database.close()
    roll_over(ground)
    ground.forget_leases()
    with ground.receiving():
        [after] = ground.work_off(until=State.HELD)
    assert (after.code, after.wire) == ("EBMS:0102", doubtful.wire)
    ground.found(f"held with EBMS:0102 at attempt {after.attempts}, the bytes unchanged")


@pytest.mark.parametrize("hops", [1, 2])
def test_metadata_that_are_published_elsewhere(ground: Ground, hops: int) -> None:
    one = hops == 1
    ground.case(
        f"metadata: redirected {'once' if one else 'twice'}",
        "followed to the publisher it names, delivered once" if one else "rejected at once",
    )
    publisher = ground.running.publisher
    signer = publisher.signer
    for number, path in enumerate(metadata_paths(ground)):
        targets = [f"/moved/{number}/{hop}" for hop in range(hops)]
        publisher.answers[targets[-1]] = publisher.answers[path]
        for here, there in zip([path, *targets], targets, strict=False):
            publisher.answers[here] = publishing.redirection(publisher.base + there, signer, signer)
    if not one:
        ends(ground, State.REJECTED, "SMP", "redirected twice")
        return
    ground.queue(3)
    with ground.receiving():
        assert ground.courier() == 0
        ground.check(3)


def test_metadata_that_point_inside_of_a_network(ground: Ground) -> None:
    ground.case(
        "metadata: the access point is said to be at https://169.254.169.254/ (private addresses are not allowed)",
        "nothing is sent; tried again in case that the registration is repaired",
    )
    receiver = load_identity(ground.folder / "b" / "identity.pem")
    ground.running.publisher.register(
        registration("https://169.254.169.254/latest/meta-data/", receiver, participant="9915:b")
    )
    ground.queue(1)
    policy = msgspec.structs.replace(load(str(ground.folder / "a.toml")).as4().policy, private=False)
    [after] = ground.work_off(until=State.RETRY, changes={"policy": policy})
    assert (after.code, "inside of a network" in str(after.detail)) == ("URL", True)
    ground.found("not called: the address is one inside of a network")


def test_the_clock_of_the_sender_is_a_day_fast(ground: Ground) -> None:
    """The time stamp of the message lies in the future; nothing hangs on it."""
    ground.case("sender: its clock is a day fast, and so is eb:Timestamp", "delivered once")
    ground.queue(3)
    skew = timedelta(days=1)
    with ground.receiving():
        ground.work_off(now=lambda: datetime.now(UTC) + skew, changes=skewed(ground, skew))
        ground.check(3)


def test_the_clock_of_the_sender_is_a_day_slow(ground: Ground) -> None:
    """By its clock the lists of revoked certificates, made an hour ago, have not begun."""
    ground.case(
        "sender: its clock is a day slow", "tried again as long as lists lie in its future; then delivered once"
    )
    skew = timedelta(minutes=10) - DAY
    box = ground.outbox(lambda: datetime.now(UTC) + skew)
    ground.queue(3, into=box)
    box.database.close()
    with ground.receiving():
        sent = ground.work_off(until=State.RETRY, now=lambda: datetime.now(UTC) + skew, changes=skewed(ground, skew))
        assert {each.code for each in sent} == {"REVOCATION"}
        ground.work_off()
        ground.check(3)


def skewed(ground: Ground, skew: timedelta) -> dict[str, object]:
    """Sender and directory by a clock that is wrong."""

    def clock() -> datetime:
        return datetime.now(UTC) + skew

    sender = load(str(ground.folder / "a.toml")).as4()
    return {"clock": clock, "directory": dataclasses.replace(sender.directory, clock=clock)}


def test_whether_a_certificate_has_ended_is_told_by_the_clock(ground: Ground) -> None:
    ground.case(
        "sender: its clock is ten years fast, so every certificate has ended",
        "nothing leaves; delivered once when the clock is right",
    )
    ground.queue(1)
    far = timedelta(days=3650)
    with ground.receiving():
        [late] = ground.work_off(until=State.RETRY, changes=skewed(ground, far))
        assert (late.code, "put the clock right" in str(late.detail)) == ("IDENTITY", True)
        ground.work_off()
        ground.check(1)


def test_the_request_of_the_table_names_what_is_published(ground: Ground) -> None:
    """The cases above change these answers; without this they could change nothing."""
    named = {path for path in metadata_paths(ground) if REQUEST["document_type"].split("::")[1] in path}
    assert named
    assert smp.AS4_PROFILE.encode() in ground.running.publisher.answers[named.pop()]
