# SPDX-License-Identifier: Apache-2.0
"""Reports of what judging said: HTML for people, SARIF, JUnit XML and SVRL for programs.

Every format is a function of the same records, is written document by document, and needs nothing but the core.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from einvoice.errors import UnknownNameError
from einvoice.render.report.occasion import Occasion
from einvoice.rules.languages import in_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.rules.record import Record

__all__ = ["FORMATS", "Occasion", "render"]

FORMATS: Final = ("html", "sarif", "junit", "svrl")


def render(form: str, records: Iterable[Record], occasion: Occasion) -> Iterator[str]:
    """Write a report.

    Args:
        form: ``html``, ``sarif``, ``junit`` or ``svrl``.
        records: what judging each document said, in English, in the order in which it is to stand; taken one by one.
        occasion: what they have in common.

    Returns:
        Parts of the report, as they come.

    Raises:
        UnknownNameError: there is no such format, or no such language.
    """
    if form not in FORMATS:
        raise UnknownNameError(f"there is no report {form!r}; there are {', '.join(FORMATS)}", code="UNKNOWN_FORMAT")
    spoken = (in_language(record, occasion.language) for record in records)
    written: Iterator[str] = import_module(f"einvoice.render.report.{form}").render(spoken, occasion)
    return written
