# SPDX-License-Identifier: Apache-2.0
"""Whatever dies while answers are attended to: each counts once, and who asks is told once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from einvoice.bind import response
from einvoice.model.response import Endpoint, Party
from einvoice.service import respond
from einvoice.store import ledger
from einvoice.store.answers import Answers
from einvoice.store.database import Database
from einvoice.store.outbox import Order, Outbox
from tests.bind.answers import RESPONSE
from tests.e2e.ground import DOCUMENT, REQUEST, ended

if TYPE_CHECKING:
    from tests.e2e.ground import Ground

pytestmark = pytest.mark.e2e
ANSWERING = Path(__file__).with_name("answering.py")


def spawn(role: str, fault: str, settings: Path) -> subprocess.Popen[str]:
    here = os.pathsep.join(filter(None, (str(ANSWERING.parents[2]), os.environ.get("PYTHONPATH"))))
    words = [sys.executable, str(ANSWERING), role, fault, str(settings)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": here})


def attend(ground: Ground, fault: str = "never") -> int:
    """Let b attend to what waits until it ends or dies; how it ended."""
    process = spawn("reception", fault, ground.folder / "b.toml")
    with ended(process):
        return process.wait(timeout=60)


def invoice_of_b(ground: Ground) -> str:
    """An invoice that b sent to a; its identifier in b's outbox."""
    database = Database(str(ground.folder / "b.db"))
    order = Order(
        key="RE-1",
        channel="none",
        payload=b"invoice",
        media_type="text/plain",
        request={"sender": "9915:b", "receiver": "9915:a"},
        number="RE-1",
        receiver="9915:a",
    )
    message = Outbox(database).submit(order)
    database.close()
    return message.id


def answer_by_a(ground: Ground) -> None:
    """Put a rejection of that invoice into a's outbox."""
    document = response.write(replace(RESPONSE, sender=Party(endpoint=Endpoint("9915", "a"), name="Buyer")))
    request = REQUEST | {"document_type": str(respond.DOCUMENT_TYPE), "process": respond.PROCESS}
    box = ground.outbox()
    box.submit(Order(key="answer", channel="as4", payload=document, media_type="application/xml", request=request))
    box.database.close()


def said(ground: Ground, message: str) -> list[str]:
    """What b's ledger says of the invoice, the chain being whole."""
    database = Database(str(ground.folder / "b.db"))
    current = Answers(database).current([message])[message].buyer
    assert current is not None
    assert current.status == "RE"
    with database.read() as connection:
        assert ledger.broken_at(connection) is None
        kinds = [event.kind for event in ledger.read(connection, message)]
    database.close()
    return kinds


def test_an_access_point_that_dies_while_it_notes_an_answer_notes_it_later(ground: Ground) -> None:
    ground.case("receiver: SIGKILL after it stored an answer, before it is noted", "the answer counts, once")
    message = invoice_of_b(ground)
    answer_by_a(ground)
    dying = spawn("point", "before-noted", ground.folder / "b.toml")
    with ended(dying):
        assert dying.stdout is not None
        assert dying.stdout.readline() == "ready\n"
        ground.courier()
        assert dying.wait(timeout=30) == -signal.SIGKILL
    with ground.receiving():
        ground.forget_leases()
        ground.work_off()
    assert attend(ground, "within-noted") == -signal.SIGKILL
    assert attend(ground) == 0
    assert attend(ground) == 0
    assert said(ground, message) == ["queued", "answered"]
    ground.check(1)


def test_who_asks_is_told_once_whatever_dies(ground: Ground) -> None:
    ground.case("receiver: SIGKILL while it puts a message level status into its outbox", "the sender is told, once")
    box = ground.outbox()
    asks = REQUEST | {"mls_type": "ALWAYS_SEND"}
    box.submit(Order(key="asks", channel="as4", payload=DOCUMENT, media_type="application/xml", request=asks))
    box.database.close()
    with ground.receiving():
        ground.work_off()
    assert attend(ground, "before-tied") == -signal.SIGKILL
    assert attend(ground, "before-noted") == -signal.SIGKILL
    assert attend(ground) == 0
    database = Database(str(ground.folder / "b.db"))
    [told] = Outbox(database).find()
    assert told.receiver == "0242:000001"
    [tied] = Answers(database).replies(told.request["in_reply_to"])
    assert (tied.message, tied.status) == (told.id, "AB")
    with database.read() as connection:
        assert ledger.broken_at(connection) is None
    database.close()
    ground.found("one status in the outbox, tied to the document; the chain of events is whole")
