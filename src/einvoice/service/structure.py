# SPDX-License-Identifier: Apache-2.0
"""Asking a document what the rule packs want to know of its elements.

An invoice that never was XML has none. It is asked as it would be written in UBL, since that is how its other rules
are judged; the paths of that document would lead nowhere, and are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from einvoice.bind import open_document, write
from einvoice.errors import EinvoiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.bind import Document
    from einvoice.model.structure import StructureHit
    from einvoice.rules.registry import Pack
    from einvoice.service.intake import Intake


def structure(intake: Intake, packs: Sequence[Pack]) -> dict[str, tuple[StructureHit, ...]]:
    """What the elements of a document say to the rules about them, by the key of the pack.

    Args:
        intake: the invoice.
        packs: the packs that judge it.

    Returns:
        The hits. A pack that could not ask is not in it: the invoice cannot be written.
    """
    document = intake.document
    if document is not None:
        return _asked(document, packs)
    if not any("ubl" in pack.structure for pack in packs):
        return {}
    try:
        written = open_document(write(intake.reading.invoice, "ubl"))
    except EinvoiceError:
        return {}
    found = _asked(written, packs)
    return {pack: tuple(structs.replace(hit, path="", line=None) for hit in hits) for pack, hits in found.items()}


def _asked(document: Document, packs: Sequence[Pack]) -> dict[str, tuple[StructureHit, ...]]:
    family = "cii" if document.syntax == "cii" else "ubl"
    rules = {pack.key: pack.structure[family] for pack in packs if family in pack.structure}
    return {pack: document.structure_hits(found.rows) for pack, found in rules.items()}
