# SPDX-License-Identifier: Apache-2.0
"""The squares that banking apps read, and the payment part of a Swiss QR-bill, for the sheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.errors import MissingExtraError, OutputError
from einvoice.model.payment_codes import payment_codes
from einvoice.model.payment_codes.epc import epc_payload
from einvoice.model.payment_codes.swiss import reference_of
from einvoice.render.paying import account
from einvoice.render.sheet import Code, Slip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.model import Invoice
    from einvoice.model.payment_codes import PaymentCode, Place
    from einvoice.render.words import Words

LEVEL: Final = "m"
"""Error correction, as both EPC069-12 and the QR-bill demand it: 15 percent."""

QUIET: Final = 4
"""The empty modules around a square (ISO/IEC 18004)."""

_MASK: Final = 3
"""The mask is fixed: weighing all eight takes as long as half a page, and phones read each of them alike."""

_LARGEST: Final = {"epc": 13, "swiss": 25}
_CROSS: Final = 7 / 46  # the Swiss cross is 7 mm wide, its square 46 mm
_DARK: Final = re.compile(rb"[^\x00]+")
_GROUPS: Final = {"QRR": 5, "SCOR": 4}


def square(payload: str, standard: str = "epc") -> str:
    """A payload as a QR code in SVG: black modules on white, one path, and the cross of a QR-bill.

    Args:
        payload: the text.
        standard: ``epc`` or ``swiss``.

    Raises:
        MissingExtraError: segno is not installed.
        OutputError: the payload needs a larger square than the standard allows.
    """
    try:
        import segno
    except ImportError as error:
        raise MissingExtraError("pdf", "drawing a payment code") from error
    code = segno.make(payload, error=LEVEL, mode="byte", encoding="utf-8", micro=False, boost_error=False, mask=_MASK)
    if int(code.version) > _LARGEST[standard]:
        raise OutputError(f"the payment code would be version {code.version} and cannot be scanned", code="QR_SIZE")
    quiet = QUIET if standard == "epc" else 0  # the form of a QR-bill has its own margin
    size = len(code.matrix) + 2 * quiet
    path = "".join(_runs(code.matrix, quiet))
    cross = _cross(size) if standard == "swiss" else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/>{cross}</svg>'
    )


def _runs(matrix: tuple[bytearray, ...], quiet: int) -> Iterator[str]:
    """Dark modules that stand side by side, as one rectangle each."""
    for y, row in enumerate(matrix, quiet):
        for run in _DARK.finditer(row):
            width = run.end() - run.start()
            yield f"M{run.start() + quiet} {y}h{width}v1h-{width}z"


def _cross(size: int) -> str:
    """The Swiss cross in the middle: white on black in a white frame (Implementation Guidelines, 6.4.2)."""
    side = size * _CROSS
    unit, left = side / 19.8, (size - side) / 2
    return (
        f'<g transform="translate({left:.3f} {left:.3f}) scale({unit:.5f})">'
        '<path fill="#fff" d="M0 0h19.8v19.8H0z"/><path d="M.7.7h18.4v18.4H.7z"/>'
        '<path fill="#fff" d="M8.3 4h3.3v11H8.3zM4.4 7.9h11v3.3h-11z"/></g>'
    )


def squares(words: Words, invoice: Invoice) -> tuple[Code | None, Slip | None]:
    """The code and the slip that an invoice gets; neither where it asks for no transfer or a code would be wrong.

    Args:
        words: the words of the language.
        invoice: the invoice.

    Raises:
        MissingExtraError: segno is not installed.
    """
    try:
        found = payment_codes(invoice)
        if found is None:
            return None, None
        return (None, _slip(words, found)) if found.standard == "swiss" else (_code(words, found), None)
    except OutputError:
        return None, None


def why_none(invoice: Invoice) -> str | None:
    """Why an invoice that asks for a transfer gets no code; ``None`` where it gets one, or needs none.

    Args:
        invoice: the invoice.
    """
    try:
        payment_codes(invoice)
    except OutputError as error:
        return error.message
    return None


def _code(words: Words, code: PaymentCode) -> Code:
    return Code(words.page["pay_by_app"], square(epc_payload(code.transfer)), _said(words, "code_text", code))


def _said(words: Words, phrase: str, code: PaymentCode) -> str:
    transfer = code.transfer
    return words.phrase(
        phrase,
        amount=words.money(transfer.amount, transfer.currency),
        name=transfer.creditor.name,
        account=account(transfer.iban),
        reference=transfer.creditor_reference or transfer.reference,
    )


def _slip(words: Words, code: PaymentCode) -> Slip:
    transfer, titles = code.transfer, dict(words.labels["slip"])
    kind, reference, text = reference_of(transfer)
    payer = transfer.debtor if transfer.debtor and transfer.debtor.is_whole else None
    return Slip(
        words=titles,
        language=titles["language"],
        code=Code(titles["payment_part"], square(code.payload, "swiss"), _said(words, "slip_text", code)),
        account=(account(transfer.iban), *_lines(transfer.creditor)),
        reference=_grouped(reference, kind),
        information=text,
        payer=tuple(_lines(payer)) if payer else (),
        currency=transfer.currency,
        amount=f"{transfer.amount:,.2f}".replace(",", "\u00a0"),
    )


def _lines(place: Place) -> Iterator[str]:
    yield place.name
    if place.street:
        yield place.street
    yield (
        f"{place.post_code} {place.town}"
        if place.country in {"CH", "LI"}
        else (f"{place.country}-{place.post_code} {place.town}")
    )


def _grouped(reference: str, kind: str) -> str:
    """A reference as the form prints it: QRR as 2 and five times 5 digits, SCOR in fours (section 3.5.4)."""
    step = _GROUPS.get(kind, 1)
    head = len(reference) % step if kind == "QRR" else 0
    parts = [reference[start : start + step] for start in range(head, len(reference), step)]
    return " ".join([reference[:head], *parts] if head else parts)
