# SPDX-License-Identifier: Apache-2.0
"""What reading a PDF may cost."""

from __future__ import annotations

from typing import Final

import msgspec

from einvoice.errors import PdfError


class PdfLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a PDF from outside may cost at most. A PDF over a limit is refused with the code ``PDF_LIMIT``."""

    file_bytes: int = 100_000_000
    """Bytes of the file."""
    inflated_bytes: int = 100_000_000
    """Bytes of one attachment after decompression, and after each of its filters."""
    structure_bytes: int = 8_000_000
    """Bytes of one object stream or cross-reference stream after decompression; writers make them of some kilobytes."""
    objects: int = 500_000
    """Objects that the cross-reference streams may announce."""
    attachments: int = 1_000
    """Attachments of the file."""
    pages: int = 2_000
    """Pages of a file that is judged or embedded into; judging one takes a thousandth of a second."""
    operators: int = 1_000_000
    """Operators that show something, or choose how, in the contents of all pages; a dense page has some thousands."""
    depth: int = 32
    """Levels of the tree that lists the attachments."""
    work: int = 5_000_000
    """Steps of reading, about one a token. 20,000 invoice lines in a tagged PDF take 0.5 to 2.8 million; the costliest
    file that was found to stay within five million took 16 seconds and 150 MB on a busy machine."""


DEFAULT_LIMITS: Final = PdfLimits()


class Meter:
    """Counts the steps of reading one file, and stops the reading when they are used up.

    Args:
        steps: how many there may be.
    """

    __slots__ = ("_allowed", "left")

    def __init__(self, steps: int) -> None:
        self._allowed = steps
        self.left = steps

    def charge(self, steps: int) -> None:
        """Use up some steps.

        Raises:
            PdfError: there are none left (``PDF_LIMIT``). It is raised at every later call, too, so that a library
                that swallows exceptions comes to its end all the same.
        """
        self.left -= steps
        if self.left < 0:
            raise over(f"reading it takes more than {self._allowed:,} steps", "work")


def over(what: str, limit: str) -> PdfError:
    """Return the error for a PDF that costs too much.

    Args:
        what: what is too much, as a clause.
        limit: the field of :class:`PdfLimits` that says so.
    """
    return PdfError(
        f"the PDF is refused: {what} (a limit of einvoice, and no clause of ISO 19005-3); if it is in order, raise the"
        f" limit {limit!r}",
        code="PDF_LIMIT",
    )
