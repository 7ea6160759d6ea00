# SPDX-License-Identifier: Apache-2.0
"""Derive the rows of Factur-X from its official Schematron: what its profiles ask of elements, as data.

    python tools/facturx_rows.py FOLDER            exit with status 1 if a file is not current
    python tools/facturx_rows.py FOLDER --write    write them

FOLDER holds ``FACTUR-X_<PROFILE>.sch`` and ``FACTUR-X_<PROFILE>_codedb.xml`` of one release, for MINIMUM, BASIC-WL,
BASIC, EN16931 and EXTENDED. Taken from it are facts: ids, severities, elements, cardinalities, code lists. Written are
``rows.csv`` and ``published.csv`` of ``src/einvoice/rules/facturx``. A column ``profiles`` names the profiles that have
a row, a letter each. Rules that the grammar of the rows cannot say are printed; they are functions of that room.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from lxml import etree

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
from einvoice.codes import codes, lists  # noqa: E402 -- the tool runs from anywhere
from tools.xpath_rows import (  # noqa: E402 -- same
    Atom,
    Choices,
    Reader,
    RefusedError,
    Step,
    Way,
    asked,
    joined,
    opposite,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
TARGET: Final = ROOT / "src" / "einvoice" / "rules" / "facturx"
PROFILES: Final = {"M": "MINIMUM", "W": "BASIC-WL", "B": "BASIC", "E": "EN16931", "X": "EXTENDED"}
UNUSED: Final = "FX-UNUSED"
NS: Final = "{http://purl.oclc.org/dsdl/schematron}"
MOST: Final = 20
"""How many codes a row may name beside its list, or instead of one."""
_MODEL: Final = (
    "BR-29 BR-30 BR-51 BR-62 BR-63 BR-CO-10 BR-CO-13 BR-CO-14 BR-CO-16 BR-DEC-01 BR-DEC-05 BR-DEC-13 BR-DEC-15"
    " BR-DEC-24 BR-DEC-27"
)
MODEL: Final = frozenset(_MODEL.split())
"""Rules of EN 16931 that are functions there, and the same here."""
REPLACED: Final = (
    (r"\bnumber\(([^()]*)\)", r"\1"),
    (r"some \$code in tokenize\('30 58', '\\s'\)\s+satisfies normalize-space\(ram:TypeCode\) = \$code",
     "normalize-space(ram:TypeCode) = ('30','58')"),
    (r"(ram:SpecifiedLineTradeSettlement)\[[^\[\]]*ram:LineStatusReasonCode[^\[\]]*\]", r"\1"),
    (r"\bcount\((//[^()]+)\)\s*=\s*0", r"not(\1)"),
    (r"\bcount\((//[^()]+)\)\s*>=\s*1(?!\d)", r"\1"),
)  # fmt: skip
"""What is said otherwise before it is read; a settlement of a line holds no status, so that it always counts."""
ALIKE: Final = re.compile(r"count\((//[\w:/]+)\[normalize-space\(\.\) != normalize-space\(\(\1\)\[1\]\)\]\)\s*=\s*0")


class Assertion(NamedTuple):
    """One assertion or report of the Schematron."""

    identifier: str
    severity: str
    pattern: int
    context: str
    test: str
    report: bool
    code: str


class Row(NamedTuple):
    """One row, without the rule."""

    context: str
    test: str
    path: str


def assertions(file: Path) -> Iterator[Assertion]:
    """What a Schematron asks."""
    for number, pattern in enumerate(etree.parse(file).getroot().iter(f"{NS}pattern")):
        for rule in pattern.iter(f"{NS}rule"):
            values = [str(let.get("value")) for let in rule.iter(f"{NS}let")]
            for one in rule.iter(f"{NS}assert", f"{NS}report"):
                yield Assertion(
                    one.get("id") or UNUSED,
                    one.get("flag") or "fatal",
                    number,
                    " ".join(str(rule.get("context")).split()),
                    " ".join(str(one.get("test")).split()),
                    one.tag == f"{NS}report",
                    values[0] if values else "",
                )


def code_test(enumeration: frozenset[str]) -> str:
    """The test of a row that takes exactly these codes, by the list that is nearest to them."""
    if len(enumeration) <= MOST and enumeration not in [codes(name, "cii") for name in lists()]:
        return f"code {_texts(enumeration)}"
    name = min(lists(), key=lambda name: len(codes(name, "cii") ^ enumeration))
    more, less = enumeration - codes(name, "cii"), codes(name, "cii") - enumeration
    if len(more | less) > MOST:
        sys.exit(f"no code list is near to {sorted(enumeration)[:9]} ... ({len(enumeration)} codes)")
    return f"code {name}" + (f" + {_texts(more)}" if more else "") + (f" - {_texts(less)}" if less else "")


def _texts(values: frozenset[str]) -> str:
    return "|".join(f"'{value}'" for value in sorted(values))


# ---- contexts


def context_of(text: str) -> tuple[Way, Choices]:
    """A context as a path without conditions, and all its conditions seen from its last element."""
    reader = Reader(text)
    path = reader.path()
    if reader.peek():
        raise RefusedError(f"{reader.peek()!r} behind a context")
    last = len(path.steps) - 1
    found = [
        [[atom.moved(last - at) for atom in atoms] for atoms in choices]
        for at, step in enumerate(path.steps)
        for choices in step.conditions
    ]
    return Way(path.axis, tuple(Step(step.name) for step in path.steps)), joined(found)


def lifted(path: Way, condition: Choices) -> tuple[Way, Choices]:
    """The same context, seen from the element around it."""
    name = path.steps[-1].name
    there = Atom(Way("", (Step(name),)))
    above = [[_under(atom, name) for atom in atoms] for atoms in condition]
    asks = [
        atoms if any(not atom.negated and atom.path.steps[0].name == name for atom in atoms) else [there, *atoms]
        for atoms in above
    ]
    return Way(path.axis, path.steps[:-1]), asks


def _under(atom: Atom, name: str) -> Atom:
    """A condition on an element, asked of the one around it."""
    if atom.path.axis.startswith("../"):
        return atom._replace(path=Way(atom.path.axis[3:], atom.path.steps))
    return atom.moved(0, (name,))


def said(path: Way, condition: Choices, *, beside: bool) -> str:
    """A context in the grammar of the rows."""
    axis = "" if path.axis == "//" else path.axis
    name = axis + "/".join(step.name for step in path.steps)
    where = written(_possible(condition))
    return ("& " if beside else "") + (f"{name}[{where}]" if where else name)


def apart(contexts: list[str]) -> dict[str, str]:
    """Contexts of one path, each with the condition that those before it do not see its elements.

    An element is seen by the first that fits. Most exclude each other, as a type code is one or another; attributes of
    several elements, and currencies, need not.
    """
    found: dict[str, str] = {}
    before: dict[Way, list[Choices]] = {}
    for text in contexts:
        path, condition = context_of(text)
        others = before.setdefault(path, [])
        not_seen = [opposite(one) for one in others if _by_attribute(one) and _by_attribute(condition)]
        found[text] = said(path, joined([condition, *not_seen]), beside=False) if not_seen else ""
        if condition != [[]]:
            others.append(condition)
    return {text: changed for text, changed in found.items() if changed}


def _by_attribute(choices: Choices) -> bool:
    return len(choices) == 1 and len(choices[0]) == 1 and "@" in choices[0][0].path.said()


def _possible(choices: Choices) -> Choices:
    """Without what contradicts itself."""
    return [atoms for atoms in choices if not any(a._replace(negated=not a.negated) in atoms for a in atoms)]


# ---- rows


def rows(one: Assertion, codedb: dict[str, frozenset[str]], *, regular: bool) -> Iterator[Row]:
    """An assertion as rows; all of them have to hold.

    Raises:
        RefusedError: the grammar cannot say it.
    """
    if one.context == "//*[not(*) and not(normalize-space())]":
        yield Row("& *", "said", ".")
        return
    text, test = _plain(one.context), _plain(one.test)
    path, condition = context_of(text)
    if one.identifier == UNUSED and test == "true()":
        above, below = _split(text)
        yield Row(said(*above, beside=True), "absent", below)
        return
    if one.report or re.fullmatch(r"@\w+", test):
        yield Row(said(path, condition, beside=not regular), "absent" if one.report else "some", test)
        return
    if found := re.search(r"cl\[@id=(\d+)\]", test):
        yield Row(said(path, condition, beside=not regular), code_test(codedb[found[1]]), one.code)
        return
    if found := ALIKE.fullmatch(test):
        yield Row(said(path, condition, beside=True), "alike trimmed", found[1])
        return
    bare = re.sub(r"\[[^\]]*\]", "", test)
    if re.search(r"(?<![\w/.])\.\./", bare) and not re.search(r"(?<![\w/.])(ram|rsm|udt):", bare):
        path, condition = lifted(path, condition)
        test = re.sub(r"(?<![\w/.])\.\./", "", test)
    for kind, where in parts(test):
        yield Row(said(path, condition, beside=not regular), kind, where)


def parts(test: str) -> Iterator[tuple[str, str]]:
    """What a test asks, in one row, or in one for each of its parts."""
    try:
        yield _shaped(test)
    except RefusedError:
        pieces = re.split(r"\) and \(", test.removeprefix("(").removesuffix(")"))
        if len(pieces) == 1:
            raise
        yield from [_shaped(piece) for piece in pieces]


def _shaped(test: str) -> tuple[str, str]:
    kind, where = asked(test)
    return (kind, written(_possible(Reader(test).whole()))) if kind == "true" else (kind, where)


def _plain(text: str) -> str:
    for old, new in REPLACED:
        text = re.sub(old, new, text)
    return text


def _split(text: str) -> tuple[tuple[Way, Choices], str]:
    """The context around an element, and the element with its own conditions."""
    path = Reader(text).path()
    around = context_of(Way(path.axis, path.steps[:-1]).written())
    return around, Way("", path.steps[-1:]).written()


# ---- files


class Found(NamedTuple):
    """What all the profiles ask."""

    rows: dict[tuple[str, Row], str]
    published: dict[tuple[str, str], str]
    refused: dict[str, str]


def everything(folder: Path) -> Found:
    """The rows of all profiles, and the rules that have none."""
    found = Found({}, {}, {})
    for letter, profile in PROFILES.items():
        asks = list(assertions(folder / f"FACTUR-X_{profile}.sch"))
        codedb = _codedb(folder / f"FACTUR-X_{profile}_codedb.xml")
        regular = max(one.pattern for one in asks)
        exact = apart(list(dict.fromkeys(one.context for one in asks if one.pattern == regular)))
        for one in asks:
            _add(found.published, (one.identifier, one.severity), letter)
            if one.identifier in MODEL:
                found.refused[one.identifier] = "as in EN 16931"
                continue
            try:
                for row in list(rows(one, codedb, regular=one.pattern == regular)):
                    context = exact.get(one.context, row.context) if one.pattern == regular else row.context
                    kept = row if row.context.startswith("&") else row._replace(context=context)
                    _add(found.rows, (one.identifier, kept), letter)
            except RefusedError as error:
                found.refused.setdefault(one.identifier, str(error)[:90])
    return found


def _add(known: dict[T, str], key: T, letter: str) -> None:
    if letter not in known.get(key, ""):
        known[key] = known.get(key, "") + letter


def _codedb(file: Path) -> dict[str, frozenset[str]]:
    every = etree.parse(file).getroot().iter("cl")
    return {str(one.get("id")): frozenset(str(code.get("value")) for code in one.iter("enumeration")) for one in every}


def texts(found: Found, release: str) -> dict[str, str]:
    """The files, as text."""
    head = f"# {release}; profiles: M MINIMUM, W BASIC WL, B BASIC, E EN 16931, X EXTENDED"
    every = [(letters, rule, *row, "") for (rule, row), letters in found.rows.items()]
    listed = [(rule, severity, letters) for (rule, severity), letters in found.published.items()]
    return {
        "rows.csv": _text(head, "profiles,id,context,test,path,unless", sorted(every, key=lambda row: _order(row[1]))),
        "published.csv": _text(head, "id,severity,profiles", sorted(listed, key=lambda row: _order(row[0]))),
    }


def _order(identifier: str) -> tuple[int, str]:
    return (2 if identifier == UNUSED else identifier.startswith("FX-SCH")), identifier


def _text(head: str, names: str, lines: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return f"{head}\n{names}\n{out.getvalue()}"


def main(arguments: list[str] | None = None) -> int:
    """Compare or write, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(arguments)
    title = (args.folder / "FACTUR-X_EXTENDED.sch").read_text(encoding="utf-8")
    version, day = re.search(r"Version: (\S+)", title), re.search(r"Release date: (\S+)", title)
    release = f"Factur-X {version[1] if version else '?'}, {day[1] if day else '?'}"
    found, wrong = everything(args.folder), 0
    for name, text in texts(found, release).items():
        file = TARGET / name
        if args.write:
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            print(f"{file.name} is not what {args.folder} says")
            wrong = 1
    for rule, why in found.refused.items():
        print(f"{rule}: a function ({why})")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
