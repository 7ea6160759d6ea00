# SPDX-License-Identifier: Apache-2.0
"""Whatever comes in, what comes out is invoices, faults, or one clear refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from einvoice.errors import MappingError
from einvoice.importers import import_file, load_mapping, load_seller
from tests.importers.stories import FIXTURES, MAPPING, ROWS, SELLER, export

if TYPE_CHECKING:
    from collections.abc import Callable

    from einvoice.importers import ImportedInvoice

FOLDER = FIXTURES / "erp-csv"
DEMO = load_mapping(FOLDER / "mapping.toml")
DEMO_SELLER = load_seller(FOLDER / "seller.toml")
DEMO_EXPORT = (FOLDER / "export.csv").read_bytes()
SMALL, SMALL_SELLER = load_mapping(MAPPING.encode()), load_seller(SELLER.encode())


def refusal(call: Callable[[], object]) -> MappingError | None:
    """Call, and give back the refusal, if that is what comes; any other exception is a failure."""
    try:
        call()
    except MappingError as error:
        return error
    return None


def judged(data: bytes) -> list[ImportedInvoice]:
    """Import, and take a refusal for an answer if it says why."""
    invoices: list[ImportedInvoice] = []
    refused = refusal(lambda: invoices.extend(import_file(data, DEMO, DEMO_SELLER)))
    assert refused is None or (refused.message and refused.source)
    return invoices


@given(st.binary(max_size=300))
def test_bytes_are_refused_with_a_reason(data: bytes) -> None:
    assert judged(data) == []


@settings(max_examples=200)
@given(st.integers(0, len(DEMO_EXPORT) - 1), st.sampled_from(b'\x00\xff;"\r\n,.-0a \xe4'), st.booleans())
def test_one_wrong_byte_never_goes_further_than_a_fault(place: int, byte: int, insert: bool) -> None:  # noqa: FBT001
    changed = DEMO_EXPORT[:place] + bytes([byte]) + DEMO_EXPORT[place + (not insert) :]
    for imported in judged(changed):
        assert all(str(fault) for fault in imported.faults)
        assert all(str(imported.provenance[path]) for path in imported.provenance)


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=9, max_size=9)))
def test_cells_of_any_text_become_values_or_faults(cells: list[list[str]]) -> None:
    rows = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
    invoices: list[ImportedInvoice] = []
    refused = refusal(lambda: invoices.extend(import_file(export(*ROWS, *rows), SMALL, SMALL_SELLER)))
    if refused is None:
        assert invoices[0].number == "A1"
    else:
        assert refused.code in {"CSV_CHARACTER", "CSV_QUOTE"}


@given(st.text(max_size=200))
def test_any_text_is_a_mapping_or_is_refused(text: str) -> None:
    for load in (load_mapping, load_seller):
        refused = refusal(lambda load=load: load(text.encode("utf-8", "surrogatepass"), name="m.toml"))  # type: ignore[misc]
        assert refused is None or refused.source == "m.toml"
