# SPDX-License-Identifier: Apache-2.0
"""The settings file is read; where it does not fit, the message names the line, the section, the key, and what fits."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, get_args

import msgspec

from einvoice.errors import InputError
from einvoice.service.channel_settings import As4Settings, Channels, EmailSettings, FolderSettings
from einvoice.service.provider_settings import ProviderSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SECTIONS: Final[dict[str, Any]] = {"as4": As4Settings, "folder": FolderSettings, "email": EmailSettings}
_PROVIDER: Final = "provider"
_KINDS: Final[dict[str, Any]] = {str(each.__struct_config__.tag): each for each in get_args(ProviderSettings)}

_PLACE: Final = r"(?: - at `\$\.?(?P<at>.*)`)?"
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<name>.*?)`" + _PLACE, re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(?P<name>.*?)`" + _PLACE, re.DOTALL)
_OTHER: Final = re.compile(r"(?P<what>.*?)" + _PLACE, re.DOTALL)


def read_channels(file: Path) -> Channels:
    """Read the settings file.

    Args:
        file: the file.

    Raises:
        OSError: it cannot be read.
        InputError: it is not TOML, or says something that no setting is (``SETTINGS``).
    """
    data = file.read_bytes()
    try:
        return msgspec.toml.decode(data, type=Channels)
    except msgspec.ValidationError as error:
        raise _explained(data, file, str(error)) from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise InputError(f"is no settings file: {error}", source=str(file), code="SETTINGS") from None


def _explained(data: bytes, file: Path, otherwise: str) -> InputError:
    """What is wrong, found by looking at one section after the other."""
    text = data.decode("utf-8-sig")
    for section, piece, kind in _pieces(tomllib.loads(text)):
        try:
            msgspec.convert(piece, kind)
        except msgspec.ValidationError as error:
            key, what = _words(str(error), section, piece, kind)
            return InputError(what, source=str(file), line=_line(text, section, key), code="SETTINGS")
    return InputError(f"is no settings file: {otherwise}", source=str(file), code="SETTINGS")


def _pieces(content: dict[str, Any]) -> Iterator[tuple[str, object, Any]]:
    """The sections of a file with what declares them, what stands before all sections first."""
    inside = {*_SECTIONS, _PROVIDER}
    yield "", {name: value for name, value in content.items() if name not in inside}, Channels
    for name, kind in _SECTIONS.items():
        if name in content:
            yield name, content[name], kind
    accounts = content.get(_PROVIDER, {})
    if not isinstance(accounts, dict):
        yield "", {_PROVIDER: accounts}, Channels
        return
    for name, account in accounts.items():
        yield f"{_PROVIDER}.{name}", account, ProviderSettings


def _words(message: str, section: str, piece: object, kind: Any) -> tuple[str, str]:  # noqa: ANN401 - a type or a union
    """The key that is meant, and what is wrong with it, in our words."""
    where = f"[{section}] " if section else ""
    if unknown := _UNKNOWN.fullmatch(message):
        name = str(unknown["name"])
        known = _known(kind, piece)
        return name, f"{where}there is no key {name!r}{_nearest(name, known)}; there are {', '.join(known)}"
    if missing := _MISSING.fullmatch(message):
        name = str(missing["name"])
        kinds = f": one of {', '.join(_KINDS)}" if name == "kind" else ""
        return "", f"{where}the key {name!r} is missing{kinds}"
    other = _OTHER.fullmatch(message)
    key, what = (str(other["at"] or ""), str(other["what"])) if other else ("", message)
    told = piece.get("kind") if isinstance(piece, dict) else None
    if kind is ProviderSettings and key == "kind" and isinstance(told, str):
        return key, f"{where}there is no kind {told!r}{_nearest(told, list(_KINDS))}; there are {', '.join(_KINDS)}"
    return key, f"{where}{f'{key}: ' if key else ''}{what[:1].lower()}{what[1:]}"


def _known(kind: Any, piece: object) -> list[str]:  # noqa: ANN401 - see above
    """The keys that may stand in a section; for an account those of its kind."""
    if kind is not ProviderSettings:
        return [each.encode_name for each in msgspec.structs.fields(kind)]
    account: Any = _KINDS[str(piece["kind"])] if isinstance(piece, dict) else kind
    return ["kind", *(each.encode_name for each in msgspec.structs.fields(account))]


def _nearest(name: str, known: list[str]) -> str:
    from einvoice.importers.wording import nearest

    return nearest(name, known)


def _line(text: str, section: str, key: str) -> int | None:
    """The line of a key in a section, else that of the section; nothing where both are written in another way."""
    here, found = "", None
    name = re.split(r"[.\[]", key)[0]
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.partition("#")[0].strip()
        if plain.startswith("["):
            here = plain.strip("[] ").replace('"', "")
            found = number if here in {section or name, f"{section}.{name}"} else found
        elif here == section and name and plain.partition("=")[0].strip().strip('"') == name:
            return number
    return found
