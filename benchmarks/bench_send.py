# SPDX-License-Identifier: Apache-2.0
"""How many documents a second one worker delivers over AS4 to an access point on the same machine, with receipts.

Budget: 100 documents of 10 kB a second, where sender and receiver have a core each. On a machine that is busy with
other things the wall clock says little: what counts is the time that the processors worked for one document in the
slower of the two processes, and the wall clock is printed beside it. What RSA, AES and the handshakes of TLS cost alone
is measured in the same run, as is reading one such document and checking it against its schema.
``bench_send.py 500``
sends fewer documents.
"""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.documents import of_size
from einvoice.bind import schema, xml
from einvoice.service import crew
from einvoice.service.channels import load
from einvoice.service.courier import Courier
from einvoice.service.itinerary import process_of
from einvoice.service.testbed import init
from einvoice.store.outbox import Order, Outbox
from einvoice.store.tables import State
from einvoice.transport.identity import load_identity
from einvoice.transport.peppol.identifiers import registered

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTS, SIZE, BUDGET = 2000, 10_000, 100
PORT = 23_440
UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017::2.1"
TICK = os.sysconf("SC_CLK_TCK")


def queue(box: Outbox, number: int) -> None:
    """Put documents into the outbox, each with a number of its own."""
    kind = next(each for each in registered() if each.value == UBL)
    request = {
        "sender": "9915:a",
        "receiver": "9915:b",
        "document_type": str(kind),
        "process": str(process_of(kind)),
        "country": "DE",
    }
    document = of_size(SIZE, "ubl")
    for each in range(number):
        payload = document.replace(b"B-2026-1", b"B-%07d" % each)
        box.submit(Order(key=f"k{each}", channel="as4", payload=payload, media_type="application/xml", request=request))


def worked(pid: int) -> float:
    """Seconds that the processors have worked for a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def each(work: Callable[[], object], rounds: int = 200) -> float:
    """Milliseconds of processor time for one piece of work."""
    work()
    begin = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - begin) / rounds * 1000


def handshake(server: ssl.SSLContext, client: ssl.SSLContext) -> None:
    """A handshake of TLS between two sides in memory."""
    a, b = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        server.wrap_bio(a, b, server_side=True),
        client.wrap_bio(b, a, server_hostname="localhost"),
    ]
    left = list(sides)
    while left:
        for side in list(left):
            try:
                side.do_handshake()
                left.remove(side)
            except ssl.SSLWantReadError:
                continue


def alone(folder: Path) -> dict[str, float]:
    """Milliseconds of RSA and AES for one document, of one handshake, and of reading a document and its schema."""
    identity = load_identity(folder / "a" / "identity.pem")
    public, data, oaep = identity.key.public_key(), of_size(SIZE, "ubl"), OAEP(MGF1(SHA256()), SHA256(), None)
    signed, key = identity.key.sign(data, PKCS1v15(), SHA256()), AESGCM.generate_key(128)
    wrapped, closed = public.encrypt(key, oaep), AESGCM(key).encrypt(bytes(12), data, None)
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    server.load_cert_chain(folder / "tls" / "server.pem")
    client.load_verify_locations(folder / "tls" / "authority.pem")
    twice = 2 * each(lambda: identity.key.sign(data, PKCS1v15(), SHA256()))  # message and receipt
    twice += 2 * each(lambda: public.verify(signed, data, PKCS1v15(), SHA256()))
    keys = each(lambda: public.encrypt(key, oaep)) + each(lambda: identity.key.decrypt(wrapped, oaep))
    aes = each(lambda: AESGCM(key).encrypt(bytes(12), data, None)) + each(
        lambda: AESGCM(key).decrypt(bytes(12), closed, None)
    )
    return {
        "crypto": twice + keys + aes,
        "handshake": each(lambda: handshake(server, client), 50),
        "schema": each(lambda: schema.validate(xml.parse(data), "ubl-invoice"), 50),
    }


def main() -> int:
    """Send, measure, print, and answer 1 if the budget is missed."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "net"
        init(folder, first_port=PORT)
        words = [sys.executable, "-c", "from einvoice.cli import main; main()", "testbed", "up", str(folder)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as receiver:
            try:
                receiver.stdout.readline()  # type: ignore[union-attr] # it is a pipe
                return measure(folder, number, receiver.pid)
            finally:
                receiver.terminate()


def measure(folder: Path, number: int, receiver: int) -> int:
    """The run itself; the receiver runs already."""
    wiring = load(str(folder / "a.toml"))
    database = wiring.database()
    box = Outbox(database)
    queue(box, number)
    ours, theirs, began = time.process_time(), worked(receiver), time.perf_counter()
    states = [message.state for message in crew.work(Courier(box, wiring.submitters()), once=True)]
    took = time.perf_counter() - began
    ours, theirs = (time.process_time() - ours) / number * 1000, (worked(receiver) - theirs) / number * 1000
    database.close()
    if states.count(State.DELIVERED) != number:
        print(f"only {states.count(State.DELIVERED)} of {number} were delivered")
        return 1
    cost = alone(folder)
    rate = 1000 / max(ours, theirs)
    print(f"{number} documents of {SIZE // 1000} kB: {number / took:.0f} a second by the clock on the wall")
    print(
        f"processor time for one: sender {ours:.2f} ms, receiver {theirs:.2f} ms; {rate:.0f} a second with a core each"
    )
    print(f"    (budget {BUDGET})")
    print(
        f"RSA and AES alone {cost['crypto']:.2f} ms, a handshake of TLS {cost['handshake']:.2f} ms (one for some"
        f" hundred documents): both sides take {(ours + theirs) / cost['crypto']:.1f} times the cryptography"
    )
    print(f"reading one document and checking it against its schema: {cost['schema']:.2f} ms")
    return 0 if rate >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
