# SPDX-License-Identifier: Apache-2.0
"""What one access point seals, the other opens; what was changed on the way, it refuses."""

from __future__ import annotations

import base64
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from einvoice.errors import SecurityError, TransportError
from einvoice.transport import reading
from einvoice.transport.as4 import compression, envelope, message, mime, names, signature, user_message
from einvoice.transport.as4.user_message import Participant, UserMessage
from einvoice.transport.identity import to_der
from tests.transport.pki import NOW, self_signed

SENDER = self_signed("PBE000001", 1)
RECEIVER = self_signed("PBE000002", 2)
PAYLOAD = b"<StandardBusinessDocument/>" * 40
HEADER = UserMessage(
    message_id="0001@sender.example",
    timestamp=NOW,
    sender="PBE000001",
    receiver="PBE000002",
    service=Participant("cenbii-procid-ubl", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"),
    action="busdox-docid-qns::urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017",
    conversation_id="1@sender.example",
    original_sender=Participant("iso6523-actorid-upis", "9915:sender"),
    final_recipient=Participant("iso6523-actorid-upis", "9915:receiver"),
    content_id="payload@sender.example",
)


def sealed(payload: bytes = PAYLOAD) -> message.Sealed:
    return message.seal(HEADER, payload, signer=SENDER, receiver=RECEIVER.certificate)


def opened(content_type: str, body: bytes) -> message.Opened:
    return message.unseal(message.take_apart(content_type, body), key=RECEIVER.key)


def changed(body: bytes, pattern: bytes, replacement: bytes) -> bytes:
    found, count = re.subn(pattern, replacement, body, count=1, flags=re.DOTALL)
    assert count == 1, pattern
    return found


def test_the_receiver_opens_what_was_sealed_for_it() -> None:
    sent = sealed()
    got = opened(sent.content_type, sent.body)
    assert (got.message, got.payload, got.certificate) == (HEADER, PAYLOAD, SENDER.certificate)
    assert {each.uri: each.digest for each in got.references} == sent.digests


def test_two_seals_of_one_document_differ_so_that_bytes_must_be_kept_for_a_second_attempt() -> None:
    assert sealed().body != sealed().body


def test_the_parts_of_a_message_have_no_content_disposition_which_oxalis_refuses() -> None:
    assert b"content-disposition" not in sealed().body.lower()


@given(payload=st.binary(max_size=300))
def test_every_payload_arrives_byte_for_byte(payload: bytes) -> None:
    sent = sealed(payload)
    assert opened(sent.content_type, sent.body).payload == payload


def test_a_signature_over_one_part_a_thousand_times_is_refused_before_it_is_digested(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever signs is not known yet, and every reference to 100 MB would cost their digest."""
    made = envelope.new(user_message.to_element(HEADER))
    assert made.security is not None
    digested: list[str] = []
    refer = signature._refer

    def often(info: object, uri: str, transform: str, content: bytes) -> signature.Reference:
        for _ in range(1000 if uri.startswith("cid:") else 0):
            refer(info, uri, transform, content)  # type: ignore[arg-type]
        return refer(info, uri, transform, content)  # type: ignore[arg-type]

    monkeypatch.setattr(signature, "_refer", often)
    signature.sign(made.security, [made.messaging, made.body], {"a": b"content"}, SENDER)
    monkeypatch.setattr(signature, "_check_reference", lambda element, *_: digested.append(element.get("URI")))
    with pytest.raises(SecurityError, match="more than the message has"):
        signature.verify(made.security, [made.messaging, made.body], {"a": b"content"})
    assert digested == []


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "never", "2026-13-01"])
def test_a_moment_that_is_none_is_an_invalid_header(written: str) -> None:
    with pytest.raises(TransportError, match="is no date with time"):
        reading.moment(written, TransportError)


@pytest.mark.parametrize(
    ("pattern", "replacement", "code"),
    [
        (rb"9915:receiver", b"9915:deceiver", "SIGNATURE"),
        (rb"(<S12:Body [^>]*)/>", rb"\1><x/></S12:Body>", "SIGNATURE"),
        (rb"(<ds:SignatureValue>)....", rb"\1AAAA", "SIGNATURE"),
        (rb"<ds:Signature .*</ds:Signature>", b"", "SIGNATURE"),
        (rb"rsa-sha256", b"rsa-sha1", "SIGNATURE"),
        (rb"aes128-gcm", b"aes128-cbc", "ENCRYPTION"),
        (rb"(<xenc:CipherValue>)....", rb"\1AAAA", "ENCRYPTION"),
        (rb"<xenc:EncryptedKey .*</xenc:EncryptedData>", b"", "ENCRYPTION"),
    ],
)
def test_a_message_that_was_changed_is_refused(pattern: bytes, replacement: bytes, code: str) -> None:
    sent = sealed()
    with pytest.raises(SecurityError) as caught:
        opened(sent.content_type, changed(sent.body, pattern, replacement))
    assert caught.value.code == code


@given(place=st.integers(0, 10_000))
def test_no_single_bit_of_a_message_can_be_changed_unnoticed(place: int) -> None:
    sent = sealed()
    at = place % len(sent.body)
    body = bytearray(sent.body)
    body[at] ^= 1
    try:
        got = opened(sent.content_type, bytes(body))
    except TransportError:
        return
    assert (got.message, got.payload) == (
        HEADER,
        PAYLOAD,
    )  # white space of MIME, a name of a prefix: nothing that counts


def test_a_signed_copy_in_another_place_proves_nothing() -> None:
    """Signature wrapping: the header that is signed moves aside, and another one takes its place."""
    sent = sealed()
    original = re.search(rb"<eb:Messaging .*</eb:Messaging>", sent.body, re.DOTALL)
    assert original
    forged = original[0].replace(b"9915:receiver", b"9915:deceiver")
    moved = changed(sent.body, rb"(<S12:Body [^>]*)/>", rb"\1>" + original[0] + b"</S12:Body>")
    for identifier in (b"messaging-", b"forgery-"):
        body = moved.replace(original[0], forged.replace(b"messaging-", identifier), 1)
        with pytest.raises(TransportError):
            opened(sent.content_type, body)


@pytest.mark.parametrize("size", [0, 100, 3000, -1, -8])
def test_a_message_that_was_cut_off_is_refused(size: int) -> None:
    sent = sealed()
    with pytest.raises(TransportError) as caught:
        opened(sent.content_type, sent.body[:size])
    assert caught.value.code == "MIME"


@pytest.mark.parametrize(
    ("pattern", "replacement", "words"),
    [
        (rb"0001@sender.example", b"no-at-sign", "left@right"),
        (rb"<eb:AgreementRef>.*</eb:AgreementRef>", b"", "AgreementRef is missing"),
        (rb'name="finalRecipient"', b'name="somebody"', "finalRecipient is missing"),
        (rb"<eb:Timestamp>[^<]*", b"<eb:Timestamp>yesterday", "no date with time"),
        (rb"application/gzip</eb:Property>", b"none</eb:Property>", "compressed"),
        (rb"urn:fdc:peppol.eu:2017:identifiers:ap", b"urn:other", "access point of Peppol"),
    ],
)
def test_a_header_that_peppol_does_not_know_is_refused_with_its_reason(
    pattern: bytes, replacement: bytes, words: str
) -> None:
    sent = sealed()
    with pytest.raises(TransportError, match=words) as caught:
        message.take_apart(sent.content_type, changed(sent.body, pattern, replacement))
    assert caught.value.code == "EBMS:0009"


def test_a_base64_part_is_read_as_phase4_may_send_it() -> None:
    sent = sealed()
    parts = mime.split(sent.content_type, sent.body)
    boundary = "b"
    content_type, body = mime.join(
        parts[0].content,
        msgspec.structs.replace(parts[1], content=base64.encodebytes(parts[1].content)),
        boundary=boundary,
    )
    head, part = body.split(b"--b\r\n", 2)[0], body.rpartition(b"binary")
    assert head == b""
    assert opened(content_type, part[0] + b"base64" + part[2]).payload == PAYLOAD


def test_a_gzip_bomb_costs_no_more_than_the_limit() -> None:
    bomb = compression.compress(bytes(60_000_000))
    with pytest.raises(TransportError, match="more than 1,000,000 bytes") as caught:
        compression.decompress(bomb, limit=1_000_000)
    assert caught.value.code == "EBMS:0303"


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-4], lambda data: data + b"x", lambda data: b"x" + data], ids=["cut", "more", "other"]
)
def test_gzip_that_is_not_whole_is_refused(spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(TransportError, match="cannot be decompressed"):
        compression.decompress(spoil(compression.compress(b"content")))


def test_a_large_text_goes_through() -> None:
    payload = b"<x>" + b"A" * 12_000_000 + b"</x>"
    sent = sealed(payload)
    assert opened(sent.content_type, sent.body).payload == payload


def test_a_token_that_is_no_certificate_or_no_base64_is_refused() -> None:
    """The library reads the name of a certificate late, and knows versions as an error of its own kind."""
    der = to_der(SENDER.certificate)
    name = der.replace(b"PBE000001", b"\xff\xfe0000001")
    version = der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09", 1)
    for token in (base64.b64encode(name), base64.b64encode(version), "é".encode()):
        sent = sealed()
        body = sent.body.replace(base64.b64encode(der), token)
        assert body != sent.body
        with pytest.raises(SecurityError) as caught:
            opened(sent.content_type, body)
        assert caught.value.code == "SIGNATURE"


def test_parts_without_identifiers_are_not_taken_for_one_another() -> None:
    made = envelope.new(etree.Element("x"))
    assert made.security is not None
    del made.messaging.attrib[names.WSU_ID], made.body.attrib[names.WSU_ID]
    made.body.set(names.WSU_ID, "None")
    signature.sign(made.security, [made.body], {}, SENDER)
    del made.body.attrib[names.WSU_ID]
    with pytest.raises(SecurityError, match="no identifier"):
        signature.verify(made.security, [made.messaging, made.body], {})


def test_an_unencrypted_or_unsigned_message_is_refused() -> None:
    sent = sealed()
    bare = changed(sent.body, rb"<wsse:Security .*</wsse:Security>", b"")
    with pytest.raises(SecurityError, match="neither signed nor encrypted"):
        opened(sent.content_type, bare)


def test_soap_alone_is_one_part() -> None:
    assert mime.split(f"{names.SOAP_TYPE}; charset=UTF-8", b"<x/>") == [
        mime.Part("", f"{names.SOAP_TYPE}; charset=UTF-8", b"<x/>")
    ]
    with pytest.raises(TransportError, match="no message of AS4"):
        mime.split("text/html", b"<html/>")
