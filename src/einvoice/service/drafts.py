# SPDX-License-Identifier: Apache-2.0
"""An invoice under repair: what it is, what judging it says, and the same with changes made.

XML is changed in its text. JSON has no elements: its invoice is looked at as it would be written in UBL, which is also
how the rules about elements judge it, and what a repair changes there is changed in the invoice.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, structs

from einvoice.bind import open_document, write
from einvoice.bind.json import write_json
from einvoice.bind.losses import leaves, text_of
from einvoice.bind.values import write_decimal
from einvoice.errors import EinvoiceError, OutputError
from einvoice.model.listing import unbounded
from einvoice.rules.places import terms_at
from einvoice.service.check import judge
from einvoice.service.evidence import pinned
from einvoice.service.intake import Intake
from einvoice.service.packs import Asked, choose
from einvoice.service.repairs.amounts import replaced, value_at
from einvoice.service.repairs.sheet import Change, Sheet
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.model import Invoice
    from einvoice.rules.findings import Report
    from einvoice.service.packs import Choice
    from einvoice.service.repairs.sheet import LeftAlone, Suggestion


class Judges(Struct, frozen=True):
    """By what an invoice is judged while it is repaired.

    Attributes:
        asked: the packs asked for; nothing for ``auto``.
        as_of: the day whose rules count; today if ``None``.
        settings: what a document may cost.
    """

    asked: tuple[Asked, ...]
    as_of: date | None
    settings: Settings

    def choice(self, intake: Intake) -> Choice:
        """The packs for an invoice."""
        return choose(self.asked, intake.reading, as_of=self.as_of)


class Draft(Protocol):
    """An invoice under repair."""

    @property
    def intake(self) -> Intake:
        """The invoice."""

    @property
    def data(self) -> bytes:
        """Its bytes."""

    @property
    def report(self) -> Report:
        """What judging it says."""

    @property
    def choice(self) -> Choice:
        """The packs that judge it."""

    @property
    def sheet(self) -> Sheet | None:
        """What repairs look at; ``None`` if there is nothing to look at."""

    def with_changes(self, suggestions: Sequence[Suggestion]) -> tuple[Draft, tuple[Change, ...]]:
        """The same with changes made, and the changes for the user.

        Raises:
            EinvoiceError: they cannot be made.
        """

    def told(self, left: LeftAlone) -> LeftAlone:
        """A place that was left alone, as the user knows it."""

    def report_by(self, choice: Choice) -> Report:
        """What judging it by other packs says."""


class XmlDraft:
    """A document in UBL or CII.

    Args:
        data: the document.
        judges: by what it is judged.
        source: its name, for messages.
    """

    def __init__(self, data: bytes, judges: Judges, source: str | None = None) -> None:
        document = open_document(data, limits=judges.settings.limits, source=source)
        self.data, self.judges, self.source = data, judges, source
        self.intake = Intake(source=source, data=data, kind="xml", document=document)
        self._document = document

    @cached_property
    def choice(self) -> Choice:
        """The packs that judge it."""
        return self.judges.choice(self.intake)

    @cached_property
    def report(self) -> Report:
        """What judging it says."""
        return self.report_by(self.choice)

    def report_by(self, choice: Choice) -> Report:
        """What judging it by other packs says."""
        with unbounded():
            return judge(self.intake, choice)[0]

    @cached_property
    def sheet(self) -> Sheet:
        """What repairs look at."""
        return Sheet(self._document, self.report)

    def with_changes(self, suggestions: Sequence[Suggestion]) -> tuple[Draft, tuple[Change, ...]]:
        """The same with changes made."""
        edits = [edit for suggestion in suggestions for edit in suggestion.edits]
        data = self._document.rewritten(edits)
        changes = tuple(change for suggestion in suggestions for change in suggestion.changes)
        return XmlDraft(data, self.judges, self.source), changes

    def told(self, left: LeftAlone) -> LeftAlone:
        """A place that was left alone; it is in the user's document."""
        return left


class JsonDraft:
    """An invoice in the project's JSON.

    Args:
        data: the JSON.
        invoice: the invoice that was read from it.
        judges: by what it is judged.
        source: its name, for messages.
    """

    def __init__(self, data: bytes, invoice: Invoice, judges: Judges, source: str | None = None) -> None:
        self.data, self.invoice, self.judges, self.source = data, invoice, judges, source
        self.intake = Intake(source=source, data=data, kind="json", invoice=invoice)

    @cached_property
    def choice(self) -> Choice:
        """The packs that judge it."""
        return self.judges.choice(self.intake)

    @cached_property
    def report(self) -> Report:
        """What judging it says."""
        return self.report_by(self.choice)

    def report_by(self, choice: Choice) -> Report:
        """What judging it by other packs says."""
        with unbounded():
            return judge(self.intake, choice)[0]

    @cached_property
    def _written(self) -> Intake | None:
        """The invoice as it would be written in UBL; ``None`` if it cannot be."""
        try:
            data = write(self.invoice, "ubl")
            document = open_document(data, limits=self.judges.settings.limits)
        except EinvoiceError:
            return None
        return Intake(source=None, data=data, kind="xml", document=document)

    @cached_property
    def sheet(self) -> Sheet | None:
        """What repairs look at: the UBL, with what judging the JSON says, which knows the places of the model."""
        written = self._written
        if written is None or written.document is None:
            return None
        found = []
        for finding in self.report.findings:
            place = written.document.locate(finding.model_path) if finding.model_path else None
            found.append(structs.replace(finding, location=place.path if place else None))
        return Sheet(written.document, structs.replace(self.report, findings=tuple(found)))

    def with_changes(self, suggestions: Sequence[Suggestion]) -> tuple[Draft, tuple[Change, ...]]:
        """The same with changes made: what is another value in the UBL becomes that value in the invoice."""
        written = self._written
        if written is None or written.document is None:
            raise OutputError("it cannot be looked at as UBL", code="FIX_JSON")
        edits = [edit for suggestion in suggestions for edit in suggestion.edits]
        before = written.reading.invoice
        after = open_document(written.document.rewritten(edits)).reading().invoice
        invoice, changes = self._carried(before, after)
        draft = JsonDraft(write_json(invoice), invoice, self.judges, self.source)
        return draft, changes

    def _carried(self, before: Invoice, after: Invoice) -> tuple[Invoice, tuple[Change, ...]]:
        was, now = _texts(before), _texts(after)
        invoice, changes = self.invoice, []
        for path in [path for path in {**was, **now} if was.get(path) != now.get(path)]:
            if path not in now or value_at(invoice, path) != value_at(before, path) or not _has_holder(invoice, path):
                raise OutputError(f"{path} of the JSON does not stand in the same place of UBL", code="FIX_JSON")
            value = value_at(after, path)
            invoice = replaced(invoice, path, value)
            changes.append(
                Change(location=path, line=None, terms=terms_at(path), before=was.get(path), after=now[path])
            )
        return invoice, tuple(changes)

    def told(self, left: LeftAlone) -> LeftAlone:
        """A place that was left alone; the user's document has no elements, so its terms say where."""
        return structs.replace(left, location=" ".join(left.terms), line=None)


def _texts(invoice: Invoice) -> dict[str, str]:
    """Every value of an invoice as it would be written, by its place."""
    values = ((leaf.path, value_at(invoice, leaf.path)) for leaf in leaves(invoice))
    return {path: write_decimal(value) if isinstance(value, Decimal) else text_of(value) for path, value in values}


def _has_holder(invoice: Invoice, path: str) -> bool:
    """Whether the group that a place lies in is there."""
    above = path.rpartition(".")[0]
    return not above or value_at(invoice, above) is not None


def report_of(draft: Draft) -> Report:
    """What judging says, with lines and columns.

    Args:
        draft: the invoice.
    """
    return pinned(draft.report, draft.intake.document)[0]
