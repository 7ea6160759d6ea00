# SPDX-License-Identifier: Apache-2.0
"""The mappings that come with the program, one file a source: ``einvoice convert --map xero``.

A preset is a mapping like any other and can be copied and changed, or extended (``extends = "xero"``). Its file begins
with ``mapping = "ID/VERSION"`` and a description that says in one or two sentences what it reads and what it needs.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from einvoice.errors import UnknownNameError
from einvoice.importers.wording import nearest

SUFFIX: Final = ".toml"


@cache
def preset_names() -> tuple[str, ...]:
    """The ids of the presets, sorted."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX)))


def preset_text(name: str) -> str:
    """The file of a preset, to read or to copy.

    Args:
        name: its id, such as ``xero``.

    Raises:
        UnknownNameError: there is none of that id.
    """
    if name not in preset_names():
        known = ", ".join(preset_names())
        raise UnknownNameError(f"there is no preset {name!r}{nearest(name, preset_names())}; there are {known}")
    return (files(__name__) / f"{name}{SUFFIX}").read_text(encoding="utf-8")
