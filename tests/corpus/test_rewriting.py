# SPDX-License-Identifier: Apache-2.0
"""Over the whole corpus: an invoice that is read and written again in its own syntax is the same invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from einvoice.bind import losses, open_document, write
from tests.corpus.accounting import unanswered
from tests.corpus.documents import PARTS, valid

if TYPE_CHECKING:
    from pathlib import Path

Manifest = tuple[dict[str, Any], ...]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_rewritten_invoice_is_equal_valid_and_complete(corpus: Path, manifest: Manifest, part: int) -> None:
    """Read without an exception, equal when read again, accepted by the schema, every leaf there or reported.

    There are no exceptions: also a document without a currency (BT-5) or with malformed values obeys.
    """
    seen, broken = 0, []
    for path, data in valid(corpus, manifest, part):
        document = open_document(data)
        invoice = document.reading().invoice
        written = write(invoice, document.syntax)
        again = open_document(written)
        if again.reading().invoice != invoice:
            broken.append(f"{path}: reading what was written gives another invoice")
        broken += [f"{path}: {violation.message}" for violation in again.schema_violations()]
        missing = unanswered(data, written, losses(document, written).losses)
        broken += [f"{path}: {leaf.path} = {leaf.value!r} is lost in silence" for leaf in missing]
        seen += 1
    assert not broken, "\n".join(broken)
    assert seen > 200


def test_rewriting_twice_gives_the_same_bytes(corpus: Path, manifest: Manifest) -> None:
    """What is written depends on the invoice alone."""
    for path, data in valid(corpus, manifest, 0):
        document = open_document(data)
        once = write(document.reading().invoice, document.syntax)
        assert write(open_document(once).reading().invoice, document.syntax) == once, path
