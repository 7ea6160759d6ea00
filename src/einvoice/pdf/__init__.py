# SPDX-License-Identifier: Apache-2.0
"""Hybrid invoices: the XML inside a PDF, found and embedded.

``extract`` works on a base installation (pypdf); ``attach`` needs the extra ``pdf`` (pikepdf). Both import their
library when they are called. Why two engines: ``docs/adr/0010-pdf-engines.md``.
"""
