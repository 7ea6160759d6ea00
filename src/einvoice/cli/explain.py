# SPDX-License-Identifier: Apache-2.0
"""``einvoice explain``: what a business term, a group or a rule means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import say, styled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.examples import Example
    from einvoice.rules.explain import Explanation, Variant

_WIDTH = 100
_FAMILIES = {"ubl": "UBL", "cii": "CII"}


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@in_language
def command(names: tuple[str, ...], language: str | None) -> None:
    """Say what a business term, a group or a rule means.

    NAME is the number of a term or group (BT-112, BG-23), the id of a rule (BR-CO-15), or a path of the invoice model
    (totals.paid_amount).

    Exit status: 0 done, 2 there is no such name.
    """
    from einvoice.rules.explain import explain
    from einvoice.rules.languages import explained_in

    speech = Speech(chosen(language, people=True))
    for number, found in enumerate([explained_in(explain(name), speech.language) for name in names]):
        say("\n".join([*([""] if number else []), *_told(found, speech)]))


def _told(found: Explanation, speech: Speech) -> Iterator[str]:
    yield f"{styled(found.id, 'strong')}  {found.title}"
    yield from _wrapped(found.text)
    for variant in found.variants:
        yield from _variant(variant, found, speech)
    for example in found.examples:
        yield from _example(example, speech)
    if found.model_paths:
        yield from _wrapped(speech("In the invoice model: {paths}", paths=", ".join(found.model_paths)))
    for one in found.readers:
        yield from _wrapped(speech("Rules of {pack} about it: {rules}", pack=one.pack, rules=", ".join(one.rules)))
    if found.note:
        yield from _wrapped(found.note)
    yield from _wrapped(speech("Source: {source}", source=found.source))


def _variant(variant: Variant, found: Explanation, speech: Speech) -> Iterator[str]:
    syntaxes = speech(" and ").join(_FAMILIES[syntax] for syntax in variant.syntaxes) or speech("no syntax")
    severity = speech(" or ").join(speech(one) for one in (variant.severity or "not published").split(" or "))
    place = f", {variant.file}:{variant.line}" if variant.implemented else f"; {speech('not judged by einvoice yet')}"
    same = variant.id == found.id
    name = variant.pack if same else speech("{pack} as {rule}", pack=variant.pack, rule=variant.id)
    also = f"; {speech('the same in {packs}', packs=speech(' and ').join(variant.also))}" if variant.also else ""
    yield from _wrapped(f"{name}, {syntaxes}: {severity}{place}{also}")
    if variant.sentence and variant.sentence != found.title:
        yield from _wrapped(variant.sentence, "        ")
    if variant.text and variant.text != found.text:
        yield from _wrapped(variant.text, "        ")
    for term in variant.terms:
        reads = "reads {term} {name}" if term.name != term.id else "reads {term}"
        yield f"        {speech(reads, term=term.id, name=term.name)}"


def _example(example: Example, speech: Speech) -> Iterator[str]:
    """What breaks a rule and what repairs that, as differences are written everywhere."""
    yield from _wrapped(speech("Broken (-) and repaired (+) in {syntax}:", syntax=_FAMILIES[example.syntax]))
    nothing = speech("(nothing)")
    for change in example.changes:
        yield f"        {change.location}"
        yield styled(f"      - {change.broken or nothing}", "bad")
        yield styled(f"      + {change.repaired or nothing}", "good")


def _wrapped(text: str, indent: str = "    ") -> Iterator[str]:
    from textwrap import wrap

    for paragraph in text.split("\n\n"):
        words = " ".join(paragraph.split())
        yield from wrap(words, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
