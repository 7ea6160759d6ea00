# SPDX-License-Identifier: Apache-2.0
"""An installation with a database and the account of a stub in its settings file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import structs

from einvoice.model import Identifier, ProcessControl
from einvoice.service.channels import Wiring, load
from einvoice.service.courier import Courier
from einvoice.service.send import Ready, Wanted, prepare
from einvoice.service.settings import Settings
from einvoice.store.outbox import Outbox
from tests.service.sample import PEPPOL, as_file, invoice
from tests.transport.provider.accounts import VARIABLE, Account

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.store.database import Database
    from einvoice.store.outbox import Message

_MORE = {
    "phoss-ap": "",
    "peppyrus": "",
    "recommand": 'company = "c_1"\nkey = "key_1"',
    "storecove": "legal_entity = 7",
    "e-invoice-be": "",
    "afnor": 'token_url = "{url}/token"\nclient = "client"',
}
_BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_PREFIX = {"afnor": "/flow-service"}


class Installation:
    """Settings, database, couriers and a clock that is set by hand."""

    def __init__(self, folder: Path, account: Account, more: str = "") -> None:
        self.folder = folder
        self.account = account
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.real = False
        self.settings = folder / "einvoice.toml"
        kind, url = account.kind, account.stub.url
        self.settings.write_text(
            f'[provider.mine]\nkind = "{kind}"\nurl = "{url}{_PREFIX.get(kind, "")}"\nsecret_variable = "{VARIABLE}"\n'
            f"private = true\nplain = true\n{_MORE[kind].format(url=url)}\n{more}\n",
            encoding="utf-8",
        )
        self.wiring: Wiring = load(str(self.settings))
        self.database: Database = self.wiring.database()
        self.outbox = Outbox(self.database, self.clock)
        self.channels = self.wiring.submitters()

    def tick(self) -> None:
        """From here on the clock is that of everybody."""
        self.real = True

    def clock(self) -> datetime:
        return datetime.now(UTC) if self.real else self.now

    def close(self) -> None:
        self.database.close()

    def ready(self, number: str = "RE-1", to: str | None = None) -> Ready:
        """An invoice that can go out, as ``einvoice send`` makes it."""
        sound = invoice(
            number=number,
            process_control=ProcessControl(business_process_type=_BILLING, specification_identifier=PEPPOL),
        )
        assert sound.seller is not None
        assert sound.buyer is not None
        own = Identifier("0123456749", scheme="0208")
        seller = structs.replace(sound.seller, electronic_address=own, legal_registration_identifier=own)
        buyer = structs.replace(sound.buyer, electronic_address=Identifier("0987654394", scheme="0208"))
        source = as_file(self.folder, f"{number}.xml", structs.replace(sound, seller=seller, buyer=buyer))
        return prepare(source, Wanted(channel="mine", to=to), self.wiring, Settings())

    def sent(self, number: str = "RE-1") -> Message:
        """An invoice in the outbox after its first step."""
        message = self.outbox.submit(self.ready(number).order)
        return self.after(0, message)

    def after(self, seconds: float, message: Message) -> Message:
        """The message after some time has passed and a courier has done what is due."""
        self.now += timedelta(seconds=seconds)
        Courier(self.outbox, self.channels).step()
        return self.outbox.get(message.id)

    def delivers(self) -> None:
        """The provider delivers all that it has taken."""
        stub = self.account.stub
        for each in getattr(stub, "messages", {}).values():
            each["folder"] = "Sent" if each["direction"] == "OUT" else each["folder"]
        for each in getattr(stub, "flows", {}).values():
            each["acknowledgement"] = {"status": "Ok"}
        if self.account.kind == "e-invoice-be":
            for each in stub.documents.values():
                each["state"] = "SENT" if each["state"] == "TRANSIT" else each["state"]
        if self.account.kind == "storecove":
            stub.delivered |= {each["guid"] for each in stub.submissions.values()}
