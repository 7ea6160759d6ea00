# SPDX-License-Identifier: Apache-2.0
"""BR-TMP: rules that KoSIT publishes until a standard has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault
from einvoice.rules.element_rules import NO_FAULTS, about
from einvoice.rules.xrechnung.kinds import AGREEMENT, CII, TRANSACTION, ubl

if TYPE_CHECKING:
    from einvoice.model.parts import Part
    from einvoice.rules.element_rules import Faults

_URL: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:")
LINES: Final = f"{TRANSACTION}/ram:IncludedSupplyChainTradeLineItem"
DOCUMENTS: Final = f"{AGREEMENT}/ram:AdditionalReferencedDocument"


@about("BR-TMP-2", ubl("cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference"), version="ubl")
def br_tmp_2_ubl(reference: Part) -> Faults:
    """The location of a document elsewhere is an absolute URL, such as one that begins with https:."""
    return NO_FAULTS if _URL.match(reference.one("cbc:URI")) else (Fault("cbc:URI"),)


@about("BR-TMP-2", DOCUMENTS, version="cii")
def br_tmp_2_cii(document: Part) -> Faults:
    """The location of a document elsewhere is an absolute URL, such as one that begins with https:."""
    if (
        "916" in document.texts("ram:TypeCode")
        and document.has("ram:URIID")
        and not _URL.match(document.one("ram:URIID"))
    ):
        yield Fault("ram:URIID")


_NET: Final = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:BasisQuantity"
_GROSS: Final = "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:BasisQuantity"


@about("BR-TMP-3", f"{LINES}/{_GROSS}")
def br_tmp_3(quantity: Part) -> Faults:
    """Where gross and net price both name a base quantity, it is the same: letter by letter, and in the same unit.

    A unit that one of them leaves out is none that differs.
    """
    # few gross prices have a base quantity: so that is asked, and not each line
    return quantity.recall(_unlike).get(quantity, NO_FAULTS)


def _unlike(top: Part) -> dict[Part, tuple[Fault, ...]]:
    """What is wrong with lines, by the first base quantity of their gross prices."""
    lines = [line for line in top.parts(LINES.removeprefix(f"{CII}/")) if line.has(_NET) and line.has(_GROSS)]
    return {line.parts(_GROSS)[0]: (fault,) for line in lines if (fault := _unlike_in(line)) is not None}


def _unlike_in(line: Part) -> Fault | None:
    net, gross = line.texts(_NET), line.texts(_GROSS)
    if set(net).isdisjoint(gross):
        return Fault(_GROSS, expected=net[0], part=line)
    units = line.texts(f"{_NET}/@unitCode"), line.texts(f"{_GROSS}/@unitCode")
    if all(units) and set(units[0]).isdisjoint(units[1]):
        return Fault(f"{_GROSS}/@unitCode", expected=units[0][0], part=line)
    return None
