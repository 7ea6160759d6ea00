# SPDX-License-Identifier: Apache-2.0
"""What cannot be looked up waits in the outbox with its form open; it goes out once, whatever dies in between."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from einvoice.errors import ProfileError, StoreError
from einvoice.service.courier import Courier
from einvoice.service.forming import Lookup
from einvoice.service.send import Wanted, enqueue, prepare
from einvoice.service.settings import Settings
from einvoice.store import ledger
from einvoice.store.outbox import Outbox, Settlement
from einvoice.store.tables import State
from tests.transport.provider.accounts import SECRET, VARIABLE, account
from tests.transport.provider.installation import Installation
from tests.transport.provider.stub import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from einvoice.service.itinerary import Plan
    from einvoice.service.send import Ready
    from einvoice.store.messages import Formed
    from einvoice.store.outbox import Message

LOOKUP = "/peppol/lookup"
AWAY = Reply(503)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setenv(VARIABLE, SECRET)
    with account("peppyrus") as found:
        installation = Installation(tmp_path, found)
        yield installation
        installation.close()


def put_off(here: Installation, number: str = "RE-1") -> tuple[Ready, Message]:
    here.account.stub.fault(LOOKUP, AWAY)
    ready = here.ready(number)
    return ready, here.outbox.submit(ready.order)


def step(here: Installation, seconds: float = 10, form: object = None) -> None:
    here.now += timedelta(seconds=seconds)
    chosen = form or here.wiring.lookup().form
    Courier(here.outbox, here.channels, form=chosen).step()  # type: ignore[arg-type]


def steps(here: Installation, message: Message) -> list[str]:
    with here.database.read() as connection:
        return [each.kind for each in ledger.read(connection, message.id)]


def test_it_waits_with_the_reason_and_goes_out_once(here: Installation) -> None:
    ready, message = put_off(here)
    assert ready.plan is None
    assert (message.state, message.code, message.attempts) == (State.RETRY, "HTTP_503", 0)
    assert ready.put_off is not None
    assert message.detail == str(ready.put_off)
    here.account.stub.fault(LOOKUP, AWAY)
    step(here)
    assert (here.outbox.get(message.id).state, here.account.taken()) == (State.RETRY, 0)
    step(here, 60)
    after = here.outbox.get(message.id)
    assert after.state is State.ACCEPTED
    assert (after.wire_id, here.account.taken()) == (message.wire_id, 1)
    assert after.request["document_type"].startswith("busdox-docid-qns::urn:oasis")
    assert "form" not in after.request
    assert steps(here, message) == ["queued", "retry", "retry", "formed", "prepared", "attempt", "accepted"]


@pytest.mark.parametrize("when", ["while it waits", "after it went"])
def test_the_same_invoice_again_is_the_same_message(here: Installation, when: str) -> None:
    _, message = put_off(here)
    if when == "after it went":
        step(here)
    again = enqueue(here.ready(), here.database)
    assert (again.id, len(here.outbox.find())) == (message.id, 1)
    step(here, 60)
    assert here.account.taken() == 1


def test_an_invoice_that_went_out_before_is_not_put_off(here: Installation) -> None:
    message = here.sent()
    _, again = put_off(here)
    assert (again.id, again.state) == (message.id, message.state)
    assert here.account.taken() == 1


def test_the_number_with_other_content_is_refused(here: Installation) -> None:
    ready, _ = put_off(here)
    source = here.folder / "RE-1.xml"
    source.write_bytes(source.read_bytes().replace(b"Buyer GmbH", b"Buyer AG"))
    with pytest.raises(StoreError, match="has other bytes"):
        enqueue(prepare(ready.source, Wanted(channel="mine"), here.wiring, Settings()), here.database)


def test_what_is_not_valid_is_refused_at_once(here: Installation) -> None:
    source = here.ready().source
    text = (here.folder / "RE-1.xml").read_bytes()
    (here.folder / "RE-1.xml").write_bytes(
        text.replace(b'<cbc:PayableAmount currencyID="EUR">', b'<cbc:PayableAmount currencyID="EUR">9')
    )
    here.account.stub.fault(LOOKUP, AWAY)
    with pytest.raises(ProfileError, match="is invalid"):
        prepare(source, Wanted(channel="mine"), here.wiring, Settings())
    here.account.stub.fault(LOOKUP, AWAY)
    ready = prepare(source, Wanted(channel="mine", force=True), here.wiring, Settings())
    message = here.outbox.submit(ready.order)
    step(here)
    assert here.outbox.get(message.id).state is State.ACCEPTED
    assert steps(here, message)[:3] == ["queued", "forced", "retry"]


def test_a_courier_that_died_before_the_bytes_were_fixed_changes_nothing(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, message = put_off(here)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Outbox, "prepared", dies)
        with pytest.raises(KeyboardInterrupt):
            step(here)
    assert (here.outbox.get(message.id).payload, here.account.taken()) == (message.payload, 0)
    step(here, 600)
    assert (here.outbox.get(message.id).state, here.account.taken()) == (State.ACCEPTED, 1)


def test_a_receiver_that_turns_out_not_to_be_registered_rejects_it(here: Installation) -> None:
    _, message = put_off(here)
    here.account.stub.fault(LOOKUP, Reply(404))
    step(here)
    after = here.outbox.get(message.id)
    assert (after.state, after.code, after.attempts) == (State.REJECTED, "NOT_REGISTERED", 0)
    here.outbox.release(message.id, hold=False)
    step(here)
    assert (here.outbox.get(message.id).state, here.account.taken()) == (State.ACCEPTED, 1)


def test_what_is_not_valid_in_the_form_that_the_receiver_takes_is_held(here: Installation) -> None:
    _, message = put_off(here)

    def refuses(*_: object) -> Formed:
        raise ProfileError("is invalid: BR-1", code="NOT_VALID")

    step(here, form=refuses)
    after = here.outbox.get(message.id)
    assert (after.state, after.code, here.account.taken()) == (State.HELD, "NOT_VALID", 0)


def test_a_courier_that_looks_nothing_up_leaves_it_for_another_one(here: Installation) -> None:
    _, message = put_off(here)
    message = here.after(10, message)
    assert (message.state, message.code) == (State.RETRY, "FORM")
    step(here, 60)
    assert here.outbox.get(message.id).state is State.ACCEPTED


def invalid(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, no invoice is valid in the form that the receiver takes."""
    real = Lookup.plan

    def plan(self: Lookup, *of: Any) -> Plan:  # noqa: ANN401 - passed on
        found = real(self, *of)
        return msgspec.structs.replace(found, report=msgspec.structs.replace(found.report, verdict="invalid"))

    monkeypatch.setattr(Lookup, "plan", plan)


def insisted(here: Installation) -> Message:
    """The message after ``einvoice send --force``."""
    again = prepare(str(here.folder / "RE-1.xml"), Wanted(channel="mine", force=True), here.wiring, Settings())
    return here.outbox.submit(again.order)


@pytest.mark.parametrize("away", [False, True])
def test_what_is_held_for_its_faults_goes_out_once_when_somebody_insists(
    here: Installation, monkeypatch: pytest.MonkeyPatch, *, away: bool
) -> None:
    _, message = put_off(here)
    invalid(monkeypatch)
    step(here)
    assert here.outbox.get(message.id).code == "NOT_VALID"
    here.outbox.release(message.id, hold=False)
    step(here)
    assert here.outbox.get(message.id).state is State.HELD, "to let it go on is not to insist"
    if away:
        here.account.stub.fault(LOOKUP, AWAY)
    assert (insisted(here).id, insisted(here).state) == (message.id, State.QUEUED)
    step(here, 0)
    step(here, 60)
    after = here.outbox.get(message.id)
    assert (after.state, after.wire_id, here.account.taken()) == (State.ACCEPTED, message.wire_id, 1)
    assert steps(here, message).count("forced") == 1
    assert (insisted(here).state, here.account.taken()) == (State.ACCEPTED, 1)


def test_who_forms_it_while_somebody_insists_loses_it(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    _, message = put_off(here)
    invalid(monkeypatch)
    here.now += timedelta(seconds=10)
    claimed = here.outbox.claim("one")
    assert claimed is not None
    insisted(here)
    step(here, 0)
    assert here.account.taken() == 1
    with pytest.raises(StoreError, match="another worker"):
        here.outbox.settle(claimed, Settlement(outcome="held", code="NOT_VALID"))
    assert here.outbox.get(message.id).state is State.ACCEPTED


def test_what_a_person_stopped_stays_so_and_is_forced_when_it_is_let_go(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, message = put_off(here)
    invalid(monkeypatch)
    step(here)
    here.outbox.release(message.id, hold=False)
    here.outbox.release(message.id, hold=True)
    assert insisted(here).state is State.HELD
    step(here, 60)
    assert here.account.taken() == 0
    here.outbox.release(message.id, hold=False)
    step(here)
    assert (here.outbox.get(message.id).state, here.account.taken()) == (State.ACCEPTED, 1)
