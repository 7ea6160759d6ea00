# SPDX-License-Identifier: Apache-2.0
"""What reading has to say: each leaf of a document that does not reach the model, with its path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from einvoice.bind.paths import Paths, line_of, prefixed
from einvoice.model import Remark

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.model import Reason

_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


class Remarks:
    """The remarks of one reading, in the order of the document."""

    def __init__(self) -> None:
        self.found: list[Remark] = []
        self._paths = Paths()

    def text(self, element: _Element, reason: Reason, terms: tuple[str, ...] = (), model_path: str = "") -> None:
        """Remark an element's text.

        Args:
            element: the element.
            reason: why its text did not reach the model.
            terms: the terms concerned.
            model_path: where in the model it would stand.
        """
        self.found.append(
            Remark(reason, self._paths.of(element), element.text or "", terms, model_path, line_of(element))
        )

    def attribute(self, element: _Element, name: str, reason: Reason, terms: tuple[str, ...] = ()) -> None:
        """Remark an attribute, unless it only helps the schema processor (``xsi:``)."""
        if name.startswith(_SCHEMA_INSTANCE):
            return
        value = str(element.get(name, ""))
        path = f"{self._paths.of(element)}/@{prefixed(name)}"
        self.found.append(Remark(reason, path, value, terms, "", line_of(element)))

    def subtree(self, element: _Element, reason: Reason) -> None:
        """Remark every leaf and attribute of an element and of all below it; an empty one says that it is there."""
        for here in element.iter("*"):
            if not len(here):
                self.text(here, reason)
            for name in here.keys():  # noqa: SIM118 - an element is not a mapping
                self.attribute(here, str(name), reason)
