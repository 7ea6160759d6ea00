# SPDX-License-Identifier: Apache-2.0
"""Accounts at the stubs of providers, with their secret in the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.transport.provider.accounts import KINDS, SECRET, VARIABLE, Account, account

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)


@pytest.fixture(params=KINDS)
def each_provider(request: pytest.FixtureRequest) -> Iterator[Account]:
    """An account at each provider, one after the other."""
    with account(request.param) as found:
        yield found


@pytest.fixture
def provider(request: pytest.FixtureRequest) -> Iterator[Account]:
    """An account at the provider that the test names (indirect parameter)."""
    with account(request.param) as found:
        yield found
