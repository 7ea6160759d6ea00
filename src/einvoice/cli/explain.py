# SPDX-License-Identifier: Apache-2.0
"""``einvoice explain``: what a business term, a group or a rule means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from einvoice.cli.terminal import say, styled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules.explain import Explanation, Variant

_WIDTH = 100
_FAMILIES = {"ubl": "UBL", "cii": "CII"}


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def command(names: tuple[str, ...]) -> None:
    """Say what a business term, a group or a rule means.

    NAME is the number of a term or group (BT-112, BG-23), the id of a rule (BR-CO-15), or a path of the invoice model
    (totals.paid_amount).
    """
    from einvoice.rules.explain import explain

    for number, found in enumerate([explain(name) for name in names]):
        say("\n".join([*([""] if number else []), *_told(found)]))


def _told(found: Explanation) -> Iterator[str]:
    yield f"{styled(found.id, 'strong')}  {found.title}"
    yield from _wrapped(found.text)
    for variant in found.variants:
        yield from _variant(variant, found)
    if found.model_paths:
        yield from _wrapped(f"In the invoice model: {', '.join(found.model_paths)}")
    if found.rules:
        yield from _wrapped(f"Rules that read it: {', '.join(found.rules)}")
    if found.note:
        yield from _wrapped(found.note)
    yield from _wrapped(f"Source: {found.source}")


def _variant(variant: Variant, found: Explanation) -> Iterator[str]:
    syntaxes = " and ".join(_FAMILIES[syntax] for syntax in variant.syntaxes) or "no syntax"
    severity = variant.severity or "not published"
    place = f", {variant.file}:{variant.line}" if variant.implemented else "; not judged by einvoice yet"
    name = f" as {variant.id}" if variant.id != found.id else ""
    also = f"; the same in {' and '.join(variant.also)}" if variant.also else ""
    yield from _wrapped(f"{variant.pack}{name}, {syntaxes}: {severity}{place}{also}")
    if variant.sentence and variant.sentence != found.title:
        yield from _wrapped(variant.sentence, "        ")
    if variant.text and variant.text != found.text:
        yield from _wrapped(variant.text, "        ")
    for term in variant.terms:
        yield f"        reads {term.id}{f' {term.name}' if term.name != term.id else ''}"


def _wrapped(text: str, indent: str = "    ") -> Iterator[str]:
    from textwrap import wrap

    for paragraph in text.split("\n\n"):
        yield from wrap(" ".join(paragraph.split()), _WIDTH, initial_indent=indent, subsequent_indent=indent)
