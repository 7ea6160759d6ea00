# SPDX-License-Identifier: Apache-2.0
"""Every fixture goes out over every channel of the testbed and comes in as it was.

``make e2e`` sends all of them, ``make test`` a few. Over AS4 a document may have to be converted to what the receiver
registered; what arrives is compared with what the outbox archived as sent. Mail and folders carry the file itself.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from einvoice import read, validate
from einvoice.service.channels import load
from einvoice.service.testbed import init
from einvoice.store import archive, ledger
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Outbox
from einvoice.store.tables import State
from tests.cli.test_send import call, free_ports
from tests.e2e.ground import canonical, ended, scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.store.database import Database

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
RUN = [sys.executable, "-c", "from einvoice.cli import main; main()"]
CHANNELS = {
    "as4": ("--to", "9915:b"),
    "email": ("--to", "mailto:b@testbed.invalid"),
    "folder": ("--via", "folder"),
}


@pytest.fixture(scope="module")
def testbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """``einvoice testbed up``, as a process of its own."""
    folder = tmp_path_factory.mktemp("channels") / "net"
    init(folder, first_port=free_ports())
    process = subprocess.Popen([*RUN, "testbed", "up", str(folder)], stdout=subprocess.PIPE, text=True)
    with ended(process):
        assert process.stdout is not None
        assert "runs; send with" in process.stdout.readline()
        yield folder


@pytest.fixture(scope="module")
def invoices() -> list[Path]:
    """The valid invoices of the fixtures, one for each number; with ``EINVOICE_FIXTURES`` not all of them."""
    found: dict[bytes, Path] = {}
    everything = sorted((ROOT / "fixtures").rglob("*.xml"))
    paths = [path for path in everything if _is_invoice(path.read_bytes()[:2000])]
    wanted = scale("FIXTURES", 6)
    for path in paths[:: max(len(paths) // (wanted * 2), 1)] if wanted else paths:
        if validate(path).verdict == "valid":
            found.setdefault(path.read_bytes(), path)
    chosen = list(found.values())
    return chosen[:wanted] if wanted else chosen


def _is_invoice(head: bytes) -> bool:
    roots = (b"CrossIndustryInvoice:100", b"ubl:schema:xsd:Invoice-2", b"ubl:schema:xsd:CreditNote-2")
    return any(root in head for root in roots)


def archived(database: Database, digest: str) -> bytes:
    with database.read() as connection:
        return archive.get(connection, digest)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_invoice_arrives_as_it_was_sent(testbed: Path, invoices: list[Path], channel: str) -> None:
    given: list[bytes] = []
    for number, group in enumerate(by_number(invoices)):
        settings = testbed / f"a{number}.toml"
        text = (testbed / "a.toml").read_text(encoding="utf-8")
        settings.write_text(text.replace('"a.db"', f'"a{number}.db"'), encoding="utf-8")
        queued = call("send", *group, *CHANNELS[channel], "--queue", "--settings", settings)
        assert queued.exit_code == 0, queued.output
        subprocess.run([*RUN, "worker", "--once", "--settings", str(settings)], check=True, timeout=300)
        given += delivered(settings, channel, len(group))
    if channel != "as4":  # where the receiver may ask for another form
        assert sorted(given) == sorted(path.read_bytes() for path in invoices)
    form = canonical if channel == "as4" else bytes
    assert sorted(form(each) for each in arrived(testbed, channel)) == sorted(form(each) for each in given)


def by_number(invoices: list[Path]) -> list[list[Path]]:
    """Groups within which no number comes twice: one outbox refuses a number that was sent with other content."""
    groups: list[dict[str, Path]] = []
    for path in invoices:
        number = str(read(path).invoice.number)
        free = next((group for group in groups if number not in group), None)
        if free is None:
            groups.append(free := {})
        free[number] = path
    return [list(group.values()) for group in groups]


def delivered(settings: Path, channel: str, number: int) -> list[bytes]:
    """What an outbox sent, all of it delivered and proven."""
    database = load(str(settings)).database()
    sent = Outbox(database).find(channel=channel)
    assert {each.state for each in sent} == {State.DELIVERED}, [(each.state, each.detail) for each in sent]
    assert len(sent) == number
    with database.read() as connection:
        assert ledger.broken_at(connection) is None
    found = [archived(database, each.payload) for each in sent]
    database.close()
    return found


def arrived(testbed: Path, channel: str) -> list[bytes]:
    """What is there on the other side of a channel."""
    if channel == "folder":
        return [path.read_bytes() for path in (testbed / "a" / "out").iterdir()]
    if channel == "email":
        subprocess.run([*RUN, "receive", "--settings", str(testbed / "b.toml")], check=True, timeout=300)
    database = load(str(testbed / "b.toml")).database()
    found = [archived(database, each.payload) for each in Inbox(database).find() if each.channel == channel]
    database.close()
    return found
