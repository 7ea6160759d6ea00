# SPDX-License-Identifier: Apache-2.0
"""A network for the cases of one module, with an access point b that a test starts itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from einvoice.service.testbed import init, run
from einvoice.store import schedule
from tests.cli.test_send import free_ports
from tests.e2e.ground import Ground

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults") / "net"
    init(folder, first_port=free_ports())
    return folder


@pytest.fixture
def ground(
    layout: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> Iterator[Ground]:
    monkeypatch.setattr(schedule, "after_doubt", lambda _doubts: timedelta(milliseconds=200))
    monkeypatch.setattr(schedule, "after_failure", lambda _attempts: timedelta(milliseconds=200))
    for file in layout.glob("*.db*"):
        file.unlink()
    running = run(layout)
    while running.servers:
        server = running.servers.pop()
        server.shutdown()
        server.server_close()
        running.databases.pop().close()
    yield Ground(layout, running, record_property)
    running.stop()
