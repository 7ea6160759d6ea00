# SPDX-License-Identifier: Apache-2.0
"""``einvoice rules``: what einvoice checks, and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from einvoice.cli.terminal import say, styled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from einvoice.rules import Pack
    from einvoice.rules.registry import Family

_FAMILIES: tuple[Family, Family] = ("ubl", "cii")


@click.group("rules")
def command() -> None:
    """Say what einvoice checks."""


@command.command("list")
@click.argument("pack", required=False)
def rules_list(pack: str | None) -> None:
    """List the rule packs; with PACK, every rule that its publisher has, and whether it is judged here."""
    from einvoice.rules import pack_ids, versions
    from einvoice.service.packs import PLANNED

    if pack is None:
        found = [one for identifier in pack_ids() for one in versions(identifier)]
        rows = [line for one in found for line in _pack(one)]
        missing = [f"{name}  not part of this version of einvoice yet ({title})" for name, title in PLANNED.items()]
        say("\n".join([*rows, *(line for line in missing if line.split()[0] not in pack_ids())]))
    else:
        say("\n".join(_rules(pack)))


def _pack(pack: Pack) -> Iterator[str]:
    yield f"{styled(f'{pack.id}@{pack.version}', 'strong')}  {pack.title}"
    until = f" to {pack.valid_to}" if pack.valid_to else ""
    yield f"    in force from {pack.valid_from}{until}; {pack.source}"
    for family in _FAMILIES:
        published = len(pack.published()[family])
        judged = published - len(pack.not_implemented(family))
        yield f"    {family.upper()}: {judged} of {published} published rules are judged"


def _rules(name: str) -> Iterator[str]:
    """Every published rule of a pack, one a line: id, severity by syntax, sentence."""
    from einvoice.service.packs import find, parse

    asked = parse([name])
    pack = find(asked[0], None) if asked else None
    if pack is None:
        raise click.UsageError(f"the rules of {name} are not part of this version of einvoice yet")
    published = pack.published()
    sentences = {rule.id: rule.sentence for rule in pack.rules}
    for rules in pack.structure.values():
        sentences |= {identifier: rules.explained(identifier) for identifier in rules.lines}
    for identifier in dict.fromkeys([*published["ubl"], *published["cii"]]):
        flags = [(family, published[family].get(identifier)) for family in _FAMILIES]
        where = ", ".join(f"{family.upper()} {flag}" for family, flag in flags if flag is not None)
        yield f"{identifier:12} {where:22} {sentences.get(identifier, 'not judged yet')}"
