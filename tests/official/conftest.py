# SPDX-License-Identifier: Apache-2.0
"""One engine for all tests of a process: starting SaxonC takes longer than a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.official.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def saxon() -> Iterator[Engine]:
    """SaxonC, in a process that ends with the tests."""
    engine = Engine(deadline=60, memory=2_048)
    yield engine
    engine.close()
