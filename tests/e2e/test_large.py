# SPDX-License-Identifier: Apache-2.0
"""A document of 95 MB arrives, and several at once take the memory of one."""

from __future__ import annotations

import base64
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from einvoice.service.channels import load
from einvoice.store import archive
from einvoice.store.tables import State
from einvoice.transport import http
from tests.e2e.ground import DOCUMENT

if TYPE_CHECKING:
    from tests.e2e.ground import Ground

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SIZE = 95_000_000
AT_ONCE = 3
_ATTACHED = b"""<cac:AdditionalDocumentReference
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"><cac:Attachment>
<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf">%s</cbc:EmbeddedDocumentBinaryObject>
</cac:Attachment></cac:AdditionalDocumentReference></Invoice>"""


def large() -> bytes:
    """An invoice with an attachment that does not become smaller when it is compressed."""
    attachment = base64.b64encode(os.urandom(SIZE * 3 // 4))
    return DOCUMENT.replace(b"</Invoice>", _ATTACHED % attachment)


def peak(pid: int) -> int:
    """Bytes of memory that a process had at most."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of another process is read from /proc")
def test_a_document_of_95_mb_arrives_and_several_at_once_take_the_memory_of_one(ground: Ground) -> None:
    ground.case("a document of 95 MB, then the same message three times at once", "one document, bounded memory")
    ground.queue(1, document=large())
    with ground.receiving() as point:
        assert ground.courier() == 0
        [sent] = ground.outbox().find()
        assert (sent.state, sent.code) == (State.DELIVERED, "RECEIPT")
        for_one = peak(point.pid)
        box = ground.outbox()
        with box.database.read() as connection:
            wire = archive.get(connection, str(sent.wire))
        box.database.close()
        about = sent.wire_about or {}
        submitter = load(str(ground.folder / "a.toml")).as4()

        def post(_number: int) -> int:
            headers = {"Content-Type": about["content_type"]}
            return http.request("POST", about["url"], policy=submitter.policy, body=wire, headers=headers).status

        with ThreadPoolExecutor(AT_ONCE) as pool:
            assert set(pool.map(post, range(AT_ONCE))) <= {200, 503}  # 503: no room in time, come again
        for_all = peak(point.pid)
        ground.check(1)
    assert for_one < 12 * SIZE
    assert for_all < for_one + SIZE + 50_000_000  # bodies wait on the disk
    ground.found(f"one document; {for_one // 10**6} MB for one message, {for_all // 10**6} MB for {AT_ONCE} at once")
