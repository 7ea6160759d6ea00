# SPDX-License-Identifier: Apache-2.0
"""Compiled Schematron in miniature, written by us, and documents for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from einvoice.bind import open_document, write
from einvoice.official.stylesheet import Stylesheet
from tests.service.sample import invoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from einvoice.bind import Document
    from einvoice.model import Invoice

HEAD: Final = (
    '<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"'
    ' xmlns:svrl="http://purl.oclc.org/dsdl/svrl" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:map="http://www.w3.org/2005/xpath-functions/map" xmlns:my="urn:my"'
    ' xmlns:rt="java:java.lang.Runtime" xmlns:system="java:java.lang.System"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">'
)
UBL: Final = "/*:Invoice[namespace-uri()='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'][1]"
_CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NUMBER: Final = f"{UBL}/*:ID[namespace-uri()='{_CBC}'][1]"


def failed(rule: str = "", text: str = "Something is wrong.", *, flag: str = "", location: str = UBL) -> str:
    """One assertion that failed, as the skeleton writes it."""
    stated = "".join(f' {name}="{value}"' for name, value in (("id", rule), ("flag", flag)) if value)
    return (
        f'<svrl:failed-assert test="x"{stated} location="{location}"><svrl:text>{text}</svrl:text></svrl:failed-assert>'
    )


def xslt(body: str = "", *, top: str = "", asked: bool = True) -> bytes:
    """A stylesheet that writes a report with a content, in which a rule was asked unless it is said otherwise."""
    fired = '<svrl:fired-rule context="/"/>' if asked else "<!-- no svrl:fired-rule -->"
    output = f'<svrl:schematron-output title="ours">{fired}{body}</svrl:schematron-output>'
    return f'{HEAD}{top}<xsl:template match="/">{output}</xsl:template></xsl:stylesheet>'.encode()


def sheet(data: bytes, name: str = "ours.xslt", siblings: Mapping[str, bytes] | None = None) -> Stylesheet:
    """A stylesheet with files beside it."""
    return Stylesheet(name, lambda: data, (siblings or {}).get)


def document(made: Invoice | None = None, syntax: str = "ubl") -> Document:
    """A sound invoice, opened."""
    return open_document(write(made or invoice(), syntax))
