# SPDX-License-Identifier: Apache-2.0
"""Writing an invoice in the format that is wanted, and taking what was written in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.bind import open_document, ubl_root, write
from einvoice.service.intake import Intake

if TYPE_CHECKING:
    from einvoice.model import Invoice, Syntax
    from einvoice.service.convert import Wish


def written(invoice: Invoice, wish: Wish, syntax: Syntax | None) -> tuple[bytes, Intake]:
    """Write an invoice and read it back.

    Args:
        invoice: what is to be written.
        wish: what is wanted.
        syntax: what it was read from; UBL to UBL keeps the root element.

    Returns:
        What was written (for Factur-X: the XML), and the same taken in again.

    Raises:
        OutputError: XML cannot hold a text of the invoice.
    """
    data = spelled(invoice, wish, syntax)
    return data, reread(data, wish)


def spelled(invoice: Invoice, wish: Wish, syntax: Syntax | None) -> bytes:
    """Write an invoice.

    Args:
        invoice: what is to be written.
        wish: what is wanted.
        syntax: what it was read from; UBL to UBL keeps the root element.

    Raises:
        OutputError: XML cannot hold a text of the invoice.
    """
    if wish.to == "json":
        from einvoice.bind.json import write_json

        return write_json(invoice)
    if wish.to == "edifact":
        from einvoice.bind.edifact import write as write_message

        return write_message(invoice)
    return write(invoice, "cii" if wish.to != "ubl" else syntax if syntax and syntax != "cii" else ubl_root(invoice))


def reread(data: bytes, wish: Wish) -> Intake:
    """Take in what was written.

    Args:
        data: what was written.
        wish: what was wanted.
    """
    if wish.to == "json":
        from einvoice.bind.json import read_json

        return Intake(source=None, data=data, kind="json", invoice=read_json(data))
    if wish.to == "edifact":
        from einvoice.bind.edifact import open_message

        return Intake(source=None, data=data, kind="edifact", message=open_message(data))
    return Intake(source=None, data=data, kind="xml", document=open_document(data, limits=wish.settings.limits))
