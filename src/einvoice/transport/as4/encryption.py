# SPDX-License-Identifier: Apache-2.0
"""The encryption of the attachment: AES-128-GCM, its key under the receiver's RSA key with OAEP.

Source: XML Encryption 1.1 sections 5.2.4 and 5.5.2, SwA profile 1.1 section 5.5, eDelivery AS4 1.14 section 3.2.6.2.
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from einvoice.errors import SecurityError
from einvoice.transport.as4 import names
from einvoice.transport.as4.names import ds, wsse, xenc
from einvoice.transport.as4.signature import decoded
from einvoice.transport.identity import to_der

if TYPE_CHECKING:
    from cryptography import x509
    from lxml.etree import _Element

_KEY: Final = 16
_IV: Final = 12
_TAG: Final = 16
_PADDING: Final = OAEP(MGF1(SHA256()), SHA256(), None)


def encrypt(security: _Element, content_id: str, content: bytes, receiver: x509.Certificate) -> bytes:
    """Encrypt an attachment, and put key and description in front of what the security header holds.

    Args:
        security: the element ``wsse:Security``.
        content_id: the Content-ID of the attachment.
        content: what is encrypted: the attachment as it was signed.
        receiver: whose public key closes it.

    Returns:
        What goes into the attachment: initialisation vector, ciphertext and tag.

    Raises:
        SecurityError: the receiver's certificate has no RSA key (``ENCRYPTION``).
    """
    public = receiver.public_key()
    if not isinstance(public, RSAPublicKey):
        raise _broken("the certificate of the receiver has no RSA key")
    key, vector = secrets.token_bytes(_KEY), secrets.token_bytes(_IV)
    token_id, key_id, data_id = (f"{kind}-{secrets.token_hex(16)}" for kind in ("G", "EK", "ED"))
    token = etree.Element(wsse("BinarySecurityToken"), EncodingType=names.BASE64, ValueType=names.X509V3)
    token.set(names.WSU_ID, token_id)
    token.text = base64.b64encode(to_der(receiver)).decode()
    wrapped = base64.b64encode(public.encrypt(key, _PADDING)).decode()
    security[:0] = [
        token,
        _encrypted_key(key_id, token_id, data_id, wrapped),
        _encrypted_data(data_id, key_id, content_id),
    ]
    return vector + AESGCM(key).encrypt(vector, content, None)


def _encrypted_key(key_id: str, token_id: str, data_id: str, wrapped: str) -> _Element:
    key = etree.Element(xenc("EncryptedKey"), nsmap={"xenc": names.XENC}, Id=key_id)
    method = etree.SubElement(key, xenc("EncryptionMethod"), Algorithm=names.RSA_OAEP)
    etree.SubElement(method, ds("DigestMethod"), nsmap={"ds": names.DS}, Algorithm=names.SHA256)
    etree.SubElement(method, f"{{{names.XENC11}}}MGF", nsmap={"xenc11": names.XENC11}, Algorithm=names.MGF1_SHA256)
    info = etree.SubElement(key, ds("KeyInfo"), nsmap={"ds": names.DS})
    holder = etree.SubElement(info, wsse("SecurityTokenReference"))
    etree.SubElement(holder, wsse("Reference"), URI=f"#{token_id}", ValueType=names.X509V3)
    cipher = etree.SubElement(key, xenc("CipherData"))
    etree.SubElement(cipher, xenc("CipherValue")).text = wrapped
    etree.SubElement(etree.SubElement(key, xenc("ReferenceList")), xenc("DataReference"), URI=f"#{data_id}")
    return key


def _encrypted_data(data_id: str, key_id: str, content_id: str) -> _Element:
    data = etree.Element(
        xenc("EncryptedData"), nsmap={"xenc": names.XENC}, Id=data_id, MimeType=names.GZIP, Type=names.CONTENT_ONLY
    )
    etree.SubElement(data, xenc("EncryptionMethod"), Algorithm=names.AES128_GCM)
    info = etree.SubElement(data, ds("KeyInfo"), nsmap={"ds": names.DS})
    holder = etree.SubElement(info, wsse("SecurityTokenReference"), nsmap={"wsse11": names.WSSE11})
    holder.set(f"{{{names.WSSE11}}}TokenType", names.ENCRYPTED_KEY)
    etree.SubElement(holder, wsse("Reference"), URI=f"#{key_id}")
    cipher = etree.SubElement(
        etree.SubElement(data, xenc("CipherData")), xenc("CipherReference"), URI=f"cid:{content_id}"
    )
    transforms = etree.SubElement(cipher, xenc("Transforms"))
    etree.SubElement(transforms, ds("Transform"), nsmap={"ds": names.DS}, Algorithm=names.CIPHERTEXT)
    return data


def decrypt(security: _Element, content_id: str, content: bytes, key: RSAPrivateKey) -> bytes:
    """Open the attachment of a message.

    Args:
        security: the element ``wsse:Security`` with the key and what it opens.
        content_id: the Content-ID of the attachment.
        content: the attachment as it came.
        key: the private key of the receiver.

    Returns:
        The attachment as it was signed.

    Raises:
        SecurityError: it is not encrypted, not for this key, in another way than Peppol's AS4 asks for, or changed
            (``ENCRYPTION``).
    """
    data = _only(security, xenc("EncryptedData"))
    closed = _only(security, xenc("EncryptedKey"))
    reference = data.find(f"{xenc('CipherData')}/{xenc('CipherReference')}")
    if reference is None or reference.get("URI") != f"cid:{content_id}" or data.get("Type") != names.CONTENT_ONLY:
        raise _broken("it does not speak of the attachment of this message")
    if _algorithm(data) != names.AES128_GCM or not _is_oaep(closed):
        raise _broken("it is not made with AES128-GCM under RSA-OAEP with SHA-256, which Peppol's AS4 asks for")
    _check_link(data, closed)
    if len(content) < _IV + _TAG:
        raise _broken("the attachment is too short to be encrypted")
    wrapped = closed.find(f"{xenc('CipherData')}/{xenc('CipherValue')}")
    try:
        if wrapped is None:
            raise _broken("the key is missing")
        opened = key.decrypt(decoded(wrapped), _PADDING)
        if len(opened) != _KEY:
            raise _broken("the key has not 128 bits")
        return AESGCM(opened).decrypt(content[:_IV], content[_IV:], None)
    except (ValueError, InvalidTag):
        raise _broken("it was made for another key, or the attachment was changed") from None


def _is_oaep(key: _Element) -> bool:
    method = key.find(xenc("EncryptionMethod"))
    digest = method.find(ds("DigestMethod")) if method is not None else None
    mask = method.find(f"{{{names.XENC11}}}MGF") if method is not None else None
    return (
        _algorithm(key) == names.RSA_OAEP
        and digest is not None
        and digest.get("Algorithm") == names.SHA256
        and mask is not None
        and mask.get("Algorithm") == names.MGF1_SHA256
    )


def _check_link(data: _Element, key: _Element) -> None:
    listed = {each.get("URI") for each in key.iterfind(f"{xenc('ReferenceList')}/{xenc('DataReference')}")}
    used = data.find(f"{ds('KeyInfo')}/{wsse('SecurityTokenReference')}/{wsse('Reference')}")
    points = used is not None and used.get("URI") == f"#{key.get('Id')}"
    if not points and f"#{data.get('Id')}" not in listed:
        raise _broken("key and encrypted data do not name each other")


def _algorithm(parent: _Element) -> str | None:
    method = parent.find(xenc("EncryptionMethod"))
    return method.get("Algorithm") if method is not None else None


def _only(parent: _Element, name: str) -> _Element:
    found = parent.findall(name)
    if len(found) != 1:
        what = etree.QName(name).localname
        raise _broken(f"there {'is no' if not found else 'is more than one'} {what} in the message")
    return found[0]


def _broken(why: str) -> SecurityError:
    return SecurityError(f"the message cannot be decrypted: {why}", code="ENCRYPTION")
