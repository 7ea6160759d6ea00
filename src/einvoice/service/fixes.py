# SPDX-License-Identifier: Apache-2.0
"""A run of repairs: documents in input order, each repaired, and written unless it is only to be shown."""

from __future__ import annotations

import os
import re
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.bind.extents import decoded
from einvoice.errors import EinvoiceError, InputError
from einvoice.service.files import Target
from einvoice.service.fix import Fixed, repair
from einvoice.service.intake import fingerprint, take_in_bytes
from einvoice.service.sources import read_bytes, stem
from einvoice.service.status import Status, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.service.drafts import Judges

STDOUT: Final = "-"
SUFFIX: Final = ".fixed"
_STATUS: Final = {"valid": Status.DONE, "invalid": Status.FATAL, "undetermined": Status.UNDETERMINED}
_WIDE: Final = 300
"""A document with a longer line is shown with its tags on lines of their own."""
_BETWEEN: Final = re.compile(r">[ \t]*(?=<)")


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one document.

    Attributes:
        source: the document as the user named it.
        sha256: the fingerprint of its bytes; ``None`` if there were none to read.
        path: where the result was written; ``None`` if it was not.
        fixed: what repairing it came to; ``None`` if that was not possible.
        diff: the lines that changed, as ``diff -u`` shows them; empty unless it was asked for.
        error: why there is no result.
        status: what it contributes to the exit status.
    """

    source: str
    sha256: str | None = None
    path: Path | None = None
    fixed: Fixed | None = None
    diff: str = ""
    error: EinvoiceError | None = None
    status: Status


class Fixes:
    """One run.

    Args:
        sources: the documents, in input order.
        judges: by what they are judged.
        output: where the results go, as :class:`~einvoice.service.files.Target` takes it; ``-`` for nowhere, since the
            caller prints them.
        dry: whether nothing is written.
        force: whether files that exist may be overwritten.
    """

    def __init__(
        self, sources: Sequence[str], judges: Judges, *, output: str | None, dry: bool = False, force: bool = False
    ) -> None:
        self.sources, self.judges = sources, judges
        writes = not dry and output != STDOUT
        self.target = Target(output, several=len(sources) > 1, force=force) if writes else None
        self.dry = dry

    def run(self) -> Iterator[Outcome]:
        """Repair the documents, one after the other; whatever happens, there is an outcome for each."""
        for source in self.sources:
            yield self._outcome(source)

    def _outcome(self, source: str) -> Outcome:
        sha256 = None
        try:
            data = read_bytes(source, limit=self.judges.settings.limits.bytes)
            sha256 = fingerprint(data)
            intake = take_in_bytes(data, self.judges.settings, source=source)
            fixed = repair(intake, self.judges)
            suffix = f"{SUFFIX}.{intake.kind}"
            path = self.target.write(stem(source), suffix, fixed.output) if self.target is not None else None
        except EinvoiceError as error:
            return Outcome(source=source, sha256=sha256, error=error, status=status_of(error))
        except Exception as error:  # one document must not take the others with it
            if os.environ.get("EINVOICE_DEBUG"):
                raise
            return Outcome(source=source, sha256=sha256, error=_defect(source, error), status=Status.UNREADABLE)
        diff = difference(data, fixed.output, source, xml=intake.kind == "xml") if self.dry else ""
        status = _STATUS[fixed.after.verdict]
        return Outcome(source=source, sha256=sha256, path=path, fixed=fixed, diff=diff, status=status)


def _defect(source: str, error: Exception) -> InputError:
    return InputError(
        f"einvoice failed on this document ({type(error).__name__}: {error}); that is a defect of einvoice,"
        " please report it with what EINVOICE_DEBUG=1 prints",
        source=source,
        code="DEFECT",
    )


def difference(before: bytes, after: bytes, name: str, *, xml: bool) -> str:
    """What changed between two documents, as ``diff -u`` shows it.

    Args:
        before: the one.
        after: the other.
        name: what to call them.
        xml: whether they are XML; tags are shown on lines of their own then, if lines are long.
    """
    texts = [decoded(data)[0] if xml else data.decode("utf-8-sig", "replace") for data in (before, after)]
    if xml and max(len(line) for line in texts[0].splitlines() or [""]) > _WIDE:
        texts = [_BETWEEN.sub(">\n", text) for text in texts]
    one, other = (text.splitlines() for text in texts)
    return "\n".join(unified_diff(one, other, name, f"{name} (repaired)", lineterm=""))
