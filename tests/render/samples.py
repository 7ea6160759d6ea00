# SPDX-License-Identifier: Apache-2.0
"""The invoices of ``fixtures/page``: what people look at when they judge how a page looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.bind.json import read_json
from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from einvoice.model import Invoice

FOLDER = ROOT / "fixtures" / "page"
TEMPLATE = FOLDER / "template" / "letter.typ"
NAMES = ("german", "swiss", "greek", "credit-note")


def sample(name: str) -> Invoice:
    """One of them.

    Args:
        name: its name, without suffix.
    """
    return read_json((FOLDER / f"{name}.json").read_bytes())
