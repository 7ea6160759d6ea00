# SPDX-License-Identifier: Apache-2.0
"""A network of two access points on one machine: laid out in a folder, then run.

``init`` makes the authorities, the certificates and the settings of two access points, a and b; ``run`` starts DNS,
publisher, both access points and a mail server (SMTP and IMAP) on loopback; ``revoke`` takes a certificate back.
Nothing of it is believed in the real network, and no mail leaves it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from einvoice.errors import OutputError, UnknownNameError
from einvoice.service.channels import address, load
from einvoice.service.files import write_file
from einvoice.service.message_status import provider
from einvoice.service.served import usual_types
from einvoice.transport.http import presenting
from einvoice.transport.identity import load_identity
from einvoice.transport.peppol.identifiers import DocumentType, ParticipantId, registered
from einvoice.transport.server import As4Server
from einvoice.transport.testbed import authority
from einvoice.transport.testbed.imap import ImapServer
from einvoice.transport.testbed.mail import MailDrop, MailServer
from einvoice.transport.testbed.names import NameServer
from einvoice.transport.testbed.publisher import Publisher, Registration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from einvoice.store.database import Database
    from einvoice.transport.http import SSLContext

ZONE: Final = "participant.testbed.invalid."
MAIL: Final = "testbed.invalid"
"""The domain of the mailboxes: a@testbed.invalid and b@testbed.invalid."""
PORTS: Final = 6
"""How many ports are used: DNS, publisher, access points a and b, SMTP, IMAP."""
POINTS: Final = {"a": ("PTB000001", "9915:a"), "b": ("PTB000002", "9915:b")}
"""The access points: the common name of each, and the participant that it serves."""

_CATEGORIES: Final = {"Invoice", "Credit Note", "Self Billing Invoice", "Self Billing Credit Note", "Invoice Response"}
_LISTS: Final = {name: f"/lists/{name}.crl" for name in ("root", "access-points", "smp")}
"""Where the publisher has the list of certificates that each authority took back."""
_REVOKED: Final = "issuers/revoked"
_SETTINGS: Final = """\
# The access point {name} of a network to try. Nothing of it is believed in the real one.
database = "{name}.db"

[as4]
identity = "{name}/identity.pem"
authorities = "authorities"
domain = "{name}.testbed.invalid"
participant = "{participant}"
country = "DE"
zone = "{zone}"
dns = "127.0.0.1:{dns}"
private = true # everything here is on loopback
tls_authorities = "tls/authority.pem"
tls_identity = "tls/server.pem"
listen = "127.0.0.1:{port}"
receives = ["{participant}"]

[email]
sender = "{name}@{domain}"
host = "localhost"
port = {smtp}
tls_authorities = "tls/authority.pem"
imap_host = "localhost"
imap_port = {imap}
imap_user = "{name}"

[folder]
path = "{name}/out"
"""


def init(folder: Path, *, first_port: int = 18440) -> list[Path]:
    """Lay out a network in a folder.

    Args:
        folder: the folder; made when it is missing.
        first_port: six ports from here on are used: DNS, publisher, access points a and b, SMTP, IMAP.

    Returns:
        The settings files of the two access points.

    Raises:
        OutputError: there is a network already (``EXISTS``).
    """
    if (folder / "authorities").exists():
        raise OutputError("there is a network already", source=str(folder), code="EXISTS")
    points, files = _authorities(first_port)
    for number, (name, (common_name, participant)) in enumerate(POINTS.items()):
        files[f"{name}/identity.pem"] = authority.to_pem(points.issue(common_name))
        text = _SETTINGS.format(
            name=name,
            participant=participant,
            zone=ZONE,
            dns=first_port,
            port=first_port + 2 + number,
            domain=MAIL,
            smtp=first_port + 4,
            imap=first_port + 5,
        )
        files[f"{name}.toml"] = text.encode()
    for name, content in files.items():
        write_file(folder / name, content)
        if b"PRIVATE KEY" in content:
            (folder / name).chmod(0o600)
    return [folder / f"{name}.toml" for name in POINTS]


def _authorities(first_port: int) -> tuple[authority.Authority, dict[str, bytes]]:
    """The authority that issues to access points, and the files of all authorities and of the publisher."""
    lists = {name: f"https://localhost:{first_port + 1}{path}" for name, path in _LISTS.items()}
    root = authority.root("einvoice testbed root", list_at=lists["root"])
    points = root.delegate("einvoice testbed access points", list_at=lists["access-points"])
    metadata = root.delegate("einvoice testbed metadata", list_at=lists["smp"])
    return points, {
        "issuers/root.pem": authority.to_pem(root.identity),
        "issuers/access-points.pem": authority.to_pem(points.identity),
        "issuers/smp.pem": authority.to_pem(metadata.identity),
        "authorities/roots/root.pem": authority.certificate_pem(root.identity),
        "authorities/access-points/issuer.pem": authority.certificate_pem(points.identity),
        "authorities/smp/issuer.pem": authority.certificate_pem(metadata.identity),
        "smp/identity.pem": authority.to_pem(metadata.issue("SMP-TESTBED")),
        "tls/authority.pem": authority.certificate_pem(root.identity),
        "tls/server.pem": authority.to_pem(root.issue("localhost", hosts=("localhost", "127.0.0.1"))),
        "ports": str(first_port).encode(),
    }


def revoke(folder: Path, name: str) -> None:
    """Take the certificate of an access point, or of the publisher, back; the next list says so.

    Args:
        folder: the folder of the network.
        name: ``a``, ``b`` or ``smp``.

    Raises:
        UnknownNameError: there is no such certificate (``TESTBED``).
    """
    if name not in {*POINTS, "smp"}:
        raise UnknownNameError(f"{name!r} has no certificate here: there are a, b and smp", code="TESTBED")
    serial = load_identity(folder / name / "identity.pem").certificate.serial_number
    path = folder / _REVOKED
    before = path.read_bytes() if path.exists() else b""
    write_file(path, before + f"{'smp' if name == 'smp' else 'access-points'} {serial:x}\n".encode())


def _list_of(folder: Path, issuer: str) -> Callable[[], bytes]:
    """What makes the list of the certificates that an authority took back, as it is when it is asked for."""
    identity = load_identity(folder / "issuers" / f"{issuer}.pem")

    def made() -> bytes:
        path = folder / _REVOKED
        lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        pairs = [line.split() for line in lines]
        return authority.Authority(identity).revoked(int(serial, 16) for by, serial in pairs if by == issuer)

    return made


@dataclass
class Running:
    """A network that runs."""

    names: NameServer
    publisher: Publisher
    servers: list[As4Server]
    databases: list[Database]
    mail: MailServer
    imap: ImapServer

    def stop(self) -> None:
        """Stop everything."""
        for each in (self.names, self.publisher, self.imap, *self.servers):
            each.shutdown()
            each.server_close()
        self.mail.stop()
        for database in self.databases:
            database.close()


def run(folder: Path) -> Running:
    """Start DNS, publisher, both access points and the mail server of a network that was laid out.

    Args:
        folder: the folder.

    Raises:
        InputError: there is no network in the folder.
    """
    wirings = {name: load(str(folder / f"{name}.toml")) for name in POINTS}
    port = int((folder / "ports").read_text(encoding="ascii"))
    tls = presenting(folder / "tls/server.pem")
    publisher = Publisher(load_identity(folder / "smp/identity.pem"), tls=tls, address=("127.0.0.1", port + 1))
    publisher.lists = {path: _list_of(folder, issuer) for issuer, path in _LISTS.items()}
    known = [who for point, served in POINTS.values() for who in (served, str(provider(point)))]
    names = NameServer(ZONE, dict.fromkeys(known, publisher.base), ("127.0.0.1", port))
    servers, databases = [], []
    for name, wiring in wirings.items():
        settings = wiring.channels.as4
        database = wiring.database()
        point = wiring.access_point(database)
        server = As4Server(address(settings.listen if settings else ""), point.receive, tls=wiring.server_tls())
        databases.append(database)
        servers.append(server)
        url = f"https://localhost:{server.server_address[1]}/as4"
        for registration in _registrations(name, url, folder / name / "identity.pem"):
            publisher.register(registration)
    for each in (names, publisher, *servers):
        threading.Thread(target=each.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    mail, imap = _mail(folder, port + 4, tls)
    return Running(names, publisher, servers, databases, mail, imap)


def _mail(folder: Path, port: int, tls: SSLContext) -> tuple[MailServer, ImapServer]:
    """A mail server that keeps the mail of both in the folder."""
    drops = {name: MailDrop(folder / name / "mail") for name in POINTS}
    boxes = {f"{name}@{MAIL}": drop.add for name, drop in drops.items()}
    server = MailServer(boxes, ("127.0.0.1", port), tls=tls).start()
    return server, ImapServer(drops, ("127.0.0.1", port + 1), tls=tls).start()


def _registrations(name: str, url: str, identity: Path) -> Iterator[Registration]:
    """What is received: invoices and what answers them by the participant, the status of messages by the provider."""
    point, served = POINTS[name]
    certificate = load_identity(identity).certificate
    for participant, categories in ((served, _CATEGORIES), (str(provider(point)), {"Message Level Status"})):
        for kind in _types(categories):
            for process in registered()[kind].processes[:1]:
                yield Registration(
                    participant=ParticipantId(participant),
                    document_type=kind,
                    process=process,
                    address=url,
                    certificate=certificate,
                )


def _types(categories: set[str]) -> list[DocumentType]:
    """The document types of Peppol's list that are in use, taken here, and of these categories."""
    return [
        kind
        for kind, row in registered().items()
        if row.state == "active" and row.category in categories and kind in usual_types()
    ]
