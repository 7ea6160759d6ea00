# SPDX-License-Identifier: Apache-2.0
"""What all reports of one run have in common."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from einvoice.rules.record import moment


class Occasion(Struct, frozen=True, kw_only=True):
    """One run over one document or many.

    Attributes:
        judged_at: when, or the time that the user stated; ``None`` to say nothing about it.
        einvoice: the version of einvoice.
        language: the language of views for people, as an ISO 639 code.
        many: whether there can be more than one document.
    """

    judged_at: datetime | None = None
    einvoice: str = ""
    language: str = "en"
    many: bool = False

    @property
    def when(self) -> str:
        """When, in UTC as ISO 8601; an empty string if nothing is said about it."""
        return moment(self.judged_at)
