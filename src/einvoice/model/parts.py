# SPDX-License-Identifier: Apache-2.0
"""An element of a document as a rule about elements sees it, and what such a rule finds wrong.

Most rules about elements are rows (:mod:`einvoice.model.structure`). One that compares, computes or checks a digit is a
function of the element that it is asked of. It reads that element, and from there the document, by the names that the
publishers use; how a document is kept is not its business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class UnjudgeableError(Exception):
    """A comparison that XPath 2 refuses to make, such as that of a text with a truth value.

    It never leaves the judging: the rule is undetermined where it was asked.
    """


class Part(Protocol):
    """An element.

    A path is ``cac:Party/cbc:EndpointID/@schemeID``: elements below each other, perhaps an attribute at the end; ``.``
    is the element itself. The empty results are those of XPath: no element, no text.
    """

    @property
    def name(self) -> str:
        """Its name with the prefix; the roots of UBL have none."""
        ...

    @property
    def written(self) -> str:
        """Its name as the document writes it: with the prefix that is declared there, or without one."""
        ...

    @property
    def bare(self) -> bool:
        """Whether no element stands in it."""
        ...

    @property
    def text(self) -> str:
        """Its text and that of all below it."""
        ...

    @property
    def above(self) -> Part | None:
        """The element that it stands in; ``None`` for the document."""
        ...

    @property
    def top(self) -> Part:
        """The element that the document is."""
        ...

    @property
    def children(self) -> list[Part]:
        """The elements that stand directly in it."""
        ...

    def get(self, name: str) -> str | None:
        """An attribute of it.

        Args:
            name: its name.
        """
        ...

    def has(self, path: str) -> bool:
        """Whether anything stands there.

        Args:
            path: the path.
        """
        ...

    def parts(self, path: str) -> list[Part]:
        """The elements that stand there.

        Args:
            path: the path, without an attribute.
        """
        ...

    def texts(self, path: str) -> list[str]:
        """What they say, or what the attribute says.

        Args:
            path: the path.
        """
        ...

    def one(self, path: str) -> str:
        """What the only one there says; an empty text if there is none.

        Args:
            path: the path.

        Raises:
            UnjudgeableError: there are several.
        """
        ...

    def own(self, path: str) -> str:
        """The only text that stands directly in the elements there (``text()``); an empty one if there is none.

        Args:
            path: the path, without an attribute.

        Raises:
            UnjudgeableError: there are several.
        """
        ...

    def anywhere(self, name: str) -> list[Part]:
        """Every element of a name in the document.

        Args:
            name: the name.
        """
        ...

    def recall(self, fact: Callable[[Part], T]) -> T:
        """Something about the document, found out once for all its elements.

        Args:
            fact: finds it out from the element that the document is.

        Raises:
            UnjudgeableError: it cannot be found out.
        """
        ...


class Fault(Struct, frozen=True):
    """What a function found wrong.

    Attributes:
        at: the path from the element that was asked to what is wrong, or to what is missing.
        found: what is there; what the element says, if that is not told.
        expected: what should be there.
        why: the arithmetic or the reason, short and without a full stop.
        part: the element that is wrong, where it is not below the one that was asked.
        terms: the numbers of the terms or groups concerned, where the place does not tell.
    """

    at: str = "."
    found: str | None = None
    expected: str | None = None
    why: str = ""
    part: Part | None = None
    terms: tuple[str, ...] = ()
