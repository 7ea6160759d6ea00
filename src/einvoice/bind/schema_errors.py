# SPDX-License-Identifier: Apache-2.0
"""What libxml2 finds when it validates, tied to the elements concerned, in bounded time.

lxml asks libxml2 for the path of every error, and libxml2 counts the sisters of an element for it. A document with
many sisters and many errors would take hours that way: 680 kB are enough for 13 seconds. So a document that is wide
enough to matter is validated as a stream first, which knows no places but takes linear time, and the places are
looked for in a document of bearable size.
"""

from __future__ import annotations

import copy
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import XMLSchema, _Element

Kind = Literal["unexpected", "missing", "attribute", "value", "content", "other"]

_SMALL: Final = 10_000
"""Elements below which even the worst document is validated in less than a second."""
_LARGE: Final = 60_000
"""Elements above which even narrow documents could take long, and the errors themselves fill the memory."""
_STEPS: Final = 200_000_000
"""How many sisters libxml2 may have to count, at most; about two seconds."""
_FEW: Final = 100
"""Errors that can be placed in any document."""
_SISTERS: Final = 50
"""Sisters of one name that are kept where places are looked for in a sample."""
_CHUNK: Final = 1 << 16
_STEP: Final = re.compile(r"([^\[\]/]+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled schema. lxml keeps the errors of the last validation in it, hence the lock."""

    schema: XMLSchema
    lock: threading.Lock = field(default_factory=threading.Lock)


class SchemaError(NamedTuple):
    """One error.

    Attributes:
        type: the name of libxml2's error type.
        message: libxml2's message.
        element: the element concerned; None if it could not be placed.
        top: the element that is the document, where paths begin.
    """

    type: str
    message: str
    element: _Element | None
    top: _Element | None


def collect(compiled: Compiled, root: _Element, limit: int) -> tuple[list[SchemaError], bool]:
    """Validate a document.

    Args:
        compiled: the schema.
        root: the element that is the document.
        limit: how many errors are wanted at most.

    Returns:
        The errors in the order of the document, ``limit + 1`` at most, and whether these are all.
    """
    if not _is_costly(root):
        return _placed(compiled, root, limit)
    unplaced = _streamed(compiled.schema, root, limit)
    if len(unplaced) <= _FEW:
        return _placed(compiled, root, limit) if unplaced else ([], True)
    sample = _sample(root)
    found = [] if _is_costly(sample) else _placed(compiled, sample, limit)[0]
    said = {error.message for error in found}
    distinct = {error.message: error for error in unplaced if error.message not in said}
    return [*found, *distinct.values()], False


def _is_costly(root: _Element) -> bool:
    """Say whether an error in every element could take more than a moment, or much memory."""
    if not _more_than_small()(root):
        return False
    elements = cast("float", etree.XPath("count(descendant-or-self::*)")(root))
    return elements > _LARGE or bool(etree.XPath(f"boolean(descendant-or-self::*[*[{int(_STEPS / elements)}]])")(root))


@cache
def _more_than_small() -> etree.XPath:
    return etree.XPath(f"boolean(descendant::*[{_SMALL}])")


def _placed(compiled: Compiled, root: _Element, limit: int) -> tuple[list[SchemaError], bool]:
    with compiled.lock:
        if compiled.schema.validate(root):
            return [], True
        said: Any = compiled.schema.error_log  # the stubs do not say that it can be iterated
        log = [(entry.type_name, entry.message, entry.path) for entry in islice(said, 2 * limit + 2)]
    places = _Places(root)
    errors = [SchemaError(type_, message, places.find(path), root) for type_, message, path in log]
    return _merged(errors, limit)


def _streamed(schema: XMLSchema, root: _Element, limit: int) -> list[SchemaError]:
    """Validate without places, and stop when there are more errors than wanted."""
    data = etree.tostring(root, encoding="utf-8", with_tail=False)
    parser = etree.XMLParser(
        schema=schema,
        huge_tree=True,
        resolve_entities=False,
        no_network=True,
        collect_ids=False,
        remove_blank_text=True,
    )
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            if len(parser.feed_error_log) > limit:
                break
        else:
            parser.close()
    except etree.XMLSyntaxError:
        pass  # raised for a document that is not valid; the log says what is wrong
    log = islice(parser.feed_error_log, 2 * limit + 2)
    return _merged([SchemaError(entry.type_name, entry.message, None, None) for entry in log], limit)[0]


def _sample(root: _Element) -> _Element:
    """Copy a document, keeping the first of many sisters of one name.

    What may occur often may occur any number of times in these schemas, so leaving out sisters adds no error.
    """
    top = copy.deepcopy(root)
    for parent in top.iter():
        if len(parent) > _SISTERS:
            seen: Counter[str] = Counter()
            for child in list(parent):
                seen[str(child.tag)] += 1
                if seen[str(child.tag)] > _SISTERS:
                    parent.remove(child)
    return top


def _merged(errors: Iterable[SchemaError], limit: int) -> tuple[list[SchemaError], bool]:
    """Drop what only repeats: after a facet, libxml2 says once more that the value does not fit its type."""
    kept: list[SchemaError] = []
    for error in errors:
        if (
            error.type == "SCHEMAV_CVC_DATATYPE_VALID_1_2_1"
            and kept
            and "[facet '" in kept[-1].message
            and kept[-1].element is error.element
            and kept[-1].message.partition("':")[0] == error.message.partition("':")[0]
        ):
            continue
        kept.append(error)
    return kept[: limit + 1], len(kept) <= limit


class _Places:
    """Finds the elements that libxml2 names by paths such as ``/*/cac:InvoiceLine[2]/cbc:ID``.

    Such a path has the prefixes of the document, ``*`` for an element without one, and counts what it names.
    """

    def __init__(self, root: _Element) -> None:
        self.root = root
        self.below: dict[_Element, dict[str, list[_Element]]] = {}

    def find(self, path: str | None) -> _Element:
        """Return the element that a path names, or the last one on the way to it that exists."""
        here = self.root
        for step in (path or "").split("/")[2:]:
            match = _STEP.fullmatch(step)
            sisters = self._children(here).get(match[1], []) if match else []
            position = int(match[2] or 1) if match else 1
            if position > len(sisters):
                break
            here = sisters[position - 1]
        return here

    def _children(self, parent: _Element) -> dict[str, list[_Element]]:
        known = self.below.get(parent)
        if known is None:
            known = self.below[parent] = {"*": list(parent)}
            for child in parent:
                known.setdefault(_written(child), []).append(child)
        return known


def _written(element: _Element) -> str:
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local
