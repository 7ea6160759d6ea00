# SPDX-License-Identifier: Apache-2.0
"""Notes with a subject (BT-21): BR-FR-05, -06, -20, -31 and BR-FR-CO-14.

In CII a note states its subject in an element. In UBL the notes of a document are read as one text, in which the
subject stands between two ``#``: ``#PMT#``, and what follows is the note up to the next ``#``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from einvoice.model.parts import Fault, Part
from einvoice.rules.br_fr.parties import UBL_IDS, schemed
from einvoice.rules.br_fr.places import CII, DOCUMENT, EXCHANGED, SELLER, cii
from einvoice.rules.br_fr.texts import between, codes, in_order
from einvoice.rules.element_rules import NO_FAULTS, ElementRule, Faults, about, asked, of_document
from einvoice.rules.xpath import trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTES: Final = f"{EXCHANGED}/ram:IncludedNote"
MEMBER: Final = "MEMBRE_ASSUJETTI_UNIQUE"
_MENTIONS: Final = {
    "PMT": "on the fixed sum for recovery costs",
    "PMD": "on penalties for late payment",
    "AAB": "on a discount for early payment, or that there is none",
    "TXD": "on the tax",
}
"""Subject -> what such a note is about."""
_LAST: Final = "TXD"
_WANTED: Final = ("PMT", "PMD", "AAB")


def joined(top: Part) -> str:
    """The notes of a document in UBL as one text.

    Args:
        top: the document.
    """
    return "".join(top.texts("cbc:Note"))


def joined_later(top: Part) -> str:
    """The same as the later edition reads them: each note ends where the next one begins.

    Args:
        top: the document.
    """
    return "#".join(top.texts("cbc:Note"))


def treatment(top: Part) -> str:
    """How the invoice is treated by the reform (BAR), in UBL.

    Args:
        top: the document.
    """
    return between(of_document(top, joined), "#BAR#")


def treatment_later(top: Part) -> str:
    """The same as the later edition reads it.

    Args:
        top: the document.
    """
    return between(of_document(top, joined_later), "#BAR#")


def of_subject(document: Part, subject: str) -> list[Part]:
    """The notes of a subject in CII.

    Args:
        document: the element that the document is.
        subject: the subject.
    """
    return [one for one in document.parts(NOTES) if subject in one.texts("ram:SubjectCode")]


# ---- notes that are there, and once


def _there(document: Part, *, sign: str, notes: Callable[[Part], str]) -> Faults:
    return NO_FAULTS if sign in of_document(document, notes) else [_missing(sign)]


def _missing(sign: str) -> Fault:
    return Fault(terms=("BT-22",), why=f"no note begins with {sign}")


def _in_notes(document: Part, sign: str, found: str, expected: str | None = None, why: str = "") -> Fault:
    """A fault of the last note that has a sign; of the document, where the sign begins in one and ends in another."""
    notes = [one for one in document.parts("cbc:Note") if sign in one.text]
    return Fault(part=notes[-1] if notes else None, found=found, expected=expected, why=why, terms=("BT-22",))


def _once(document: Part, *, sign: str, notes: Callable[[Part], str]) -> Faults:
    count = of_document(document, notes).count(sign)
    return NO_FAULTS if count <= 1 else [_in_notes(document, sign, sign, why=f"{count} notes of this subject")]


def _there_cii(document: Part, *, subject: str) -> Faults:
    if any(subject in note.texts("ram:SubjectCode") for note in document.parts("ram:IncludedNote")):
        return NO_FAULTS
    return [Fault(terms=("BT-22",), why=f"no note of the subject {subject}")]


def _once_cii(document: Part, *, subject: str) -> Faults:
    found = [note for note in document.parts("ram:IncludedNote") if subject in note.texts("ram:SubjectCode")]
    return NO_FAULTS if len(found) <= 1 else [Fault("ram:SubjectCode", part=found[1])]


def _mentions(notes: Callable[[Part], str]) -> Iterator[ElementRule]:
    """BR-FR-05 and BR-FR-06 in UBL, by the text that the notes are read as."""
    for number, (subject, what) in enumerate(_MENTIONS.items(), 1):
        sign = f"#{subject}#"
        if subject != _LAST:
            there = partial(_there, sign=sign, notes=notes)
            yield asked(f"BR-FR-05_BT-22-{number}", DOCUMENT, there, _needed(subject, what))
        once = partial(_once, sign=sign, notes=notes)
        yield asked(f"BR-FR-06_BT-21-{number}", DOCUMENT, once, _single(subject, what))


def _mentions_cii() -> Iterator[ElementRule]:
    for subject, what in _MENTIONS.items():
        if subject != _LAST:
            there = partial(_there_cii, subject=subject)
            yield asked(f"BR-FR-05_BT-22_{subject}", cii(EXCHANGED), there, _needed(subject, what))
        once = partial(_once_cii, subject=subject)
        yield asked(f"BR-FR-06_BT-21_{subject}", cii(EXCHANGED), once, _single(subject, what))


def _needed(subject: str, what: str) -> str:
    return f"A note (BT-22) of the subject {subject} says what French law wants said {what}."


def _single(subject: str, what: str) -> str:
    return f"At most one note (BT-21) is of the subject {subject}, {what}."


MENTIONS: Final = (*_mentions(joined), *_mentions_cii())
MENTIONS_LATER: Final = tuple(_mentions(joined_later))

# ---- the treatment

_TREATMENT: Final = "A note of the subject BAR (BT-21) is one of the treatments that the reform knows."


def _known(document: Part, *, told: Callable[[Part], str]) -> Faults:
    stated = of_document(document, told)
    if not stated or stated in codes("treatment"):
        return NO_FAULTS
    return [_in_notes(document, "#BAR#", stated, ", ".join(in_order("treatment")))]


@about("BR-FR-20_BT-21", cii(NOTES), version="cii")
def br_fr_20_bt_21_cii(note: Part) -> Faults:
    """A note of the subject BAR (BT-21) is one of the treatments that the reform knows.

    In UBL a note of this subject that says nothing is none.
    """
    if "BAR" in note.texts("ram:SubjectCode") and note.one("ram:Content") not in codes("treatment"):
        yield Fault("ram:Content", expected=", ".join(in_order("treatment")))


@about("BR-FR-30_BT-21", DOCUMENT, version="ubl")
def br_fr_30_bt_21_ubl(document: Part) -> Faults:
    """The notes of the subject BAR (BT-21) state one treatment at most.

    This is the rule BR-FR-31 of the French standard, which is published for UBL with this id.
    """
    text = "".join([*(note for note in document.texts("cbc:Note") if "#BAR#" in note), "#"])
    found = [one for one in in_order("treatment") for _ in range(text.count(f"BAR#{one}#"))]
    if len(found) > 1:
        yield _in_notes(document, "#BAR#", ", ".join(found))


@about("BR-FR-31_BT-21", cii(EXCHANGED), version="cii")
def br_fr_31_bt_21_cii(document: Part) -> Faults:
    """The notes of the subject BAR (BT-21) state one treatment at most."""
    notes = [note for note in document.parts("ram:IncludedNote") if "BAR" in note.texts("ram:SubjectCode")]
    found = [note for note in notes if trimmed(note.one("ram:Content")) in codes("treatment")]
    if len(found) > 1:
        yield Fault("ram:Content", part=found[1])


# ---- members of a VAT group


def _member(document: Part, *, notes: Callable[[Part], str]) -> Faults:
    if not schemed(document, f"{SELLER.ubl}/{UBL_IDS}", "0231"):
        return NO_FAULTS
    stated = between(of_document(document, notes), "#TXD#")
    if stated == MEMBER:
        return NO_FAULTS
    return [_in_notes(document, "#TXD#", stated, MEMBER) if stated else _missing(f"#TXD#{MEMBER}")]


@about("BR-FR-CO-14_BT-29-1", CII, version="cii")
def br_fr_co_14_bt_29_1_cii(document: Part) -> Faults:
    """A seller who is a member of a VAT group (BT-29-1: 0231) says so in a note of the subject TXD (BT-22)."""
    if not schemed(document, f"{SELLER.cii}/ram:GlobalID", "0231"):
        return
    if not any(MEMBER in note.texts("ram:Content") for note in of_subject(document, "TXD")):
        yield Fault(terms=("BT-22",), why=f"no note of the subject TXD says {MEMBER}")


_MEMBER: Final = "A seller who is a member of a VAT group (BT-29-1: 0231) says so in a note of the subject TXD (BT-22)."
TREATED: Final = (
    asked("BR-FR-20_BT-21", DOCUMENT, partial(_known, told=treatment), _TREATMENT),
    asked("BR-FR-CO-14_BT-29-1", DOCUMENT, partial(_member, notes=joined), _MEMBER),
)
TREATED_LATER: Final = (
    asked("BR-FR-20_BT-21", DOCUMENT, partial(_known, told=treatment_later), _TREATMENT),
    asked("BR-FR-CO-14_BT-29-1", DOCUMENT, partial(_member, notes=joined_later), _MEMBER),
)
