# SPDX-License-Identifier: Apache-2.0
"""An account at each of the six stubs, and a document to send over it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from einvoice.transport.base import Submission
from einvoice.transport.provider.afnor import AfnorFlow
from einvoice.transport.provider.credentials import Basic, Bearer, ClientCredentials, HeaderKey, Secret
from einvoice.transport.provider.e_invoice_be import EInvoiceBe
from einvoice.transport.provider.peppyrus import Peppyrus
from einvoice.transport.provider.phoss_ap import PhossAp
from einvoice.transport.provider.recommand import Recommand
from einvoice.transport.provider.rest import Rest
from einvoice.transport.provider.storecove import Storecove
from tests.transport.provider.belgium import REGISTERED, EInvoiceBeStub, PeppyrusStub, RecommandStub
from tests.transport.provider.elsewhere import AfnorStub, PhossStub, StorecoveStub
from tests.transport.provider.stub import POLICY, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.transport.base import Result
    from einvoice.transport.provider.contract import Provider
    from einvoice.transport.provider.credentials import Credentials

VARIABLE = "TEST_PROVIDER_SECRET"
KEY = "6f1a4c1e-0d4b-4a53-9a43-0f6f4a8f2b11"
INVOICE = (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n'
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
    "<cbc:ID>RE-1</cbc:ID><cbc:Note>Größe &lt; 5</cbc:Note></Invoice>\n"
).encode()

KINDS = ("phoss-ap", "peppyrus", "recommand", "storecove", "e-invoice-be", "afnor")

SUBMIT = {
    "phoss-ap": "/api/outbound/submit/",
    "peppyrus": "/message$",
    "recommand": "/send$",
    "storecove": "/document_submissions$",
    "e-invoice-be": "/send$",
    "afnor": "/v1/flows$",
}
"""The path at which a document is handed over."""


@dataclass(frozen=True)
class Account:
    """A provider's adapter and the stub behind it."""

    kind: str
    adapter: Provider
    stub: Any

    def send(self, submission: Submission, attempt: int = 1, *, unsure: bool = False) -> Result:
        """Prepare and submit."""
        prepared = msgspec.structs.replace(self.adapter.prepare(submission), unsure=unsure)
        return self.adapter.submit(submission, prepared, attempt=attempt)

    def taken(self) -> int:
        """How many times the document was taken for sending."""
        stub = self.stub
        if self.kind == "e-invoice-be":
            return sum(int(each["sends"]) for each in stub.documents.values())
        kept = {"phoss-ap": "transactions", "peppyrus": "messages", "recommand": "documents"}
        kept |= {"storecove": "submissions", "afnor": "flows"}
        return len(getattr(stub, kept[self.kind]))


@contextmanager
def account(kind: str) -> Iterator[Account]:
    """An account at a running stub."""
    stub, adapter = _made(kind)
    try:
        yield Account(kind, adapter, stub)
    finally:
        stub.close()


def submission(payload: bytes = INVOICE, **request: str) -> Submission:
    """A document on its way; ``request`` changes what the channel is told."""
    about = {
        "sender": "0208:0123",
        "receiver": "0208:0999",
        "country": "BE",
        "document_type": REGISTERED[0],
        "process": "cenbii-procid-ubl::urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    }
    return Submission(
        key=KEY,
        payload=payload,
        media_type="application/xml",
        filename="RE-1.xml",
        request=about | request,
        created=datetime(2026, 11, 22, tzinfo=UTC),
    )


def _rest(name: str, url: str, credentials: Credentials) -> Rest:
    return Rest(name=name, base=url, policy=POLICY, credentials=credentials)


def _made(kind: str) -> tuple[Any, Provider]:
    secret = Secret(VARIABLE)
    if kind == "phoss-ap":
        phoss = PhossStub()
        return phoss, PhossAp(_rest("phoss-ap", phoss.url, HeaderKey("X-Token", secret)))
    if kind == "peppyrus":
        peppyrus = PeppyrusStub()
        return peppyrus, Peppyrus(_rest("Peppyrus", peppyrus.url, HeaderKey("X-Api-Key", secret)))
    if kind == "recommand":
        recommand = RecommandStub()
        rest = _rest("Recommand", recommand.url, Basic("key_1", secret))
        return recommand, Recommand(rest, company=RecommandStub.company)
    if kind == "storecove":
        storecove = StorecoveStub()
        return storecove, Storecove(_rest("Storecove", storecove.url, Bearer(secret)), legal_entity=7)
    if kind == "e-invoice-be":
        e_invoice_be = EInvoiceBeStub()
        return e_invoice_be, EInvoiceBe(_rest("e-invoice.be", e_invoice_be.url, Bearer(secret)))
    afnor = AfnorStub()
    credentials = ClientCredentials(f"{afnor.url}/token", "client", secret)
    return afnor, AfnorFlow(_rest("the platform", f"{afnor.url}/flow-service", credentials))


__all__ = ["INVOICE", "KEY", "KINDS", "SECRET", "SUBMIT", "VARIABLE", "Account", "account", "submission"]
