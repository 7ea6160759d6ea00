# SPDX-License-Identifier: Apache-2.0
"""An invoice together with what reading it had to say."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from einvoice.model.invoice import Invoice

Syntax = Literal["ubl-invoice", "ubl-creditnote", "cii"]
Reason = Literal["unbound", "repeated", "malformed", "no-place", "spelled"]


class Remark(Struct, frozen=True, omit_defaults=True):
    """A leaf of the source that did not reach the model as it stands there.

    Attributes:
        reason: ``unbound`` (no term for it), ``repeated`` (the term is taken already), ``malformed`` (the term's
            type cannot hold the text), ``no-place`` (a term that the other syntax cannot carry) or ``spelled`` (the
            value was read, and nothing is lost but how it was written: white space around a number, an attribute
            left out that the syntax demands).
        path: where it stands in the source, as an XPath with prefixes and positions.
        value: its text, as it stands.
        terms: the business terms concerned, such as ``("BT-131",)``.
        model_path: where in the model it would stand, such as ``lines[2].net_amount``; empty if nowhere.
        line: the line in the source, counted from 1.
    """

    reason: Reason
    path: str
    value: str
    terms: tuple[str, ...] = ()
    model_path: str = ""
    line: int | None = None


class Reading(Struct, frozen=True):
    """What was read.

    Attributes:
        invoice: the invoice.
        syntax: the syntax it was read from; ``None`` for an invoice that never was XML.
        profile: the specification identifier (BT-24) as stated.
        remarks: the leaves that did not reach the model.
        notes: sentences about the document as a whole, such as that an envelope was taken off.
    """

    invoice: Invoice
    syntax: Syntax | None = None
    profile: str | None = None
    remarks: tuple[Remark, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def lost(self) -> tuple[Remark, ...]:
        """The remarks that tell of something lost: not of a spelling, nor of an element or attribute that is empty."""
        return tuple(remark for remark in self.remarks if remark.reason != "spelled" and remark.value.strip())
