# SPDX-License-Identifier: Apache-2.0
"""What a compiled Schematron reports (SVRL, ISO/IEC 19757-3 annex D), with the places as einvoice writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree
from msgspec import Struct

from einvoice.bind import xml
from einvoice.bind.paths import Paths, line_of
from einvoice.errors import XmlError
from einvoice.rules.registry import Severity

if TYPE_CHECKING:
    from lxml.etree import _Element

_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_SEVERITIES: Final[dict[str, Severity]] = {
    "fatal": "fatal",
    "error": "fatal",
    "warning": "warning",
    "warn": "warning",
    "information": "information",
    "info": "information",
    "hint": "information",
}
_LIMITS: Final = xml.Limits(bytes=250_000_000)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
"""It may name another encoding than the one that the text is handed over in."""
_NAME: Final = r"[^\[\]/@:*{}'\"=\s]+"
_STEP: Final = re.compile(
    rf"""/(?P<at>@)?(?:
        Q\{{(?P<q>[^}}]*)\}}(?P<qn>{_NAME})
      | \*:(?P<sn>{_NAME})\[\s*namespace-uri\(\)\s*=\s*(?P<sq>['"])(?P<s>.*?)(?P=sq)\s*\]
      | \*\[\s*local-name\(\)\s*=\s*(?P<lq>['"])(?P<ln>{_NAME})(?P=lq)
          (?:\s*and\s*namespace-uri\(\)\s*=\s*(?P<uq>['"])(?P<l>.*?)(?P=uq))?\s*\]
      | (?:{_NAME}:)?(?P<pn>{_NAME})
    )(?:\[(?P<position>\d+)\])?""",
    re.VERBOSE,
)
"""One step of a location, in the forms that the known compilers write: SchXslt's ``Q{uri}name[1]``, and the ISO
skeleton's ``*:name[namespace-uri()='uri'][1]`` and ``*[local-name()='name' and namespace-uri()='uri'][1]``."""


class Hit(Struct, frozen=True):
    """An assertion that failed, or a report that was made.

    Attributes:
        rule: its id; empty if it has none.
        severity: its flag, else its role, else fatal.
        message: the publisher's text.
        location: where, with standard prefixes; ``None`` for a place that cannot be found in the document.
        line: the line of the place in the tree that was judged.
    """

    rule: str
    severity: Severity
    message: str
    location: str | None
    line: int | None


class Said(Struct, frozen=True):
    """What a report says.

    Attributes:
        hits: the assertions that failed and the reports that were made.
        asked: whether any rule was asked of anything in the document.
    """

    hits: tuple[Hit, ...]
    asked: bool


def read(report: str, invoice: _Element) -> Said:
    """Read a report.

    Args:
        report: the report.
        invoice: the element that was judged as a document.

    Raises:
        InputError: it is no report.
    """
    root = xml.parse(_DECLARATION.sub("", report, count=1).encode(), limits=_LIMITS)
    if root.tag != f"{_SVRL}schematron-output":
        raise XmlError(f"this is no report in SVRL: its root is {etree.QName(root).localname}", code="SVRL")
    found = [hit for hit in root if hit.tag in (f"{_SVRL}failed-assert", f"{_SVRL}successful-report")]
    if not found:
        return Said((), asked=root.find(f"{_SVRL}fired-rule") is not None)
    places = _Places(invoice)
    return Said(tuple(_hit(hit, places) for hit in found), asked=True)


def _hit(hit: _Element, places: _Places) -> Hit:
    text = hit.find(f"{_SVRL}text")
    message = " ".join("".join(str(part) for part in text.itertext()).split()) if text is not None else ""
    stated = (hit.get("flag") or hit.get("role") or "fatal").strip().lower()
    location, line = places.of(hit.get("location") or "")
    return Hit(
        rule=(hit.get("id") or "").strip(),
        severity=_SEVERITIES.get(stated, "fatal"),
        message=message,
        location=location,
        line=line,
    )


class _Places:
    """Finds the places of a report in the document; each is found once, and so are the children of an element."""

    def __init__(self, invoice: _Element) -> None:
        self._invoice = invoice
        self._paths = Paths()
        self._known: dict[str, tuple[str | None, int | None]] = {}
        self._children: dict[tuple[_Element | None, str | None, str], list[_Element]] = {}

    def of(self, location: str) -> tuple[str | None, int | None]:
        if location not in self._known:
            self._known[location] = self._found(location)
        return self._known[location]

    def _found(self, location: str) -> tuple[str | None, int | None]:
        steps = list(_STEP.finditer(location))
        if not steps or "".join(step[0] for step in steps) != location.strip():
            return None, None
        here: _Element | None = None
        for step in steps:
            if step["at"]:
                break
            same = self._named(here, _namespace(step), _local(step))
            position = int(step["position"] or 1)
            if position > len(same):
                return None, None
            here = same[position - 1]
        if here is None:
            return None, None
        attribute = f"/@{_local(steps[-1])}" if steps[-1]["at"] else ""
        return f"{self._paths.of(here)}{attribute}", line_of(here)

    def _named(self, parent: _Element | None, namespace: str | None, local: str) -> list[_Element]:
        """The children of a name, in any namespace if none is said; of nothing, the invoice."""
        key = (parent, namespace, local)
        if key not in self._children:
            below = [self._invoice] if parent is None else list(parent)
            self._children[key] = [child for child in below if _is(child, namespace, local)]
        return self._children[key]


def _local(step: re.Match[str]) -> str:
    return str(step["qn"] or step["sn"] or step["ln"] or step["pn"])


def _namespace(step: re.Match[str]) -> str | None:
    return next((step[group] for group in ("q", "s", "l") if step[group] is not None), None)


def _is(element: _Element, namespace: str | None, local: str) -> bool:
    name = etree.QName(element)
    return name.localname == local and (namespace is None or namespace == (name.namespace or ""))
