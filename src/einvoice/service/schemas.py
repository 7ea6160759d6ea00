# SPDX-License-Identifier: Apache-2.0
"""What the official XML schemas refuse, as findings: that of the syntax, and that of a profile of Factur-X.

A profile of Factur-X has a schema of its own, narrower than CII. What it refuses is fatal by its publisher, and a
warning here (``effective``): the verdict is that of the rules, and they decide what a profile may not hold. It is asked
where the pack is asked, and says nothing again that the schema of CII says of the same place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from einvoice.bind.schema_terms import concerned
from einvoice.rules.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.bind import Document
    from einvoice.bind.schema import DocumentType, SchemaViolation
    from einvoice.rules.findings import PackResult
    from einvoice.rules.registry import Pack, Severity

SCHEMA: Final = "XSD"
"""The rule that a violation of the official schema is reported under."""
PROFILE_SCHEMA: Final = "FX-XSD"
"""The rule that a violation of the schema of a profile of Factur-X is reported under."""
_FACTURX: Final = "facturx"


def schema_findings(document: Document, packs: Iterable[Pack | PackResult] = ()) -> tuple[Finding, ...]:
    """What the schema of the syntax refuses: UBL 2.1, or CII D22B with its code lists uncoupled.

    Args:
        document: the document.
        packs: the packs that judge it. The schema of a profile is asked first: if it is content, so is that of CII.
    """
    for profile in _profiles(document, packs):
        document.schema_violations(profile)
    return tuple(_finding(one, document, SCHEMA, "fatal") for one in document.schema_violations())


def profile_findings(
    document: Document, packs: Iterable[Pack | PackResult], told: Iterable[Finding] = ()
) -> Iterator[Finding]:
    """What the schemas of the profiles of Factur-X refuse that a document is judged by.

    Args:
        document: the document; one in UBL has no profile.
        packs: the packs that judge it; those of Factur-X count.
        told: what the schema of the syntax refuses.

    Yields:
        The findings, once a place.
    """
    places = {finding.location for finding in told}
    for profile in _profiles(document, packs):
        for one in document.schema_violations(profile):
            if (one.path or None) not in places:
                yield _finding(one, document, PROFILE_SCHEMA, "warning")


def _profiles(document: Document, packs: Iterable[Pack | PackResult]) -> dict[DocumentType, None]:
    """The schemas of the profiles that a document is judged by, each once."""
    if document.syntax != "cii":
        return {}
    stated = (f"{_FACTURX}:{pack.profile}" for pack in packs if pack.id == _FACTURX and pack.profile)
    return dict.fromkeys(cast("DocumentType", one) for one in stated)


def _finding(violation: SchemaViolation, document: Document, rule: str, effective: Severity) -> Finding:
    return Finding(
        rule=rule,
        packs=(),
        severity="fatal",
        effective=effective,
        message=violation.message,
        terms=concerned(violation, document.syntax),
        location=violation.path or None,
        line=violation.line,
        column=violation.column,
    )
