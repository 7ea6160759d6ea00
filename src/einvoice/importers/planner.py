# SPDX-License-Identifier: Apache-2.0
"""Compile a mapping and a seller profile for the columns of one export.

What can be found out once is found out here: which cell feeds which field, what the profile adds to it, which terms
nobody provides. Building an invoice then only walks down the plan.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace

from einvoice.errors import MappingError
from einvoice.importers.declaration import NESTED, Condition, Refusal, Rows, texts
from einvoice.importers.mapping import DOCUMENT_PARTS, VAT_FIELDS, ErpMapping, VatUse, leaves
from einvoice.importers.origin import Origin, Trace
from einvoice.importers.plan import LeafPlan, NodePlan, Plan, Test, VatPlan
from einvoice.importers.required import MANDATORY_GROUPS, REQUIRED
from einvoice.importers.rows import HEADER, LINES, SKIP, Grouping
from einvoice.importers.targets import Branch, Leaf, described, label, named
from einvoice.importers.wording import column_name, folded, listed, nearest
from einvoice.model import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from einvoice.importers.fields import FieldRule
    from einvoice.importers.seller import ProfileValue, SellerProfile

Given = TypeVar("Given")
_SHOWN: Final = 20
"""Missing columns that are named; more help nobody."""

MERGED: Final = frozenset({"payment_instructions.means"})
"""Repeating groups of which EN 16931 knows one: what the profile says completes what the export says."""

SIGNED: Final = frozenset(
    {
        "lines.invoiced_quantity",
        "lines.net_amount",
        *(f"lines.{part}.{name}" for part in ("allowances", "charges") for name in ("amount", "base_amount")),
        *(f"{part}.{name}" for part in DOCUMENT_PARTS for name in ("amount", "base_amount")),
    }
)
"""What carries the sign of a credit note beside the totals: quantities and amounts, never prices and rates."""


def columns_of(mapping: ErpMapping) -> dict[str, str]:
    """The columns that a mapping names, each with the first key that names it.

    Args:
        mapping: the mapping.
    """
    named: dict[str, str] = {}
    if mapping.source.group_by:
        named[column_name(mapping.source.group_by)] = "source.group_by"
    if mapping.rows:
        named[column_name(mapping.rows.by)] = "rows.by"
    told = [rule for rule, _ in mapping.refuse] + ([mapping.gross[0]] if mapping.gross else [])
    said = [rule for branch in (mapping.invoice, mapping.lines, mapping.expect) for rule in leaves(branch)]
    for rule in (*said, *told):
        for column in rule.columns:
            named.setdefault(column, rule.key)
    return named


def compile_plan(mapping: ErpMapping, seller: SellerProfile | None, headers: Sequence[str], file: str) -> Plan:
    """Compile a mapping and a profile for an export.

    Args:
        mapping: the mapping.
        seller: the profile, if there is one.
        headers: the columns of the export.
        file: the export, for messages.

    Raises:
        MappingError: columns are missing or ambiguous, or a mandatory term comes from nowhere.
    """
    nested, optional = mapping.source.format in NESTED, mapping.source.columns == "optional"
    wanted = columns_of(mapping)
    positions = _places(wanted) if nested else _positions(wanted, headers, mapping.file, file, optional=optional)
    compiler = _Compiler(mapping, seller.file if seller else "", positions)
    invoice = compiler.node(mapping.invoice, seller.branch if seller else None, "", repeats=False)
    lines = compiler.node(mapping.lines, None, LINES, repeats=True)
    expect = compiler.node(mapping.expect, None, "totals", repeats=False)
    if missing := [*_uncovered(invoice, lines)]:
        raise MappingError(
            f"nothing says {listed(missing, 20)}: map a column, declare a constant, or state it in the seller profile",
            source=mapping.file,
            code="MAPPING_COVERAGE",
        )
    for node in invoice.groups:
        node.part = bool(mapping.rows and node.name in DOCUMENT_PARTS and texts(getattr(mapping.rows, node.name)))
    told = _told(invoice) | _told(expect)
    return Plan(
        mapping,
        invoice,
        lines,
        expect,
        _grouping(mapping, positions, invoice, tuple(told)),
        told,
        tuple(compiler.refusal(rule, refused) for rule, refused in mapping.refuse),
        compiler.condition(*mapping.gross) if mapping.gross else None,
    )


def _places(wanted: dict[str, str]) -> dict[str, int]:
    """The paths of a tree, numbered: what they find stands in the cells of its records by these numbers."""
    return {path: at for at, path in enumerate(wanted)}


def _positions(
    wanted: dict[str, str], headers: Sequence[str], mapping: str, file: str, *, optional: bool
) -> dict[str, int]:
    if optional:
        headers = _recognised(wanted, headers)
    missing = [name for name in wanted if name not in headers]
    if missing and (not optional or len(missing) == len(wanted)):
        has = f"it has the columns {listed([repr(name) for name in headers if name], 30)}"
        message = _unknown(wanted, has) if optional else f"{_lacking(missing, wanted, headers)}; {has}"
        raise MappingError(message, source=file, line=1, code="CSV_COLUMNS")
    for name, key in wanted.items():
        if headers.count(name) > 1:
            twice = [str(at + 1) for at, header in enumerate(headers) if header == name]
            message = f"columns {' and '.join(twice)} are both called {name!r}, which key {key!r} of {mapping} names"
            raise MappingError(message, source=file, line=1, column=int(twice[1]), code="CSV_COLUMNS")
    return {name: headers.index(name) for name in wanted if name in headers}


def _lacking(missing: Sequence[str], wanted: dict[str, str], headers: Sequence[str]) -> str:
    """Which columns that a mapping needs are not there, and which of those that are there may be meant."""
    said = [f"{name!r} (key {wanted[name]!r}){nearest(name, headers)}" for name in missing[:_SHOWN]]
    more = f"; nor {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    return f"the export has no column {'; no column '.join(said)}{more}"


def _unknown(wanted: dict[str, str], has: str) -> str:
    """That an export has none of the columns that a mapping knows in many words, and what to do."""
    first: dict[str, str] = {}
    for name, key in wanted.items():
        first.setdefault(key, repr(name))
    return (
        f"the export has none of the columns that the mapping knows, such as {listed([*first.values()], 10)}; {has};"
        " call its columns so, or write a mapping of your own, for which einvoice map init makes a proposal"
    )


def _recognised(wanted: dict[str, str], headers: Sequence[str]) -> list[str]:
    """The headers in the words of the mapping, where capitals, accents and signs between words do not count."""
    words = {folded(name): name for name in reversed(wanted)}
    return [name if name in wanted else words.get(folded(name), name) for name in headers]


def _grouping(mapping: ErpMapping, positions: dict[str, int], invoice: NodePlan, header: tuple[int, ...]) -> Grouping:
    number = next((leaf for leaf in invoice.leaves if leaf.name == "number"), None)
    group_by = mapping.source.group_by
    chosen = number is not None and number.rule is not None and number.rule.first and number.positions
    if group_by is None and (number is None or (len(number.positions) != 1 and not chosen)):
        raise MappingError(
            "the invoice number is not one column or path: say in [source] which column tells invoices apart, "
            "group_by = '…'",
            source=mapping.file,
            code="MAPPING_KEY",
        )
    if group_by is not None and column_name(group_by) not in positions:
        raise MappingError(f"the export has no column {group_by!r} (key 'source.group_by')", source=mapping.file)
    by = positions[column_name(group_by)] if group_by is not None else number.positions[0] if number else 0
    rows = mapping.rows
    return Grouping(
        number=by,
        kind=positions[column_name(rows.by)] if rows else None,
        kinds=_kinds(rows) if rows else {},
        header=tuple(position for position in header if position != by),
        scattered=mapping.source.scattered,
    )


def _kinds(rows: Rows) -> dict[str, str]:
    return {
        value: kind for kind in (LINES, HEADER, SKIP, *sorted(DOCUMENT_PARTS)) for value in texts(getattr(rows, kind))
    }


def _told(node: NodePlan) -> dict[int, str]:
    """The columns that speak once per invoice. Groups that are made of rows of their own do not count."""
    told: dict[int, str] = {}
    for leaf in node.leaves:
        told.update(dict.fromkeys(leaf.positions, leaf.term))
    if node.vat is not None:
        told.update(dict.fromkeys(node.vat.trace.positions, node.vat.term))
    for group in node.groups:
        if not group.part:
            told.update(_told(group))
    return told


def _uncovered(invoice: NodePlan, lines: NodePlan) -> Iterator[str]:
    """The mandatory terms that neither the mapping nor the profile says."""
    for path, terms_ in REQUIRED.items():
        if path in MANDATORY_GROUPS:
            node = _find(lines if path.startswith(LINES) else invoice, path)
            for names in terms_:
                full = f"{path}.{names[0]}" if path else names[0]
                decided = lines.vat is not None and full == f"{LINES}.{lines.vat.fields[0]}"
                if not decided and not (node and any(leaf.name in names for leaf in node.leaves)):
                    yield described(full)


def _find(node: NodePlan, path: str) -> NodePlan | None:
    if node.path == path:
        return node
    for group in node.groups:
        if path == group.path or path.startswith(f"{group.path}."):
            return _find(group, path)
    return None


class _Compiler:
    """Turns the branches of a mapping and of a profile into nodes."""

    def __init__(self, mapping: ErpMapping, profile: str, positions: dict[str, int]) -> None:
        self.mapping = mapping
        self.profile = profile
        self.positions = positions

    def node(self, branch: Branch | None, over: Branch | None, path: str, *, repeats: bool) -> NodePlan:
        one = _either(branch, over)
        leaves_ = [
            self.leaf(branch, over, name, f"{path}.{name}" if path else name)
            for name in fields_of(one.cls)
            if name in (branch.leaves if branch else {}) or name in (over.leaves if over else {})
        ]
        groups = [group for name in fields_of(one.cls) for group in self.groups(branch, over, name)]
        vat = self.vat(branch, path) if branch else None
        # What has a VAT of its own is built last: the table may ask for countries of the other groups.
        groups.sort(key=lambda group: group.vat is not None)
        each = str(branch.special.get("each", "")) if branch else ""
        fed = [leaf for leaf in leaves_ if leaf.fed]
        fed += [leaf for group in groups if not group.each for leaf in group.fed]
        if vat and not (fed and self.mapping.source.format in NESTED):
            # In a tree the tax of a group often stands above it, and says nothing about whether the group is there.
            fed += [leaf for leaf in (vat.code, vat.rate, vat.category) if leaf]
        return NodePlan(
            cls=one.cls,
            name=path.rpartition(".")[2],
            path=path,
            term=label(path),
            repeats=repeats,
            leaves=leaves_,
            groups=groups,
            vat=vat,
            required=REQUIRED.get(path, ()),
            fed=fed,
            certain=path in MANDATORY_GROUPS or over is not None or not (fed or _mute(leaves_, groups)),
            each=each if path != LINES else "",
        )

    def refusal(self, rule: FieldRule, refused: Refusal) -> Test:
        """What the mapping refuses, compiled."""
        return replace(
            self.condition(rule, Condition(refused.source, refused.values)),
            other_than=frozenset(texts(refused.other_than)),
            empty=refused.empty,
            because=refused.because,
        )

    def condition(self, rule: FieldRule, asked: Condition) -> Test:
        """A question to the invoice as a whole, compiled."""
        positions = self.found(rule)
        return Test(rule.parts(positions), Trace("cell", positions, rule.key), frozenset(texts(asked.values)))

    def groups(self, branch: Branch | None, over: Branch | None, name: str) -> Iterator[NodePlan]:
        """The instances of a group: those of the mapping, completed or followed by those of the profile."""
        mine = branch.groups.get(name, []) if branch else []
        theirs = over.groups.get(name, []) if over else []
        if not mine and not theirs:
            return
        path = (mine or theirs)[0].path
        repeats = fields_of(_either(branch, over).cls)[name].repeats
        together = path in MERGED or not repeats
        for count in range(max(len(mine), len(theirs)) if together else len(mine)):
            added = theirs[count] if together and count < len(theirs) else None
            yield self.node(mine[count] if count < len(mine) else None, added, path, repeats=repeats)
        for added in () if together else theirs:
            yield self.node(None, added, path, repeats=repeats)

    def leaf(self, branch: Branch | None, over: Branch | None, name: str, path: str) -> LeafPlan:
        mine = branch.leaves.get(name) if branch else None
        theirs = over.leaves.get(name) if over else None
        info = _either(mine, theirs).info
        signed = path in SIGNED or (info.value_type is Decimal and path.startswith("totals."))
        plan = self.rule(mine.value, name, path) if mine else LeafPlan(name, label(path), named(path))
        return replace(
            plan,
            overlay=self.overlay(theirs) if theirs else None,
            repeats=info.repeats,
            signed=signed and self.mapping.source.credit_notes == "negative",
        )

    def rule(self, rule: FieldRule, name: str, path: str) -> LeafPlan:
        positions = self.found(rule)
        constant = None
        if rule.constant is not None:
            constant = (rule.constant, Origin(self.mapping.file, "constant", key=rule.key, raw=str(rule.constant)))
        counted = rule.count and not positions
        trace = Trace("line count" if counted else "cell", positions, rule.key, rule.first)
        leaf = LeafPlan(name, label(path), named(path), rule, positions, trace=trace, constant=constant)
        return replace(leaf, read=rule.reader(positions)) if positions else leaf

    def found(self, rule: FieldRule) -> tuple[int, ...]:
        """Where the columns of a rule stand, those left out that the export lacks and may lack."""
        return tuple(self.positions[column] for column in rule.columns if column in self.positions)

    def overlay(self, leaf: Leaf) -> tuple[ProfileValue, Origin]:
        value: ProfileValue = leaf.value
        return value, Origin(self.profile, "seller profile", key=value.key, raw=str(value.value))

    def vat(self, branch: Branch, path: str) -> VatPlan | None:
        use = branch.special.get("vat")
        if not isinstance(use, VatUse):
            return None
        category, rate = VAT_FIELDS[path]
        parts = {
            name: self.rule(rule, name, f"{path}.{rate if name == 'rate' else category}")
            for name, rule in (("code", use.code), ("rate", use.rate), ("category", use.category))
            if rule is not None
        }
        positions = tuple(dict.fromkeys(position for part in parts.values() for position in part.positions))
        return VatPlan(
            parts.get("code"),
            parts.get("rate"),
            parts.get("category"),
            Trace("VAT table", positions, use.key),
            label(f"{path}.{category}"),
            (category, rate),
        )


def _mute(leaves_: Sequence[LeafPlan], groups: Sequence[NodePlan]) -> bool:
    """Whether a group asks for cells that this export does not have, or for records of their own."""
    asked = any(leaf.rule is not None and leaf.rule.columns and not leaf.fed for leaf in leaves_)
    return asked or any(group.each or (not group.fed and not group.certain) for group in groups)


def _either(first: Given | None, second: Given | None) -> Given:
    """The one of two that is there; a part of a plan is made of at least one."""
    given = first if first is not None else second
    if given is None:
        raise MappingError("there is neither a mapping nor a profile for this part of the invoice")
    return given
