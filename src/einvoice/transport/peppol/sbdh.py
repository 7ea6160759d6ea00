# SPDX-License-Identifier: Apache-2.0
"""The envelope of a document: the standard business document header as Peppol profiles it.

Source: OpenPeppol, Business Message Envelope 2.0.2 (UN/CEFACT SBDH 1.3); its scopes for message level status are
those of Peppol MLS 1.1.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec
from lxml import etree

from einvoice.bind import xml
from einvoice.bind.xml_encoding import to_utf8
from einvoice.errors import EinvoiceError, TransportError
from einvoice.transport import reading
from einvoice.transport.peppol.identifiers import PARTICIPANT_SCHEME, DocumentType, ParticipantId, Process, syntax

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE: Final = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
BINARY: Final = "http://peppol.eu/xsd/ticc/envelope/1.0"
MLS_TYPES: Final = ("FAILURE_ONLY", "ALWAYS_SEND")

LARGEST: Final = 100 * 1024 * 1024
"""Bytes of an envelope with its document: the 100 MB that Peppol asks an access point to take, and room around them."""

_LIMITS: Final = xml.Limits(bytes=LARGEST)
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_CBC: Final = f"{{{_UBL}CommonBasicComponents-2}}"
_CII: Final = "urn:un:unece:uncefact:data:standard:"
_RAM: Final = f"{{{_CII}ReusableAggregateBusinessInformationEntity:100}}"
_GUIDELINE: Final = (
    f"{{{_CII}CrossIndustryInvoice:100}}ExchangedDocumentContext/"
    f"{_RAM}GuidelineSpecifiedDocumentContextParameter/{_RAM}ID"
)
_GAP: Final = b"<document/>"
_DECLARATION: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml\s.*?\?>)?", re.DOTALL)


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What the envelope says of a document."""

    sender: ParticipantId
    receiver: ParticipantId
    instance_id: str
    """Identifies this envelope in the world; a UUID."""
    created: datetime
    document_type: DocumentType
    process: Process
    country: str
    """``COUNTRY_C1``: the country of the sender, ISO 3166-1 alpha-2."""
    standard: str
    """The namespace of the document, or what stands for it where the document is no XML."""
    kind: str
    """The root element of the document."""
    version: str
    mls_to: ParticipantId | None = None
    """Who gets the message level status."""
    mls_type: str | None = None


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def wrap(header: Header, document: bytes) -> bytes:
    """Put a document into its envelope.

    Args:
        header: what the envelope says.
        document: the document, XML.

    Returns:
        The standard business document, UTF-8, with the document as it was written.

    Raises:
        TransportError: the document is no XML, is too large, or is not what its document type names: its root element,
            and what it claims to obey (``SBDH``).
    """
    try:
        text = to_utf8(document)
        root = xml.parse(document, exact=True)
    except EinvoiceError as error:
        raise TransportError(f"the document cannot go into an envelope: {error.message}", code="SBDH") from None
    _check_root(header.document_type, root)
    # The document is put in as text, so that its comments and its spelling of prefixes travel as they are; the
    # envelope speaks with a prefix, so that it declares nothing that the document would inherit unseen.
    head, _, tail = etree.tostring(_envelope(header)).partition(_GAP)
    whole = b"".join((b'<?xml version="1.0" encoding="UTF-8"?>\n', head, _DECLARATION.sub(b"", text, count=1), tail))
    if len(whole) > LARGEST:
        raise _invalid(f"it has {len(whole):,} bytes with its document, and access points take {LARGEST:,}")
    return whole


def _envelope(header: Header) -> _Element:
    whole = etree.Element(_name("StandardBusinessDocument"), nsmap={"sh": NAMESPACE})
    head = etree.SubElement(whole, _name("StandardBusinessDocumentHeader"))
    etree.SubElement(head, _name("HeaderVersion")).text = "1.0"
    for side, who in (("Sender", header.sender), ("Receiver", header.receiver)):
        identifier = etree.SubElement(etree.SubElement(head, _name(side)), _name("Identifier"), Authority=who.scheme)
        identifier.text = who.value
    about = etree.SubElement(head, _name("DocumentIdentification"))
    moment = header.created.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    for name, value in (
        ("Standard", header.standard),
        ("TypeVersion", header.version),
        ("InstanceIdentifier", header.instance_id),
        ("Type", header.kind),
        ("CreationDateAndTime", moment),
    ):
        etree.SubElement(about, _name(name)).text = value
    _scopes(etree.SubElement(head, _name("BusinessScope")), header)
    etree.SubElement(whole, _GAP[1:-2].decode())
    return whole


def _scopes(parent: _Element, header: Header) -> None:
    scopes: list[tuple[str, str, str | None]] = [
        ("DOCUMENTID", header.document_type.value, header.document_type.scheme),
        ("PROCESSID", header.process.value, header.process.scheme),
        ("COUNTRY_C1", header.country, None),
    ]
    if header.mls_to is not None:
        scopes.append(("MLS_TO", header.mls_to.value, header.mls_to.scheme))
    if header.mls_type is not None:
        scopes.append(("MLS_TYPE", header.mls_type, None))
    for kind, value, scheme in scopes:
        scope = etree.SubElement(parent, _name("Scope"))
        etree.SubElement(scope, _name("Type")).text = kind
        etree.SubElement(scope, _name("InstanceIdentifier")).text = value
        if scheme is not None:
            etree.SubElement(scope, _name("Identifier")).text = scheme


class Unwrapped(msgspec.Struct, frozen=True):
    """An envelope that was opened: what it says, and the document."""

    header: Header
    document: bytes


def unwrap(data: bytes) -> Unwrapped:
    """Open an envelope.

    Args:
        data: the standard business document.

    Returns:
        The header and the document as UTF-8; the namespaces that its envelope declares around it are declared in it.

    Raises:
        TransportError: it is none, lacks something that Peppol asks for, says something twice, or its document is of
            another type than it says (``SBDH``).
    """
    try:
        whole = xml.parse(data, limits=_LIMITS, exact=True)
    except EinvoiceError as error:
        raise _invalid(error.message) from None
    if whole.tag != _name("StandardBusinessDocument") or len(whole) != 2:  # noqa: PLR2004 - header and document
        raise _invalid("it is not a StandardBusinessDocument with a header and one document")
    header = _check_named(_header(whole[0]))
    _check_root(header.document_type, whole[1])
    document = etree.tostring(whole[1], encoding="UTF-8", xml_declaration=True, with_tail=False)
    return Unwrapped(header, document)


def _header(head: _Element) -> Header:
    if _text(head, "HeaderVersion") != "1.0":
        raise _invalid("its HeaderVersion is not 1.0")
    about = _one(head, "DocumentIdentification")
    scopes: dict[str, tuple[str, str | None]] = {}
    for scope in _one(head, "BusinessScope").findall(_name("Scope")):
        kind = _text(scope, "Type")
        if kind in scopes:
            raise _invalid(f"the scope {kind} is there twice")
        scopes[kind] = _text(scope, "InstanceIdentifier"), (scope.findtext(_name("Identifier")) or "").strip() or None
    document, process = _scoped(scopes, "DOCUMENTID"), _scoped(scopes, "PROCESSID")
    mls_type = scopes.get("MLS_TYPE", (None, None))[0]
    if mls_type not in {None, *MLS_TYPES}:
        raise _invalid(f"MLS_TYPE is {mls_type!r}, not one of {', '.join(MLS_TYPES)}")
    return Header(
        sender=_participant(head, "Sender"),
        receiver=_participant(head, "Receiver"),
        instance_id=_text(about, "InstanceIdentifier"),
        created=reading.moment(_text(about, "CreationDateAndTime"), _invalid, "CreationDateAndTime "),
        document_type=DocumentType(document[0], document[1] or "busdox-docid-qns"),
        process=Process(process[0], process[1] or "cenbii-procid-ubl"),
        country=scopes.get("COUNTRY_C1", ("", None))[0],
        standard=_text(about, "Standard"),
        kind=_text(about, "Type"),
        version=_text(about, "TypeVersion"),
        mls_to=_known(*_scoped(scopes, "MLS_TO")) if "MLS_TO" in scopes else None,
        mls_type=mls_type,
    )


def _check_root(document_type: DocumentType, root: _Element) -> None:
    wanted = syntax(document_type)
    if wanted is not None and root.tag != f"{{{wanted.namespace}}}{wanted.name}":
        raise _invalid(f"it says {wanted.name} of {wanted.namespace}, but the document is {str(root.tag)[:160]}")
    claimed = _claimed(root)
    if wanted is None or claimed is None:
        return
    named = wanted.customisation
    if not (claimed.startswith(named[:-1]) if named.endswith("*") else claimed == named):
        raise _invalid(f"it says {named[:160]!r}, but the document claims {claimed[:160]!r}")


def _claimed(root: _Element) -> str | None:
    """What a document claims to obey, empty where it claims nothing; ``None`` for one that has no place to say it."""
    namespace = etree.QName(root).namespace or ""
    if namespace.startswith(_UBL):
        return (root.findtext(f"{_CBC}CustomizationID") or "").strip()
    if namespace == f"{_CII}CrossIndustryInvoice:100":
        return (root.findtext(_GUIDELINE) or "").strip()
    return None


def _check_named(header: Header) -> Header:
    """Standard, type and version repeat what the document type says; otherwise an envelope says two things."""
    wanted = syntax(header.document_type)
    found = (header.standard, header.kind, header.version)
    if wanted is not None and found != (wanted.namespace, wanted.name, wanted.version):
        raise _invalid(
            f"Standard, Type and TypeVersion are {' '.join(found)[:160]!r}, other than the document type says"
        )
    return header


def _participant(head: _Element, side: str) -> ParticipantId:
    identifier = _one(_one(head, side), "Identifier")
    return _known(_text(_one(head, side), "Identifier"), identifier.get("Authority"))


def _known(value: str, scheme: str | None) -> ParticipantId:
    if scheme != PARTICIPANT_SCHEME:
        raise _invalid(f"the participant {value[:80]!r} is named within {scheme!r} instead of {PARTICIPANT_SCHEME}")
    return ParticipantId(value)


def _scoped(scopes: dict[str, tuple[str, str | None]], kind: str) -> tuple[str, str | None]:
    if kind not in scopes:
        raise _invalid(f"the scope {kind} is missing")
    return scopes[kind]


def _one(parent: _Element, local: str) -> _Element:
    return reading.one(parent, _name(local), _invalid)


def _text(parent: _Element, local: str) -> str:
    return reading.text(parent, _name(local), _invalid)


def _invalid(why: str) -> TransportError:
    return TransportError(f"the envelope of the document (SBDH) is invalid: {why}", code="SBDH")
