# SPDX-License-Identifier: Apache-2.0
"""The command line speaks the language of the locale; tests speak English, whoever runs them."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locale without a language."""
    monkeypatch.setenv("LC_ALL", "C")
