# SPDX-License-Identifier: Apache-2.0
"""What every test may rely on: the corpus, a closed network, and skips that cannot hide.

Three environment variables steer a run:

- ``EINVOICE_CORPUS``: the folder that holds ``manifest.jsonl`` and the invoices it lists.
- ``EINVOICE_REQUIRE``: markers, separated by commas, whose tests must not be skipped (``corpus,peers``).
- ``EINVOICE_NETWORK``: set to ``1`` to run the tests marked ``network``.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tests.differential.official import Official

MARKERS = ("corpus", "peers", "e2e", "network", "slow")
REQUIRED = pytest.StashKey[frozenset[str]]()
LOOPBACK = ("127.", "::1", "localhost")

settings.register_profile("house", deadline=None, print_blob=True, derandomize=True)  # a change is judged, not its luck
settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=2_000)
settings.load_profile("house")


# ---------------------------------------------------------------------------------------- the corpus


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of the corpus; a test that asks for it is skipped where there is none."""
    named = os.environ.get("EINVOICE_CORPUS")
    if not named:
        pytest.skip("the environment variable EINVOICE_CORPUS does not name a corpus")
    folder = Path(named)
    if not (folder / "manifest.jsonl").is_file():
        pytest.fail(f"EINVOICE_CORPUS names {folder}, which has no manifest.jsonl", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def manifest(corpus: Path) -> tuple[dict[str, Any], ...]:
    """The rows of the corpus manifest, parsed once; the file of a row is ``corpus / row["path"]``."""
    decoder = msgspec.json.Decoder(dict[str, Any])
    return tuple(decoder.decode_lines((corpus / "manifest.jsonl").read_bytes()))


# ------------------------------------------------------------------------------------- what may run


def required() -> frozenset[str]:
    """The markers whose tests must run, from ``EINVOICE_REQUIRE``."""
    names = frozenset(name.strip() for name in os.environ.get("EINVOICE_REQUIRE", "").split(",") if name.strip())
    if unknown := names.difference(MARKERS):
        msg = f"EINVOICE_REQUIRE names unknown markers: {', '.join(sorted(unknown))} (known: {', '.join(MARKERS)})"
        raise pytest.UsageError(msg)
    return names


def pytest_configure(config: pytest.Config) -> None:
    """Read ``EINVOICE_REQUIRE`` once, before anything runs, and refuse a mistyped one."""
    config.stash[REQUIRED] = required()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the corpus as such, and leave the network alone unless it is asked for."""
    offline = pytest.mark.skip(reason="talks to the network; set EINVOICE_NETWORK=1 to run it")
    for item in items:
        if "architecture" in item.path.parts or getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("no_cover")  # they read einvoice and run none of it; they run it a hundred times over
        if "corpus" in getattr(item, "fixturenames", ()):
            item.add_marker("corpus")
            if "corpus" not in item.path.read_text(encoding="utf-8"):
                msg = f"{item.nodeid} uses the corpus, so its module must say so: `make corpus` looks for the word"
                raise pytest.UsageError(msg)
        if item.get_closest_marker("network") and os.environ.get("EINVOICE_NETWORK") != "1":
            item.add_marker(offline)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test that had to run into a failure."""
    report = yield
    must = sorted(item.config.stash[REQUIRED].intersection(mark.name for mark in item.iter_markers()))
    if report.skipped and must and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
        report.outcome = "failed"
        report.longrepr = f"EINVOICE_REQUIRE asks for {', '.join(must)} tests, but this one was skipped. {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Refuse that a whole module steps aside while some tests had to run: nobody could see which."""
    report = yield
    if report.outcome == "skipped" and collector.config.stash[REQUIRED]:
        report.outcome = "failed"
        report.longrepr = f"EINVOICE_REQUIRE is set, but this module skipped itself. {report.longreprtext}"
    return report


@pytest.fixture(autouse=True)
def _closed_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine, except in tests marked ``network``."""
    if request.node.get_closest_marker("network"):
        return
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any, /) -> None:  # noqa: ANN401 -- the shape depends on the family
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            pytest.fail(f"a test without the network marker connects to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def official() -> Iterator[Official]:
    """The publisher's own judge of EN 16931, one process per session; where it is missing, the test is skipped."""
    from tests.differential import official as differential

    try:
        judge = differential.Official()
    except differential.MissingError as error:
        pytest.skip(str(error))
    with judge:
        yield judge
