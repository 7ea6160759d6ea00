# SPDX-License-Identifier: Apache-2.0
"""Receivers that drop, lie, drip or flood: bounded time and memory, and in the end every document once."""

from __future__ import annotations

import gzip
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.errors import TransportError
from einvoice.service.channels import load
from einvoice.store.tables import State
from einvoice.transport import http
from einvoice.transport.as4 import compression, envelope, signals
from einvoice.transport.base import Submission
from tests.e2e.ground import DOCUMENT, REQUEST

if TYPE_CHECKING:
    from tests.e2e.ground import Ground

pytestmark = pytest.mark.e2e

PROVEN = (b"NonRepudiationInformation",)
FAULTS = {
    "drop": "the connection ends without an answer, nothing was stored",
    "drop-after-store": "the connection ends without an answer, everything was stored",
    "503": "503 without a word",
    "late": "everything was stored, the answer comes after the time is up",
    "truncated": "everything was stored, half of the receipt comes",
    "empty": "200 and nothing in it",
    "html": "200 with a page of maintenance",
    "later": "EBMS:0202, signed",
    "signed-by-another": "a receipt in due form, signed by somebody else",
    "receipt-of-another": "to the second message, the receipt of the first one",
    "redirect": "307 to https://169.254.169.254/ after storing",
    "gigabyte": "an answer of 1 GB after storing",
    "drip": "the receipt, five bytes a second (slow loris)",
}
FAST = {"late", "drip"}
CAC = b"""<cac:AdditionalDocumentReference
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">%s</cac:AdditionalDocumentReference>"""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_receiver_misbehaves_and_then_does_not(ground: Ground, fault: str) -> None:
    ground.case(
        f"receiver: {FAULTS[fault]}", "no delivery until a receipt proves it; the same bytes again; delivered once"
    )
    ground.queue(3)
    policy = sender_policy(ground)
    with ground.receiving(fault):
        began = time.monotonic()
        changes = {"policy": msgspec.structs.replace(policy, total=2.0)} if fault in FAST else {}
        sent = ground.work_off(changes=changes)
        took = time.monotonic() - began
        assert sum(each.attempts for each in sent) > 3
        ground.check(3)
    assert took < 60


def test_an_answer_in_chunks_is_one(ground: Ground) -> None:
    ground.case("receiver: the receipt comes in chunks", "delivered at the first attempt")
    ground.queue(3)
    with ground.receiving("chunked"):
        assert {each.attempts for each in ground.work_off()} == {1}
        ground.check(3)


@pytest.mark.parametrize("code", ["4001", "0004"])
def test_a_receiver_that_says_duplicate_has_it(ground: Ground, code: str) -> None:
    """As phase4 does, which gives no receipt for what it has already."""
    ground.case(
        f"receiver: the first receipt is lost, what comes again is answered with EBMS:{code} (duplicate)",
        "delivered, with the signed notice as evidence",
    )
    ground.queue(3)
    with ground.receiving(f"duplicate-error-{code}"):
        ground.work_off()
        ground.check(3, proofs=(*PROVEN, b"duplicate"))


def test_a_receiver_that_does_not_serve_is_believed(ground: Ground) -> None:
    ground.case("receiver: EBMS:0004 PEPPOL:NOT_SERVICED, signed", "rejected, with the signed notice as evidence")
    ground.queue(2)
    with ground.receiving("not-serviced"):
        sent = ground.work_off(until=State.REJECTED)
    assert all("NOT_SERVICED" in str(each.detail) for each in sent)
    ground.found("2 rejected at the first attempt, with the receiver's signed word")


def sender_policy(ground: Ground) -> http.Policy:
    return load(str(ground.folder / "a.toml")).as4().policy


def test_a_tls_server_that_nobody_vouches_for_gets_nothing(ground: Ground) -> None:
    ground.case(
        "receiver: TLS under an authority that is not believed", "nothing leaves; delivered once when it is believed"
    )
    ground.queue(2)
    policy = sender_policy(ground)
    sender = load(str(ground.folder / "a.toml")).as4()
    wanted = submission()
    with ground.receiving():
        prepared = sender.prepare(wanted)
        strict = msgspec.structs.replace(policy, tls=None)
        with pytest.raises(TransportError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            http.request("POST", prepared.about["url"], policy=strict, body=prepared.wire)
        assert caught.value.code == "CONNECT"
        ground.work_off()
        ground.check(2)


def submission(payload: bytes = DOCUMENT) -> Submission:
    return Submission(
        key="11111111-0000-4000-8000-000000000000",
        payload=payload,
        media_type="application/xml",
        filename="invoice.xml",
        request=REQUEST,
    )


def peak(pid: int) -> int:
    """The most memory that a process ever had, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def test_a_gzip_bomb_costs_bounded_memory(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed and sealed in due form by a member of the network: 300 MB in a message of some hundred kB."""
    ground.case(
        "sender: a payload that grows from 300 kB to 300 MB (gzip bomb)",
        "refused with an error of ebMS, in bounded memory",
    )
    sender = load(str(ground.folder / "a.toml")).as4()
    with ground.receiving() as receiver:
        before = peak(receiver.pid)
        grown = gzip.compress(bytes(300_000_000))
        monkeypatch.setattr(compression, "compress", lambda _payload: grown)
        prepared = sender.prepare(submission())
        got = http.request(
            "POST",
            prepared.about["url"],
            policy=sender.policy,
            body=prepared.wire,
            headers={"Content-Type": prepared.about["content_type"]},
        )
        signal = signals.from_element(envelope.read(got.body).messaging)
        after = peak(receiver.pid)
    assert signal is not None
    assert [each.code for each in signal.problems] == ["EBMS:0303"]
    assert after - before < 250
    ground.found(
        f"{len(prepared.wire):,} bytes on the wire, EBMS:0303, at most {after - before} MB more at the receiver"
    )


def test_an_attachment_of_40_mb_arrives(ground: Ground) -> None:
    ground.case("sender: a document with 40 MB of base64 in one element", "delivered once, unchanged")
    part = b"<cac:Attachment><cbc:EmbeddedDocumentBinaryObject>%s</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
    huge = DOCUMENT.replace(b"</Invoice>", CAC % (part % (b"QUJD" * 10_000_000)) + b"</Invoice>")
    ground.queue(1, document=huge)
    with ground.receiving():
        ground.work_off()
        ground.check(1)
