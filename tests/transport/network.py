# SPDX-License-Identifier: Apache-2.0
"""A network on loopback for tests: authorities, DNS, publisher, one access point that receives and one that sends."""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from einvoice.transport import http
from einvoice.transport.as4.receiver import AccessPoint, Delivery
from einvoice.transport.as4.submitter import As4Submitter
from einvoice.transport.base import Submission
from einvoice.transport.peppol.identifiers import DocumentType, ParticipantId, Process
from einvoice.transport.peppol.lookup import Directory
from einvoice.transport.server import As4Server, Bounds, run_in_thread
from einvoice.transport.testbed import authority
from einvoice.transport.testbed.names import NameServer
from einvoice.transport.testbed.publisher import Publisher, Registration
from einvoice.transport.trust import Authorities, Role

if TYPE_CHECKING:
    from einvoice.transport.identity import Identity

ZONE = "participant.testbed.invalid."
BILLING = Process("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
INVOICE = DocumentType(
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017#compliant"
    "#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1"
)
DOCUMENT = b"""<?xml version="1.0"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><!-- ours -->
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
</Invoice>"""


@dataclass(frozen=True)
class Certificates:
    """The certificates of a network, made once per process because keys take their time."""

    root: authority.Authority
    access_points: authority.Authority
    metadata: authority.Authority
    sender: Identity
    receiver: Identity
    publisher: Identity
    server: Identity

    @property
    def authorities(self) -> Authorities:
        """Whom to believe in this network."""
        return Authorities(
            roots=(self.root.identity.certificate,),
            issuers={
                Role.ACCESS_POINT: (self.access_points.identity.certificate,),
                Role.METADATA: (self.metadata.identity.certificate,),
            },
        )


@cache
def certificates() -> Certificates:
    root = authority.root("Testbed root")
    points, metadata = root.delegate("Testbed access points"), root.delegate("Testbed metadata")
    return Certificates(
        root,
        points,
        metadata,
        points.issue("PTB000001"),
        points.issue("PTB000002"),
        metadata.issue("SMP-TESTBED"),
        root.issue("localhost", hosts=("localhost", "127.0.0.1")),
    )


@cache
def tls() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The contexts of a server and of a client that believes it."""
    folder = Path(tempfile.mkdtemp())
    (folder / "server.pem").write_bytes(authority.to_pem(certificates().server))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(folder / "server.pem")
    client = ssl.create_default_context(cadata=authority.certificate_pem(certificates().root.identity).decode())
    return server, client


@dataclass
class Drawer:
    """Keeps deliveries in memory."""

    kept: dict[tuple[str, str], Delivery] = field(default_factory=dict)

    def keep(self, delivery: Delivery) -> bytes:
        return self.kept.setdefault((delivery.sender, delivery.message_id), delivery).receipt


@dataclass
class Network:
    """Everything that runs."""

    names: NameServer
    publisher: Publisher
    server: As4Server
    access_point: AccessPoint
    drawer: Drawer
    submitter: As4Submitter

    @property
    def address(self) -> str:
        return f"https://localhost:{self.server.server_address[1]}/as4"

    def close(self) -> None:
        for each in (self.names, self.publisher, self.server):
            each.shutdown()
            each.server_close()


def start() -> Network:
    """Start a network in which 9915:b receives invoices."""
    certs, (server_tls, client_tls) = certificates(), tls()
    drawer = Drawer()
    point = AccessPoint(
        identity=certs.receiver,
        authorities=certs.authorities,
        mailbox=drawer,
        services=lambda header: header.receiver.value.lower() == "9915:b",
        domain="b.testbed.invalid",
    )
    server = As4Server(("127.0.0.1", 0), point.receive, tls=server_tls, bounds=Bounds(seconds=10))
    run_in_thread(server)
    publisher = Publisher(certs.publisher, tls=server_tls).start()
    names = NameServer(ZONE, {"9915:b": publisher.base, "9915:c": publisher.base}).start()
    publisher.register(registration(f"https://localhost:{server.server_address[1]}/as4", certs.receiver))
    policy = http.Policy(private=True, tls=client_tls, connect=5, total=10)
    directory = Directory(zone=ZONE, resolver=names.resolver(), authorities=certs.authorities, policy=policy)
    submitter = As4Submitter(identity=certs.sender, directory=directory, policy=policy, domain="a.testbed.invalid")
    return Network(names, publisher, server, point, drawer, submitter)


def registration(address: str, identity: Identity, participant: str = "9915:b") -> Registration:
    return Registration(
        participant=ParticipantId(participant),
        document_type=INVOICE,
        process=BILLING,
        address=address,
        certificate=identity.certificate,
    )


def submission(key: str = "0b5a3a0e-1f5c-4d0e-9f0a-000000000001", **request: str) -> Submission:
    wanted = {
        "sender": "9915:a",
        "receiver": "9915:b",
        "document_type": str(INVOICE),
        "process": str(BILLING),
        "country": "DE",
    }
    return Submission(
        key=key, payload=DOCUMENT, media_type="application/xml", filename="invoice.xml", request=wanted | request
    )
