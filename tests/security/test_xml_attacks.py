# SPDX-License-Identifier: Apache-2.0
"""Hostile XML: every attack is refused or has no effect, in few steps, without a socket and without opening a file.

The documents are built here. A listener on this machine would notice a connection that libxml2 makes past Python;
a file with a secret would show up in the tree.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from einvoice.bind import xml
from einvoice.bind.detect import detect
from einvoice.bind.schema import validate
from einvoice.bind.xml import Limits, parse
from einvoice.errors import FormatError, InputError, XmlError
from tests.bind.documents import CII, INVOICE, spoiled
from tests.counting import steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "the-secret-of-the-file"  # noqa: S105 - a canary, not a credential
UBL_ID = "<cbc:ID>R-1</cbc:ID>"
CII_ID = "<ram:ID>R-1</ram:ID>"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


class Listener:
    """A server that counts who connects."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.server.getsockname()[1]
        self.connections = 0
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        """Stop listening, after what is on its way has arrived."""
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join(5)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that nobody may connect to during the test."""
    listener = Listener()
    yield listener
    listener.close()
    assert listener.connections == 0, "something connected"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file whose content must not appear anywhere."""
    path = tmp_path / "secret.txt"
    path.write_text(SECRET, encoding="utf-8")
    return path


def with_doctype(document: str, doctype: str, old: str, new: str) -> bytes:
    """Put a document type before the root, and a use of it inside."""
    return spoiled(spoiled(document, HEAD, f"{HEAD}\n{doctype}").decode(), old, new)


def refused(data: bytes, code: str) -> XmlError:
    """Parse what must be refused, and return the error; at most one step for 200 bytes, besides some hundreds."""
    caught: list[XmlError] = []

    def work() -> None:
        try:
            parse(data)
        except XmlError as error:
            caught.append(error)

    assert steps(work) < 1000 + len(data) / 200
    assert caught, "nothing was refused"
    assert caught[0].code == code, str(caught[0])
    return caught[0]


def test_the_listener_notices_a_connection() -> None:
    """The guard of the tests below works."""
    listener = Listener()
    with socket.create_connection(("127.0.0.1", listener.port)) as connection:
        connection.recv(1)
    listener.close()
    assert listener.connections == 1


# ------------------------------------------------------------- document types and entities (rows 1 to 7)


@pytest.mark.parametrize(("document", "old"), [(INVOICE, UBL_ID), (CII, CII_ID)], ids=["UBL", "CII"])
@pytest.mark.parametrize("scheme", ["file", "http", "https", "ftp"])
def test_external_entities_are_refused(document: str, old: str, scheme: str, secret: Path, listener: Listener) -> None:
    where = secret.as_uri() if scheme == "file" else f"{scheme}://127.0.0.1:{listener.port}/x"
    error = refused(
        with_doctype(document, f'<!DOCTYPE x [<!ENTITY e SYSTEM "{where}">]>', old, old.replace("R-1", "&e;")),
        "XML_DOCTYPE",
    )
    assert (error.line, error.column) == (2, 1)
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "{url}"> %p; %q;]>',
        '<!DOCTYPE x SYSTEM "{url}">',
        '<!DOCTYPE x PUBLIC "-//A//B//EN" "{url}">',
        "<!DOCTYPE Invoice>",
        "<!DOCTYPE\tInvoice\n>",
        "<!-- a -->\n<?b c?>\n<!DOCTYPE Invoice []>",
        '<!DOCTYPE x [<!ATTLIST Invoice a CDATA "b">]>',
    ],
    ids=["parameter", "system", "public", "bare", "blanks", "after-comment", "default-attribute"],
)
def test_every_document_type_is_refused(doctype: str, listener: Listener) -> None:
    url = f"http://127.0.0.1:{listener.port}/x.dtd"
    refused(spoiled(INVOICE, HEAD, f"{HEAD}\n{doctype.replace('{url}', url)}"), "XML_DOCTYPE")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_in_utf_16_is_refused(codec: str, secret: Path) -> None:
    text = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><x>&e;</x>'
    refused(text.encode(codec), "XML_DOCTYPE")


def test_a_document_type_in_utf_7_is_refused() -> None:
    text = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4 +ADw-x/+AD4'
    refused(text.encode("ascii"), "XML_ENCODING")


def test_expanding_entities_are_refused_before_libxml2_sees_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A billion laughs, quadratic blow-up, and the same in an attribute."""
    monkeypatch.delattr(xml, "_parse")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bombs = [
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>',
        f'<!DOCTYPE x [<!ENTITY q "{"q" * 100_000}">]><x>{"&q;" * 10_000}</x>',
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x a="&l9;"/>',
    ]
    for bomb in bombs:
        refused(bomb.encode(), "XML_DOCTYPE")


def test_a_document_type_in_a_text_is_harmless() -> None:
    """It is no declaration there, so the document is read."""
    note = "<![CDATA[<!DOCTYPE x [<!ENTITY e 'x'>]>]]>"
    assert parse(f"<a>{note}</a>".encode()).text == "<!DOCTYPE x [<!ENTITY e 'x'>]>"
    refused(b"<a><!DOCTYPE x></a>", "XML_SYNTAX")


# ------------------------------------------------- inclusions and hints for other programs (rows 8 to 10)


@pytest.mark.parametrize("parse_as", ["xml", "text"])
def test_xinclude_is_not_expanded(parse_as: str, secret: Path, listener: Listener) -> None:
    for where in (secret.as_uri(), f"http://127.0.0.1:{listener.port}/x"):
        include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{where}" parse="{parse_as}"/>'
        root = parse(spoiled(INVOICE, UBL_ID, UBL_ID + include))
        assert SECRET not in etree.tostring(root, encoding="unicode")
        (found,) = validate(root, "ubl-invoice")
        assert "i:include is not known inside Invoice" in found.message


def test_schema_locations_are_ignored(tmp_path: Path, listener: Listener) -> None:
    """Neither is the file opened, which would make the document invalid, nor the address."""
    (tmp_path / "other.xsd").write_text("this is no schema", encoding="utf-8")
    for where in ((tmp_path / "other.xsd").as_uri(), f"http://127.0.0.1:{listener.port}/x.xsd"):
        hints = (
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            f' xsi:schemaLocation="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 {where}"'
            f' xsi:noNamespaceSchemaLocation="{where}"'
        )
        assert validate(parse(spoiled(INVOICE, "<Invoice ", f"<Invoice {hints} ")), "ubl-invoice") == []


def test_stylesheets_are_ignored(listener: Listener) -> None:
    hint = f'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:{listener.port}/x.xsl"?>'
    root = parse(spoiled(INVOICE, HEAD, f"{HEAD}\n{hint}"))
    assert root.getprevious() is None
    assert validate(root, "ubl-invoice") == []


# -------------------------------------------------------------------------------- size (rows 11 to 15)


@pytest.mark.parametrize("depth", [257, 300, 100_000])
def test_deep_documents_are_refused(depth: int) -> None:
    error = refused(b"<a>" * depth + b"</a>" * depth, "XML_LIMIT")
    assert "256" in error.message


@pytest.mark.parametrize(
    "data",
    [b"<a>%s</a>", b"<a><!--%s--></a>", b'<a b="%s"/>', b"<a><?p %s?></a>", b"<a><![CDATA[%s]]></a>"],
    ids=["text", "comment", "attribute", "pi", "cdata"],
)
def test_very_long_texts_are_refused(data: bytes) -> None:
    refused(data.replace(b"%s", b"x" * 11_000_000), "XML_LIMIT")


def test_too_many_elements_are_refused_before_there_is_a_tree() -> None:
    """Five million and one, in 20 MB; as a tree they would fill 700 MB."""
    error = refused(b"<a>" + b"<b/>" * 5_000_000 + b"</a>", "XML_LIMIT")
    assert "5,000,001 elements" in error.message


def test_hiding_tags_from_the_count_does_not_help() -> None:
    hidden = b"<a><!--" + b"</b" * 1000 + b"-->" + b"<b/>" * 1000 + b"</a>"
    with pytest.raises(XmlError, match="elements"):
        parse(hidden, limits=Limits(elements=900))


def test_too_many_attributes_are_refused() -> None:
    attributes = b" ".join(b'a%d=">"' % number for number in range(300_000))
    error = refused(b"<r>\n<a " + attributes + b"/></r>", "XML_LIMIT")
    assert (error.line, error.column) == (2, 2)


def test_too_many_namespaces_are_refused() -> None:
    declarations = b" ".join(b'xmlns:a%d="urn:x"' % number for number in range(20_000))
    refused(b"<a " + declarations + b"/>", "XML_LIMIT")


def test_a_number_of_eleven_million_digits_is_refused() -> None:
    refused(spoiled(INVOICE, "119.00", "9" * 11_000_000), "XML_LIMIT")


def test_too_large_documents_are_refused() -> None:
    with pytest.raises(XmlError, match="1,001 bytes") as caught:
        parse(b"<a>" + b"x" * 994 + b"</a>", limits=Limits(bytes=1000))
    assert caught.value.code == "XML_LIMIT"


@pytest.mark.parametrize("filler", [b" ", b"<!---->", b"<?a?>", b"<!-- <!DOCTYPE -->"])
def test_a_document_type_behind_a_long_prolog_is_refused(filler: bytes) -> None:
    """Five megabytes of it: a search that began anew at every piece would not come to an end."""
    refused(filler * (5_000_000 // len(filler)) + b"<!DOCTYPE a><a/>", "XML_DOCTYPE")


# --------------------------------------------------------------- encodings and characters (rows 16 to 19)


@pytest.mark.parametrize("codec", ["utf-32", "utf-32-le", "utf-32-be", "cp037", "cp500"])
def test_unusual_encodings_are_refused(codec: str) -> None:
    refused('<?xml version="1.0"?><a/>'.encode(codec), "XML_ENCODING")


@pytest.mark.parametrize("name", ["UTF-7", "UTF-32", "EBCDIC-CP-US", "IBM037", "HZ-GB-2312", "x-user-defined", ""])
def test_unusual_declarations_are_refused(name: str) -> None:
    refused(f'<?xml version="1.0" encoding="{name}"?><a/>'.encode(), "XML_ENCODING")


@pytest.mark.parametrize(
    "bad",
    [
        b"\xe9",
        b"\xc0\xaf",
        b"\xe0\x80\xaf",
        b"\xf0\x80\x80\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xff",
        b"\x80",
    ],
    ids=["latin-1", "overlong-2", "overlong-3", "overlong-4", "surrogate", "beyond", "ff", "continuation"],
)
def test_broken_utf_8_is_refused_at_its_place(bad: bytes) -> None:
    error = refused(b'<?xml version="1.0" encoding="UTF-8"?>\n<a>\n  x' + bad + b" y</a>", "XML_ENCODING")
    assert (error.line, error.column) == (3, 4)


@pytest.mark.parametrize(
    "data",
    [
        b"<a>\0</a>",
        b"<a>&#0;</a>",
        b"<a>&#1;</a>",
        b"<a>&#xD800;</a>",
        b"<a>&#xFFFE;</a>",
        b"<a>&#x110000;</a>",
        b'<?xml version="1.1"?><a>&#1;</a>',
        b'<?xml version="1.1"?><a>\x01</a>',
        b"<a>\xef\xbf\xbe</a>",
    ],
)
def test_characters_that_xml_does_not_have_are_refused(data: bytes) -> None:
    assert refused(data, "XML_SYNTAX").line == 1


@pytest.mark.parametrize(
    "data",
    [
        b"<a/><b/>",
        b"<a/>junk",
        b"<a/>\0",
        b' <?xml version="1.0"?><a/>',
        b"<a",
        b"<a><b></a>",
        b"<",
        b"<!--",
        b"<?xml?>",
    ],
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    refused(data, "XML_SYNTAX")


# --------------------------------------------------------------------------- other kinds (rows 20 to 22)


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n", b"PK\x03\x04", b"<!DOCTYPE html><html>", b'{"a": 1}', b"", b"  \n", b"GIF89a", b"\0" * 20],
    ids=["pdf", "zip", "html", "json", "empty", "blank", "gif", "zeros"],
)
def test_other_files_under_an_xml_name_are_named(data: bytes) -> None:
    with pytest.raises(FormatError, match="this is not an XML document: it is "):
        parse(data, source="invoice.xml")


@pytest.mark.parametrize(
    "data",
    [
        b"<x/>",
        INVOICE.replace("Invoice-2", "Invoice-3").encode(),
        INVOICE.replace("<Invoice ", "<Rechnung ").replace("</Invoice>", "</Rechnung>").encode(),
        CII.replace("CrossIndustryInvoice:100", "CrossIndustryInvoice:13").encode(),
        b'<r:CrossIndustryDocument xmlns:r="urn:ferd:CrossIndustryDocument:invoice:1p0"/>',
    ],
    ids=["unknown", "ubl-3", "rechnung", "cii-13", "zugferd-1"],
)
def test_an_unknown_root_says_what_it_looks_like(data: bytes) -> None:
    with pytest.raises(FormatError, match="this is ") as caught:
        detect(parse(data))
    assert caught.value.code == "UNKNOWN_FORMAT"


def test_a_lookalike_namespace_is_not_ubl() -> None:
    """A Cyrillic letter or a blank in the namespace makes it another one."""
    for lookalike in ("Invoice-2".replace("o", "\u043e"), "Invoice-2 "):
        with pytest.raises(InputError):
            detect(parse(INVOICE.replace("xsd:Invoice-2", f"xsd:{lookalike}").encode()))


def test_duplicates_are_schema_errors() -> None:
    twice = validate(parse(spoiled(INVOICE, UBL_ID, UBL_ID * 2)), "ubl-invoice")
    assert "Invoice has 2 cbc:ID, but only 1 may stand there" in twice[0].message
    ids = parse(spoiled(INVOICE, UBL_ID, UBL_ID.replace("<cbc:ID", '<cbc:ID xml:id="a"')))
    assert "has the attribute xml:id, which it may not have" in validate(ids, "ubl-invoice")[0].message
