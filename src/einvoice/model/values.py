# SPDX-License-Identifier: Apache-2.0
"""Values that have parts: identifiers with their scheme, attached documents."""

# The annotations are data (einvoice.model.terms), so they are evaluated here and not kept as texts.
from msgspec import Struct


class Identifier(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An identifier and the scheme it was issued in.

    Attributes:
        value: the identifier as its issuer writes it.
        scheme: the scheme's code (ISO 6523 ICD, EAS, UNTDID 1153, UNTDID 7143 ...); ``None`` where none is
            given, an empty string where the syntax says "a global identifier" without naming the scheme.
        scheme_version: the version of the scheme, where the term has one (BT-158).
    """

    value: str = ""
    scheme: str | None = None
    scheme_version: str | None = None

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}" if self.scheme else self.value


class Attachment(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A document carried inside the invoice (BT-125).

    Attributes:
        content: the bytes of the document.
        mime_code: its MIME type, such as ``application/pdf`` (BT-125-1).
        filename: its file name (BT-125-2). Never used as a path.
    """

    content: bytes | None = None
    mime_code: str | None = None
    filename: str | None = None
