# SPDX-License-Identifier: Apache-2.0
"""Guess what a column holds: by its name in six languages, and by whether its values can be what the name says."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from einvoice.importers.tables import header_words, tables
from einvoice.importers.wording import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from einvoice.service.map_sample import Column, Look

SURE: Final = 95
SOUND: Final = 80
NEAR: Final = 0.86
LEAST: Final = 50
MAX_NAME: Final = 80
PARTY: Final = frozenset(
    "customer buyer client contact billto bill billing kunde debitor partner invoicee recipient cliente klant".split()  # noqa: SIM905 - words
)
OTHERS: Final = frozenset("ship shipping delivery seller supplier vendor company shipto from sender user".split())  # noqa: SIM905 - words

_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9.,'’ \u00a0\u202f]*-?%?")
_DATE: Final = re.compile(r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}(?:[T ].*)?|[0-9]{8}|/Date\(.*\)/")
_COMMA: Final = re.compile(r"[-+]?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+),[0-9]{1,2}")
_POINT: Final = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\.[0-9]{1,2}")


class Guess(Struct):
    """What a column may hold.

    Attributes:
        column: the column or path.
        section: ``invoice``, ``lines`` or ``expect``.
        term: the term.
        sure: how sure that is, in percent.
        reason: why.
        step: the transform that its values need.
    """

    column: str
    section: str
    term: str
    sure: int
    reason: str
    step: str = ""

    def why(self) -> str:
        """How sure it is and why, in words."""
        return f"{self.sure} %: {self.reason}"


class Guesser:
    """Assigns columns to terms, each term at most once.

    Args:
        look: what the sample shows.

    Attributes:
        unknown: the columns without a term.
    """

    def __init__(self, look: Look) -> None:
        self.look = look
        self.unknown: list[Column] = []

    def sections(self) -> dict[str, list[Guess]]:
        """The guesses by section, the surest for each term; what is left is unknown."""
        found: dict[tuple[str, str], Guess] = {}
        guesses = [(column, self._guess(column)) for column in self.look.columns]
        for _, guess in guesses:
            if guess is not None:
                known = found.get((guess.section, guess.term))
                if known is None or guess.sure > known.sure:
                    found[guess.section, guess.term] = guess
        kept = {id(guess) for guess in found.values()}
        self.unknown = [column for column, guess in guesses if guess is None or id(guess) not in kept]
        order = [*_vocabulary()]
        made: dict[str, list[Guess]] = {"invoice": [], "lines": [], "expect": []}
        for guess in sorted(found.values(), key=lambda one: order.index((one.section, one.term))):
            made[guess.section].append(guess)
        return made

    def _guess(self, column: Column) -> Guess | None:
        best: Guess | None = None
        for name, discount in _names(column.name):
            for (section, term), words in _vocabulary().items():
                if column.line is not None and (section == "lines") != column.line:
                    continue
                sure, reason = _similarity(name, words)
                sure -= discount
                if sure < LEAST or (best is not None and sure <= best.sure):
                    continue
                best = Guess(column.name, section, term, sure, reason)
        return _checked(best, column, typed=self.look.typed) if best else None


@cache
def _vocabulary() -> dict[tuple[str, str], dict[str, str]]:
    """The words of each term, as they are compared, with how they are written."""
    return {
        (section, term): {folded(word): word for word in words}
        for section, terms in header_words().items()
        for term, words in terms.items()
    }


def _names(name: str) -> list[tuple[str, int]]:
    """What a column may be called: its name, and for a path its last parts, each with what that costs in certainty."""
    if not re.search(r"[.\[]", name) or " " in name:
        return [(_words(name), 0)]
    parts = [_words(part) for part in re.split(r"\.|\[[^\]]*\]", name) if part]
    above = set(" ".join(parts[:-1]).split()) | set(parts[-1].split())
    if above & OTHERS and not above & PARTY:
        return []
    deep = 25 * name.count("[") if not above & PARTY else 0
    made = [(parts[-1], (5 if len(parts) > 1 else 0) + deep)]
    if len(parts) > 1:
        made.append((f"{parts[-2]} {parts[-1]}", 5 + deep))
    if above & PARTY:
        made.append((f"buyer {parts[-1]}", 5))
    return made


def _words(name: str) -> str:
    """A name in camel case or with signs, as words."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.strip("'@#"))
    return folded(spaced)[:MAX_NAME]


def _similarity(name: str, words: dict[str, str]) -> tuple[int, str]:
    if name in words:
        return SURE - min(list(words).index(name), 4), f"called {words[name]!r}"
    joined = {word.replace(" ", ""): written for word, written in words.items()}
    if name.replace(" ", "") in joined:
        return SURE - 3, f"called {joined[name.replace(' ', '')]!r}"
    near = difflib.get_close_matches(name, words, n=1, cutoff=NEAR)
    if near:
        return int(70 * difflib.SequenceMatcher(None, name, near[0]).ratio()), f"called nearly {words[near[0]]!r}"
    return 0, ""


# --------------------------------------------------------------------------------------------------------------- values


def _checked(guess: Guess, column: Column, *, typed: bool) -> Guess | None:
    """The guess in the light of the values; none if they cannot be what the name says."""
    values = column.values
    test = _TESTS.get(_kind(guess.term))
    if test is None or not values:
        if not values:
            guess.reason += ", no value in the sample"
            guess.sure -= 20
        return guess
    share = sum(map(test[0], values)) / len(values)
    if share < 0.5:  # noqa: PLR2004 - most of them
        return None
    guess.reason += f", {test[1]} in {share:.0%} of the rows"
    guess.sure = min(99, int(guess.sure * (0.6 + 0.4 * share)) + (4 if share == 1 else 0))
    guess.step = _step_for(guess.term, values, typed=typed)
    return guess


def _kind(term: str) -> str:
    if term.endswith("_date"):
        return "date"
    if term in {"invoiced_quantity", "price_details.item_net_price", "net_amount", "vat_rate", "totals.paid_amount"}:
        return "number"
    if term.startswith("invoice_total"):
        return "number"
    return {"buyer.postal_address.country_code": "country", "invoiced_quantity_unit_of_measure_code": "unit"}.get(
        term, {"buyer.electronic_address": "email", "currency_code": "currency"}.get(term, "")
    )


class _Known:
    """Whether a table knows a word."""

    def __init__(self, name: str) -> None:
        self.table = tables()[name]

    def __contains__(self, word: str) -> bool:
        return self.table.get(word) is not None


@cache
def _words_of(name: str) -> _Known:
    return _Known(name)


_TESTS: Final[dict[str, tuple[Callable[[str], bool], str]]] = {
    "date": (lambda value: bool(_DATE.fullmatch(value)), "a date"),
    "number": (lambda value: bool(_NUMBER.fullmatch(value)), "a number"),
    "country": (lambda value: value in _words_of("@country"), "a country"),
    "unit": (lambda value: value in _words_of("@unit"), "a unit"),
    "email": (lambda value: "@" in value, "an e-mail address"),
    "currency": (lambda value: bool(re.fullmatch("[A-Za-z]{3}", value)), "a currency"),
}


def _step_for(term: str, values: Sequence[str], *, typed: bool) -> str:
    if term == "vat_rate":
        numbers = [value.replace(",", ".").rstrip("% ") for value in values]
        if all(re.fullmatch(r"0(\.[0-9]+)?|1(\.0+)?", number) for number in numbers) and any(
            "." in one for one in numbers
        ):
            return "ratio"
        return "percent"
    if _kind(term) == "date" and any(value.startswith("/Date(") or "T" in value or " " in value for value in values):
        return "day"
    if term.endswith("post_code") and any(value.startswith("'") for value in values):
        return "strip_apostrophe"
    del typed
    return ""


def forms(values: Sequence[str], *, typed: bool) -> dict[str, tuple[str, str]]:
    """How a sample writes numbers and dates: for each key of [source] its value and why.

    Args:
        values: all values of the sample.
        typed: whether numbers need no locale.
    """
    made: dict[str, tuple[str, str]] = {}
    commas, points = (sum(bool(form.fullmatch(value)) for value in values) for form in (_COMMA, _POINT))
    if commas > points and not typed:
        made["decimal"] = (",", f"{commas} numbers such as {next(one for one in values if _COMMA.fullmatch(one))}")
        if any(re.search(r"[0-9]\.[0-9]{3}", value) for value in values if _COMMA.fullmatch(value)):
            made["thousands"] = (".", "as in some of them")
    elif not typed and any(re.search(r"[0-9],[0-9]{3}\.", value) for value in values if _POINT.fullmatch(value)):
        made["thousands"] = (",", "as in some numbers")
    if form := _dates(values):
        made["dates"] = form
    return made


def _dates(values: Sequence[str]) -> tuple[str, str] | None:
    seen: Counter[str] = Counter()
    days: dict[str, int] = {}
    for value in values:
        for form, pattern in _FORMS.items():
            if found := re.fullmatch(pattern, value):
                seen[form] += 1
                days[form] = max(days.get(form, 0), int(found[1]))
    for form, _ in seen.most_common():
        if form == "yyyy-mm-dd":
            return None
        if form == "dd/mm/yyyy" and days[form] <= 12:  # noqa: PLR2004 - may as well be a month
            return form, "check this: no day above 12 tells it from mm/dd/yyyy"
        return form, f"{seen[form]} dates"
    return None


_FORMS: Final = {
    "yyyy-mm-dd": r"[0-9]{4}-[0-9]{2}-([0-9]{2})",
    "dd.mm.yyyy": r"([0-9]{2})\.[0-9]{2}\.[0-9]{4}",
    "d.m.yyyy": r"([0-9])\.[0-9]{1,2}\.[0-9]{4}",
    "dd/mm/yyyy": r"([0-9]{2})/(?:0[1-9]|1[0-2])/[0-9]{4}",
    "mm/dd/yyyy": r"(?:0[1-9]|1[0-2])/(1[3-9]|2[0-9]|3[01])/[0-9]{4}",
    "dd-mm-yyyy": r"([0-9]{2})-[0-9]{2}-[0-9]{4}",
    "yyyymmdd": r"20[0-9]{2}(?:0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])",
}
