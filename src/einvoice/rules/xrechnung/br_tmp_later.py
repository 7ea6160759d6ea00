# SPDX-License-Identifier: Apache-2.0
"""BR-TMP-4 to BR-TMP-6: rules that KoSIT publishes since release 2.6.0."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, about
from einvoice.rules.xpath import trimmed
from einvoice.rules.xrechnung.br_tmp import DOCUMENTS

if TYPE_CHECKING:
    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import Faults

_DATES: Final = "IssueDate DueDate StartDate EndDate ActualDeliveryDate TaxPointDate PaymentDueDate"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@about("BR-TMP-4", DOCUMENTS)
def br_tmp_4(document: Part) -> Faults:
    """A supporting document is described once."""
    return _once(document, "ram:Name")


@about("BR-TMP-5", DOCUMENTS)
def br_tmp_5(document: Part) -> Faults:
    """A supporting document holds one attached file."""
    return _once(document, "ram:AttachmentBinaryObject")


def _once(document: Part, path: str) -> Faults:
    found = document.parts(path)
    return (Fault(part=found[1]),) if "916" in document.texts("ram:TypeCode") and len(found) > 1 else NO_FAULTS


@about("BR-TMP-6", " | ".join(f"cbc:{name}" for name in _DATES.split()))
def br_tmp_6(date: Part) -> Faults:
    """A date is written as year, month and day, without a time zone: 2026-03-31."""
    return NO_FAULTS if _DAY.fullmatch(trimmed(date.own("."))) else (Fault(),)
