# SPDX-License-Identifier: Apache-2.0
"""Numbers of invoices, and what an invoice refers to: BR-FR-01, -02, -17, -18, -29, -30, BR-FR-CO-03 to -05."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.br_fr.places import (
    AGREEMENT,
    CII,
    DOCUMENT,
    EXCHANGED,
    ITEM,
    LINE,
    LINE_SETTLEMENT,
    SETTLEMENT,
    cii,
    ubl,
)
from einvoice.rules.br_fr.texts import codes, in_order, is_invoice_number, says
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about, asked
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

PRECEDING: Final = "cac:BillingReference/cac:InvoiceDocumentReference"
REFERRED: Final = "ram:InvoiceReferencedDocument"
DATED: Final = "ram:FormattedIssueDateTime/qdt:DateTimeString"
_LONGEST: Final = 35
_DETAIL: Final = "DETAIL"

# ---- numbers


def _short(number: Part) -> Faults:
    length = len(number.text)
    return NO_FAULTS if length <= _LONGEST else [Fault(why=f"{length} characters")]


def _formed(number: Part) -> Faults:
    return NO_FAULTS if is_invoice_number(number.text) else [Fault()]


def _numbers(term: str, name: str, in_ubl: str, in_cii: str) -> Iterator[ElementRule]:
    """BR-FR-01 and BR-FR-02 of a number; in UBL the signs are looked at twice."""
    short = f"{name} ({term}) has at most 35 characters."
    formed = f"{name} ({term}) has letters, digits and + - _ / only."
    yield asked(f"BR-FR-01_{term}-1", ubl(in_ubl), _short, short)
    yield asked(f"BR-FR-01_{term}-2", ubl(in_ubl), _formed, formed)
    yield asked(f"BR-FR-02_{term}", ubl(in_ubl), _formed, formed)
    yield asked(f"BR-FR-01_{term}", cii(in_cii), _short, short)
    yield asked(f"BR-FR-02_{term}", cii(in_cii), _formed, formed)


NUMBERS: Final = (
    *_numbers("BT-1", "The invoice number", "cbc:ID", f"{EXCHANGED}/ram:ID"),
    *_numbers(
        "BT-25",
        "The number of a preceding invoice",
        f"{PRECEDING}/cbc:ID",
        f"{SETTLEMENT}/{REFERRED}/ram:IssuerAssignedID",
    ),
    *_numbers(
        "EXT-FR-FE-136",
        "The number of a preceding invoice of a line",
        f"{LINE}/{PRECEDING}/cbc:ID",
        f"{ITEM}/{LINE_SETTLEMENT}/{REFERRED}/ram:IssuerAssignedID",
    ),
)

# ---- attachments


@about("BR-FR-17_BT-123", "cac:AdditionalDocumentReference", version="ubl")
def br_fr_17_bt_123_ubl(document: Part) -> Faults:
    """The description of a supporting document (BT-123) is a code of the French list of attachments."""
    if document.has("cbc:DocumentDescription") and document.one("cbc:DocumentDescription") not in codes("attachment"):
        yield Fault("cbc:DocumentDescription", expected=", ".join(in_order("attachment")))


@about("BR-FR-17_BT-123", cii(f"{AGREEMENT}/ram:AdditionalReferencedDocument"), version="cii")
def br_fr_17_bt_123_cii(document: Part) -> Faults:
    """The description of a supporting document (BT-123) is a code of the French list of attachments.

    White space around it does not count, and an empty description is none.
    """
    if "916" in document.texts("ram:TypeCode"):
        name = trimmed(document.one("ram:Name"))
        if name and name not in codes("attachment"):
            yield Fault("ram:Name", expected=", ".join(in_order("attachment")))


_LEGIBLE: Final = "At most one supporting document (BT-123) is the invoice for people to read (LISIBLE)."


def _legible(document: Part, *, documents: str, description: str) -> Faults:
    found = [one for one in document.parts(documents) if "LISIBLE" in one.texts(description)]
    return NO_FAULTS if len(found) <= 1 else [Fault(description, part=found[1])]


LEGIBLE: Final = (
    asked(
        "BR-FR-18_BT-123",
        DOCUMENT,
        partial(_legible, documents="cac:AdditionalDocumentReference", description="cbc:DocumentDescription"),
        _LEGIBLE,
    ),
    asked(
        "BR-FR-18_BT-123",
        CII,
        partial(_legible, documents=f"{AGREEMENT}/ram:AdditionalReferencedDocument", description="ram:Name"),
        _LEGIBLE,
    ),
)

# ---- objects that are invoiced


def _once(part: Part, *, ids: str) -> Faults:
    """Whether the schemes AFL and AVV occur once each, in UBL."""
    found = [one.get("schemeID") for one in part.parts(ids)]
    return [Fault(ids, found=scheme) for scheme in ("AFL", "AVV") if found.count(scheme) > 1] or NO_FAULTS


def _once_cii(part: Part) -> Faults:
    for scheme in ("AFL", "AVV"):
        found = [one for one in part.parts("ram:AdditionalReferencedDocument") if _is_of(one, scheme)]
        if len(found) > 1:
            yield Fault("ram:ReferenceTypeCode", part=found[1])


def _is_of(document: Part, scheme: str) -> bool:
    return scheme in document.texts("ram:ReferenceTypeCode")


def _said(identifier: Part, *, scheme: str) -> Faults:
    return NO_FAULTS if identifier.get("schemeID") != scheme or says(identifier.text) else [Fault()]


def _said_cii(document: Part, *, scheme: str) -> Faults:
    """Whether the identifiers of a document say something, if it is of a scheme; of both, it is of AFL."""
    if not _is_of(document, scheme) or (scheme == "AVV" and _is_of(document, "AFL")):
        return NO_FAULTS
    return [Fault(part=one) for one in document.parts("ram:IssuerAssignedID") if not says(one.text)] or NO_FAULTS


def _objects(number: str, term: str, name: str, in_ubl: str, above: str) -> Iterator[ElementRule]:
    """BR-FR-29 and BR-FR-30: identifiers of invoiced objects, of the invoice and of a line."""
    once = f"{name} ({term}) has each of the schemes AFL and AVV once at most."
    yield asked(f"BR-FR-{number}_{term}", ubl(in_ubl), partial(_once, ids="cbc:ID"), once)
    yield asked(f"BR-FR-{number}_{term}", cii(above), _once_cii, once)
    for scheme in ("AFL", "AVV"):
        said = f"{name} ({term}) of the scheme {scheme} is not empty."
        yield asked(f"BR-FR-{number}_{scheme}", ubl(f"{in_ubl}/cbc:ID"), partial(_said, scheme=scheme), said)
        context = cii(f"{above}/ram:AdditionalReferencedDocument")
        yield asked(f"BR-FR-{number}_{scheme}", context, partial(_said_cii, scheme=scheme), said)


OBJECTS: Final = (
    *_objects("29", "BT-18", "The invoiced object identifier", "cac:AdditionalDocumentReference", AGREEMENT),
    *_objects("30", "BT-128", "The object identifier of a line", f"{LINE}/cac:DocumentReference", ITEM),
)

# ---- preceding invoices


@about("BR-FR-CO-03_BT-3", "CreditNote", version="ubl")
def br_fr_co_03_bt_3_ubl(document: Part) -> Faults:
    """A consolidated credit note (BT-3: 262) states its contract (BT-12) and its whole invoicing period (BG-14).

    In UBL only a credit note is asked.
    """
    if "262" in document.texts("cbc:CreditNoteTypeCode"):
        return _stated(
            document,
            "cac:ContractDocumentReference/cbc:ID",
            "cac:InvoicePeriod/cbc:StartDate",
            "cac:InvoicePeriod/cbc:EndDate",
        )
    return NO_FAULTS


@about("BR-FR-CO-03_BT-3", CII, version="cii")
def br_fr_co_03_bt_3_cii(document: Part) -> Faults:
    """A consolidated credit note (BT-3: 262) states its contract (BT-12) and its whole invoicing period (BG-14)."""
    if "262" not in document.texts(f"{EXCHANGED}/ram:TypeCode"):
        return NO_FAULTS
    period = f"{SETTLEMENT}/ram:BillingSpecifiedPeriod"
    return _stated(
        document,
        f"{AGREEMENT}/ram:ContractReferencedDocument/ram:IssuerAssignedID",
        f"{period}/ram:StartDateTime/udt:DateTimeString",
        f"{period}/ram:EndDateTime/udt:DateTimeString",
    )


def _stated(document: Part, *paths: str) -> Faults:
    """The first of some terms that says nothing, not even a blank."""
    missing = next((path for path in paths if not document.one(path)), None)
    return NO_FAULTS if missing is None else [Fault(missing)]


@about("BR-FR-CO-04_BT-3", DOCUMENT, version="ubl")
def br_fr_co_04_bt_3_ubl(document: Part) -> Faults:
    """A corrected invoice (BT-3: 384, 471, 472, 473) refers to one preceding invoice (BT-25) and no other."""
    return _one(document, document.texts("cbc:InvoiceTypeCode"), "cac:BillingReference")


@about("BR-FR-CO-04_BT-4", CII, version="cii")
def br_fr_co_04_bt_4_cii(document: Part) -> Faults:
    """A corrected invoice (BT-3: 384, 471, 472, 473) refers to one preceding invoice (BT-25) and no other."""
    return _one(document, document.texts(f"{EXCHANGED}/ram:TypeCode"), f"{SETTLEMENT}/{REFERRED}")


def _one(document: Part, types: list[str], path: str) -> Faults:
    if codes("corrected").isdisjoint(types):
        return NO_FAULTS
    count = len(document.parts(path))
    return NO_FAULTS if count == 1 else [Fault(path, found=str(count), expected="1", why="preceding invoices")]


@about("BR-FR-CO-05_BT-3", "CreditNote", version="ubl")
def br_fr_co_05_bt_3_ubl(document: Part) -> Faults:
    """A credit note (BT-3: 261, 381, 396, 502, 503) names a preceding invoice and its date, or each of its lines does.

    Groups of lines and lines that only inform are not asked. In UBL only a credit note is.
    """
    if codes("credit").isdisjoint(document.texts("cbc:CreditNoteTypeCode")):
        return
    if any(one.has("cbc:ID") and one.has("cbc:IssueDate") for one in document.parts(PRECEDING)):
        return
    own = frozenset(document.texts("cbc:ID"))
    missing = next((one for one in document.parts("cac:CreditNoteLine") if not _refers(one, own)), None)
    if missing is not None:
        yield Fault("cac:BillingReference", part=missing)


def _refers(line: Part, own: frozenset[str]) -> bool:
    """Whether a line need not refer to a preceding invoice, or does with its date."""
    references = line.parts("cac:BillingReference")
    within = [one for one in references if not own.isdisjoint(one.texts("cac:InvoiceDocumentReference/cbc:ID"))]
    states = [text for one in within for text in one.texts("cac:InvoiceDocumentReference/cbc:DocumentStatusCode")]
    if within and _DETAIL not in states:
        return True
    others = [one for one in references if _is_other(one, own)]
    return any(
        one.has("cbc:ID") and one.has("cbc:IssueDate")
        for other in others
        for one in other.parts("cac:InvoiceDocumentReference")
    )


def _is_other(reference: Part, own: frozenset[str]) -> bool:
    """``!=``: whether one of its numbers is another than one of the invoice."""
    texts = reference.texts("cac:InvoiceDocumentReference/cbc:ID")
    return any(text != number for text in texts for number in own)


@about("BR-FR-CO-05_BT-3", CII, version="cii")
def br_fr_co_05_bt_3_cii(document: Part) -> Faults:
    """A credit note (BT-3: 261, 381, 396, 502, 503) names a preceding invoice and its date, or each of its lines does.

    Groups of lines and lines that only inform are not asked.
    """
    if codes("credit").isdisjoint(document.texts(f"{EXCHANGED}/ram:TypeCode")):
        return
    if any(_is_dated(one) for one in document.parts(f"{SETTLEMENT}/{REFERRED}")):
        return
    for line in document.parts(ITEM):
        states = line.texts("ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode")
        if states and _DETAIL not in states:
            continue
        if not any(_is_dated(one) for one in line.parts(f"{LINE_SETTLEMENT}/{REFERRED}")):
            yield Fault(f"{LINE_SETTLEMENT}/{REFERRED}", part=line)
            return


def _is_dated(document: Part) -> bool:
    return document.has("ram:IssuerAssignedID") and document.has(DATED)
