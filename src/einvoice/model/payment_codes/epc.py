# SPDX-License-Identifier: Apache-2.0
"""The European payment code: EPC069-12 version 2, a SEPA credit transfer as text."""

from __future__ import annotations

from typing import Final

from einvoice.model.payment_codes.transfer import Transfer, refusal

_SEPA: Final = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU "
    "IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE "
    "SI SK SM VA"
)
SEPA_COUNTRIES: Final = frozenset(_SEPA.split())
"""Countries whose accounts take part in SEPA credit transfers (EPC409-09, list of the scheme's countries)."""

_OUTSIDE_EEA: Final = frozenset({"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"})

LARGEST_PAYLOAD: Final = 331
"""Bytes that a payload may have: QR version 13 at level M."""

_NAME: Final = 70
_TEXT: Final = 140


def epc_payload(transfer: Transfer) -> str:
    """The text of the European code for a transfer.

    A name of more than 70 characters is cut, as banks cut it; a reference is never cut.

    Args:
        transfer: what to transfer.

    Raises:
        OutputError: it is not in euro or not to a SEPA account, names no creditor, or no bank (BIC) for an account
            outside the European Economic Area, its reference is too long or wrong, or the code would be too large.
    """
    _refuse_what_no_code_can_ask(transfer)
    structured = transfer.creditor_reference
    text = "" if structured else transfer.reference
    if len(text) > _TEXT:
        raise refusal(f"the reference (BT-83) has {len(text)} characters, and a code carries {_TEXT}")
    lines = (
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        transfer.bic,
        transfer.creditor.name[:_NAME].rstrip(),
        transfer.iban,
        f"EUR{transfer.amount:.2f}",
        "",  # purpose: the invoice states none
        structured,
        text,
    )
    payload = "\n".join(lines).rstrip("\n")
    size = len(payload.encode())
    if size > LARGEST_PAYLOAD:
        raise refusal(f"it would have {size} bytes, and EPC069-12 allows {LARGEST_PAYLOAD}; shorten the reference")
    return payload


def _refuse_what_no_code_can_ask(transfer: Transfer) -> None:
    if transfer.currency != "EUR" or transfer.iban[:2] not in SEPA_COUNTRIES:
        raise refusal(f"{transfer.currency} to an account in {transfer.iban[:2]} is no SEPA transfer (EPC069-12)")
    if not transfer.creditor.name:
        raise refusal("nobody is named to be paid (BT-85, BT-59, BT-27)")
    if not transfer.bic and transfer.iban[:2] in _OUTSIDE_EEA:
        raise refusal(
            f"the account (BT-84) is in {transfer.iban[:2]}, outside the European Economic Area, and EPC069-12"
            " demands the BIC of its bank; state it in BT-86"
        )
