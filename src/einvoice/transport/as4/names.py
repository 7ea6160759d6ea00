# SPDX-License-Identifier: Apache-2.0
"""The namespaces, algorithms and fixed values of an AS4 message.

Source: WS-Security 1.1.1, SwA profile 1.1, XML Signature, XML Encryption 1.1, ebMS 3.0, Peppol AS4 2.0.3.
"""

from __future__ import annotations

from typing import Final

SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
EB: Final = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"
EBBP: Final = "http://docs.oasis-open.org/ebxml-bp/ebbp-signals-2.0"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSSE11: Final = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
XENC11: Final = "http://www.w3.org/2009/xmlenc11#"

EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
AES128_GCM: Final = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
RSA_OAEP: Final = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
MGF1_SHA256: Final = "http://www.w3.org/2009/xmlenc11#mgf1sha256"

X509V3: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
BASE64: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
ENCRYPTED_KEY: Final = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKey"
SWA: Final = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#"
CONTENT_SIGNATURE: Final = SWA + "Attachment-Content-Signature-Transform"
CONTENT_ONLY: Final = SWA + "Attachment-Content-Only"
CIPHERTEXT: Final = SWA + "Attachment-Ciphertext-Transform"

INITIATOR: Final = EB + "initiator"
RESPONDER: Final = EB + "responder"
PARTY_TYPE: Final = "urn:fdc:peppol.eu:2017:identifiers:ap"
AGREEMENT: Final = "urn:fdc:peppol.eu:2017:agreements:tia:ap_provider"

SOAP_TYPE: Final = "application/soap+xml"
GZIP: Final = "application/gzip"


def soap(name: str) -> str:
    """The name of an element of SOAP 1.2."""
    return f"{{{SOAP}}}{name}"


def eb(name: str) -> str:
    """The name of an element of ebMS 3.0."""
    return f"{{{EB}}}{name}"


def ds(name: str) -> str:
    """The name of an element of XML Signature."""
    return f"{{{DS}}}{name}"


def wsse(name: str) -> str:
    """The name of an element of WS-Security."""
    return f"{{{WSSE}}}{name}"


def xenc(name: str) -> str:
    """The name of an element of XML Encryption."""
    return f"{{{XENC}}}{name}"


WSU_ID: Final = f"{{{WSU}}}Id"
