# SPDX-License-Identifier: Apache-2.0
"""What libxml2 compiles is the official schema without what it says to people, and nothing from elsewhere."""

from __future__ import annotations

import pytest
from lxml import etree

from einvoice.bind import catalog
from einvoice.bind.schema_sources import schema_of, undocumented
from einvoice.errors import EinvoiceError

ANNOTATION = "{http://www.w3.org/2001/XMLSchema}annotation"
TYPES = sorted(catalog.load().schema)


@pytest.mark.parametrize("document_type", TYPES)
def test_nothing_but_annotations_is_left_out(document_type: str) -> None:
    for name, data in catalog.texts(document_type)[1].items():
        whole, kept = etree.fromstring(data), etree.fromstring(undocumented(data))
        for annotation in list(whole.iter(ANNOTATION)):
            parent = annotation.getparent()
            assert parent is not None
            parent.remove(annotation)
        assert _elements(kept) == _elements(whole), name


def _elements(root: etree._Element) -> list[tuple[str, int, list[tuple[str, str]]]]:
    return [(str(one.tag), len(one), [(str(k), str(v)) for k, v in one.items()]) for one in root.iter("*")]


def test_no_annotation_is_left_in_the_schema_of_ubl() -> None:
    files = catalog.texts("ubl-invoice")[1]
    assert not [
        name for name, data in files.items() if next(etree.fromstring(undocumented(data)).iter(ANNOTATION), None)
    ]
    assert sum(map(len, map(undocumented, files.values()))) * 3 < sum(map(len, files.values()))


def test_a_file_that_the_catalog_does_not_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    entry, files = catalog.texts("facturx:minimum")
    fewer = {name: data for name, data in files.items() if "UnqualifiedDataType" not in name}
    monkeypatch.setattr(catalog, "texts", lambda _: (entry, fewer))
    with pytest.raises(EinvoiceError, match=r"cannot be compiled: .*UnqualifiedDataType_100\.xsd"):
        schema_of("facturx:minimum")


def test_a_schema_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "texts", lambda _: ("a.xsd", {"a.xsd": b"<a/>"}))
    with pytest.raises(EinvoiceError, match="the official schema cannot be compiled"):
        schema_of("cii")
