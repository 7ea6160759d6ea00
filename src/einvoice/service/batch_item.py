# SPDX-License-Identifier: Apache-2.0
"""What became of one invoice of a batch, as a worker tells it to the process that gives out the work."""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from einvoice.errors import EinvoiceError
from einvoice.service.causes import Cause, cause_of
from einvoice.service.convert import Attempt
from einvoice.service.status import Status, status_of

if TYPE_CHECKING:
    from einvoice.model import Invoice

NOTE: Final = "NOTE"
"""The code of what is said of an invoice as a whole, where causes are counted."""
_REASONS: Final = 20


class Item(Struct, frozen=True, kw_only=True):
    """What became of one invoice.

    Attributes:
        place: which one of its source it is, counted from 0.
        number: its number, as far as it is known.
        owner: what identifies the seller.
        year: the year of its issue date; 0 if unknown.
        digest: the SHA-256 of what it says.
        part: the file with the result; empty if there is none.
        size: the bytes in it.
        sha256: their SHA-256.
        status: what it contributes to the exit status.
        code: the code of the error.
        message: the error in one sentence.
        reasons: the reasons one by one.
        causes: the reasons without what only this invoice says.
        losses: how many values were lost.
        warnings: what judging says of the result all the same, without what only this invoice says.
        notes: sentences about the invoice as a whole.
        where: the rows it was made of, in words.
    """

    place: int
    number: str = ""
    owner: str = ""
    year: int = 0
    digest: str = ""
    part: str = ""
    size: int = 0
    sha256: str = ""
    status: Status = Status.DONE
    code: str = ""
    message: str = ""
    reasons: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    losses: int = 0
    warnings: tuple[Cause, ...] = ()
    notes: tuple[str, ...] = ()
    where: str = ""


def warnings_of(attempt: Attempt) -> tuple[Cause, ...]:
    """What there is to say of an invoice that was made, without what only this invoice says.

    Args:
        attempt: how it was made.
    """
    return tuple(one.as_cause() for one in attempt.warnings)


def owner(invoice: Invoice) -> str:
    """What identifies the seller of an invoice: its VAT number, else another number, else its name.

    Args:
        invoice: the invoice.

    Returns:
        The identifier in small letters and without white space; empty where there is none.
    """
    seller = invoice.seller
    if seller is None:
        return ""
    tax, legal = seller.tax_registration_identifier, seller.legal_registration_identifier
    known = (seller.vat_identifier, tax and tax.value, legal and legal.value, seller.name)
    text = next((one for one in known if one and one.strip()), "")
    return "".join(unicodedata.normalize("NFC", text).casefold().split())


def refused(attempt: Attempt, place: int, **said: Any) -> Item:  # noqa: ANN401 - attributes of an item
    """The item of an invoice that has no result.

    Args:
        attempt: why.
        place: which one of its source it is, counted from 0.
        **said: the other attributes.
    """
    error = attempt.error
    code = (error.code if error is not None else None) or type(error).__name__
    message = str(error) if error is not None else ""
    causes = attempt.causes or tuple(map(cause_of, attempt.findings))
    return Item(
        place=place,
        status=attempt.status or Status.UNREADABLE,
        code=code,
        message=message,
        reasons=attempt.reasons[:_REASONS],
        causes=causes or (Cause(code, text=error.message if error is not None else ""),),
        **said,
    )


def failed(error: Exception, source: str, place: int, **said: Any) -> Item:  # noqa: ANN401 - attributes of an item
    """The item of an invoice that could not be worked on: a refusal, or a defect of einvoice.

    Args:
        error: what happened.
        source: the file.
        place: which one of it the invoice is, counted from 0.
        **said: the other attributes.
    """
    if isinstance(error, EinvoiceError):
        return refused(Attempt(error=error.at(source), status=status_of(error)), place, **said)
    return refused(broken(error), place, **said)


def broken(error: Exception) -> Attempt:
    """What came of an invoice on which einvoice itself failed.

    Args:
        error: what happened.
    """
    if os.environ.get("EINVOICE_DEBUG"):
        raise error
    from einvoice.service.conversions import defect

    return Attempt(error=defect(error), status=Status.UNREADABLE)
