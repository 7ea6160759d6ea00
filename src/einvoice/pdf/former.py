# SPDX-License-Identifier: Apache-2.0
"""The invoice that a PDF carries already: found wherever it hangs, and taken out so that no byte of it stays.

An attachment hangs in several places at once (the tree of names, associated files, annotations, the structure). Taking
the stream away from its file specification makes it unreachable from all of them, and what is unreachable is not
written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikepdf import Array, Dictionary, Name, NameTree, Stream

from einvoice.errors import PdfError
from einvoice.pdf import streams
from einvoice.pdf.associated import is_typed
from einvoice.pdf.media import media_type
from einvoice.pdf.names import is_order, is_well_known
from einvoice.pdf.sniff import SNIFFED, root_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf

_ROOTS: Final = frozenset(
    {"CrossIndustryInvoice", "CrossIndustryDocument", "Invoice", "CreditNote", "SCRDMCCBDACIOMessageStructure"}
)


def former_invoices(pdf: pikepdf.Pdf) -> list[tuple[str, Dictionary]]:
    """Find the invoices and orders that a document carries.

    Args:
        pdf: the document.

    Returns:
        The name and the file specification of each.
    """
    keys = {value.objgen: str(key) for key, value in _tree(pdf) if value.objgen != (0, 0)}
    found = []
    for item in _specifications(pdf):
        names = [str(item[key]) for key in ("/UF", "/F") if key in item]
        names += [keys[item.objgen]] if item.objgen in keys else []
        if any(is_well_known(name) or is_order(name) for name in names) or _root(item) in _ROOTS:
            found.append((names[0] if names else "", item))
    return found


def take_out(pdf: pikepdf.Pdf, found: list[tuple[str, Dictionary]]) -> None:
    """Take attachments out of a document.

    Args:
        pdf: the document; it is changed.
        found: the names and file specifications.
    """
    gone = [item for _, item in found]
    for item in gone:
        del item["/EF"]
    _unlist(pdf)
    for holder in pdf.objects:
        if isinstance(holder, (Dictionary, Stream)):
            _without_hollow(holder)


def _unlist(pdf: pikepdf.Pdf) -> int:
    """Take what has no file inside out of the tree of names and of the lists of associated files, and count it."""
    count = 0
    tree = pdf.Root.get("/Names")
    files = tree.get("/EmbeddedFiles") if isinstance(tree, Dictionary) else None
    if isinstance(files, Dictionary):
        names = NameTree(files)
        for key in [key for key, value in names.items() if isinstance(value, Dictionary) and "/EF" not in value]:
            del names[key]
            count += 1
    for holder in pdf.objects:
        listed = holder.get("/AF") if isinstance(holder, (Dictionary, Stream)) else None
        if isinstance(listed, Array):
            count += _cleared(holder, listed)
    return count


def _cleared(holder: pikepdf.Object, listed: Array) -> int:
    kept = [one for one in listed if not (isinstance(one, Dictionary) and "/EF" not in one)]
    gone = len(listed) - len(kept)
    if gone and kept:
        holder["/AF"] = Array(kept)
    elif gone:
        del holder["/AF"]
    return gone


def _without_hollow(holder: Dictionary | Stream) -> None:
    """Take annotations out whose file is gone."""
    annotations = holder.get("/Annots")
    if isinstance(annotations, Array):
        kept = [one for one in annotations if not _is_hollow(one)]
        if len(kept) < len(annotations):
            holder["/Annots"] = Array(kept)


def _is_hollow(annotation: object) -> bool:
    if not isinstance(annotation, Dictionary) or annotation.get("/Subtype") != Name.FileAttachment:
        return False
    specification = annotation.get("/FS")
    return isinstance(specification, Dictionary) and "/EF" not in specification


def complete(pdf: pikepdf.Pdf) -> list[str]:
    """Give the attachments that stay what PDF/A-3 asks of each (ISO 19005-3, 6.8): names, a type, a relationship.

    What is listed among them and is no file inside, such as an address, is taken out.

    Args:
        pdf: the document; it is changed.

    Returns:
        What a user might miss, each in a sentence with its clause.
    """
    outside = _unlist(pdf)
    for item in list(_specifications(pdf)):
        if "/UF" in item or "/F" in item:
            _complete(item)
            _associate(pdf, item)
    return ["took out a reference to a file that is not inside the PDF (ISO 19005-3, 6.8)"] if outside else []


def _complete(item: Dictionary) -> None:
    name = item.get("/UF", item.get("/F", ""))
    item["/Type"], item["/F"], item["/UF"] = Name.Filespec, item.get("/F", name), name
    if not isinstance(item.get("/AFRelationship"), Name):
        item["/AFRelationship"] = Name.Unspecified
    guessed = media_type(str(name))
    for stream in item["/EF"].values():
        if isinstance(stream, Stream):
            stream["/Type"] = Name.EmbeddedFile
            if not is_typed(stream):
                stream["/Subtype"] = Name(f"/{guessed}")


def _associate(pdf: pikepdf.Pdf, item: Dictionary) -> None:
    files = pdf.Root.get("/AF")
    associated = files if isinstance(files, Array) else Array()
    if item.objgen != (0, 0) and item.objgen not in {one.objgen for one in associated}:
        associated.append(item)
        pdf.Root["/AF"] = associated


def _specifications(pdf: pikepdf.Pdf) -> Iterator[Dictionary]:
    for item in pdf.objects:
        if isinstance(item, Dictionary) and isinstance(item.get("/EF"), Dictionary):
            yield item


def _tree(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Dictionary]]:
    names = pdf.Root.get("/Names")
    files = names.get("/EmbeddedFiles") if isinstance(names, Dictionary) else None
    for key, value in NameTree(files).items() if isinstance(files, Dictionary) else ():
        if isinstance(value, Dictionary):
            yield str(key), value


def indirect(pdf: pikepdf.Pdf) -> None:
    """Make every file specification an object of its own, so that each is found once.

    Args:
        pdf: the document; it is changed.
    """
    names = pdf.Root.get("/Names")
    files = names.get("/EmbeddedFiles") if isinstance(names, Dictionary) else None
    if isinstance(files, Dictionary):
        tree = NameTree(files)
        for key, value in list(tree.items()):
            tree[key] = _made_indirect(pdf, value)
    for holder in list(pdf.objects):
        listed = holder.get("/AF") if isinstance(holder, (Dictionary, Stream)) else None
        if isinstance(listed, Array):
            for place, value in enumerate(list(listed)):
                listed[place] = _made_indirect(pdf, value)
        for annotation in _annotations(holder):
            annotation["/FS"] = _made_indirect(pdf, annotation["/FS"])


def _made_indirect(pdf: pikepdf.Pdf, value: pikepdf.Object) -> pikepdf.Object:
    return pdf.make_indirect(value) if _is_direct(value) else value


def _annotations(holder: object) -> list[Dictionary]:
    """The file annotations of a page."""
    found = holder.get("/Annots") if isinstance(holder, Dictionary) else None
    each = list(found) if isinstance(found, Array) else []
    return [
        one
        for one in each
        if isinstance(one, Dictionary) and one.get("/Subtype") == Name.FileAttachment and "/FS" in one
    ]


def _is_direct(value: object) -> bool:
    return isinstance(value, Dictionary) and value.objgen == (0, 0)


def _root(item: Dictionary) -> str:
    for stream in item["/EF"].values():
        if isinstance(stream, Stream):
            filters = stream.get("/Filter", Array())
            names = list(filters) if isinstance(filters, Array) else [filters]
            try:
                return root_name(streams.head(stream.read_raw_bytes(), [str(one)[1:] for one in names], SNIFFED))
            except PdfError:
                return ""
    return ""
