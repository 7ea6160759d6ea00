# SPDX-License-Identifier: Apache-2.0
"""A Factur-X file: a readable page with the invoice inside, both saying the same."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from einvoice import profiles
from einvoice.errors import ProfileError

if TYPE_CHECKING:
    from einvoice.model import Invoice
    from einvoice.profiles import Level
    from einvoice.render import Language

_LANGUAGES: Final[dict[str, Language]] = {
    "DE": "de", "AT": "de", "LI": "de", "FR": "fr", "MC": "fr", "NL": "nl", "IT": "it", "SM": "it", "VA": "it",
    "ES": "es",
}  # fmt: skip


def level_of(invoice: Invoice) -> Level:
    """The Factur-X profile as which a PDF announces an invoice.

    Args:
        invoice: the invoice; its specification identifier (BT-24) decides.

    Raises:
        ProfileError: what it claims to obey does not exist inside a PDF.
    """
    control = invoice.process_control
    identifier = control.specification_identifier if control else None
    profile = profiles.find(identifier)
    if profile is None or profile.facturx is None:
        raise ProfileError(
            f"the invoice claims {profiles.name_of(identifier)}, which does not exist inside a PDF;"
            " choose what it shall claim instead, such as --profile en16931",
            code="PROFILE_NOT_FACTURX",
        )
    return profile.facturx


def hybrid(invoice: Invoice, xml: bytes) -> bytes:
    """Draw an invoice and put its XML into the page.

    The same invoice gives the same bytes: the PDF is dated to the day of issue.

    Args:
        invoice: what the page shows; read back from the XML, so that both say the same.
        xml: the invoice in CII.

    Raises:
        MissingExtraError: the extra ``pdf`` is not installed.
        OutputError: the page cannot be drawn.
        ProfileError: what the invoice claims to obey does not exist inside a PDF.
    """
    from einvoice.pdf.append import append
    from einvoice.render import render_pdf

    level = level_of(invoice)
    moment = datetime.combine(invoice.issue_date, time(), UTC) if invoice.issue_date else datetime.now(UTC)
    page = render_pdf(invoice, language=language_of(invoice), timestamp=moment)
    return append(page, xml, profile=level, modified=moment)


def language_of(invoice: Invoice) -> Language:
    """The language of the page: what the invoice states (BT-X-4), else that of the buyer's country, else English.

    Args:
        invoice: the invoice.
    """
    stated = ((invoice.extension and invoice.extension.language_code) or "")[:2].lower()
    known: dict[str, Language] = {"en": "en", "de": "de", "fr": "fr", "nl": "nl", "it": "it", "es": "es"}
    if stated in known:
        return known[stated]
    address = invoice.buyer.postal_address if invoice.buyer else None
    return _LANGUAGES.get((address and address.country_code) or "", "en")
