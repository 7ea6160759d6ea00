# SPDX-License-Identifier: Apache-2.0
"""The exit status of a run is a contract."""

from __future__ import annotations

import pytest

from einvoice.errors import EinvoiceError, InputError, LossError, OutputError, UnknownNameError, XmlError
from einvoice.service.status import Status, overall, status_of


@pytest.mark.parametrize(
    ("each", "expected"),
    [([], 0), ([0, 0], 0), ([0, 4], 4), ([4, 1, 0], 1), ([4, 1, 0, 3], 3), ([2, 0, 4], 2), ([1, 2], 1)],
)
def test_over_several_documents_the_first_of_3_1_4_0_applies(each: list[int], expected: int) -> None:
    assert overall(Status(status) for status in each) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (XmlError("x"), 3),
        (InputError("x", code="SETTINGS"), 2),
        (LossError("x"), 1),
        (OutputError("x", code="SCHEMA"), 1),
        (OutputError("x", code="EXISTS"), 2),
        (UnknownNameError("x"), 2),
        (EinvoiceError("x"), 2),
    ],
    ids=lambda value: f"{type(value).__name__}-{getattr(value, 'code', value)}",
)
def test_an_error_has_a_status(error: EinvoiceError, expected: int) -> None:
    assert status_of(error) == expected
