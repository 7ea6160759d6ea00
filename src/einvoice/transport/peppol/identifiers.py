# SPDX-License-Identifier: Apache-2.0
"""Identifiers of participants, document types and processes, and the code lists they come from.

Source: OpenPeppol, Policy for use of identifiers 4.4.0; code lists of the eDelivery network (line 1 of each table).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import msgspec

from einvoice.errors import ParticipantError

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTICIPANT_SCHEME: Final = "iso6523-actorid-upis"
DOCUMENT_SCHEME: Final = "busdox-docid-qns"
WILDCARD_SCHEME: Final = "peppol-doctype-wildcard"

_LONGEST: Final = 130
_VALUE: Final = re.compile(r"[0-9]{4}:[A-Za-z0-9._~:@+-]{1,125}")
_DOCUMENT: Final = re.compile(r"(?P<namespace>[^#]+)::(?P<name>[^:#]+)##(?P<customisation>.+)::(?P<version>[^:]+)")


class ParticipantId(msgspec.Struct, frozen=True):
    """Who takes part: an identifier within a scheme of ISO 6523, such as ``0208:0123456789``."""

    value: str
    scheme: str = PARTICIPANT_SCHEME

    def __str__(self) -> str:
        return f"{self.scheme}::{self.value}"

    def same(self, other: ParticipantId) -> bool:
        """Whether two identifiers are one; capitals do not count (policy 7)."""
        return self.scheme == other.scheme and self.value.lower() == other.value.lower()


class DocumentType(msgspec.Struct, frozen=True):
    """What kind of document, as an identifier of Peppol; capitals count."""

    value: str
    scheme: str = DOCUMENT_SCHEME

    def __str__(self) -> str:
        return f"{self.scheme}::{self.value}"


class Process(msgspec.Struct, frozen=True):
    """Within which process a document travels."""

    value: str
    scheme: str = "cenbii-procid-ubl"

    def __str__(self) -> str:
        return f"{self.scheme}::{self.value}"


class Syntax(msgspec.Struct, frozen=True):
    """What the identifier of an XML document type says of its documents."""

    namespace: str
    name: str
    customisation: str
    version: str


class Registered(msgspec.Struct, frozen=True):
    """A row of the code list of document types."""

    document_type: DocumentType
    state: str
    category: str
    processes: tuple[Process, ...]


def participant(text: str) -> ParticipantId:
    """Read the identifier of a participant: ``0208:0123456789``, with or without its scheme in front.

    Raises:
        ParticipantError: it is not of that form, or its scheme is not in Peppol's code list any more
            (``PARTICIPANT_ID``).
    """
    value = text.strip().removeprefix(f"{PARTICIPANT_SCHEME}::")
    if not _VALUE.fullmatch(value) or len(value) > _LONGEST:
        raise ParticipantError(
            f"{text[:80]!r} is no identifier of a participant: four digits of the scheme, a colon and the identifier,"
            " such as 0208:0123456789 or 0088:7300010000001",
            code="PARTICIPANT_ID",
        )
    state = schemes().get(value[:4])
    if state is None or state == "removed":
        raise ParticipantError(
            f"{value[:4]} is {'not in' if state is None else 'removed from'} Peppol's list of identifier schemes",
            code="PARTICIPANT_ID",
        )
    return ParticipantId(value)


def syntax(document_type: DocumentType) -> Syntax | None:
    """The root element, customisation and version that a document type names, or nothing where it names none."""
    found = _DOCUMENT.fullmatch(document_type.value)
    return Syntax(**found.groupdict()) if found else None


def document_type(text: str) -> DocumentType:
    """Read the identifier of a document type, with its scheme in front or without.

    Args:
        text: such as ``busdox-docid-qns::urn:oasis:...::Invoice##urn:...::2.1``.
    """
    for scheme in (DOCUMENT_SCHEME, WILDCARD_SCHEME):
        if text.startswith(f"{scheme}::"):
            return DocumentType(text[len(scheme) + 2 :], scheme)
    return DocumentType(text)


def wildcards(value: str) -> Iterator[str]:
    """The registrations that cover a document type, the most specific one first (policy 21).

    Args:
        value: the document type, without its scheme.
    """
    yield value
    head, mark, rest = value.partition("##")
    customisation, colons, version = rest.rpartition("::")
    while mark and colons and customisation:
        yield f"{head}##{customisation}*::{version}"
        customisation = customisation.rpartition("@")[0]


@cache
def schemes() -> dict[str, str]:
    """The state (active, deprecated, removed) of every scheme of participants by its four digits."""
    return {row["icd"]: row["state"] for row in _rows("participant_schemes.csv")}


@cache
def scheme_names() -> dict[str, str]:
    """The name of every scheme of participants (``BE:EN``) by its four digits."""
    return {row["icd"]: row["scheme"] for row in _rows("participant_schemes.csv")}


@cache
def registered() -> dict[DocumentType, Registered]:
    """The document types of Peppol's code list, those that are no longer valid included."""
    return {
        kind: Registered(kind, row["state"], row["category"], tuple(map(_process, row["processes"].split())))
        for row in _rows("document_types.csv")
        for kind in (DocumentType(row["value"], row["scheme"]),)
    }


def _process(text: str) -> Process:
    scheme, _, value = text.partition("::")
    return Process(value, scheme)


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
