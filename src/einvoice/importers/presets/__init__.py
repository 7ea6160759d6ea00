# SPDX-License-Identifier: Apache-2.0
"""The mappings that come with the program, one file a source: ``einvoice convert --map xero``.

A preset is a mapping like any other and can be copied and changed. Its file begins with ``mapping = "ID/VERSION"`` and
a description of one sentence or two that says what it reads and what it needs beside.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from einvoice.errors import MappingError, UnknownNameError
from einvoice.importers.mapping import ErpMapping, load_mapping
from einvoice.importers.wording import nearest

SUFFIX = ".toml"


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


def load_preset(name: str) -> ErpMapping:
    """Load a preset.

    Args:
        name: its id.

    Raises:
        UnknownNameError: there is none of that id.
    """
    return load_mapping(preset_text(name).encode(), name=f"preset {name}")


def load_named(name: str) -> ErpMapping:
    """Load what ``--map`` names: a preset by its id, or a file.

    Args:
        name: the id of a preset; anything else is the path of a file. A file that is called like a preset is meant
            by a path with a slash, such as ``./xero``.

    Raises:
        MappingError: the file cannot be read or used; if there is none, the message names the presets too.
    """
    if name in preset_names():
        return load_preset(name)
    try:
        return load_mapping(name)
    except MappingError as error:
        if isinstance(error.__cause__, FileNotFoundError) and "/" not in name and "." not in name:
            near = nearest(name, preset_names())
            error.message += f"; nor is it a preset{near}; there are {', '.join(preset_names())}"
        raise
