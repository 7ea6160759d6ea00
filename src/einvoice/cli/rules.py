# SPDX-License-Identifier: Apache-2.0
"""``einvoice rules``: what einvoice checks, what it does not, and what differs between two releases."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, cast

import click

from einvoice.cli.speech import Speech, chosen, in_language
from einvoice.cli.terminal import put, say, styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from einvoice.rules import Pack
    from einvoice.rules.changes import Changes
    from einvoice.service.rule_diff import Pair, Rejudged
    from einvoice.service.rule_list import Entry, Wanted

_FORM: Final = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people; JSON for programs.",
)


@click.group("rules")
def command() -> None:
    """Say what einvoice checks, and what differs between two releases of rules."""


def _print_json(data: object) -> None:
    from msgspec import to_builtins

    from einvoice.cli.answers import one_line

    put(f"{one_line(to_builtins(data))}\n".encode())


# --------------------------------------------------------------------------------------------------------------- list


@command.command("list")
@click.argument("pack", required=False, metavar="[PACK[:PROFILE][@VERSION]]")
@click.option("--syntax", type=click.Choice(["ubl", "cii"]), help="Only the rules of a syntax.")
@click.option("--severity", type=click.Choice(["fatal", "warning", "information"]), help="Only those of a severity.")
@click.option("--judged", type=click.Choice(["yes", "no"]), help="Only the rules that einvoice judges, or does not.")
@_FORM
@in_language
def rules_list(pack: str | None, form: str, language: str | None, **which: str | None) -> None:
    """List the rule packs and their versions; with PACK, every rule that its publisher has.

    Exit status: 0 done, 2 there is no such pack.
    """
    from einvoice.service.rule_diff import pack_of
    from einvoice.service.rule_list import Wanted

    wanted = Wanted(**cast("Any", which))
    speech = Speech(chosen(language, people=form == "text"))
    if pack is not None:
        _print_rules(pack_of(pack), wanted, form, speech)
    elif wanted != Wanted():
        raise click.UsageError("name the pack whose rules you mean: einvoice rules list PACK --syntax ...")
    else:
        _print_packs(form, speech)


def _print_packs(form: str, speech: Speech) -> None:
    from einvoice.rules import pack_ids, versions
    from einvoice.service.rule_list import about

    found = [one for identifier in pack_ids() for one in versions(identifier)]
    if form == "json":
        _print_json({"packs": [about(one) for one in found]})
    else:
        say("\n".join(line for one in found for line in _pack(about(one), speech)))


def _pack(told: dict[str, Any], speech: Speech) -> Iterator[str]:
    from einvoice.rules.catalogue import catalogue
    from einvoice.rules.languages import rooms

    def spoken(why: str) -> str:
        return catalogue(speech.language).told(why, *rooms((told["id"],)))

    yield f"{styled(told['pack'], 'strong')}  {told['title']}"
    if told["by_name"]:
        force = speech("judges only where it is named: {why}", why=spoken(told["by_name"]))
    else:
        force = speech("in force from {start}", start=told["valid_from"])
    until = speech(" to {end}", end=told["valid_to"]) if told["valid_to"] else ""
    yield f"    {force}{until}; {told['source']}"
    for family, counts in told["rules"].items():
        if not counts["published"]:
            continue
        yield f"    {family.upper()}: {speech('{judged} of {published} published rules are judged', **counts)}"
        if family in told["unknown"]:
            yield f"         {speech('no invoice is valid by it: {why}', why=spoken(told['unknown'][family]))}"


def _print_rules(pack: Pack, wanted: Wanted, form: str, speech: Speech) -> None:
    """Every published rule of a pack, one a line: id, severity by syntax, sentence."""
    from einvoice.service.rule_list import about

    found = _spoken(pack, wanted, speech.language)
    if form == "json":
        _print_json({**about(pack), "rules": list(found)})
        return
    for one in found:
        where = ", ".join(f"{family.upper()} {speech(flag)}" for family, flag in one.severities.items())
        say(f"{one.id:12} {where:22} {one.sentence or speech('not judged yet')}")


def _spoken(pack: Pack, wanted: Wanted, language: str) -> Iterator[Entry]:
    """The rules of a pack, with their sentences in a language."""
    from msgspec import structs

    from einvoice.rules.languages import demanded
    from einvoice.service.rule_list import entries

    for one in entries(pack, wanted):
        yield structs.replace(one, sentence=demanded(pack, one.id, one.sentence, language))


# --------------------------------------------------------------------------------------------------------------- diff


@command.command("diff")
@click.argument("older", metavar="PACK@A")
@click.argument("newer", metavar="PACK@B")
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--files-from", metavar="LIST", help="A file that lists further paths, one a line; - for standard input.")
@_FORM
@in_language
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=1, metavar="N", help="Work in N processes.")
def rules_diff(*, older: str, newer: str, form: str, language: str | None, **documents: Any) -> None:  # noqa: ANN401
    """Say what differs between two releases of rules, and what that changes for your own invoices.

    PACK@A and PACK@B are releases, such as en16931@1.3.15 and en16931@1.3.16. Without PATH: the rules that are new,
    gone, renamed, of another severity or mended, and the codes that came and went. With PATH (an invoice, a folder,
    or - for standard input): each invoice is judged by both, and what changes is told.

    Exit status with PATH: 0 nothing gets worse, 1 an invoice becomes invalid, 3 an input cannot be read, 4 a verdict
    becomes undetermined.
    """
    from einvoice.cli.rule_changes import told
    from einvoice.service.rule_diff import Pair, changes_between

    speech = Speech(chosen(language, people=form == "text"))
    pair = Pair(older=older, newer=newer, language=speech.language)
    changes = changes_between(pair)
    if documents["paths"] or documents["files_from"] is not None:
        results = _rejudged(pair, **documents)
        sys.exit(_told(results, changes, form, speech))
    if form == "json":
        _print_json(changes)
    else:
        say("\n".join(told(changes, speech)))


def _rejudged(pair: Pair, *, paths: tuple[str, ...], files_from: str | None, jobs: int) -> Iterator[Rejudged]:
    from einvoice.cli.progress import watched
    from einvoice.service.batch import Lost, run
    from einvoice.service.rule_diff import rejudge, unread
    from einvoice.service.settings import Settings
    from einvoice.service.sources import STDIN, expand

    settings = Settings.from_environment()
    sources = expand(paths, files_from=files_from)
    processes = 1 if STDIN in sources else jobs
    results = run(rejudge, sources, pair, settings, processes=processes, deadline=settings.deadline)
    for source, result in zip(sources, watched(results, len(sources), "rules diff"), strict=True):
        yield unread(source, f"{source}: {result}") if isinstance(result, Lost) else result


def _told(results: Iterable[Rejudged], changes: Changes, form: str, speech: Speech) -> int:
    """Print what changes as it comes, and how much that was in the end; the status is that of the worst change."""
    from einvoice.cli.rule_changes import summary, told_of
    from einvoice.service.status import overall

    every = []
    for one in results:
        every.append(one)
        for line in told_of(one, speech) if form == "text" else ():
            say(line)
    if form == "json":
        _print_json({"changes": changes, "documents": every})
    else:
        say("\n".join(summary(every, changes, speech)))
    return overall(one.status for one in every)
