# SPDX-License-Identifier: Apache-2.0
"""Real documents get the verdict of the official schemas, and every violation has its place and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from einvoice.bind.schema import DocumentType, validate
from einvoice.bind.xml import parse

if TYPE_CHECKING:
    from pathlib import Path

PROFILES: dict[str, DocumentType] = {
    "cii-d22b": "cii",
    "fx-minimum": "facturx:minimum",
    "fx-basicwl": "facturx:basicwl",
    "fx-basic": "facturx:basic",
    "fx-en16931": "facturx:en16931",
    "fx-extended": "facturx:extended",
}


def test_every_verdict_on_the_corpus_is_the_official_one(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> None:
    """UBL 2.1, CII D22B, and the profiles of Factur-X."""
    judged = 0
    for row in manifest:
        if not row["path"].lower().endswith(".xml") or row["syntax"] == "ZUGFeRD1":
            continue
        root = parse((corpus / row["path"]).read_bytes(), source=row["path"])
        expected: dict[DocumentType, bool]
        if row["syntax"] == "CII":
            expected = {PROFILES[name]: valid for name, valid in row["xsd"].items() if name in PROFILES}
        else:
            expected = {"ubl-invoice" if row["syntax"] == "UBL-Invoice" else "ubl-creditnote": row["xsd_valid"]}
        for document_type, valid in expected.items():
            judged += 1
            found = validate(root, document_type)
            assert (not found) == valid, (row["path"], document_type, found[:1])
            assert all(violation.path.startswith("/") and violation.line for violation in found), row["path"]
            assert all("{" not in violation.message for violation in found), (row["path"], found)
    assert judged > 7000
