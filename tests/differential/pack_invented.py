# SPDX-License-Identifier: Apache-2.0
"""Documents that the schema allows and no program would write, made for a pack: from its documents, with its words.

What :mod:`tests.differential.invented` makes is for EN 16931. Here it starts from documents that a pack's conditions
apply to (its identifier, the countries of Peppol, the extension of France), and says what the tests of the pack are
about where the schema lets a text stand.
"""

from __future__ import annotations

import copy
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Final

from lxml import etree

from tests.differential.invented import STEPS, Inventor, local
from tests.differential.mutations import Mutant
from tests.differential.pack_run import Outcome, compared
from tests.differential.packs import TARGETS, words
from tests.differential.smaller import smaller

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from einvoice.bind.order import Syntax
    from einvoice.official.engine import Engine
    from tests.differential.packs import Target

_WHOLE: Final = 0.15
"""The share of documents that are made from nothing."""
_OWN: Final = 0.4
"""How often an element says what it says in documents of the pack."""
_WORD: Final = 0.15
"""How often it says what a test of the pack looks for."""
_ENTIRE: Final = 0.2
"""How often a whole document stands in an extension."""
_FREE: Final = frozenset({"string", "normalizedString"})
SHRINK_AT_MOST: Final = 400
"""How many documents are tried to make an example smaller."""


@cache
def _own(name: str, syntax: Syntax) -> dict[str, tuple[str, ...]]:
    """What the documents of a pack say, by element or ``element@attribute``."""
    found: dict[str, dict[str, None]] = {}
    for data in TARGETS[name].bases(syntax).values():
        for one in etree.fromstring(data).iter("*"):
            if not len(one):
                found.setdefault(local(one.tag), {})[one.text or ""] = None
            for attribute, value in one.attrib.items():
                found.setdefault(f"{local(one.tag)}@{attribute!s}", {})[str(value)] = None
    return {key: tuple(texts) for key, texts in found.items()}


class PackInventor(Inventor):
    """Makes elements by chance that say what a pack is about."""

    def __init__(self, name: str, syntax: Syntax, chance: Random) -> None:
        """Know the words of a pack.

        Args:
            name: the pack, as the table of targets has it.
            syntax: the syntax.
            chance: the same chance invents the same document.
        """
        super().__init__(syntax, chance)
        self.name = name
        self.own, self.words = _own(name, syntax), words(name, syntax)

    def text(self, name: str, base: str, codes: Sequence[str]) -> str:
        """A text that the schema allows.

        Args:
            name: the element, or ``element@attribute``.
            base: the type of XML Schema.
            codes: the only texts; none for any.
        """
        drawn = self.chance.random()
        if not codes and drawn < _OWN and name in self.own:
            return self.chance.choice(self.own[name])
        said = self.words.get(name.rpartition("@")[2], ())
        if not codes and base in _FREE and said and drawn > 1 - _WORD:
            return self.chance.choice(said)
        return super().text(name, base, codes)

    def extend(self, content: _Element) -> None:
        """Put elements of documents of the pack into an extension, now and then a whole document.

        Args:
            content: the content of the extension.
        """
        super().extend(content)
        for _ in range(self.chance.randint(0, 2)):
            syntax = self.chance.choice(TARGETS[self.name].syntaxes[:2])
            own = TARGETS[self.name].bases(syntax)
            root = etree.fromstring(own[self.chance.choice(list(own))], etree.XMLParser(remove_blank_text=True))
            inner = [one for one in root.iter("*") if one is not root]
            found = root if self.chance.random() < _ENTIRE else self.chance.choice(inner)
            content[0].append(copy.deepcopy(found))


def invented(name: str, syntax: Syntax, chance: Random) -> Mutant:
    """A document by chance, made up from nothing or from one of the pack.

    Args:
        name: the pack, as the table of targets has it.
        syntax: the syntax.
        chance: the same chance invents the same document.
    """
    inventor = PackInventor(name, syntax, chance)
    if chance.random() < _WHOLE:
        root = etree.Element(inventor.grammar.root.tag)
        inventor.fill(root, inventor.grammar.kind(inventor.grammar.root.kind), 0)
        data = etree.tostring(root)
        return Mutant(base="nothing", before=data, data=data, steps=("make up",))
    own = TARGETS[name].bases(syntax)
    base = chance.choice(list(own))
    root = etree.fromstring(own[base], etree.XMLParser(remove_blank_text=True))
    count = chance.choice((1, 2, 3, 6, 12))
    steps = tuple(told for _ in range(count) if (told := chance.choice(STEPS)(inventor, root)))
    return Mutant(base=base, before=own[base], data=etree.tostring(root), steps=steps)


def imagined(engine: Engine, name: str, syntax: Syntax, count: int, start: int) -> Outcome:
    """Judge documents that the schema allows and no program would write.

    Args:
        engine: runs the official stylesheets.
        name: the pack, as the table of targets has it.
        syntax: the syntax.
        count: how many documents.
        start: the seed; the same seed makes the same documents.
    """
    target = TARGETS[name]
    outcome = Outcome(target.pack, syntax)
    for number in range(count):
        mutant = invented(name, syntax, Random(f"{start} {number}"))  # noqa: S311 -- nothing secret depends on it
        outcome.note(mutant, compared(engine, target, syntax, mutant.data))
    for signature, (mutant, _) in list(outcome.disagreements.items()):
        data = _reduced(engine, target, syntax, mutant.data)
        made = Mutant(mutant.base, b"<nothing/>", data, (*mutant.steps, "made smaller"))
        outcome.disagreements[signature] = made, compared(engine, target, syntax, data)
    return outcome


def _reduced(engine: Engine, target: Target, syntax: Syntax, data: bytes) -> bytes:
    """A document with all that it can do without taken out."""
    first = compared(engine, target, syntax, data)

    def shows(tried: bytes) -> bool:
        found = compared(engine, target, syntax, tried)
        return found.signature == first.signature and found.schema_valid == first.schema_valid

    return smaller(data, shows, SHRINK_AT_MOST)
