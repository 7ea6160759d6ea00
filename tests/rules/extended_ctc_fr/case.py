# SPDX-License-Identifier: Apache-2.0
"""A change to a sound document, and the ids that fire then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tests.rules.extended_ctc_fr.documents import Edit, changed, sound

if TYPE_CHECKING:
    from einvoice.model import Syntax

Base = Callable[["Syntax"], bytes]
LETTERS = {"S": "S", "Z": "Z", "E": "E", "AE": "AE", "IC": "K", "G": "G", "O": "O", "AF": "L", "AG": "M"}
"""The letters of a category in the ids -> its code."""


class Case(NamedTuple):
    """One change and what it fires.

    Attributes:
        name: the id that is aimed at, and a word.
        base: gives the document that is changed.
        edits: the changes.
        fired: the ids that fire.
    """

    name: str
    base: Base
    edits: tuple[Edit, ...]
    fired: frozenset[str]

    def expected(self, syntax: Syntax) -> frozenset[str]:
        """The ids that fire; a credit note is not asked whether the amount due has a due date."""
        return self.fired - {"BR-CO-25"} if syntax == "ubl-creditnote" else self.fired

    def document(self, syntax: Syntax) -> bytes:
        """The changed document."""
        return changed(self.base(syntax), *self.edits)


class Cases(dict[str, Case]):
    """The cases of a family, by name."""

    def fires(self, name: str, *edits: Edit, fired: str | None = None, base: Base = sound) -> None:
        """Enter a case; ``fired`` lists the ids if there are others than the one that the name begins with."""
        assert name not in self, name
        ids = name.partition(" ")[0] if fired is None else fired
        self[name] = Case(name, base, edits, frozenset(ids.split()))
