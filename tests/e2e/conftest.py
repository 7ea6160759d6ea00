# SPDX-License-Identifier: Apache-2.0
"""A network for the cases of one module, with an access point b that a test starts itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from einvoice.service.testbed import init, run
from einvoice.store import schedule
from tests.cli.test_send import free_ports
from tests.e2e.ground import Ground, Nursery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.service.testbed import Running


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running]]:
    """Everything but the access points; signing all that they registered takes longer than most cases."""
    folder = tmp_path_factory.mktemp("faults") / "net"
    init(folder, first_port=free_ports())
    running = run(folder)
    while running.servers:
        server = running.servers.pop()
        server.shutdown()
        server.server_close()
        running.databases.pop().close()
    yield folder, running
    running.stop()


@pytest.fixture
def ground(
    network: tuple[Path, Running],
    nursery: Nursery,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Ground]:
    monkeypatch.setattr(schedule, "after_doubt", lambda _doubts: timedelta(milliseconds=200))
    monkeypatch.setattr(schedule, "after_failure", lambda _attempts: timedelta(milliseconds=200))
    folder, running = network
    for file in folder.glob("*.db*"):
        file.unlink()
    publisher, names = running.publisher, running.names
    answers, tls, records = dict(publisher.answers), publisher.tls, dict(names.records)
    yield Ground(folder, running, nursery, lambda name, value: request.node.user_properties.append((name, value)))
    publisher.answers, publisher.tls, publisher.status = answers, tls, 200
    names.records, names.mode = records, "ok"
