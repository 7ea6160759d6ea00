# SPDX-License-Identifier: Apache-2.0
"""An invoice that people can read: a PDF page drawn from the model."""

from __future__ import annotations

from einvoice.render.page import Language, render_pdf

__all__ = ["Language", "render_pdf"]
