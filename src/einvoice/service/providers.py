# SPDX-License-Identifier: Apache-2.0
"""The providers of an installation: made from their settings, and asked what a receiver takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from einvoice.errors import InputError
from einvoice.service import provider_settings as settings
from einvoice.transport.http import Policy, believing
from einvoice.transport.peppol.identifiers import document_type
from einvoice.transport.provider import e_invoice_be, peppyrus, recommand, storecove
from einvoice.transport.provider.afnor import AfnorFlow
from einvoice.transport.provider.credentials import Basic, Bearer, ClientCredentials, HeaderKey, Secret
from einvoice.transport.provider.phoss_ap import PhossAp
from einvoice.transport.provider.rest import LIMIT, Rest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from einvoice.service.provider_settings import ProviderSettings
    from einvoice.transport.peppol.identifiers import DocumentType
    from einvoice.transport.provider.contract import Provider
    from einvoice.transport.provider.credentials import Credentials

TAKEN: Final = frozenset({"as4", "email", "folder"})
"""Names of channels that no provider may have."""

UNSET: Final = "SECRET"
"""The code of what cannot be asked because a secret is not there."""

_LONGEST: Final = 40


def check_names(names: Iterable[str]) -> None:
    """See that providers have names that a channel can have.

    Args:
        names: the names.

    Raises:
        InputError: one is taken, too long, or holds something else than letters, digits, hyphens (``SETTINGS``).
    """
    for name in names:
        plain = name.replace("-", "").replace("_", "")
        if name in TAKEN or len(name) > _LONGEST or not plain.isalnum() or not plain.isascii():
            raise InputError(
                f"[provider.{name}] is no name for a channel: letters, digits, - and _, {_LONGEST} at most, and none of"
                f" {', '.join(sorted(TAKEN))}",
                code="SETTINGS",
            )


def provider(name: str, account: ProviderSettings, home: Path) -> Provider:
    """The adapter for an account.

    Args:
        name: the name of the channel.
        account: its settings.
        home: the folder that their paths are relative to.

    Raises:
        InputError: something is missing in them (``SETTINGS``).
    """
    try:
        return _MAKERS[type(account)](account, home)
    except InputError as error:
        raise error.at(f"[provider.{name}]") from None


def registered(adapter: Provider, receiver: str) -> tuple[DocumentType, ...] | None:
    """What a receiver registered, as far as the provider can say; nothing where it cannot.

    Args:
        adapter: the provider.
        receiver: who.

    Raises:
        ParticipantError: the receiver is not registered.
        TransportError: the provider did not answer.
    """
    found = adapter.receives(receiver)
    return None if found is None else tuple(sorted(map(document_type, found), key=str))


def _rest(
    name: str, account: ProviderSettings, base: str, credentials: Credentials, home: Path, **headers: str
) -> Rest:
    tls = believing(home / account.tls_authorities) if account.tls_authorities else None
    policy = Policy(private=account.private, plain=account.plain, limit=LIMIT, tls=tls)
    return Rest(name=name, base=account.url or base, policy=policy, credentials=credentials, headers=headers)


def _needed(account: ProviderSettings, what: str) -> str:
    if account.url is None:
        raise InputError(f"url is missing: {what}", code="SETTINGS")
    return account.url


def _settle(account: Any) -> dict[str, float]:  # noqa: ANN401 - an account that can settle
    return {"settle": account.settle} if account.settle is not None else {}


def _phoss_ap(account: settings.PhossApSettings, home: Path) -> Provider:
    key = HeaderKey("X-Token", Secret(account.secret_variable))
    rest = _rest("phoss-ap", account, _needed(account, "where phoss-ap stands"), key, home)
    return PhossAp(rest, mls_to=account.mls_to, **_settle(account))


def _peppyrus(account: settings.PeppyrusSettings, home: Path) -> Provider:
    key = HeaderKey("X-Api-Key", Secret(account.secret_variable))
    return peppyrus.Peppyrus(_rest("Peppyrus", account, peppyrus.URL, key, home), **_settle(account))


def _recommand(account: settings.RecommandSettings, home: Path) -> Provider:
    secret = Secret(account.secret_variable)
    key = Basic(account.key, secret) if account.key else Bearer(secret)
    rest = _rest("Recommand", account, recommand.URL, key, home)
    return recommand.Recommand(rest, company=account.company, **_settle(account))


def _storecove(account: settings.StorecoveSettings, home: Path) -> Provider:
    rest = _rest("Storecove", account, storecove.URL, Bearer(Secret(account.secret_variable)), home)
    return storecove.Storecove(rest, legal_entity=account.legal_entity, schemes=account.schemes)


def _e_invoice_be(account: settings.EInvoiceBeSettings, home: Path) -> Provider:
    key = Bearer(Secret(account.secret_variable))
    return e_invoice_be.EInvoiceBe(_rest("e-invoice.be", account, e_invoice_be.URL, key, home))


def _afnor(account: settings.AfnorSettings, home: Path) -> Provider:
    secret = Secret(account.secret_variable)
    key = ClientCredentials(account.token_url, account.client, secret, scope=account.scope, told=account.client_in)
    organization = {"Organization-Id": account.organization} if account.organization else {}
    rest = _rest("the platform", account, _needed(account, "what stands before /v1/flows"), key, home, **organization)
    return AfnorFlow(rest, rule=account.rule, **_settle(account))


_MAKERS: Final[dict[type, Callable[[Any, Path], Provider]]] = {
    settings.PhossApSettings: _phoss_ap,
    settings.PeppyrusSettings: _peppyrus,
    settings.RecommandSettings: _recommand,
    settings.StorecoveSettings: _storecove,
    settings.EInvoiceBeSettings: _e_invoice_be,
    settings.AfnorSettings: _afnor,
}
