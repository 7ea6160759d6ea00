# SPDX-License-Identifier: Apache-2.0
"""What people can read: an invoice as a PDF or HTML page, and reports of what judging it said."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from einvoice.render.html import render_html
    from einvoice.render.page import Language, render_pdf

__all__ = ["Language", "render_html", "render_pdf"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - functions and a type
    """Load the drawing of pages when it is asked for: a report does without."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"einvoice.render.{'html' if name == 'render_html' else 'page'}"), name)
