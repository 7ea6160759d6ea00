# SPDX-License-Identifier: Apache-2.0
"""Whether a PDF is what it claims to be: PDF/A-3, judged without Java.

``pikepdf.pdfa`` judges what the pages are made of; it knows no extension schemas, which every Factur-X file has, and
trusts the syntax of the file. So the metadata, the attachments and the raw syntax are judged here, and what it sees is
the document with plain metadata and without attachments. What neither understands is an open question and never
approved. Source: ISO 19005-3, with the numbers of the tests as veraPDF publishes them.
"""

from __future__ import annotations

import io
import logging
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal

import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, Stream, String, pdfa

from einvoice.pdf.associated import Files
from einvoice.pdf.extensions import Inspected, inspect
from einvoice.pdf.gradients import GRADIENT, judged
from einvoice.pdf.limits import DEFAULT_LIMITS
from einvoice.pdf.normalise import tidy
from einvoice.pdf.obstacles import bounded
from einvoice.pdf.packets import packet_of, unpacked
from einvoice.pdf.programs import lists_all, plain
from einvoice.pdf.readable import readable
from einvoice.pdf.syntax import slips
from einvoice.pdf.tokens import excesses
from einvoice.pdf.usage import Usage, usage

# Without a handler, Python prints the warnings of fontTools about fonts to standard error.
logging.getLogger("fontTools").addHandler(logging.NullHandler())

if TYPE_CHECKING:
    from collections.abc import Iterator

Verdict = Literal["pass", "fail", "not checked"]
_ISO: Final = "ISO_19005_3:"
_UNSURE: Final = ("OutputIntent", "output-intent")
_LONGEST: Final = 200
_FONT: Final = 50_000_000
_NOT_EMBEDDED: Final = "6.2.11.4.1-1"
_DEVICES: Final = {"RGB": "6.2.4.3-2", "CMYK": "6.2.4.3-3"}
_BARE: Final = "so it is not embedded"
_OBJECT: Final = re.compile(r"obj (\d+) (\d+)")
_NAMED: Final = 3
_RIGHTS: Final = re.compile(
    rb'<\?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"\?><x:xmpmeta xmlns:x="adobe:ns:meta/"[^<>&]*>\s*'
    rb'<rdf:RDF xmlns:rdf="http://www\.w3\.org/1999/02/22-rdf-syntax-ns#">\s*'
    rb'(<rdf:Description rdf:about="" +xmlns:xmp="http://ns\.adobe\.com/xap/1\.0/">\s*</rdf:Description>\s*)?'
    rb'<rdf:Description rdf:about="" +xmlns:xmpRights="http://ns\.adobe\.com/xap/1\.0/rights/">\s*'
    rb"<xmpRights:Marked>True</xmpRights:Marked>\s*</rdf:Description>\s*</rdf:RDF>\s*</x:xmpmeta>\s*"
    rb'<\?xpacket end="[rw]"\?>\s*'
)
"""The metadata that common fonts of Microsoft and Adobe have."""
_SENDS: Final = frozenset({"/Type", "/S", "/F", "/Fields", "/Flags"})
_PROGRAMS: Final = frozenset({"/FontFile", "/FontFile2", "/FontFile3"})


class Breach(Struct, frozen=True):
    """A demand of ISO 19005-3 that a file does not meet.

    Attributes:
        clause: the clause, and the number of its test.
        what: what is wrong, as a clause of a sentence.
        where: the place in the file; empty for the file as a whole.
    """

    clause: str
    what: str
    where: str = ""


class Conformity(Struct, frozen=True, kw_only=True):
    """What judging a file as PDF/A-3 says.

    Attributes:
        verdict: ``pass``, ``fail``, or ``not checked`` if nothing is wrong and something could not be judged.
        claim: what the file claims to be, such as ``PDF/A-3U``; empty if nothing.
        accessible: whether it claims PDF/UA-1 as well; that claim is not judged.
        breaches: what is wrong.
        open: what could not be judged, and why.
    """

    verdict: Verdict
    claim: str = ""
    accessible: bool = False
    breaches: tuple[Breach, ...] = ()
    open: tuple[str, ...] = ()


def conformity(data: bytes) -> Conformity:
    """Judge a file as PDF/A-3.

    Args:
        data: the file.

    Returns:
        The verdict; a file that cannot be opened is ``not checked``.
    """
    try:
        with pikepdf.open(io.BytesIO(data), inherit_page_attributes=False, suppress_warnings=True) as pdf:
            bounded(pdf, DEFAULT_LIMITS)
            return _judged(pdf, data)
    except pikepdf.PasswordError:
        return Conformity(verdict="fail", breaches=(Breach("6.1.3-2", "the file is encrypted"),))
    except Exception as error:  # noqa: BLE001 -- a broken file is met with any exception there is, and is no defect
        why = " ".join(str(error).split())[:_LONGEST]
        return Conformity(verdict="not checked", open=(f"the file cannot be read for this check: {why}",))


def _judged(pdf: pikepdf.Pdf, data: bytes) -> Conformity:
    seen = inspect(packet_of(pdf))
    breaches = [*(Breach(*slip) for slip in slips(data)), *(Breach(*one) for one in seen.breaches), *_claimed(seen)]
    attached = Files(pdf)
    breaches += [*(Breach(*fault) for fault in attached.faults), *_form(pdf.Root), *_described(pdf.Root)]
    unsure = list(_doubted(pdf, attached))
    beyond = [Breach(*one) for one in dict.fromkeys(excesses(pdf))]
    level = (seen.level or "B").upper()
    shown = usage(pdf)
    if level in {"A", "U"} and not readable(shown):
        unsure.append(f"whether all text has a meaning in Unicode, as level {level} wants (6.2.11.7.2)")
    if level == "A":
        unsure.append("whether the tags of level A are right (6.7)")
    if "/OutputIntents" not in pdf.Root:
        coloured, doubts = _colours(pdf, shown)
        breaches += coloured
        unsure += doubts
    _reduce(pdf, seen)
    further, open_too = _reported(pdf, shown, beyond)
    breaches += further
    unsure += open_too
    verdict: Verdict = "fail" if breaches else "not checked" if _matters(unsure) else "pass"
    return Conformity(
        verdict=verdict,
        claim=f"PDF/A-{seen.part}{(seen.level or '').upper()}" if seen.part else "",
        accessible=seen.accessible,
        breaches=tuple(dict.fromkeys(breaches)),
        open=tuple(dict.fromkeys(unsure)),
    )


def _reported(pdf: pikepdf.Pdf, shown: Usage, beyond: list[Breach]) -> tuple[list[Breach], list[str]]:
    """What ``pikepdf.pdfa`` says of the reduced document, and of ``beyond`` what it does not say."""
    report = pdfa.check(pdf, "3b")
    known = {finding.rule.removeprefix(_ISO) for finding in report.findings}
    breaches = [one for one in beyond if one.clause not in known]
    breaches += [Breach(_NOT_EMBEDDED, one.message, one.where) for one in report.findings if _is_bare(one, shown)]
    answered, strange = judged(pdf, report)
    unsure = [GRADIENT] if strange else []
    certain = not any(word in finding.rule for finding in report.findings for word in _UNSURE)
    for finding in report.findings:
        if finding in answered or finding.rule.startswith(f"{_ISO}6.6.4"):
            continue  # judged above, with the claim as it stands
        if finding.kind == "violation" and finding.rule.startswith(_ISO) and (certain or "6.2.4" not in finding.rule):
            breaches.append(Breach(finding.rule.removeprefix(_ISO), finding.message, finding.where))
        elif not _is_bare(finding, shown):
            unsure.append(f"{finding.message} ({finding.where})")
    return breaches, unsure


def _colours(pdf: pikepdf.Pdf, shown: Usage) -> tuple[list[Breach], list[str]]:
    """What the colours of a file are that does not say which device they are meant for; then sRGB stands in."""
    profile = Stream(pdf, (files("pikepdf.pdfa") / "data" / "sRGB.icc").read_bytes())
    profile.N = 3
    condition = String("sRGB")
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=condition,
                Info=condition,
                DestOutputProfile=pdf.make_indirect(profile),
            )
        ]
    )
    breaches = [
        Breach(clause, f"colours of the device are used ({kind}), and nothing says which device is meant")
        for kind, clause in _DEVICES.items()
        if kind in shown.device
    ]
    shaded = any(_is_shaded(item) for item in pdf.objects)
    hidden = shaded or not shown.known or bool(shown.device - _DEVICES.keys())
    return breaches, ["whether all colours are meant for a device that is named (6.2.4.3)"] if hidden else []


def _is_shaded(item: object) -> bool:
    """Whether an object has colours that the walk over the pages does not see."""
    if not isinstance(item, (Dictionary, Stream)):
        return False
    return "/ShadingType" in item or isinstance(item.get("/SMask"), Dictionary)


def _is_bare(finding: pdfa.Finding, shown: Usage) -> bool:
    """Whether a finding is that a font is missing which the pages use."""
    place = _OBJECT.search(finding.where)
    return _BARE in finding.message and place is not None and (int(place[1]), int(place[2])) in shown.codes


def _matters(unsure: list[str]) -> bool:
    """Whether something beyond the tags of level A is open: they make or break no level B."""
    return any("level A" not in one or "Unicode" in one for one in unsure)


def _claimed(seen: Inspected) -> Iterator[Breach]:
    if seen.breaches and seen.part is None:
        return
    if seen.part is None:
        yield Breach("6.6.4-1", "the metadata claim no part of PDF/A")
    elif seen.part != "3":
        yield Breach("6.6.4-2", f"the metadata claim PDF/A-{seen.part}, and only PDF/A-3 may carry an invoice")
    elif (seen.level or "").upper() not in {"A", "B", "U"}:
        yield Breach("6.6.4-3", f"the metadata claim the level {seen.level!r}, which does not exist")


def _form(catalog: pikepdf.Object) -> Iterator[Breach]:
    """What is asked of a form, also of one without fields."""
    form = catalog.get("/AcroForm")
    if isinstance(form, Dictionary) and form.get("/NeedAppearances", False) is not False:
        yield Breach("6.4.1-3", "viewers are asked to draw the fields anew")


def _described(catalog: pikepdf.Object) -> Iterator[Breach]:
    """What is asked of the metadata beside what they say."""
    metadata = catalog.get("/Metadata")
    if isinstance(metadata, Stream) and (metadata.get("/Type"), metadata.get("/Subtype")) != (Name.Metadata, Name.XML):
        yield Breach("6.6.2.1-1", "the metadata are not marked as what they are")


def _doubted(pdf: pikepdf.Pdf, attached: Files) -> Iterator[str]:
    """What no part of this judgement judges."""
    if attached.unsure:
        yield "whether an attached file is associated with a part of the document (6.8)"
    if any(_is_described(item) for item in pdf.objects):
        yield "whether the metadata of a font are right (6.6.2.1)"


def _is_described(item: object) -> bool:
    """Whether the program of a font has metadata that nothing here judges: more than that it is protected by law."""
    keys = _PROGRAMS.intersection(item.keys()) if isinstance(item, Dictionary) else ()
    programs = [item[key] for key in keys]  # type: ignore[index]  # a dictionary
    said = [one["/Metadata"] for one in programs if isinstance(one, Stream) and "/Metadata" in one]
    return any(not isinstance(one, Stream) or _RIGHTS.fullmatch(unpacked(one)) is None for one in said)


def _reduce(pdf: pikepdf.Pdf, seen: Inspected) -> None:
    """Leave the document as ``pikepdf.pdfa`` understands it."""
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary) and "/EmbeddedFiles" in names:
        del names["/EmbeddedFiles"]
    for holder in (pdf.Root, *(page.obj for page in pdf.pages)):
        if "/AF" in holder:
            del holder["/AF"]
    tidy(pdf, described=False)
    _reduce_links(pdf)
    _reduce_fonts(pdf)
    if seen.known:
        metadata = Stream(pdf, seen.known)
        metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
        pdf.Root.Metadata = metadata


def _reduce_links(pdf: pikepdf.Pdf) -> None:
    """Leave out links that send a form, which clause 6.5.1 does not forbid."""
    for page in pdf.pages:
        listed = page.obj.get("/Annots")
        for one in listed if isinstance(listed, Array) else ():
            action = one.get("/A") if isinstance(one, Dictionary) and one.get("/Subtype") == Name.Link else None
            if (
                isinstance(action, Dictionary)
                and action.get("/S") == Name.SubmitForm
                and _SENDS.issuperset(action.keys())
            ):
                del one["/A"]


def _reduce_fonts(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if not isinstance(item, Dictionary):
            continue
        keys = item.keys()
        if "/FontFile3" in keys and isinstance(item["/FontFile3"], Stream):
            _plain(pdf, item)
        if "/FontDescriptor" in keys and item.get("/Subtype") == Name.CIDFontType2:
            _listed(item)


def _plain(pdf: pikepdf.Pdf, descriptor: Dictionary) -> None:
    program = descriptor["/FontFile3"]
    cid_keyed = program.get("/Subtype") == Name.CIDFontType0C
    same = plain(unpacked(program, _FONT)) if isinstance(program, Stream) and cid_keyed else None
    if same is not None:
        stream = Stream(pdf, same)
        stream.Subtype = Name.CIDFontType0C
        descriptor["/FontFile3"] = stream


def _listed(font: Dictionary) -> None:
    """Leave out a list of glyphs that is right (6.2.11.4.2); what may be wrong is left to be asked about."""
    descriptor = font.get("/FontDescriptor")
    if not isinstance(descriptor, Dictionary) or font.get("/CIDToGIDMap", Name.Identity) != Name.Identity:
        return
    listed, program = descriptor.get("/CIDSet"), descriptor.get("/FontFile2")
    if (
        isinstance(listed, Stream)
        and isinstance(program, Stream)
        and lists_all(unpacked(listed), unpacked(program, _FONT))
    ):
        del descriptor["/CIDSet"]


def first(found: Conformity) -> str:
    """The breaches of a file in one clause, the first of them with their places in the standard; else the doubts.

    Args:
        found: what judging it said.
    """
    breaches = [f"{one.what} (ISO 19005-3, {one.clause})" for one in found.breaches]
    doubts = [
        one if "ISO" in one else f"not understood is {one}, and a claim wants proof (ISO 19005-3, 6.6.4)"
        for one in found.open
    ]
    told = list(dict.fromkeys(breaches)) or doubts
    more = f", and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
    return "; ".join(told[:_NAMED]) + more
