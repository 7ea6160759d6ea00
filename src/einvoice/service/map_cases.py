# SPDX-License-Identifier: Apache-2.0
"""Golden cases of mappings: an export, what it should become, and whether it still does.

A case is a folder with ``mapping.toml``, one file ``export.*``, perhaps ``seller.toml``, and in ``expected/`` the
invoices (``NUMBER.ubl.xml``, ``NUMBER.cii.xml`` ...) and ``refused.txt``, a line for each reason why something is none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct

from einvoice.errors import EinvoiceError, InputError
from einvoice.service.convert import Wish
from einvoice.service.export import Exports, convert_imported
from einvoice.service.files import SUFFIXES, sanitised
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.service.convert import Target

MAPPING: Final = "mapping.toml"
SELLER: Final = "seller.toml"
EXPECTED: Final = "expected"
REFUSED: Final = "refused.txt"
SYNTAXES: Final = ("ubl", "cii")


class Verdict(Struct, frozen=True):
    """What running a case found.

    Attributes:
        folder: the case.
        files: how many files were expected or made.
        differences: what is not as expected, in words; empty if all is.
    """

    folder: Path
    files: int
    differences: tuple[str, ...]


def find_cases(folder: str) -> list[Path]:
    """The cases in a folder, or the folder itself if it is one.

    Args:
        folder: the folder.

    Raises:
        InputError: it holds no case.
    """
    top = Path(folder)
    found = sorted(path.parent for path in top.rglob(MAPPING) if export_of(path.parent) is not None)
    if not found:
        message = f"there is no case: a case is a folder with {MAPPING}, export.* and {EXPECTED}/"
        raise InputError(message, source=folder, code="MAP_CASES")
    return found


def export_of(case: Path) -> Path | None:
    """The export of a case."""
    return next((path for path in sorted(case.glob("export.*")) if path.is_file()), None)


def made_of(case: Path, syntaxes: Sequence[str] = SYNTAXES) -> dict[str, bytes]:
    """What becomes of the export of a case, by the name of the file.

    Args:
        case: the folder.
        syntaxes: the formats that are made.

    Raises:
        EinvoiceError: the mapping or the seller profile cannot be used.
    """
    export, seller = export_of(case), case / SELLER
    exports = Exports(str(case / MAPPING), str(seller) if seller.is_file() else None)
    settings = Settings.from_environment()
    made: dict[str, bytes] = {}
    refused: list[str] = []
    try:
        found = list(exports.read(str(export), limit=settings.limits.bytes))
    except EinvoiceError as error:
        return {REFUSED: f"{_plain(str(error), case)}\n".encode()}
    for syntax in syntaxes:
        wish = Wish(to=cast("Target", syntax), settings=settings)
        for imported in found:
            attempt = convert_imported(imported, wish, str(export), assumes=exports.assumes)
            if attempt.output is not None:
                made[f"{sanitised(imported.number)}{SUFFIXES[wish.to]}"] = attempt.output
            elif syntax == syntaxes[0]:
                refused += [f"{imported.number}: {reason}" for reason in attempt.reasons or (str(attempt.error),)]
    if refused:
        made[REFUSED] = "".join(f"{_plain(line, case)}\n" for line in refused).encode()
    return made


def run_case(case: Path, *, update: bool = False) -> Verdict:
    """Run a case.

    Args:
        case: the folder.
        update: whether what is made becomes what is expected.
    """
    folder = case / EXPECTED
    try:
        made = made_of(case, _syntaxes(folder))
    except EinvoiceError as error:
        return Verdict(case, 0, (str(error),))
    if update:
        return _updated(case, folder, made)
    expected = {path.name: path.read_bytes() for path in sorted(folder.glob("*"))} if folder.is_dir() else {}
    if not expected:
        return Verdict(case, 0, (f"nothing is expected: run it once with --update and read what is in {EXPECTED}/",))
    names = sorted({*made, *expected})
    return Verdict(case, len(names), tuple(_differences(names, made, expected)))


def _updated(case: Path, folder: Path, made: dict[str, bytes]) -> Verdict:
    from einvoice.service.files import write_file

    folder.mkdir(exist_ok=True)
    for path in folder.glob("*"):
        if path.name not in made:
            path.unlink()
    for name, data in made.items():
        write_file(folder / name, data, force=True)
    return Verdict(case, len(made), ())


def _differences(names: list[str], made: dict[str, bytes], expected: dict[str, bytes]) -> Iterator[str]:
    for name in names:
        if name not in made:
            yield f"{name} is expected and is not made"
        elif name not in expected:
            yield f"{name} is made and not expected{_first(made[name]) if name == REFUSED else ''}"
        elif made[name] != expected[name]:
            yield f"{name} is another: {_where(expected[name], made[name])}"


def _first(data: bytes) -> str:
    return f": {data.decode('utf-8', 'replace').splitlines()[0]}"


def _where(expected: bytes, made: bytes) -> str:
    """The first line that differs."""
    theirs, ours = (data.decode("utf-8", "replace").splitlines() for data in (expected, made))
    for number, (one, other) in enumerate(zip(theirs, ours, strict=False), 1):
        if one != other:
            return f"line {number} is {other.strip()[:120]!r}, expected {one.strip()[:120]!r}"
    return f"it has {len(ours)} lines, expected {len(theirs)}"


def _syntaxes(folder: Path) -> tuple[str, ...]:
    """The formats that a case expects; UBL and CII if it expects none yet."""
    names = [path.name for path in folder.glob("*")] if folder.is_dir() else []
    found = tuple(syntax for syntax, suffix in SUFFIXES.items() if any(name.endswith(suffix) for name in names))
    return tuple(one for one in found if one in {"ubl", "cii", "json"}) or SYNTAXES


def _plain(line: str, case: Path) -> str:
    """A line without the folder, so that a case says the same wherever it lies."""
    return line.replace(f"{case}/", "")
