# SPDX-License-Identifier: Apache-2.0
"""Which specification of XRechnung a document names (BT-24): the CIUS, its extension, or that for clean vehicles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from einvoice.model.parts import Part

CIUS: Final = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
EXTENSION: Final = f"{CIUS}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
CVD: Final = f"{CIUS}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9"
IN_UBL: Final = "cbc:CustomizationID"
IN_CII: Final = "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"


def named(document: Part) -> list[str]:
    """The specification identifiers that a document states, letter by letter.

    Args:
        document: the element that the document is.
    """
    return document.recall(_named)


def _named(document: Part) -> list[str]:
    return document.texts(IN_CII if document.name.startswith("rsm:") else IN_UBL)


def is_extension(document: Part) -> bool:
    """Whether a document names the extension.

    Args:
        document: the element that the document is.
    """
    return EXTENSION in named(document)


def is_cvd(document: Part) -> bool:
    """Whether a document names the CIUS for clean vehicles (CVD).

    Args:
        document: the element that the document is.
    """
    return CVD in named(document)
