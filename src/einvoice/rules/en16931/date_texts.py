# SPDX-License-Identifier: Apache-2.0
"""Dates of a CII document as the texts that its tests compare."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from datetime import date

    from einvoice.model import InvoiceLinePeriod, InvoicingPeriod, Reading

_FORMAT: Final = "/udt:DateTimeString/@format"
_MOMENT: Final = "DateTime/udt:DateTime"
_LINE: Final = re.compile(r"/ram:IncludedSupplyChainTradeLineItem(?:\[(\d+)\])?/")
_ENDS: Final = {"ram:StartDateTime": "start_date", "ram:EndDateTime": "end_date"}


class DateTexts:
    """The dates that are no dates, or have blanks around, or another format than 102 (a view, see ``registry``)."""

    def __init__(self, reading: Reading) -> None:
        self._raw = {
            remark.model_path: remark.value
            for remark in reading.remarks
            if remark.reason in {"malformed", "spelled"} and remark.model_path.endswith("_date")
        }
        self._other_format = {
            _place(remark.path) for remark in reading.remarks if remark.path.endswith(_FORMAT) and remark.value != "102"
        }
        self._moments = {_place(remark.path) for remark in reading.remarks if remark.path.endswith(_MOMENT)}

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """Look through the remarks.

        Args:
            reading: what was read.
        """
        return cls(reading)

    def raw(self, path: str) -> str | None:
        """The text of a date, where it is another than the date in the format 102.

        Args:
            path: where it would stand in the model.
        """
        return self._raw.get(path)

    def text(self, path: str, day: date | None) -> str | None:
        """The text of a date: ``None`` if the source has none, an empty one if it is not in the format 102.

        Args:
            path: where it stands in the model.
            day: the date there.
        """
        if self._untold(path, day):
            return ""
        if path in self._raw or day is None:
            return self._raw.get(path)
        return f"{day.year:04}{day.month:02}{day.day:02}"  # strftime does not fill up the years before 1000

    def _untold(self, path: str, day: date | None) -> bool:
        """Whether a date is there, and no text of it in the format 102; a moment counts if no text stands beside it."""
        return path in self._other_format or (path in self._moments and day is None and path not in self._raw)

    def bare(self, path: str, period: InvoicingPeriod | InvoiceLinePeriod) -> bool:
        """Whether a period has neither a start nor an end, in whatever form.

        Args:
            path: where the period stands in the model.
            period: the period.
        """
        start = self.text(f"{path}.start_date", period.start_date)
        return start is None and self.text(f"{path}.end_date", period.end_date) is None

    def reversed_(self, path: str, period: InvoicingPeriod | InvoiceLinePeriod) -> bool:
        """Whether a period with a start and an end fails the test that the end is not before the start.

        Args:
            path: where the period stands in the model.
            period: the period.
        """
        start = self.text(f"{path}.start_date", period.start_date)
        end = self.text(f"{path}.end_date", period.end_date)
        if start is None or end is None:
            return False
        ends = ((f"{path}.start_date", period.start_date), (f"{path}.end_date", period.end_date))
        return any(self._untold(*one) for one in ends) or end < start


def _place(path: str) -> str:
    """Where a date of CII stands in the model, of those that a test compares."""
    above = path.removesuffix(_FORMAT).removesuffix("/udt:DateTime")
    last = above.rpartition("/")[2]
    if last == "ram:IssueDateTime":
        return "issue_date"
    line = _LINE.search(above)
    group = f"lines[{int(line[1] or 1) - 1}].period" if line else "invoicing_period"
    return f"{group}.{_ENDS.get(last, last)}" if "/ram:BillingSpecifiedPeriod/" in above else above
