# SPDX-License-Identifier: Apache-2.0
"""A DNS server that knows where the metadata of a few participants is published, for tests on one machine.

Source: RFC 1035, RFC 3403 (NAPTR), OpenPeppol SML 1.3.0.
"""

from __future__ import annotations

import socketserver
import threading
from typing import TYPE_CHECKING, Final

import dns.exception
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

from einvoice.transport.peppol import sml
from einvoice.transport.peppol.identifiers import ParticipantId

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIFE: Final = 60


class NameServer(socketserver.ThreadingUDPServer):
    """Answers questions for NAPTR records.

    Args:
        zone: the zone it speaks for.
        publishers: the address of the publisher for each participant (``9915:a``).
        address: where it listens; port 0 takes a free one.

    Attributes:
        mode: ``ok``, or the fault it plays: ``servfail``, ``silent``.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, zone: str, publishers: Mapping[str, str], address: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        super().__init__(address, _Question)
        self.mode = "ok"
        self.records = {
            sml.host(ParticipantId(who), zone): f'100 10 "U" "Meta:SMP" "!.*!{url}!" .'
            for who, url in publishers.items()
        }

    @property
    def port(self) -> int:
        """The port it listens at."""
        return int(self.server_address[1])

    def resolver(self, *, lifetime: float = 3.0) -> dns.resolver.Resolver:
        """A resolver that asks this server and no other."""
        return resolver("127.0.0.1", self.port, lifetime=lifetime)

    def start(self) -> NameServer:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self


def resolver(host: str, port: int, *, lifetime: float = 3.0) -> dns.resolver.Resolver:
    """A resolver that asks one server."""
    made = dns.resolver.Resolver(configure=False)
    made.nameservers = [host]
    made.port = port
    made.lifetime = lifetime
    return made


class _Question(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        data, sock = self.request
        try:
            question = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return
        answer = dns.message.make_response(question)
        name = question.question[0].name
        record = self.server.records.get(name.to_text().lower())
        if self.server.mode == "silent":
            return
        if self.server.mode == "servfail":
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif record is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            answer.answer.append(dns.rrset.from_text(name, _LIFE, "IN", "NAPTR", record))
        sock.sendto(answer.to_wire(), self.client_address)
