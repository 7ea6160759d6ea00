# SPDX-License-Identifier: Apache-2.0
"""A certificate that was taken back is believed nowhere, and a list counts only where it may."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from einvoice.errors import SecurityError, TransportError
from einvoice.transport import http, revocation
from einvoice.transport.revocation import RevocationLists
from einvoice.transport.testbed import authority
from einvoice.transport.trust import Authorities, Role
from tests.transport.pki import key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from einvoice.transport.identity import Identity

POLICY = http.Policy(private=True, plain=True, connect=5, total=5, limit=100_000)
DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Place:
    """Where authorities publish, and how often they were asked."""

    base: str = ""
    content: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    status: int = 200


@dataclass
class Network:
    """A root, its authority for access points, and one access point."""

    root: authority.Authority
    points: authority.Authority
    leaf: Identity
    place: Place

    def publish(self, content: bytes) -> None:
        self.place.content["/points.crl"] = content

    def judge(self, lists: RevocationLists, *, at: datetime | None = None, leaf: Identity | None = None) -> None:
        Authorities(
            roots=(self.root.identity.certificate,),
            issuers={Role.ACCESS_POINT: (self.points.identity.certificate,)},
            revocations=lists,
        ).judge((leaf or self.leaf).certificate, Role.ACCESS_POINT, now=at)


@pytest.fixture(scope="module")
def server() -> Iterator[Place]:
    place = Place()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place.asked.append(self.path)
            body = place.content.get(self.path)
            self.send_response(place.status if body is not None else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as http.server has it
            """Say nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    place.base = f"http://127.0.0.1:{made.server_address[1]}"
    yield place
    made.shutdown()
    made.server_close()


@pytest.fixture(scope="module")
def made(server: Place) -> Network:
    root = authority.root("Root", list_at=f"{server.base}/root.crl")
    points = root.delegate("Points", list_at=f"{server.base}/points.crl")
    return Network(root, points, points.issue("PTB000001", key=key(1)), server)


@pytest.fixture
def network(made: Network) -> Network:
    made.place.content = {"/root.crl": made.root.revoked(), "/points.crl": made.points.revoked()}
    made.place.asked.clear()
    made.place.status = 200
    return made


def test_a_list_is_fetched_once_and_asked_as_long_as_it_counts(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = RevocationLists(policy=POLICY)
    for _ in range(3):
        network.judge(lists)
    assert sorted(network.place.asked) == ["/points.crl", "/root.crl"]
    monkeypatch.setattr(revocation, "_REFRESH", 0)
    network.judge(lists)
    assert len(network.place.asked) == 4
    network.place.content.clear()
    network.judge(lists)  # its server is away: what is known counts until it ends
    with pytest.raises(TransportError, match="cannot be found out"):
        network.judge(lists, at=now() + 8 * DAY)


def test_what_was_revoked_is_refused(network: Network) -> None:
    network.publish(network.points.revoked([network.leaf.certificate.serial_number]))
    for lists in (RevocationLists(policy=POLICY), RevocationLists(policy=POLICY, hard=False)):
        with pytest.raises(SecurityError, match="PTB000001' was revoked by its authority on") as caught:
            network.judge(lists)
        assert caught.value.code == "REVOKED"


def test_what_an_authority_issued_is_refused_when_the_authority_was_revoked(network: Network) -> None:
    serial = network.points.identity.certificate.serial_number
    network.place.content["/root.crl"] = network.root.revoked([serial])
    with pytest.raises(SecurityError, match="Points' was revoked"):
        network.judge(RevocationLists(policy=POLICY))


def spoilt(network: Network) -> dict[str, Callable[[], bytes]]:
    stranger, points = authority.root("Points"), network.points
    point = [x509.UniformResourceIdentifier("http://other.example/some.crl")]
    scope = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }

    def limited(**how: object) -> bytes:
        return points.revoked(extension=x509.IssuingDistributionPoint(**(scope | how)))  # type: ignore[arg-type]

    good = points.revoked()
    return {
        "of another authority": stranger.revoked,
        "of the root": network.root.revoked,
        "changed": lambda: good[:-1] + bytes([good[-1] ^ 1]),
        "ended": lambda: points.revoked(begins=now() - 3 * DAY, ends=now() - DAY),
        "not begun": lambda: points.revoked(begins=now() + DAY, ends=now() + 3 * DAY),
        "changes only": lambda: points.revoked(extension=x509.DeltaCRLIndicator(1)),
        "of authorities only": lambda: limited(only_contains_ca_certs=True),
        "of another place": lambda: limited(full_name=point),
        "of others as well": lambda: limited(indirect_crl=True),
        "of some reasons": lambda: limited(only_some_reasons=frozenset([x509.ReasonFlags.key_compromise])),
        "no list": lambda: b"<html>We are back at noon.</html>",
        "too large": lambda: bytes(200_000),
        "of an issuer that is no text": lambda: good.replace(b"Points", b"\xff\xfeints"),
        "of a day that is none": lambda: _misdated(good),
        "with conditions that are none": lambda: points.revoked(
            extension=x509.UnrecognizedExtension(x509.IssuingDistributionPoint.oid, b"\x0c\x01x")
        ),
        "with a condition twice": lambda: _doubled(points),
    }


def _misdated(content: bytes) -> bytes:
    """A list whose first day is the 32nd of a month 13."""
    begin = x509.load_der_x509_crl(content).last_update_utc
    return content.replace(f"{begin:%y%m%d%H%M%S}Z".encode(), f"{begin:%y}1332{begin:%H%M%S}Z".encode())


def _doubled(points: authority.Authority) -> bytes:
    """A list that has one condition twice."""
    own, began = points.identity, now() - DAY
    builder = x509.CertificateRevocationListBuilder(own.certificate.subject, began, began + 3 * DAY)
    for last in (20, 99):
        named = x509.ObjectIdentifier(f"2.5.29.{last}")
        builder = builder.add_extension(x509.UnrecognizedExtension(named, b"\x02\x01\x01"), critical=False)
    content = builder.sign(own.key, SHA256()).public_bytes(Encoding.DER)
    return content.replace(bytes.fromhex("0603551d63"), bytes.fromhex("0603551d14"))


FAULTS = (
    "of another authority",
    "of the root",
    "changed",
    "ended",
    "not begun",
    "changes only",
    "of authorities only",
    "of another place",
    "of others as well",
    "of some reasons",
    "no list",
    "too large",
    "of an issuer that is no text",
    "of a day that is none",
    "with conditions that are none",
    "with a condition twice",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_list_that_does_not_count_is_none(
    network: Network, fault: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = spoilt(network)[fault]()
    network.publish(content)
    (tmp_path / "own.crl").write_bytes(content)
    for hard in (RevocationLists(policy=POLICY), RevocationLists(policy=POLICY, folder=tmp_path)):
        with pytest.raises(TransportError, match='revocation = "soft"') as caught:
            network.judge(hard)
        assert (caught.value.code, caught.value.temporary) == ("REVOCATION", True)
    caplog.clear()
    network.judge(RevocationLists(policy=POLICY, hard=False))
    assert "believed all the same" in caplog.text


def test_a_list_for_end_entities_at_this_very_place_counts(network: Network) -> None:
    here = [x509.UniformResourceIdentifier(f"{network.place.base}/points.crl")]
    named = x509.IssuingDistributionPoint(here, None, True, False, None, False, False)  # noqa: FBT003 - as RFC 5280 has it
    network.publish(network.points.revoked(extension=named))
    network.judge(RevocationLists(policy=POLICY))


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_a_list_that_the_operator_brought_goes_first_and_needs_no_network(
    network: Network, tmp_path: Path, encoding: Encoding
) -> None:
    def bring(content: bytes) -> None:
        (tmp_path / "points.crl").write_bytes(x509.load_der_x509_crl(content).public_bytes(encoding))

    (tmp_path / "root.crl").write_bytes(network.root.revoked())
    bring(network.points.revoked())
    network.judge(RevocationLists(policy=POLICY, folder=tmp_path))
    bring(network.points.revoked([network.leaf.certificate.serial_number]))
    with pytest.raises(SecurityError, match="was revoked"):
        network.judge(RevocationLists(policy=POLICY, folder=tmp_path))
    assert network.place.asked == []


def test_a_certificate_that_names_no_place_needs_a_list_of_the_operator(network: Network, tmp_path: Path) -> None:
    silent = authority.Authority(network.points.identity).issue("PTB000003", key=key(2))
    with pytest.raises(TransportError, match="names no place"):
        network.judge(RevocationLists(policy=POLICY), leaf=silent)
    (tmp_path / "points.crl").write_bytes(network.points.revoked())
    network.judge(RevocationLists(policy=POLICY, folder=tmp_path), leaf=silent)


def test_a_list_that_is_kept_outlives_the_process_and_the_failure_of_its_server(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "lists"
    network.judge(RevocationLists(policy=POLICY, cache=cache))
    asked = len(network.place.asked)
    network.place.content.clear()
    network.judge(RevocationLists(policy=POLICY, cache=cache))
    assert len(network.place.asked) == asked  # it is young
    monkeypatch.setattr(revocation, "_REFRESH", 0)
    network.judge(RevocationLists(policy=POLICY, cache=cache))
    assert len(network.place.asked) > asked  # it is not, its server is away, and it counts until it ends
    for file in cache.iterdir():
        file.write_bytes(b"spoilt")
    with pytest.raises(TransportError, match="cannot be found out"):
        network.judge(RevocationLists(policy=POLICY, cache=cache))


def test_an_older_list_does_not_take_the_place_of_a_newer_one(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can change what is fetched over plain HTTP may show what was right last week, and no more."""
    monkeypatch.setattr(revocation, "_REFRESH", 0)
    lists = RevocationLists(policy=POLICY)
    network.publish(network.points.revoked([network.leaf.certificate.serial_number]))
    with pytest.raises(SecurityError):
        network.judge(lists)
    network.publish(network.points.revoked(begins=now() - 2 * DAY))
    with pytest.raises(SecurityError):
        network.judge(lists)


def test_a_server_that_fails_is_not_asked_for_every_message(network: Network) -> None:
    network.place.status = 500
    lists = RevocationLists(policy=POLICY)
    for _ in range(5):
        with pytest.raises(TransportError, match="answered 500"):
            network.judge(lists)
    assert network.place.asked.count("/points.crl") == 1


def test_addresses_inside_of_a_network_are_not_asked_for_lists(network: Network) -> None:
    with pytest.raises(TransportError, match="inside of a network"):
        network.judge(RevocationLists(policy=http.Policy(plain=True)))
    assert network.place.asked == []
