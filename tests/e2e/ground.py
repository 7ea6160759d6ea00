# SPDX-License-Identifier: Apache-2.0
"""The ground on which faults are played: a network laid out, an access point as a process, and what has to hold after.

Every case says what goes wrong and what is expected; what was found is written beside it. ``tools/faults.py`` makes the
table of ``docs/faults.md`` of that.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from einvoice.model import ProcessControl
from einvoice.service.channels import load
from einvoice.service.courier import Courier
from einvoice.service.send import Wanted, prepare
from einvoice.service.settings import Settings
from einvoice.store import archive, ledger
from einvoice.store.database import Database
from einvoice.store.inbox import Inbox
from einvoice.store.outbox import Message, Order, Outbox
from einvoice.store.tables import State
from tests.service.sample import PEPPOL, as_file, invoice
from tests.transport.network import BILLING, INVOICE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from einvoice.service.testbed import Running
    from einvoice.transport.as4.submitter import As4Submitter

PROCESSES = Path(__file__).with_name("processes.py")
DOCUMENT = b"""<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID><cbc:ID>ours</cbc:ID></Invoice>"""
REQUEST = {
    "sender": "9915:a",
    "receiver": "9915:b",
    "document_type": str(INVOICE),
    "process": str(BILLING),
    "country": "DE",
}


def scale(name: str, usual: int) -> int:
    """How often a case is played: as usual, or as an environment variable says (``EINVOICE_KILLS=500``)."""
    return int(os.environ.get(f"EINVOICE_{name}", usual))


def spawn(role: str, fault: str, settings: Path, *, stdin: int | None = None) -> subprocess.Popen[str]:
    """Start one of our processes with a fault."""
    words = [sys.executable, str(PROCESSES), role, fault, str(settings)]
    here = os.pathsep.join(filter(None, (str(PROCESSES.parents[2]), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": here}
    return subprocess.Popen(words, stdin=stdin, stdout=subprocess.PIPE, text=True, env=environment)


class Child:
    """A process that was forked."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.nursery = nursery
        self.pid = pid
        self.returncode: int | None = None

    def kill(self) -> None:
        """End it at once, and wait until it is gone."""
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def wait(self) -> int:
        """How it ended; negative for a signal."""
        if self.returncode is None:
            self.returncode = int(self.nursery.ask(f"wait {self.pid}"))
        return self.returncode


class Nursery:
    """Forks our processes from one that has everything imported: hundreds of them can be killed within minutes."""

    def __init__(self) -> None:
        self.process = spawn("nursery", "", Path(), stdin=subprocess.PIPE)

    def fork(self, role: str, settings: Path, fault: str = "never") -> Child:
        """Start a process; an access point listens when this returns."""
        first = self.ask(f"{role} {fault} {settings}")
        second = self._line() if role == "point" else ""
        assert "dead" not in {first, second}
        return Child(self, int(second if first == "ready" else first))

    def ask(self, words: str) -> str:
        """Give an order; the first line of the answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        return self._line()

    def close(self) -> None:
        """Let it end."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(timeout=30)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@dataclass
class Ground:
    """A network whose access point b is a process of its own, started by the test."""

    folder: Path
    running: Running
    nursery: Nursery
    record: Callable[[str, object], None]

    def case(self, wrong: str, expected: str) -> None:
        """Say what goes wrong and what has to hold all the same."""
        self.record("wrong", wrong)
        self.record("expected", expected)

    def found(self, evidence: str) -> None:
        """Say what was found."""
        self.record("evidence", evidence)

    # ------------------------------------------------------------------------------------ what is done

    def outbox(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Outbox:
        return Outbox(Database(str(self.folder / "a.db")), clock)

    def queue(self, number: int, *, first: int = 0, document: bytes = DOCUMENT, into: Outbox | None = None) -> None:
        box = into or self.outbox()
        for each in range(first, first + number):
            payload = document.replace(b"ours", b"%d" % each)
            box.submit(
                Order(key=f"k{each}", channel="as4", payload=payload, media_type="application/xml", request=REQUEST)
            )
        if into is None:
            box.database.close()

    def put_off(self, number: int) -> None:
        """Queue invoices while the DNS fails, as ``einvoice send`` does: their form is open."""
        names, box, wiring = self.running.names, self.outbox(), load(str(self.folder / "a.toml"))
        names.mode = "servfail"
        for each in range(number):
            control = ProcessControl(business_process_type=BILLING.value, specification_identifier=PEPPOL)
            sound = invoice(number=f"RE-{each}", process_control=control)
            source = as_file(self.folder.parent, f"open-{each}.xml", sound)
            ready = prepare(source, Wanted(to="9915:b", force=True), wiring, Settings())
            assert ready.plan is None
            box.submit(ready.order)
        names.mode = "ok"
        box.database.close()

    @contextlib.contextmanager
    def receiving(self, fault: str = "never") -> Iterator[Child]:
        """The access point b, as a process that ends with the block."""
        point = self.nursery.fork("point", self.folder / "b.toml", fault)
        try:
            yield point
        finally:
            point.kill()

    def start(self, fault: str = "never") -> Child:
        """A courier, as a process."""
        return self.nursery.fork("courier", self.folder / "a.toml", fault)

    def courier(self, fault: str = "never") -> int:
        """Let a courier work until it ends or dies; how it ended."""
        return self.start(fault).wait()

    def forget_leases(self, box: Outbox | None = None) -> None:
        """As if five minutes had passed since the worker died, and every pause were over."""
        database = (box or self.outbox()).database
        with database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE message SET lease_until = NULL, due = 0 WHERE state NOT IN ('delivered', 'rejected', 'held')"
            )
        if box is None:
            database.close()

    def work_off(
        self,
        *,
        seconds: float = 60,
        until: State = State.DELIVERED,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        changes: Mapping[str, Any] | None = None,
    ) -> list[Message]:
        """Work in this process until every message has come to its end; ``changes`` are fields of the sender."""
        wiring = load(str(self.folder / "a.toml"))
        submitters: dict[str, Any] = dict(wiring.submitters())
        sender: As4Submitter = submitters["as4"]
        submitters["as4"] = dataclasses.replace(sender, **(changes or {}))
        box = self.outbox(now)
        worker = Courier(box, submitters, form=wiring.lookup().form)
        deadline = time.monotonic() + seconds
        while any(each.state is not until for each in box.find()):
            assert time.monotonic() < deadline, [(each.state, each.code, each.detail) for each in box.find()]
            if worker.step() is None:
                time.sleep(0.05)
        sent = box.find()
        box.database.close()
        return sent

    # ------------------------------------------------------------------------------------ what has to hold

    def check(self, number: int, *, proofs: tuple[bytes, ...] = (b"NonRepudiationInformation",)) -> None:
        """All are there, once, under the identity that they were given, each with its proof, and the story is whole."""
        box, inbox = self.outbox(), Inbox(Database(str(self.folder / "b.db")))
        sent, came = box.find(), inbox.find()
        assert len(sent) == number
        assert {each.state for each in sent} == {State.DELIVERED}
        assert sorted(each.instance_id or "" for each in came) == sorted(each.wire_id for each in sent)
        assert self._documents(inbox.database, came) == self._documents(box.database, sent)
        with inbox.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT count(*) FROM inbound").scalar_one()
            assert ledger.broken_at(connection) is None
            heard = ledger.head(connection)[0]
        assert rows == number  # not even a duplicate that was sorted out
        kinds = [kind for each in sent for kind in proofs if kind in self._evidence(box, each)]
        assert len(kinds) == number
        with box.database.read() as connection:
            assert ledger.broken_at(connection) is None
            told = ledger.head(connection)[0]
        attempts = sum(each.attempts for each in sent)
        for database in (box.database, inbox.database):
            database.close()
        words = {b"NonRepudiationInformation": "receipts", b"duplicate": "signed notices of a duplicate"}
        told_proofs = " and ".join(f"{kinds.count(kind)} {words[kind]}" for kind in proofs if kinds.count(kind))
        self.found(
            f"{number} queued, {rows} at the receiver under {len({each.instance_id for each in came})} identifiers,"
            f" {told_proofs}, {attempts} attempts; {told} and {heard} events in whole chains"
        )

    def _documents(self, database: Database, kept: list[Any]) -> list[bytes]:
        with database.read() as connection:
            return sorted(canonical(archive.get(connection, each.payload)) for each in kept)

    def _evidence(self, box: Outbox, message: Message) -> bytes:
        digest = box.attempts(message.id)[-1]["evidence"]
        assert digest is not None
        with box.database.read() as connection:
            return archive.get(connection, digest)


def canonical(document: bytes) -> bytes:
    """What two spellings of one document have in common: out of its envelope it comes without declaration and comments.

    The envelope itself is kept byte for byte.
    """
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False, remove_pis=True)
    return etree.tostring(etree.fromstring(document, parser), method="c14n", exclusive=True, with_comments=False)


@contextlib.contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    """Let no process outlive its test."""
    try:
        yield
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
