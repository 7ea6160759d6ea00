# SPDX-License-Identifier: Apache-2.0
"""What people can read: an invoice as a PDF page drawn from the model, and reports of what judging it said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from einvoice.render.page import Language, render_pdf

__all__ = ["Language", "render_pdf"]


def __getattr__(name: str) -> object:
    """Load the drawing of pages when it is asked for: a report does without."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from einvoice.render import page

    return getattr(page, name)
