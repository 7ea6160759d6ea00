# SPDX-License-Identifier: Apache-2.0
"""What goes into a PDF beside its page."""

from __future__ import annotations

import msgspec

from einvoice.pdf.announcements import Relationship


class Enclosure(msgspec.Struct, frozen=True, kw_only=True):
    """A file to go with the page, such as a time sheet."""

    name: str
    """Its name, which must be the only one of its kind in the PDF."""
    content: bytes
    """Its bytes."""
    mime: str
    """Its media type, such as ``application/pdf``; PDF/A-3 wants one."""
    relationship: Relationship = "Supplement"
    """What it is to the document."""
    description: str | None = None
    """What a viewer shows about it."""


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """What a viewer shows about the document. What is ``None`` stays as the page file has it."""

    title: str | None = None
    """The title of the document; PDF/UA wants one."""
    author: str | None = None
    """Who issues it: the seller."""
    subject: str | None = None
    """What it is about."""
    keywords: str | None = None
    """Words to find it by, separated by commas."""
