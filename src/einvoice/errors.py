# SPDX-License-Identifier: Apache-2.0
"""The exceptions of einvoice: one small tree.

::

    EinvoiceError
    ├── InputError            something that came in cannot be used
    │   ├── XmlError          the XML is refused: not well-formed, unsafe, or over a limit
    │   ├── FormatError       a document of another kind, or of no kind we know
    │   ├── PdfError          the PDF holds no invoice, or several, or cannot be opened
    │   ├── JsonError         the JSON does not fit the published schema
    │   └── MappingError      a mapping, a seller profile or an ERP export cannot be used
    ├── OutputError           something cannot be written
    │   └── LossError         a conversion would lose values and was told not to
    ├── ProfileError          a profile was asked for that cannot be met
    ├── UnknownNameError      a rule, term, pack or preset that does not exist
    ├── TransportError        a message cannot be sent, or what came is no message
    │   ├── ParticipantError  a participant cannot be found, or takes no such document
    │   └── SecurityError     a signature, a certificate or an encryption does not hold
    ├── StoreError            the database cannot be used, or does not hold what was asked for
    └── MissingExtraError     an optional dependency is not installed

What is wrong *inside* an invoice is never an exception: that is a finding (``einvoice.rules``) or a
remark (``einvoice.bind``). Every exception names the source, the place and the way out.
"""

from __future__ import annotations


class EinvoiceError(Exception):
    """The base of everything einvoice raises on purpose.

    Args:
        message: one sentence that says what is wrong and what to do.
        source: the file (or other source) concerned, as the user named it.
        line: the line in the source, counted from 1.
        column: the column in the source, counted from 1.
        code: a short stable name of the cause for programs, such as ``XML_DOCTYPE``.
    """

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        line: int | None = None,
        column: int | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line
        self.column = column
        self.code = code

    def __str__(self) -> str:
        place = [str(part) for part in (self.source, self.line, self.column) if part is not None]
        return f"{':'.join(place)}: {self.message}" if place else self.message

    def at(self, source: str) -> EinvoiceError:
        """Name the source where it is not named yet, and return the same error for raising."""
        if self.source is None:
            self.source = source
        return self


class InputError(EinvoiceError):
    """Something that came in cannot be used."""


class XmlError(InputError):
    """The XML is refused: it is not well-formed, unsafe, or over a limit."""


class FormatError(InputError):
    """The document is of another kind, or of no kind we know; the message says what it looks like."""


class PdfError(InputError):
    """The PDF holds no invoice, holds several, or cannot be opened."""


class JsonError(InputError):
    """The JSON does not fit the published schema."""


class MappingError(InputError):
    """A mapping, a seller profile or an ERP export cannot be used."""


class OutputError(EinvoiceError):
    """Something cannot be written."""


class LossError(OutputError):
    """A conversion would lose values and was told not to."""


class ProfileError(EinvoiceError):
    """A profile was asked for that cannot be met."""


class UnknownNameError(EinvoiceError):
    """A rule, term, pack, profile or preset that does not exist."""


class TransportError(EinvoiceError):
    """A message cannot be sent, or what came over the wire is no message.

    Args:
        message: one sentence that says what is wrong and what to do.
        temporary: whether the same attempt may succeed later.
        code: a short stable name of the cause, such as ``SMP_NOT_FOUND``.
        source: the address or file concerned.
        retry_after: seconds before another attempt, where the other side asks for them.
    """

    def __init__(
        self,
        message: str,
        *,
        temporary: bool = False,
        code: str | None = None,
        source: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, source=source, code=code)
        self.temporary = temporary
        self.retry_after = retry_after


class ParticipantError(TransportError):
    """A participant cannot be found in the network, or takes no such document."""


class SecurityError(TransportError):
    """A signature, a certificate or an encryption does not hold; nothing of the message may be believed."""


class StoreError(EinvoiceError):
    """The database cannot be used, or does not hold what was asked for, or holds something that contradicts it."""


class MissingExtraError(EinvoiceError):
    """An optional dependency is not installed; the message names the pip command."""

    def __init__(self, extra: str, feature: str) -> None:
        super().__init__(f"{feature} needs the extra {extra!r}: pip install 'einvoice[{extra}]'", code="MISSING_EXTRA")
        self.extra = extra
