# SPDX-License-Identifier: Apache-2.0
"""Where the data of a pack lies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_HOUSE: Final = Path(__file__).parents[1]


def folder_of(package: str) -> Path:
    """The folder of a package of einvoice.

    :mod:`importlib.resources` says the same, and imports a dozen modules to say it.

    Args:
        package: the package, such as ``einvoice.rules.en16931``.
    """
    return _HOUSE.joinpath(*package.split(".")[1:])
