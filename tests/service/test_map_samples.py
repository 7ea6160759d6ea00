# SPDX-License-Identifier: Apache-2.0
"""Public samples of exports, which are not in this repository, become invoices by the presets or say what they lack."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from einvoice.bind import open_document
from einvoice.errors import EinvoiceError
from einvoice.service.convert import Attempt, Wish
from einvoice.service.export import Exports, convert_imported
from einvoice.service.settings import Settings
from tests.importers.samples import CASES, Case

FOLDER = os.environ.get("EINVOICE_SAMPLES")

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="the environment variable EINVOICE_SAMPLES does not name the samples"
)


def attempts(case: Case, to: str, tmp_path: Path) -> dict[str, Attempt]:
    source = tmp_path / Path(case.files[0]).name
    source.write_bytes(case.data(Path(FOLDER or "")))
    mapping, seller = tmp_path / "mapping.toml", tmp_path / "seller.toml"
    seller.write_text(case.seller, encoding="utf-8")
    mapping.write_text(case.mapping, encoding="utf-8")
    exports = Exports(str(mapping) if "\n" in case.mapping else case.mapping, str(seller))
    wish = Wish(to="ubl" if to == "ubl" else "cii", settings=Settings())
    found = exports.read(str(source), limit=10_000_000)
    return {one.invoice.number or one.number: convert_imported(one, wish, str(source)) for one in found}


@pytest.mark.parametrize("to", ["ubl", "cii"])
@pytest.mark.parametrize("name", sorted(CASES))
def test_a_sample_becomes_a_valid_invoice_or_says_what_it_lacks(name: str, to: str, tmp_path: Path) -> None:
    case = CASES[name]
    made: dict[str, Attempt] = {}
    refused = []
    try:
        made = attempts(case, to, tmp_path)
    except EinvoiceError as error:
        refused = [str(error)]
    refused += [reason for attempt in made.values() for reason in attempt.reasons]
    if case.missing:
        assert all(any(piece in reason for reason in refused) for piece in case.missing), refused
    else:
        assert refused == []
        assert tuple(made) == case.numbers
        for attempt in made.values():
            assert attempt.output is not None
            assert open_document(attempt.output).schema_violations() == []
