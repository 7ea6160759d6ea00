# SPDX-License-Identifier: Apache-2.0
"""The record of judging one document: everything that is needed to show it to somebody else, or to file it.

The same bytes judged by the same packs at the same stated time give the same record.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from einvoice.errors import UnknownNameError
from einvoice.model import Remark, Syntax
from einvoice.rules.bmf import ErrorClass
from einvoice.rules.findings import Finding, PackResult, Undetermined
from einvoice.rules.packs import find_pack, pack_ids
from einvoice.rules.registry import Pack


class Excerpt(Struct, frozen=True):
    """A part of a line of the source, with the place that a finding is about.

    Attributes:
        line: the line, counted from 1.
        column: the column where the place starts, counted from 1.
        before: what stands before the place in the line; begins with an ellipsis if the line is longer.
        marked: the place.
        after: what stands behind it; ends with an ellipsis if the line is longer.
    """

    line: int
    column: int
    before: str
    marked: str
    after: str


class Record(Struct, frozen=True, kw_only=True):
    """What judging one document said.

    Attributes:
        file: the document as the user named it.
        sha256: the fingerprint of its bytes; ``None`` if they could not be read.
        judged_at: when it was judged, or the time that the user stated for it.
        einvoice: the version of einvoice.
        syntax: ``ubl-invoice``, ``ubl-creditnote``, ``cii``; ``None`` for an invoice that is no XML.
        profile: the specification identifier (BT-24) as stated.
        profile_name: how people call that specification.
        verdict: ``valid``, ``invalid``, ``undetermined`` or ``unreadable``.
        schema_valid: whether it obeys the official schema; ``None`` for an invoice that is no XML.
        error_class: the gravest error that was found, in the terms of the German Ministry of Finance.
        packs: what each rule pack says.
        findings: what is wrong.
        undetermined: what could not be judged.
        remarks: values of the document that did not reach the invoice that was judged.
        excerpts: the places of the findings in the source.
        error: why the document could not be read, in one sentence.
        notes: what is to be known about the document and about the reach of the verdict.
    """

    file: str
    sha256: str | None = None
    judged_at: datetime | None = None
    einvoice: str = ""
    syntax: Syntax | None = None
    profile: str | None = None
    profile_name: str = ""
    verdict: Literal["valid", "invalid", "undetermined", "unreadable"] = "unreadable"
    schema_valid: bool | None = None
    error_class: ErrorClass | None = None
    packs: tuple[PackResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    undetermined: tuple[Undetermined, ...] = ()
    remarks: tuple[Remark, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    error: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """When it was judged, in UTC as ISO 8601; an empty string if nobody said."""
        return moment(self.judged_at)

    @property
    def places(self) -> dict[tuple[int | None, int | None], Excerpt]:
        """The excerpts by the line and the column of the finding that they show."""
        return {(one.line, one.column): one for one in self.excerpts}


def moment(time: datetime | None) -> str:
    """A time in UTC as ISO 8601, such as ``2026-11-22T09:30:00Z``; an empty string for none.

    Args:
        time: a time with its zone.
    """
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if time else ""


def pack_of(result: PackResult) -> Pack | None:
    """The pack that gave a result: its title, its source and its validity. ``None`` for one that is not in this house.

    Args:
        result: what the pack said.
    """
    if result.id not in pack_ids() or not result.version:
        return None
    try:
        profile = f":{result.profile}" if result.profile else ""
        return find_pack(f"{result.id}{profile}@{result.version}")
    except UnknownNameError:
        return None
