# SPDX-License-Identifier: Apache-2.0
"""What a publisher's artefact says of a document, as the findings that einvoice knows.

An artefact that could not be run to its end says nothing, nor does one of which no rule was asked, such as that of
another syntax: the pack is undetermined, and gives the reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from einvoice.bind.handover import invoice_of, serialised
from einvoice.errors import EinvoiceError
from einvoice.official.svrl import Said, read
from einvoice.rules.findings import Finding, PackResult, Used

if TYPE_CHECKING:
    from einvoice.bind import Document
    from einvoice.official.engine import Engine
    from einvoice.official.library import Artefact
    from einvoice.official.stylesheet import Stylesheet
    from einvoice.official.svrl import Hit

ENGINE: Final = "official"
_UNASKED: Final = "none of the rules of the official artefact is about anything in this document: is it for this kind?"
_NOTHING: Final = Said((), asked=False)
UNUSED: Final = "FX-UNUSED"
"""The id here for what Factur-X publishes without one: an element that its profile does not use."""
_WITHOUT_IDS: Final = ("facturx", "extended-ctc-fr")
"""The packs of that publisher, in which everything without an id is called so."""
_BRACKETED: Final = re.compile(r"\[(?P<id>[A-Za-z][\w.-]*)\]")


def judge(artefact: Artefact, document: Document, engine: Engine) -> tuple[PackResult, tuple[Finding, ...]]:
    """Judge a document by a publisher's artefact.

    Args:
        artefact: the artefact.
        document: the document.
        engine: what runs it.

    Returns:
        What the pack says, and its findings.
    """
    found: list[Finding] = []
    text = serialised(document)
    why, asked = "", False
    for sheet in artefact.sheets:
        said, why = _run(sheet, text, document, engine)
        if why:
            break
        asked = asked or said.asked or not sheet.tells_what_it_asks
        found += [_finding(hit, artefact) for hit in said.hits]
    result = _result(artefact, found, why or ("" if asked else _UNASKED))
    # what fired before the artefact broke down is true of the document all the same
    return result, tuple(dict.fromkeys(found))


def _run(sheet: Stylesheet, text: str, document: Document, engine: Engine) -> tuple[Said, str]:
    try:
        done = engine.run(sheet, text)
        if done.report is None:
            return _NOTHING, f"the official artefact gave up on this document: {done.error}"
        return read(done.report, invoice_of(document)), ""
    except EinvoiceError as error:
        return _NOTHING, f"the official artefact cannot be used: {error}"


def _finding(hit: Hit, artefact: Artefact) -> Finding:
    pack = artefact.identity.pack
    return Finding(
        rule=hit.rule or _unnamed(hit, pack),
        packs=(pack,),
        severity=hit.severity,
        effective=hit.severity,
        message=hit.message,
        location=hit.location,
        line=hit.line,
    )


def _unnamed(hit: Hit, pack: str) -> str:
    """An id for an assertion that has none: the one that its text begins with, if it does."""
    if pack in _WITHOUT_IDS:
        return UNUSED
    bracketed = _BRACKETED.match(hit.message)
    return bracketed["id"] if bracketed else f"{pack}-unnamed".upper()


def _result(artefact: Artefact, found: list[Finding], why: str) -> PackResult:
    identity = artefact.identity
    broken = any(finding.effective == "fatal" for finding in found)
    return PackResult(
        id=identity.pack,
        version=identity.version,
        profile=identity.profile,
        engine=ENGINE,
        verdict="invalid" if broken else "undetermined" if why else "valid",
        open=why,
        artefacts=tuple(_used(sheet) for sheet in artefact.sheets),
    )


def _used(sheet: Stylesheet) -> Used:
    try:
        return Used(sheet.name, sheet.sha256)
    except EinvoiceError:  # it cannot be read, which the result says already
        return Used(sheet.name, "")
