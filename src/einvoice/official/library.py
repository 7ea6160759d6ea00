# SPDX-License-Identifier: Apache-2.0
"""The artefacts at hand: those that the user names, then those that installed packages carry.

A source is a stylesheet, a folder, or an archive (ZIP, JAR, wheel). Archives are read where they lie, never unpacked.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from einvoice.bind import catalog
from einvoice.errors import EinvoiceError, InputError
from einvoice.official.recognise import Identity, by_digest, order, recognise, title_of, unnamed_version
from einvoice.official.stylesheet import Stylesheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_STYLESHEETS: Final = frozenset({".xsl", ".xslt"})
_ARCHIVES: Final = frozenset({".jar", ".whl", ".zip"})
_LARGEST: Final = 40_000_000
"""Bytes of the largest file that is read; the largest known artefact has 8 MB."""
_INSTALLED: Final = -1
_Key = tuple[int, str, str, str, str | None]
"""The number of the source, pack, version, syntax and profile."""


class Artefact:
    """A publisher's rules, compiled: one stylesheet or several that judge together.

    Attributes:
        identity: what it is.
        sheets: its stylesheets.
        named: whether the user named its source.
    """

    def __init__(self, identity: Identity, sheets: Sequence[Stylesheet], *, named: bool = True) -> None:
        self.identity, self.sheets, self.named = identity, tuple(sheets), named

    def judges(self, syntax: str) -> bool:
        """Whether it has rules for a syntax.

        Args:
            syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.
        """
        return not self.identity.syntax or syntax.startswith(self.identity.syntax)


class Library:
    """The artefacts of some sources.

    Args:
        paths: stylesheets, folders and archives; what stands first is preferred among equal versions.
        installed: whether the artefacts of installed packages are in it too.

    Raises:
        InputError: a source does not exist, cannot be read, or holds no artefact that is known.
    """

    def __init__(self, paths: Sequence[str] = (), *, installed: bool = True) -> None:
        self.unnamed: list[Stylesheet] = []
        """Stylesheets that were named one by one and that nothing recognises."""
        self._groups: dict[_Key, tuple[Identity, dict[str, Stylesheet]]] = {}
        for number, path in enumerate(paths):
            self._add(path, number)
        if installed:
            for identity, sheet in _installed():
                self._enter(identity, sheet, _INSTALLED)

    @cached_property
    def artefacts(self) -> tuple[Artefact, ...]:
        """Everything that is whole, in the order of the sources."""
        return tuple(
            Artefact(identity, list(parts.values()), named=key[0] != _INSTALLED)
            for key, (identity, parts) in self._groups.items()
            if parts.keys() >= set(identity.needs)
        )

    def packs(self) -> tuple[str, ...]:
        """The packs that there is an artefact of."""
        return tuple(dict.fromkeys(artefact.identity.pack for artefact in self.artefacts))

    def find(
        self, pack: str, syntax: str, *, profile: str | None = None, version: str | None = None, like: str = ""
    ) -> Artefact | None:
        """The artefact of a pack for a syntax.

        Args:
            pack: the pack.
            syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.
            profile: the profile, where the pack has several.
            version: the version that it has to have; ``None`` for the newest.
            like: the version that is preferred to the newest, if it is there.
        """
        fitting = [
            artefact
            for artefact in self.artefacts
            if artefact.identity.pack == pack
            and artefact.judges(syntax)
            and artefact.identity.profile in (None, profile)
        ]
        if version:
            return next((artefact for artefact in fitting if artefact.identity.version == version), None)
        # max() keeps the first of equals; what the user named counts more than what happens to be installed
        return max(
            fitting,
            key=lambda one: (one.named, one.identity.version == like, order(one.identity.version)),
            default=None,
        )

    def name(self, pack: str) -> None:
        """Let the stylesheets that nothing recognises be a pack.

        Args:
            pack: its name.
        """
        for sheet in self.unnamed:
            version = unnamed_version(sheet.data)
            identity = Identity(pack=pack, version=version, syntax="", title=title_of(pack), part=sheet.name)
            _, parts = self._groups.setdefault((0, pack, "", "", None), (identity, {}))
            parts[sheet.name] = sheet
        self.unnamed = []
        self.__dict__.pop("artefacts", None)

    def _add(self, path: str, number: int) -> None:
        before = len(self._groups)
        kind = _kind(path)
        if kind == "file":
            self._add_file(path, number)
            return
        files = _in_archive(path) if kind == "archive" else _in_folder(path)
        for identity, sheet in files:
            self._enter(identity, sheet, number)
        if len(self._groups) == before:
            raise InputError(
                "no compiled Schematron that einvoice knows is in it; name a stylesheet itself to use one that"
                " einvoice does not know",
                source=path,
                code="ARTEFACT",
            )

    def _add_file(self, path: str, number: int) -> None:
        file = Path(path)
        sheet = Stylesheet(path, partial(_read_file, file), partial(_beside, file))
        identity = by_digest(sheet.data) or recognise(file.resolve().as_posix(), lambda: sheet.data)
        if identity is None:
            sheet.check()
            self.unnamed.append(sheet)
        else:
            self._enter(identity, sheet, number)

    def _enter(self, identity: Identity, sheet: Stylesheet, number: int) -> None:
        key = (number, identity.pack, identity.version, identity.syntax, identity.profile)
        _, parts = self._groups.setdefault(key, (identity, {}))
        parts.setdefault(identity.part, sheet)


# ------------------------------------------------------------------------------------------------------------- sources


def _kind(path: str) -> str:
    if Path(path).is_dir():
        return "folder"
    if not Path(path).is_file():
        raise InputError("cannot be read: there is no such file or folder", source=path, code="NOT_READ")
    return "archive" if zipfile.is_zipfile(path) else "file"


def _in_folder(folder: str) -> Iterator[tuple[Identity, Stylesheet]]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(root) / name
            suffix = file.suffix.lower()
            if suffix in _STYLESHEETS:
                sheet = Stylesheet(str(file), partial(_read_file, file), partial(_beside, file))
                yield from _known(file.resolve().as_posix(), sheet)
            elif suffix in _ARCHIVES and zipfile.is_zipfile(file):
                yield from _in_archive(str(file))


def _in_archive(path: str) -> Iterator[tuple[Identity, Stylesheet]]:
    try:
        opened = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"cannot be read: {error}", source=path, code="NOT_READ") from error
    with opened as archive:
        for member in sorted(archive.namelist()):
            if PurePosixPath(member).suffix.lower() in _STYLESHEETS:
                identity = recognise(member, partial(_inflated, archive, path, member))
                if identity is not None:
                    read, beside = partial(_read_member, path, member), partial(_beside_member, path, member)
                    yield identity, Stylesheet(f"{path}!/{member}", read, beside)


def _known(path: str, sheet: Stylesheet) -> Iterator[tuple[Identity, Stylesheet]]:
    identity = recognise(path, lambda: sheet.data) or by_digest(sheet.data)
    if identity is not None:
        yield identity, sheet


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=str(path), code="NOT_READ") from error
    return _bounded(data, str(path))


def _read_member(path: str, member: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            return _inflated(archive, path, member)
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"cannot be read: {error}", source=path, code="NOT_READ") from error


def _inflated(archive: zipfile.ZipFile, path: str, member: str) -> bytes:
    """A member of an archive, of which no more is inflated than may be."""
    name = f"{path}!/{member}"
    try:
        with archive.open(member) as file:
            data = file.read(_LARGEST + 1)
    except (OSError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"cannot be read: {error}", source=name, code="NOT_READ") from error
    return _bounded(data, name)


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > _LARGEST:
        raise InputError(f"is larger than the {_LARGEST:,} bytes that are allowed", source=name, code="TOO_LARGE")
    return data


def _beside(path: Path, name: str) -> bytes | None:
    sibling = path.with_name(name)
    return _read_file(sibling) if sibling.is_file() else None


def _beside_member(path: str, member: str, name: str) -> bytes | None:
    sibling = str(PurePosixPath(member).with_name(name))
    with zipfile.ZipFile(path) as archive:
        there = sibling in archive.namelist()
    return _read_member(path, sibling) if there else None


# ----------------------------------------------------------------------------------------------------------- installed


def _installed() -> Iterable[tuple[Identity, Stylesheet]]:
    """The artefacts that the catalog lists; each is compared with its digest when it is read."""
    known = catalog.load()
    try:
        root = catalog.installed(known.distribution)
    except EinvoiceError:
        return
    for row in known.stylesheet:
        identity = Identity(
            pack=row.pack, version=row.version, syntax=row.syntax, profile=row.profile, title=title_of(row.pack)
        )
        read: Callable[[str], bytes] = partial(_verified, root, known)
        name = f"{known.distribution.name} {known.distribution.version}: {row.file}"
        yield identity, Stylesheet(name, partial(read, row.file), partial(_verified_beside, read, row.file))


def _verified(root: Path, known: catalog.Catalog, file: str) -> bytes:
    return catalog.compared(root / file, known.digests[file], known.distribution)


def _verified_beside(read: Callable[[str], bytes], file: str, name: str) -> bytes | None:
    try:
        return read(str(PurePosixPath(file).with_name(name)))
    except KeyError:
        return None
