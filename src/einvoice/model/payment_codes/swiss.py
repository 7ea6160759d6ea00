# SPDX-License-Identifier: Apache-2.0
"""The code of the Swiss QR-bill, version 0200, with structured addresses (Implementation Guidelines 2.3)."""

from __future__ import annotations

import re
from typing import Final

from stdnum.ch import esr

from einvoice.model.payment_codes.transfer import Place, Transfer, refusal

DOMESTIC: Final = frozenset({"CH", "LI"})
LARGEST_PAYLOAD: Final = 997
"""Characters that a payload may have: QR version 25 at level M (section 6.3)."""

_INSTITUTIONS: Final = range(30_000, 32_000)  # IIDs of accounts that take QR references only (section 3.1)
_LIMITS: Final = (("name", 70), ("street", 70), ("post_code", 16), ("town", 35), ("country", 2))
_TEXT: Final = 140
_QR_DIGITS: Final = 27
_OUTSIDE: Final = re.compile("[^ -~\u00a0-\u017f\u0218-\u021b\u20ac]")  # section 4.1.1: Latin up to Extended-A


def is_qr_iban(iban: str) -> bool:
    """Whether an account takes QR references, and only those.

    Args:
        iban: an IBAN of CH or LI, without spaces.
    """
    return iban[4:9].isdigit() and int(iban[4:9]) in _INSTITUTIONS


def reference_of(transfer: Transfer) -> tuple[str, str, str]:
    """The kind of the reference, the reference, and what is said in words (section 4.2.2).

    Args:
        transfer: what to transfer.

    Returns:
        ``QRR`` with 27 digits, ``SCOR`` with a reference of ISO 11649, or ``NON`` with a text.

    Raises:
        OutputError: the reference does not go with the account, or its check digits are wrong.
    """
    digits = re.sub(r"\s", "", transfer.reference)
    is_qr = digits.isascii() and digits.isdigit() and len(digits) == _QR_DIGITS
    if is_qr_iban(transfer.iban):
        if not is_qr or not esr.is_valid(digits):
            raise refusal("the account (BT-84) is a QR-IBAN, and the reference (BT-83) is no valid QR reference")
        return "QRR", digits, ""
    if is_qr:
        raise refusal("the reference (BT-83) is a QR reference, and the account (BT-84) is no QR-IBAN")
    structured = transfer.creditor_reference
    return ("SCOR", structured, "") if structured else ("NON", "", transfer.reference)


def swiss_payload(transfer: Transfer) -> str:
    """The text of the code of a QR-bill.

    Args:
        transfer: what to transfer.

    Raises:
        OutputError: currency or account do not fit, an address is incomplete or too long, the reference does not go
            with the account, or a character is not allowed.
    """
    if transfer.currency not in {"CHF", "EUR"} or transfer.iban[:2] not in DOMESTIC:
        raise refusal(f"{transfer.currency} to an account in {transfer.iban[:2]} is no case for a QR-bill")
    kind, reference, text = reference_of(transfer)
    if len(text) > _TEXT:
        raise refusal(f"the reference (BT-83) has {len(text)} characters, and a QR-bill carries {_TEXT}")
    payer = transfer.debtor if transfer.debtor and transfer.debtor.is_whole else None
    lines = (
        "SPC",
        "0200",
        "1",  # UTF-8
        transfer.iban,
        *_address(transfer.creditor, "the creditor (BG-5)"),
        *("",) * 7,  # the ultimate creditor: for future use
        f"{transfer.amount:.2f}",
        transfer.currency,
        *(_address(payer, "the buyer (BG-8)") if payer else ("",) * 7),
        kind,
        reference,
        text,
        "EPD",
    )
    payload = "\n".join(lines)
    outside = _OUTSIDE.search(payload.replace("\n", ""))
    if outside:
        raise refusal(f"a QR-bill cannot hold the character {outside[0]!r} (U+{ord(outside[0]):04X})")
    if len(payload) > LARGEST_PAYLOAD:
        raise refusal(f"it would have {len(payload)} characters, and a QR-bill allows {LARGEST_PAYLOAD}")
    return payload


def _address(place: Place, whose: str) -> tuple[str, ...]:
    """A structured address: the number of the house may stand with the street."""
    if not place.is_whole:
        raise refusal(f"the address of {whose} lacks a name, post code, town or country, and a QR-bill needs them all")
    for field, most in _LIMITS:
        if len(getattr(place, field)) > most:
            raise refusal(f"{whose}: {field.replace('_', ' ')} has more than the {most} characters of a QR-bill")
    return "S", place.name, place.street, "", place.post_code, place.town, place.country
