# SPDX-License-Identifier: Apache-2.0
"""The channels of one installation: a settings file, and what is made of it.

The file is TOML. Paths in it are relative to it. Secrets stand in files or in environment variables that it names,
never in it.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.errors import EinvoiceError, InputError, MissingExtraError, SecurityError, TransportError
from einvoice.service.settings_file import read_channels

if TYPE_CHECKING:
    from dns.resolver import Resolver

    from einvoice.service.channel_settings import As4Settings, Channels, EmailSettings
    from einvoice.service.forming import Lookup
    from einvoice.service.reception import Reception
    from einvoice.store.database import Database
    from einvoice.transport.as4.receiver import AccessPoint
    from einvoice.transport.as4.submitter import As4Submitter
    from einvoice.transport.base import Submitter
    from einvoice.transport.http import Policy, SSLContext
    from einvoice.transport.identity import Identity
    from einvoice.transport.mail.mailbox import Mailbox
    from einvoice.transport.mail.submitter import Mailer
    from einvoice.transport.peppol.lookup import Directory
    from einvoice.transport.provider.contract import Provider
    from einvoice.transport.revocation import RevocationLists
    from einvoice.transport.server import As4Server
    from einvoice.transport.trust import Authorities

DEFAULT: Final = "einvoice.toml"
VARIABLE: Final = "EINVOICE_SETTINGS"
_HTTPS: Final = 443
_LAST_PORT: Final = 65_535

_LIBRARIES: Final = ("alembic", "cryptography", "dns", "sqlalchemy")


class Wiring:
    """The parts of an installation, made when they are asked for.

    Args:
        channels: the settings.
        home: the folder that their paths are relative to.
        file: where they stand, as the user named it.

    Raises:
        MissingExtraError: the extra ``transport`` is not installed.
    """

    def __init__(self, channels: Channels, home: Path, file: str = DEFAULT) -> None:
        need_extra()
        self.channels = channels
        self.home = home
        self.file = file
        self._providers: dict[str, Provider] = {}

    def database(self) -> Database:
        """The database, brought up to date."""
        from einvoice.store.database import Database

        url = self.channels.database
        return Database(url if "://" in url else str(self.home / url))

    def submitters(self) -> dict[str, Submitter]:
        """The ways out that are set up, by their names."""
        found: dict[str, Submitter] = {}
        if self.channels.as4 is not None:
            found["as4"] = self.as4()
        if self.channels.folder is not None:
            from einvoice.transport.folder import FolderSubmitter

            found["folder"] = FolderSubmitter(self.home / self.channels.folder.path)
        if self.channels.email is not None and self.channels.email.host is not None:
            found["email"] = self.mailer()
        return found | self.providers()

    def providers(self) -> dict[str, Provider]:
        """The accounts at providers of access points, by their names."""
        from einvoice.service.providers import check_names, provider

        if not self._providers:
            check_names(self.channels.provider)
            self._providers = {name: provider(name, each, self.home) for name, each in self.channels.provider.items()}
        return self._providers

    def secret_of(self, name: str) -> None:
        """See that the secret of an account at a provider is there.

        Args:
            name: the account.

        Raises:
            EinvoiceError: it is not (``SETTINGS``); the message names its variable.
        """
        from einvoice.transport.provider.credentials import Secret

        try:
            Secret(self.channels.provider[name].secret_variable).value()
        except TransportError as error:
            raise self._refusal(f"[provider.{name}] {error.message}") from None

    def lookup(self) -> Lookup:
        """What chooses the form of invoices by what their receivers take."""
        from einvoice.service.forming import Lookup
        from einvoice.service.settings import Settings

        return Lookup(self, Settings.from_environment())

    def mailer(self) -> Mailer:
        """The mail server that takes messages."""
        from einvoice.transport.identity import load_identity
        from einvoice.transport.mail.submitter import Mailer

        settings = self._email()
        if settings.host is None or settings.sender is None:
            raise self._refusal("[email] needs host and sender to send")
        return Mailer(
            host=settings.host,
            port=settings.port,
            tls=settings.tls,
            user=settings.user,
            password=self._secret(settings.password_variable, "email"),
            sender=settings.sender,
            context=self._believing(settings.tls_authorities),
            signer=load_identity(self.home / settings.signer) if settings.signer else None,
        )

    def mailbox(self) -> Mailbox:
        """The mailbox that invoices come into."""
        from einvoice.transport.mail.mailbox import Mailbox

        settings = self._email()
        user = settings.imap_user or settings.user
        if settings.imap_host is None or user is None:
            raise self._refusal("[email] needs imap_host and imap_user to receive")
        return Mailbox(
            host=settings.imap_host,
            port=settings.imap_port,
            tls=settings.imap_tls,
            user=user,
            password=self._secret(settings.password_variable, "email") or "",
            folder=settings.imap_folder,
            context=self._believing(settings.tls_authorities),
        )

    def _email(self) -> EmailSettings:
        if self.channels.email is None:
            raise self._refusal("no mail server is set up: it needs a section [email]")
        return self.channels.email

    def _believing(self, authorities: str | None) -> SSLContext | None:
        from einvoice.transport.http import believing

        return believing(self.home / authorities) if authorities else None

    def as4(self) -> As4Submitter:
        """The access point that sends."""
        from einvoice.transport.as4.submitter import As4Submitter

        settings = self._as4()
        return As4Submitter(
            identity=self._identity(), directory=self.directory(), policy=self._policy(), domain=settings.domain
        )

    def directory(self) -> Directory:
        """The registered participants of the network."""
        from einvoice.transport.peppol import sml
        from einvoice.transport.peppol.lookup import Directory

        settings = self._as4()
        return Directory(
            zone=sml.ZONES.get(settings.zone, settings.zone),
            resolver=self._resolver(),
            authorities=self._authorities(),
            policy=self._policy(),
        )

    def access_point(self, database: Database) -> AccessPoint:
        """The access point that receives, into the inbox of a database."""
        from einvoice.service.mailbox import InboxMailbox
        from einvoice.service.message_status import provider
        from einvoice.service.served import served
        from einvoice.service.sorting import Sorter
        from einvoice.store.inbox import Inbox
        from einvoice.transport.as4.receiver import AccessPoint

        settings, identity = self._as4(), self._identity()
        own = (provider(identity.name), settings.mls_to)  # who is told what became of messages
        return AccessPoint(
            identity=identity,
            authorities=self._authorities(),
            mailbox=InboxMailbox(Inbox(database), Sorter(database).sort),
            services=served([each for each in (*settings.receives, *own) if each], settings.document_types),
            domain=settings.domain,
        )

    def server(self, point: AccessPoint) -> As4Server:
        """The server in front of the access point that receives; it listens already.

        Raises:
            EinvoiceError: nobody can listen at the address of the settings (``SETTINGS``).
        """
        from einvoice.transport.server import As4Server

        listen = self._as4().listen
        try:
            return As4Server(address(listen), point.receive, tls=self.server_tls())
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise self._refusal(
                f"cannot listen at {listen!r}: {why}; listen in [as4] says where, such as 127.0.0.1:8443"
            ) from None
        except EinvoiceError as error:
            raise self._refusal(f"listen in [as4]: {error.message}") if error.code == "SETTINGS" else error from None

    def reception(self, database: Database) -> Reception:
        """What attends to everything that came into a database."""
        from einvoice.service.message_status import Teller
        from einvoice.service.reception import Reception
        from einvoice.service.settings import Settings
        from einvoice.transport.identity import country_of

        settings = self.channels.as4
        if settings is None or settings.mls == "off":
            return Reception(database)
        identity = self._identity()
        teller = Teller(
            database,
            own=identity.name,
            country=settings.country or country_of(identity.certificate),
            judges=settings.mls == "judged",
            limits=Settings.from_environment(),
        )
        return Reception(database, teller)

    def server_tls(self) -> SSLContext | None:
        """Certificate and key of the server, where it speaks TLS itself."""
        settings = self._as4()
        if settings.tls_identity is None:
            return None
        from einvoice.transport.http import presenting

        return presenting(self.home / settings.tls_identity)

    def _as4(self) -> As4Settings:
        if self.channels.as4 is None:
            raise self._refusal("no access point is set up: it needs a section [as4]")
        return self.channels.as4

    def _identity(self) -> Identity:
        from einvoice.transport.identity import load_identity

        settings = self._as4()
        password = self._secret(settings.password_variable, "as4")
        try:
            return load_identity(self.home / settings.identity, password=password.encode() if password else None)
        except SecurityError as error:
            if password is not None or "password" not in error.message:
                raise
            raise self._refusal(
                f"{error}; where it has one, password_variable in [as4] names the environment variable that holds it"
            ) from None

    def _secret(self, variable: str | None, section: str) -> str | None:
        """The secret of a section; nothing where the section names no variable."""
        if variable is None:
            return None
        found = os.environ.get(variable)
        if not found:
            raise self._refusal(f"[{section}] names the environment variable {variable} (password_variable): set it")
        return found

    def _refusal(self, why: str) -> EinvoiceError:
        return EinvoiceError(why, source=self.file, code="SETTINGS")

    def _authorities(self) -> Authorities:
        from einvoice.transport.trust import load_authorities

        folder = self.home / self._as4().authorities
        return load_authorities(folder, revocations=self._revocations(folder))

    def _revocations(self, authorities: Path) -> RevocationLists | None:
        from einvoice.transport.revocation import RevocationLists

        settings = self._as4()
        if settings.revocation == "off":
            return None
        kept = settings.revocation_lists
        # Lists are signed, and most authorities publish them over plain HTTP.
        ports = (80, 443) if self._ports() is not None else None
        return RevocationLists(
            policy=msgspec.structs.replace(self._policy(), plain=True, ports=ports, total=30.0),
            folder=authorities / "crls",
            cache=self.home / kept if kept is not None else None,
            hard=settings.revocation == "hard",
        )

    def _ports(self) -> tuple[int, ...] | None:
        settings = self._as4()
        return (_HTTPS,) if settings.ports is None and settings.zone == "production" else settings.ports

    def _policy(self) -> Policy:
        from einvoice.transport.http import Policy

        settings = self._as4()
        return Policy(private=settings.private, tls=self._believing(settings.tls_authorities), ports=self._ports())

    def _resolver(self) -> Resolver:
        import dns.exception
        import dns.resolver

        settings = self._as4()
        try:
            made = dns.resolver.Resolver(configure=settings.dns is None)
            made.lifetime = 10.0
            if settings.dns is not None:
                host, _, port = settings.dns.rpartition(":")
                made.nameservers = [host or settings.dns]
                made.port = int(port) if host else 53
        except (ValueError, dns.exception.DNSException):
            raise EinvoiceError(
                f"no name server to ask: dns = {settings.dns!r} in [as4] has to be an address, such as"
                ' "127.0.0.1:5353"; without it those of the system are asked',
                code="SETTINGS",
            ) from None
        return made


def load(path: str | None) -> Wiring:
    """Read the settings file.

    Args:
        path: the file; by default what ``EINVOICE_SETTINGS`` names, else ``einvoice.toml`` in the current folder.

    Raises:
        InputError: there is none, or it cannot be used.
        MissingExtraError: the extra ``transport`` is not installed.
    """
    file = Path(path or os.environ.get(VARIABLE) or DEFAULT)
    try:
        channels = read_channels(file)
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror}); it says which channels there are: --settings FILE, or"
            f" einvoice testbed init DIR for a network to try",
            source=str(file),
            code="SETTINGS",
        ) from None
    return Wiring(channels, file.absolute().parent, str(file))


def address(text: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:8443``.

    Raises:
        EinvoiceError: it is none (``SETTINGS``).
    """
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > _LAST_PORT:
        raise EinvoiceError(f"{text!r} is no address to listen at, such as 127.0.0.1:8443", code="SETTINGS")
    return host, int(port)


def need_extra() -> None:
    """See that what sending and receiving need is installed; the store and all channels import it.

    Raises:
        MissingExtraError: the extra ``transport`` is not installed.
    """
    if any(find_spec(name) is None for name in _LIBRARIES):
        raise MissingExtraError("transport", "sending and receiving")
