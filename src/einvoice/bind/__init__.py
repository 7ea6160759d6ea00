# SPDX-License-Identifier: Apache-2.0
"""Model and documents: UBL 2.1 and CII, read and written by one table per syntax."""

from __future__ import annotations

from einvoice.bind.document import Computed, Document, Losses, losses, open_document, ubl_root, write
from einvoice.bind.locate import Location
from einvoice.bind.xml import Limits

__all__ = ["Computed", "Document", "Limits", "Location", "Losses", "losses", "open_document", "ubl_root", "write"]
