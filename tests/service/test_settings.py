# SPDX-License-Identifier: Apache-2.0
"""Limits are settings of the environment."""

from __future__ import annotations

import pytest

from einvoice.bind.xml import Limits
from einvoice.errors import EinvoiceError
from einvoice.service.settings import Settings


def test_without_variables_the_defaults_hold() -> None:
    assert Settings.from_environment({}) == Settings(limits=Limits(), deadline=600)


def test_variables_change_limits_and_deadline() -> None:
    settings = Settings.from_environment({"EINVOICE_LIMIT_BYTES": "1_000", "EINVOICE_DEADLINE": "5"})
    assert settings == Settings(limits=Limits(bytes=1000), deadline=5)


@pytest.mark.parametrize("value", ["", "0", "-1", "ten", "1e3", "\u0661"])
def test_a_variable_that_is_no_number_is_an_error_that_names_it(value: str) -> None:
    with pytest.raises(EinvoiceError, match="EINVOICE_LIMIT_DEPTH"):
        Settings.from_environment({"EINVOICE_LIMIT_DEPTH": value})


def test_a_limit_that_cannot_be_kept_is_refused() -> None:
    with pytest.raises(EinvoiceError, match="no further"):
        Settings.from_environment({"EINVOICE_LIMIT_DEPTH": "100000"})
