# SPDX-License-Identifier: Apache-2.0
"""Letting an invoice claim another specification: BT-24 and BT-23 as the profile requires, and nothing else.

A mandatory term that is missing afterwards is an error of the invoice, never filled in here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import structs

from einvoice.errors import ProfileError
from einvoice.model import ProcessControl
from einvoice.service.changes import Computed

if TYPE_CHECKING:
    from einvoice.model import Invoice
    from einvoice.profiles import Profile

CLAIMED = frozenset({"process_control.business_process_type", "process_control.specification_identifier"})
"""Where in the model a claim stands."""


def claim(invoice: Invoice, profile: Profile, target: str) -> tuple[Invoice, tuple[Computed, ...]]:
    """Set what a profile requires of the process and of the specification identifier.

    Args:
        invoice: the invoice.
        profile: what it shall claim to obey.
        target: what it will be written as: ``ubl``, ``cii``, ``facturx`` or ``json``.

    Returns:
        The invoice, and what was set, with the old values.

    Raises:
        ProfileError: the profile does not exist in that syntax, or not inside a PDF.
    """
    check_target(profile, target)
    before = invoice.process_control or ProcessControl()
    process = before.business_process_type
    if profile.process is not None and not re.fullmatch(profile.process.accepted, (process or "").strip()):
        process = profile.process.default
    after = ProcessControl(process, profile.identifier)
    computed = [
        Computed(term, new, old, f"{profile.name} requires it")
        for term, new, old in (
            ("BT-23", process, before.business_process_type),
            ("BT-24", profile.identifier, before.specification_identifier),
        )
        if new is not None and new != old
    ]
    return structs.replace(invoice, process_control=after), tuple(computed)


def check_target(profile: Profile, target: str) -> None:
    """Refuse a profile that does not exist in what the invoice is to be written as.

    Args:
        profile: the profile.
        target: ``ubl``, ``cii``, ``facturx`` or ``json``.

    Raises:
        ProfileError: it does not.
    """
    syntax = "cii" if target == "facturx" else target
    if syntax in ("ubl", "cii") and syntax not in profile.syntaxes:
        raise ProfileError(
            f"{profile.name} exists in {' and '.join(profile.syntaxes).upper()} only; choose another --to or --profile",
            code="PROFILE_SYNTAX",
        )
    if target == "facturx" and profile.facturx is None:
        raise ProfileError(
            f"{profile.name} does not exist inside a PDF; choose a Factur-X profile, such as --profile en16931",
            code="PROFILE_NOT_FACTURX",
        )
