# SPDX-License-Identifier: Apache-2.0
"""What the totals are made of: lines, and allowances and charges on document level (BG-20, BG-21, BG-X-42)."""

from __future__ import annotations

from msgspec.structs import replace

from einvoice.model.calculate.arithmetic import usable
from einvoice.model.calculate.figures import Ledger
from einvoice.model.calculate.lines import (
    DOCUMENT_ALLOWANCE,
    DOCUMENT_CHARGE,
    check_groups,
    settle_allowances,
    settle_line,
)
from einvoice.model.calculate.totals import logistics_charges
from einvoice.model.invoice import Invoice


def settle_parts(invoice: Invoice, ledger: Ledger, decimals: int) -> Invoice:
    """Fill what lines and document level allowances and charges lack.

    Args:
        invoice: the invoice.
        ledger: where figures and differences are entered.
        decimals: how many decimals an amount in the invoice currency has.
    """
    lines = tuple(settle_line(line, f"lines[{index}]", ledger, decimals) for index, line in enumerate(invoice.lines))
    check_groups(lines, ledger, decimals)
    allowances, path = invoice.document_level_allowances, "document_level_allowances"
    allowances = settle_allowances(allowances, path, DOCUMENT_ALLOWANCE, ledger, decimals)
    charges, path = invoice.document_level_charges, "document_level_charges"
    charges = settle_allowances(charges, path, DOCUMENT_CHARGE, ledger, decimals)
    for index, charge in enumerate(logistics_charges(invoice)):
        if usable(charge.amount) is None:
            path = f"extension.logistics_service_charges[{index}].amount"
            ledger.gap("BT-X-272", path, "BT-X-272 is missing, so the sum of charges (BT-108) cannot be computed.")
    return replace(invoice, lines=lines, document_level_allowances=allowances, document_level_charges=charges)
