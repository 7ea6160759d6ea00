# SPDX-License-Identifier: Apache-2.0
"""Make the rich invoices in ``fixtures/rich-*``, and everything that is expected of them.

    python tools/goldens.py            write the files
    python tools/goldens.py --check    write nothing; exit with status 1 if one of them is not current

A rich invoice uses every term that its syntax has a place for. Nobody could keep such an invoice by hand, so it is
made from the definitions of the model: whatever field is bound gets a value that looks like one. The figures do not
add up; the rich invoices are about terms and places, not about sums.

In each folder stand ``invoice.xml``, the same as JSON, the invoice in the other syntax, and what that loses and adds,
one value a line.
A change of one of these files is a change of what users get: look at the difference before you commit it.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from einvoice.bind import json, losses, open_document, write
from einvoice.bind.locate import is_bound
from einvoice.model import Attachment, Identifier, Invoice, fields_of, terms

if TYPE_CHECKING:
    from einvoice.model import FieldInfo, Syntax

FIXTURES: Final = Path(__file__).resolve().parent.parent / "fixtures"
FOLDERS: Final[dict[str, Syntax]] = {
    "rich-ubl": "ubl-invoice",
    "rich-creditnote": "ubl-creditnote",
    "rich-cii": "cii",
}
FIRST_DAY: Final = date(2026, 1, 1)
_LINES: Final = msgspec.json.Encoder()

# What a text says, by the end of its field's name; the first that fits. A list is gone through item by item.
TEXTS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("vat_accounting_currency_code", ("SEK",)),
    ("source_currency_code", ("EUR",)),
    ("target_currency_code", ("SEK",)),
    ("currency_code", ("EUR",)),
    ("value_added_tax_point_date_code", ("35",)),
    ("tax_point_date_code", ("35", "432")),
    ("specification_identifier", ("urn:cen.eu:en16931:2017",)),
    ("business_process_type", ("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",)),
    ("ubl_version_identifier", ("2.1",)),
    ("uuid", ("0f8fad5b-d9cb-469f-a165-70867728950e",)),
    ("issue_time", ("10:45:00",)),
    ("indicator", ("false",)),
    ("language_code", ("de",)),
    ("network_identifier", ("VISA",)),
    ("primary_account_number", ("************1234",)),
    ("proprietary_account_identifier", ("DE-4711-0815",)),
    ("debited_account_identifier", ("FR7630006000011234567890189",)),
    ("payment_account_identifier", ("DE89370400440532013000", "NL91ABNA0417164300")),
    ("service_provider_identifier", ("COBADEFFXXX", "ABNANL2A")),
    ("account_scheme", ("IBAN",)),
    ("country_code", ("DE", "FR", "NL")),
    ("country_of_origin", ("IT",)),
    ("exemption_reason_code", ("VATEX-EU-132",)),
    ("category_code", ("E",)),
    ("tax_scheme_identifier", ("GST",)),
    ("unit_code", ("C62",)),
    ("unit_of_measure_code", ("C62",)),
    ("subject_code", ("AAI", "REG")),
    ("content_code", ("EEV",)),
    ("status_reason_code", ("DETAIL",)),
    ("status_code", ("39",)),
    ("transport_mode_codes", ("3", "4")),
    ("reason_code", ("95", "64")),
    ("role_code", ("AB",)),
    ("reference_type_code", ("AAK",)),
    ("delivery_terms.code", ("EXW",)),
    ("contact.type_code", ("SR",)),
    ("means.type_code", ("58", "59")),
    ("attributes.type_code", ("SIZE",)),
    ("type_code", ("83",)),
    ("vat_identifier", ("DE123456788", "FR32123456789")),
    ("email_address", ("billing@example.com", "orders@example.org")),
    ("telephone_number", ("+49 40 1234567",)),
    ("fax_number", ("+49 40 7654321",)),
    ("external_document_location", ("https://example.com/documents/",)),
    ("post_code", ("20095", "75001")),
    ("city", ("Hamburg", "Paris", "Utrecht")),
)
SCHEMES: Final = (
    ("electronic_address", "EM"),
    ("classifications.identifier", "STI"),
    ("object_identifier", "AAV"),
    ("object_identifiers", "AAV"),
    ("tax_registration_identifier", "FC"),
    ("", "0088"),
)


class Filler:
    """Fills every field that a syntax has a place for.

    Attributes:
        syntax: the syntax.
    """

    def __init__(self, syntax: Syntax) -> None:
        self.syntax: Syntax = syntax
        self._bound = {path for path in terms() if is_bound(syntax, path)}
        self._count = 0

    def invoice(self) -> Invoice:
        """The invoice, as it is read once it was written: what the syntax states twice stands once."""
        filled = self._group(Invoice, "", depth=0)
        code = "381" if self.syntax == "ubl-creditnote" else "380"
        raw = write(msgspec.structs.replace(filled, type_code=code), self.syntax)
        return open_document(raw).reading().invoice

    def _group(self, cls: type[msgspec.Struct], path: str, *, depth: int, index: int = 0) -> Any:  # noqa: ANN401
        values = {}
        for name, info in fields_of(cls).items():
            here = f"{path}.{name}" if path else name
            if not self._has_place(here):
                continue
            if name == "sub_lines":
                if depth < 2 and index == 0:  # noqa: PLR2004 - a line in a line in a line
                    values[name] = (self._group(info.value_type, path, depth=depth + 1),)
            elif info.repeats:
                values[name] = tuple(self._value(info, here, depth=depth, index=number) for number in range(2))
            else:
                values[name] = self._value(info, here, depth=depth, index=index)
        return cls(**values)

    def _has_place(self, path: str) -> bool:
        return path in self._bound or any(place.startswith(f"{path}.") for place in self._bound)

    def _value(self, info: FieldInfo, path: str, *, depth: int, index: int) -> Any:  # noqa: ANN401
        kind = info.value_type
        if issubclass(kind, Identifier):
            return self._identifier(path)
        if issubclass(kind, Attachment):
            return self._attachment()
        if info.is_group:
            return self._group(info.value_type, path, depth=depth, index=index)
        self._count += 1
        if kind is date:
            return FIRST_DAY + timedelta(days=self._count % 365)
        if kind is Decimal:
            return Decimal(1000 + self._count).scaleb(-2)
        return self._text(info, path, index)

    def _text(self, info: FieldInfo, path: str, index: int) -> str:
        for end, texts in TEXTS:
            if path.endswith(end):
                text = texts[index % len(texts)]
                return f"{text}{self._count}" if text.endswith("/") else text
        if info.name == "number":
            return "RICH-2026-1"
        if info.name.endswith(("identifier", "reference", "identifiers", "number")):
            return f"{''.join(word[0] for word in info.title.split()).upper()}-{self._count}"
        return f"{info.title or info.name} {self._count}"

    def _identifier(self, path: str) -> Identifier:
        self._count += 1
        scheme = next(scheme for end, scheme in SCHEMES if path.endswith(end))
        version = "24" if path.endswith("classifications.identifier") else None
        return Identifier(f"{4_000_000_000_000 + self._count}", scheme, version)

    def _attachment(self) -> Attachment:
        self._count += 1
        return Attachment(f"Document {self._count}\n".encode(), "text/plain", f"document-{self._count}.txt")


def goldens() -> dict[str, bytes]:
    """Every file by its path below ``fixtures``."""
    files = {}
    for folder, syntax in FOLDERS.items():
        source = write(Filler(syntax).invoice(), syntax)
        document = open_document(source)
        invoice = document.reading().invoice
        target = "ubl" if syntax == "cii" else "cii"
        other = write(invoice, target)
        report = losses(document, other)
        files[f"{folder}/invoice.xml"] = source
        files[f"{folder}/invoice.json"] = json.write_json(invoice)
        files[f"{folder}/converted.{target}.xml"] = other
        files[f"{folder}/losses.jsonl"] = _LINES.encode_lines(report.losses)
        files[f"{folder}/computed.jsonl"] = _LINES.encode_lines(report.computed)
    return files


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is not current")
    check = parser.parse_args().check
    stale = []
    for name, content in goldens().items():
        path = FIXTURES / name
        if path.is_file() and path.read_bytes() == content:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.part")
            part.write_bytes(content)
            part.replace(path)
    for name in stale:
        sys.stderr.write(f"fixtures/{name}: {'not current' if check else 'written'}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
