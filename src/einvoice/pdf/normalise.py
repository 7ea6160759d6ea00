# SPDX-License-Identifier: Apache-2.0
"""Small repairs before PDF/A: what writers leave in a PDF that archives do not want, or that no checker understands.

Nothing here changes what a page shows. What ``pikepdf.pdfa.prepare`` repairs is left to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikepdf import Array, Dictionary, Name, Stream, String

from einvoice.pdf.usage import usage

if TYPE_CHECKING:
    import pikepdf

_INTENT: Final = frozenset(
    {"/Type", "/S", "/OutputCondition", "/OutputConditionIdentifier", "/RegistryName", "/Info", "/DestOutputProfile"}
)
_PAGES: Final = frozenset({"/Type", "/Kids", "/Count", "/Resources", "/MediaBox", "/CropBox", "/Rotate"})
_PROGRAMS: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_TIDIED: Final = frozenset(
    {*_PROGRAMS, "/CIDSystemInfo", "/DescendantFonts", "/Pattern", "/Shading", "/Resources", "/Tabs", "/Title"}
)
"""Objects without one of these are left alone: most objects of a tagged file are parts of its structure."""


def tidy(pdf: pikepdf.Pdf, *, described: bool = True) -> None:
    """Take out what neither makes nor breaks PDF/A, and what checkers stumble over.

    Args:
        pdf: the document; it is changed.
        described: whether the metadata of the page tree, which can break PDF/A, go too.
    """
    catalog = pdf.Root
    if catalog.get("/PageMode") == Name.UseAttachments:
        del catalog["/PageMode"]
    for key in ("/MarkInfo", "/ViewerPreferences"):
        _without(catalog.get(key), "/Type")
    _without(pdf.trailer, "/DocChecksum")
    if _only_goes(catalog.get("/OpenAction")):
        del catalog["/OpenAction"]
    form = catalog.get("/AcroForm")
    if isinstance(form, Dictionary) and not _filled(form.get("/Fields")) and "/XFA" not in form:
        del catalog["/AcroForm"]
    _tidy_pages(catalog.get("/Pages"), described=described)
    _tidy_intents(catalog.get("/OutputIntents"))
    for page in pdf.pages:
        _without(page.obj, "/Trans")
    _tidy_objects(pdf)


def _tidy_objects(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, Dictionary) and not _TIDIED.isdisjoint(item.keys()):
            _tidy_object(item)
        elif isinstance(item, Stream):
            _without(item, "/ColorTransform")  # Chromium; it means something to the filter only (ISO 32000-1, 7.4.8)


def _tidy_pages(root: object, *, described: bool) -> None:
    """Leave to the root of the page tree what ISO 32000-1, 7.7.3.2 has for it."""
    if isinstance(root, Dictionary):
        root["/Type"] = Name.Pages
        for key in set(root.keys()) - _PAGES - ({"/Metadata"} if not described else set()):
            del root[key]


def _tidy_intents(intents: object) -> None:
    for intent in intents if isinstance(intents, Array) else ():
        if isinstance(intent, Dictionary):
            for key in set(intent.keys()) - _INTENT:
                del intent[key]


def _tidy_object(item: Dictionary) -> None:
    for key in _PROGRAMS:
        program = item.get(key)
        if isinstance(program, Stream):
            _without(program, "/Type")
            _without(program, "/Metadata")
    for font in (item, *_descendants(item)):
        system = font.get("/CIDSystemInfo")
        if isinstance(system, Dictionary):
            _made_direct(system)
    for key in ("/Pattern", "/Shading"):
        _emptied(item, key)
        _emptied(item.get("/Resources"), key)
    if isinstance(item.get("/Tabs"), String):
        item["/Tabs"] = Name(f"/{item['/Tabs']!s}")
    if "/Title" in item and isinstance(item.get("/Dest"), Array) and item["/Dest"].is_indirect:
        item["/Dest"] = Array(list(item["/Dest"]))


def _made_direct(system: Dictionary) -> None:
    for key in ("/Registry", "/Ordering"):
        if isinstance(system.get(key), String):
            system[key] = String(bytes(system[key]))


def _descendants(item: Dictionary) -> list[Dictionary]:
    fonts = item.get("/DescendantFonts")
    return [font for font in fonts if isinstance(font, Dictionary)] if isinstance(fonts, Array) else []


def _emptied(resources: object, key: str) -> None:
    """Take out a kind of resources of which there is none."""
    kind = resources.get(key) if isinstance(resources, Dictionary) else None
    if isinstance(kind, Dictionary) and not isinstance(kind, Stream) and not kind.keys():
        _without(resources, key)


def strip(pdf: pikepdf.Pdf) -> list[str]:
    """Take out what PDF/A forbids and no page shows: actions that run by themselves, slide shows, lists of glyphs.

    Args:
        pdf: the document; it is changed.

    Returns:
        What a user might miss, each in a sentence with its clause.
    """
    catalog, told = pdf.Root, []
    if "/OpenAction" in catalog:
        if not _only_goes(catalog.OpenAction):
            told.append("took out an action that runs when the file is opened (ISO 19005-3, 6.5.1)")
        del catalog["/OpenAction"]
    names = catalog.get("/Names")
    if isinstance(names, Dictionary) and "/JavaScript" in names:
        told.append("took out JavaScript (ISO 19005-3, 6.5.1)")
    pages = [page.obj for page in pdf.pages]
    if sum(_without(holder, "/AA") for holder in (catalog, *pages)):  # all of them, not up to the first
        told.append("took out actions that run by themselves (ISO 19005-3, 6.5.2)")
    for item in pdf.objects:
        if isinstance(item, Dictionary) and "/CIDSet" in item:
            del item["/CIDSet"]
    _without_unused_spaces(pdf)
    return told


def _without_unused_spaces(pdf: pikepdf.Pdf) -> None:
    """Take out colour spaces of patterns that nothing chooses; Qt puts one into every file."""
    idle = [(kind, key) for item in pdf.objects for kind, key in _pattern_spaces(item)]
    if idle:
        chosen = usage(pdf)
        for kind, key in idle:
            if chosen.known and key not in chosen.spaces:
                _without(kind, key)


def _pattern_spaces(item: object) -> list[tuple[Dictionary, str]]:
    found = []
    resources = item.get("/Resources") if isinstance(item, (Dictionary, Stream)) else None
    for holder in (item, resources):
        kind = holder.get("/ColorSpace") if isinstance(holder, Dictionary) else None
        if isinstance(kind, Dictionary):
            found += [(kind, key) for key, space in kind.items() if _is_pattern(space)]
    direct = item.items() if isinstance(item, Dictionary) and "/Type" not in item else ()
    return found + [(item, key) for key, space in direct if isinstance(item, Dictionary) and _is_pattern(space)]


def _is_pattern(space: object) -> bool:
    return isinstance(space, Array) and len(space) > 1 and space[0] == Name.Pattern


def _only_goes(action: object) -> bool:
    """Whether an action only says which page to begin with."""
    if isinstance(action, Dictionary):
        return action.get("/S") == Name.GoTo and "/Next" not in action
    return isinstance(action, Array)


def _without(holder: object, key: str) -> bool:
    """Take a key out of a dictionary or stream, and say whether it was there."""
    if isinstance(holder, (Dictionary, Stream)) and key in holder:
        del holder[key]
        return True
    return False


def _filled(fields: object) -> bool:
    return isinstance(fields, Array) and len(fields) > 0
