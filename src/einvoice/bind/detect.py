# SPDX-License-Identifier: Apache-2.0
"""What a parsed document is: its syntax, its specification, and the element that is the invoice.

Only the content decides, never the name of a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from lxml import etree

from einvoice.bind.foreign import describe
from einvoice.bind.order import CII_NAMESPACES, UBL_NAMESPACES, UBL_ROOTS
from einvoice.bind.structure_inquiry import NONE, Below
from einvoice.errors import FormatError

if TYPE_CHECKING:
    from lxml.etree import _Element

Syntax = Literal["ubl-invoice", "ubl-creditnote", "cii"]

_CBC: Final = UBL_NAMESPACES["cbc"]
_RAM: Final = CII_NAMESPACES["ram"]
_RSM: Final = CII_NAMESPACES["rsm"]
_SBDH: Final = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"

_SYNTAXES: Final[dict[str, Syntax]] = {
    f"{{{UBL_ROOTS['Invoice']}}}Invoice": "ubl-invoice",
    f"{{{UBL_ROOTS['CreditNote']}}}CreditNote": "ubl-creditnote",
    f"{{{_RSM}}}CrossIndustryInvoice": "cii",
}
_CONTEXT: Final = f"{{{_RSM}}}ExchangedDocumentContext"
_UBL: Final = tuple(f"{{{_CBC}}}{name}" for name in ("UBLVersionID", "CustomizationID", "ProfileID"))
_CII: Final = tuple(
    f"{{{_RAM}}}{name}ContextParameter" for name in ("GuidelineSpecifiedDocument", "BusinessProcessSpecifiedDocument")
)
_IDENTIFIER: Final = f"{{{_RAM}}}ID"


class Detected(NamedTuple):
    """What a document was found to be.

    Attributes:
        syntax: ``ubl-invoice``, ``ubl-creditnote`` or ``cii``.
        element: the element that is the invoice; not the root of the document if there was an envelope.
        specification: the specification identifier (BT-24) as stated, without white space around; None if missing.
        process: the business process (BT-23), likewise.
        ubl_version: what ``cbc:UBLVersionID`` states, likewise; None in CII.
        notes: sentences for the user about the document as a whole.
    """

    syntax: Syntax
    element: _Element
    specification: str | None
    process: str | None
    ubl_version: str | None
    notes: tuple[str, ...]


def detect(root: _Element, *, source: str | None = None, below: Below | None = None) -> Detected:
    """Say what a document is.

    Args:
        root: the root element, as :func:`einvoice.bind.xml.parse` returns it.
        source: the name of the document, for messages.
        below: where the children of its elements are kept by their names, for all who look for some.

    Raises:
        FormatError: it is no invoice in UBL 2 or CII; the message says what it is. Its code is ``UNKNOWN_FORMAT``.
    """
    below = Below() if below is None else below
    element, notes = _unwrap(root, source) if root.tag == f"{{{_SBDH}}}StandardBusinessDocument" else (root, ())
    syntax = _SYNTAXES.get(str(element.tag))
    if syntax is None:
        raise _refusal(element, source, inside=element is not root)
    named = (None, *_in_context(element, below)) if syntax == "cii" else _named(element, below)
    version, specification, process = named
    if version is not None and version.removeprefix("UBL ") != "2.1":
        notes = (*notes, f"the document says that it is UBL {version}; it was read and is judged as UBL 2.1")
    return Detected(
        syntax=syntax,
        element=element,
        specification=specification,
        process=process,
        ubl_version=version,
        notes=notes,
    )


def _named(element: _Element, below: Below) -> tuple[str | None, ...]:
    """The version, the specification and the process that a document in UBL names, found in one look."""
    return tuple(_text(_first(element, tag, below)) for tag in _UBL)


def _in_context(element: _Element, below: Below) -> tuple[str | None, str | None]:
    """The specification and the process that a document in CII names."""
    context = _first(element, _CONTEXT, below)
    found = [_first(_first(context, tag, below), _IDENTIFIER, below) for tag in _CII]
    return _text(found[0]), _text(found[1])


def _first(element: _Element | None, tag: str, below: Below) -> _Element | None:
    """The first child of a name."""
    found = NONE if element is None else below[element].get(tag, NONE)
    return found[0] if found else None


def _text(element: _Element | None) -> str | None:
    """The text of an element, without white space around; None if it is not there or empty."""
    return None if element is None else (element.text or "").strip() or None


def _unwrap(root: _Element, source: str | None) -> tuple[_Element, tuple[str, ...]]:
    """Take off a Standard Business Document Header, the envelope of Peppol."""
    parts = [part for part in root if part.tag != f"{{{_SBDH}}}StandardBusinessDocumentHeader"]
    invoices = [part for part in parts if str(part.tag) in _SYNTAXES]
    if len(invoices) > 1 or not parts:
        held = f"holds {len(invoices)} invoices; give each by itself" if parts else "holds no document"
        raise FormatError(f"this is a StandardBusinessDocument that {held}", source=source, code="UNKNOWN_FORMAT")
    note = "the invoice was taken out of a StandardBusinessDocument (SBDH); the envelope is not judged"
    return (invoices or parts)[0], (note,)


def _refusal(element: _Element, source: str | None, *, inside: bool) -> FormatError:
    name = etree.QName(element)
    what = describe(name.namespace or "", name.localname)
    start = "this is a StandardBusinessDocument that holds" if inside else "this is"
    return FormatError(
        f"{start} {what}; einvoice reads invoices in UBL 2 and CII",
        source=source,
        line=cast("int | None", element.sourceline),
        code="UNKNOWN_FORMAT",
    )
