# SPDX-License-Identifier: Apache-2.0
"""What a schema error means for whoever has to repair the document: what is wrong, what was expected, what to do.

libxml2 lists what its automaton would have accepted next. With the order of the official schema at hand
(:mod:`einvoice.bind.order`) the cause can be told instead: an element that is unknown there, stands at the wrong
place, stands too often, or has a required one missing before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from einvoice.bind.paths import name_of, prefixed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.etree import _Element

    from einvoice.bind.order import Order
    from einvoice.bind.schema_errors import Kind, SchemaError

_SHOWN: Final = 80
_LONG: Final = 600
_PARSED: Final = 4000
"""So much of a message is looked at; a value in it can be as long as the document."""
_MANY: Final = 12
_NAMES: Final = re.compile(r"\{[^{}]*\}[^\s,'(){}]+")
_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\( (.*) \)\.$")
_SUBJECT: Final = re.compile(r"^Element '([^']*)'(?:, attribute '([^']*)')?: ", re.DOTALL)
_VALUES: Final = {
    "decimal": ("a number", "write digits and a decimal point, such as 1234.56, without thousands separators"),
    "date": ("a date", "write it as YYYY-MM-DD, such as 2026-03-31"),
    "time": ("a time", "write it as hh:mm:ss"),
    "dateTime": ("a date and time", "write it as YYYY-MM-DDThh:mm:ss"),
    "boolean": ("true or false", "write true or false"),
    "base64Binary": ("base64 data", "encode the attachment in base64"),
    "language": ("a language code", "write a code such as en or de-AT"),
    "integer": ("a whole number", "write digits only"),
}


class Scene(NamedTuple):
    """What is known about a validation beyond the single error.

    Attributes:
        order: the order of the official schema; None if there is none for it.
        title: the name of the schema.
        whole: whether ``order`` describes the schema itself, and not a larger one that it is a profile of.
        name_of: path to business term, or None.
    """

    order: Order | None
    title: str
    whole: bool
    name_of: Callable[[str], str | None]


class _Case(NamedTuple):
    """One error on its way to a sentence; ``subject`` is the element in words, ``rest`` what libxml2 says of it."""

    error: SchemaError
    scene: Scene
    subject: str
    attribute: str
    rest: str

    @property
    def expected(self) -> list[str]:
        match = _EXPECTED.search(self.rest)
        names = match[1].split(", ") if match else []
        return [
            "*" if name.startswith("##") or name.endswith("*") else prefixed(name) for name in names if name != "..."
        ]


def explain(error: SchemaError, scene: Scene, path: str) -> tuple[Kind, str, str]:
    """Put an error into words.

    Args:
        error: the error.
        scene: what is known beyond it.
        path: the XPath of its element; empty if it has none.

    Returns:
        What kind of error it is, the sentence for the user, and the attribute concerned (or an empty string).
    """
    match = _SUBJECT.match(error.message)
    tag, attribute = (match[1], match[2] or "") if match else ("", "")
    rest = _cut(error.message[match.end() :] if match else error.message, _PARSED)
    attribute = prefixed(attribute) if attribute else ""
    if error.element is None:
        subject = prefixed(tag) if tag else "the document"
    else:
        subject = _labelled(error.element, scene.name_of(path))
    case = _Case(error, scene, subject, attribute, rest)
    kind, sentence = _sentence(case)
    return kind, brief(sentence), attribute


def brief(text: str) -> str:
    """Cut a text that is too long to be read, and write characters that cannot be seen as escapes."""
    text = _cut(text, _LONG)
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length // 2]} … {text[3 - length // 2 :]}"


def _sentence(case: _Case) -> tuple[Kind, str]:
    for pattern, kind, words in _WORDS:
        if match := pattern.match(case.rest):
            return kind, words(case, match)
    return "other", f"{case.subject} breaks the schema of {case.scene.title}: {_plain(case.rest)}"


# ---------------------------------------------------------------------------------------------- children


def _unexpected(case: _Case, _: re.Match[str]) -> str:
    child, order = case.error.element, case.scene.order
    parent = None if child is None or child is case.error.top else child.getparent()
    if child is None or parent is None:
        return f"{case.subject} may not stand here{_instead(case.expected)}"
    inside = name_of(parent)
    kind = _type_of(order, parent, case.error.top)
    if order is None or kind is None or order.type(kind).choice:
        return f"{case.subject} may not stand here in {inside}{_instead(case.expected)}"
    place = order.position(kind, name_of(child))
    if place is None:
        return f"{case.subject} is not known inside {inside}; remove it{_meant(child, order, kind)}"
    return _misplaced(case, child, parent, order, kind) or _elsewhere(case, parent)


def _elsewhere(case: _Case, parent: _Element) -> str:
    """Word an element that the larger schema has there, but this one has not, or not yet."""
    inside, title = name_of(parent), case.scene.title
    if case.scene.whole:
        return f"{case.subject} may not stand here in {inside}{_instead(case.expected)}"
    if len(case.expected) == 1 and case.expected[0] not in {name_of(child) for child in parent}:
        return f"{inside} lacks {case.expected[0]}, which {title} requires; add it before {case.subject}"
    instead = f"; expected is {_listed(case.expected, 'or')}" if case.expected else ""
    return f"{case.subject} has no place here in {inside} of {title}{instead}; remove it, or use a profile that has it"


def _misplaced(case: _Case, child: _Element, parent: _Element, order: Order, kind: str) -> str:
    """Compare the children with the official order; an empty string if that explains nothing."""
    name, inside = name_of(child), name_of(parent)
    row, place = order.child(kind, name), order.position(kind, name)
    if row is None or place is None:
        return ""
    before = [name_of(sister) for sister in child.itersiblings(preceding=True)]
    after = [name_of(sister) for sister in child.itersiblings()]
    count = 1 + before.count(name)
    if row.max is not None and count > row.max:
        total = count + after.count(name)
        return f"{inside} has {total} {name}, but only {row.max} may stand there; remove what is too much"
    late = [sister for sister in reversed(before) if (order.position(kind, sister) or 0) > place]
    if late:
        return f"{case.subject} stands too late in {inside}; move it before {late[0]}"
    required = [item.name for item in order.children(kind)[:place] if item.min and item.name not in before]
    if required and required[0] in after:
        return f"{case.subject} stands too early in {inside}; move {required[0]} before it"
    if required:
        return f"{inside} lacks {required[0]}, which is required; add it before {name}"
    return ""


def _missing(case: _Case, _: re.Match[str]) -> str:
    element, order = case.error.element, case.scene.order
    kind = None if element is None else _type_of(order, element, case.error.top)
    required: list[str] = []
    if element is not None and order is not None and kind is not None and case.scene.whole:
        present = {name_of(child) for child in element}
        required = [item.name for item in order.children(kind) if item.min and item.name not in present]
    required = required or (case.expected if len(case.expected) == 1 else [])
    if "*" in case.expected:
        return f"{case.subject} is empty, but an element of another namespace must stand in it; add it, or remove both"
    if required:
        which, it = ("which is", "it") if len(required) == 1 else ("which are", "them")
        return f"{case.subject} lacks {_listed(required, 'and')}, {which} required; add {it}"
    return f"something is missing at the end of {case.subject}; add {_listed(case.expected, 'or')}"


def _type_of(order: Order | None, element: _Element, top: _Element | None) -> str | None:
    """Return the schema type of an element, found by walking down from the root."""
    steps: list[str] = []
    here: _Element | None = element
    while here is not None and here is not top:
        steps.append(name_of(here))
        here = here.getparent()
    if order is None or here is None or name_of(here) != order.root:
        return None
    kind: str | None = order.root_type
    for step in reversed(steps):
        kind = order.type_of(kind, step) if kind is not None else None
    return kind


def _meant(child: _Element, order: Order, kind: str) -> str:
    """Suggest the element whose name differs in case or namespace alone."""
    local = name_of(child).rpartition(":")[2].lower()
    near = [row.name for row in order.children(kind) if row.name.rpartition(":")[2].lower() == local]
    return f", or write {near[0]} if that is meant" if near else ""


# ---------------------------------------------------------------------------------- attributes and values


def _attribute(case: _Case, match: re.Match[str]) -> str:
    name = prefixed(match[1])
    if match[2] == "required but missing":
        return f"{case.subject} lacks the attribute {name}, which is required; add it"
    allowed: Sequence[str] = ()
    element, order = case.error.element, case.scene.order
    if element is not None and order is not None and case.scene.whole:
        kind = _type_of(order, element, case.error.top)
        allowed = [row.name for row in order.attributes(kind)] if kind is not None else ()
    known = f" (allowed are {_listed(allowed, 'and')})" if allowed else ""
    return f"{case.subject} has the attribute {name}, which it may not have; remove it{known}"


def _value(case: _Case, match: re.Match[str]) -> str:
    value, xsd_type = match[1], (match.groupdict().get("type") or "")
    what, advice = _VALUES.get(xsd_type.rpartition(":")[2]) or _VALUES.get(_content_type(case)) or ("", "")
    subject = _holder(case)
    if not value.strip():
        return (
            f"{subject} is empty, but {what or 'a value'} must stand there; write it, or leave it out if it is optional"
        )
    if not what:
        return f"{subject} has the value {_shown(value)}, which its type{f' {xsd_type}'.rstrip()} does not allow"
    return f"{subject} has the value {_shown(value)}, which is not {what}; {advice}"


def _not_listed(case: _Case, match: re.Match[str]) -> str:
    allowed = _listed(re.findall(r"'([^']*)'", match[2]), "or")
    return f"{_holder(case)} has the value {_shown(match[1])}, which is not on the list; allowed: {allowed}"


def _not_formed(case: _Case, match: re.Match[str]) -> str:
    return f"{_holder(case)} has the value {_shown(match[1])}, which does not have the form {match[2]}"


def _facet(case: _Case, match: re.Match[str]) -> str:
    return f"{_holder(case)} breaks the rule {match[1]} of its type: {match[2]}"


def _content(case: _Case, match: re.Match[str]) -> str:
    element = case.error.element
    if "content type is empty" in case.rest:
        return f"{case.subject} must be empty, without even a blank between its tags; remove what stands in it"
    if match[1] == "Character":
        texts = [] if element is None else [element.text, *(child.tail for child in element)]
        text = next((text.strip() for text in texts if text and text.strip()), "")
        quoted = f" {_shown(text)}" if text else ""
        return f"the text{quoted} stands directly in {case.subject}, which may hold only elements; remove it"
    inner = "" if element is None or not len(element) else f" {name_of(element[0])}"
    return f"{case.subject} may hold only text, but the element{inner} stands in it; remove it"


def _foreign_root(case: _Case, _: re.Match[str]) -> str:
    return f"{case.subject} cannot be the root of {_article(case.scene.title)} document"


def _content_type(case: _Case) -> str:
    if case.error.element is None or case.scene.order is None or case.attribute:
        return ""
    kind = _type_of(case.scene.order, case.error.element, case.error.top)
    return case.scene.order.content(kind) if kind is not None else ""


# --------------------------------------------------------------------------------------------------- words


def _holder(case: _Case) -> str:
    return f"the attribute {case.attribute} of {case.subject}" if case.attribute else case.subject


def _labelled(element: _Element, term: str | None) -> str:
    return f"{name_of(element)} ({term})" if term else name_of(element)


def _instead(expected: Sequence[str]) -> str:
    return f"; expected is {_listed(expected, 'or')}" if expected else "; remove it"


def _listed(names: Sequence[str], word: str) -> str:
    if len(names) > _MANY:
        return f"{', '.join(names[:_MANY])} and {len(names) - _MANY} others"
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _shown(value: str) -> str:
    return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…")


def _article(title: str) -> str:
    return f"an {title}" if title[0] in "AEIO" else f"a {title}"


def _plain(text: str) -> str:
    return _NAMES.sub(lambda match: prefixed(match[0]), text)


_WORDS: Final[tuple[tuple[re.Pattern[str], Kind, Callable[[_Case, re.Match[str]], str]], ...]] = (
    (re.compile(r"Missing child element"), "missing", _missing),
    (re.compile(r"This element is not expected"), "unexpected", _unexpected),
    (re.compile(r"The attribute '([^']*)' is (not allowed|required but missing)"), "attribute", _attribute),
    (
        re.compile(r"\[facet 'enumeration'\] The value '(.*)' is not an element of the set \{(.*)\}\.$", re.DOTALL),
        "value",
        _not_listed,
    ),
    (
        re.compile(r"\[facet 'pattern'\] The value '(.*)' is not accepted by the pattern '(.*)'\.$", re.DOTALL),
        "value",
        _not_formed,
    ),
    (re.compile(r"\[facet '(\w+)'\] (.*)$", re.DOTALL), "value", _facet),
    (
        re.compile(r"'(.*)' is not a valid value of the (?:local )?\w+ type(?: '(?P<type>[^']*)')?\.$", re.DOTALL),
        "value",
        _value,
    ),
    (re.compile(r"'(.{1000,})$", re.DOTALL), "value", _value),  # libxml2 cuts a message off after 64,000 bytes
    (re.compile(r"(Character|Element) content .*not allowed"), "content", _content),
    (re.compile(r"No matching global"), "unexpected", _foreign_root),
)
"""What libxml2 says, the kind of error it is, and the function that words it."""
