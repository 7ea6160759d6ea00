# SPDX-License-Identifier: Apache-2.0
"""What a rule says it reads is what it reads."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from einvoice.model import DirectDebit
from einvoice.rules import Rule, find_pack
from einvoice.rules.places import generic, paths_of
from tests.rules.en16931 import cases_codes, cases_vat
from tests.rules.invoices import at, clean, italian, not_subject, number, reading
from tests.rules.spy import known, touched
from tests.together import together

if TYPE_CHECKING:
    from einvoice.model import Invoice, Syntax

SYNTAX: Final[dict[str, Syntax]] = {"ubl": "ubl-invoice", "cii": "cii"}
PACK = find_pack("en16931@1.3.16")
RULES = {f"{rule.id} {rule.syntax or ''}".strip(): rule for rule in PACK.rules}


NUMBERLESS = at({"seller.vat_identifier": None, "seller.tax_registration_identifier": None})
ACCOUNTED: Final = "totals.invoice_total_vat_amount_in_accounting_currency"
DEBIT = DirectDebit(bank_assigned_creditor_identifier="DE98ZZZ09999999999", payee_creditor_identifier="DE98ZZZ1")


@cache
def bases() -> tuple[Invoice, ...]:
    """Clean invoices of all kinds: every category, without tax numbers, with a direct debit."""
    families = [make() for make, _ in cases_vat.FAMILIES.values()]
    represented = at({"seller_tax_representative": clean().seller_tax_representative})
    return (
        clean(),
        italian(),
        at({"payment_instructions.direct_debit": DEBIT})(clean()),
        at({"vat_accounting_currency_code": "EUR"})(clean()),
        at({"vat_accounting_currency_code": "SEKK", ACCOUNTED: number("1")})(clean()),
        at({"buyer.vat_identifier": None})(cases_vat.FAMILIES["AE"][0]()),
        *families,
        *(NUMBERLESS(invoice) for invoice in families),
        represented(NUMBERLESS(not_subject())),
    )


@cache
def read_by(name: str) -> frozenset[str]:
    """What a rule looks at, in the clean invoices and in those that are to break it."""
    rule = RULES[name]
    broken = (case.invoice for words, case in cases_codes.CASES.items() if words.split()[0] == rule.id)
    syntaxes: tuple[Syntax, ...] = ("ubl-invoice", "cii") if rule.syntax is None else (SYNTAX[rule.syntax],)
    return frozenset(
        path
        for invoice in (*bases(), *broken)
        for syntax in syntaxes
        for asking in rule.askings
        for path in touched(asking, reading(invoice, syntax))
    )


def declared(rule: Rule) -> set[str]:
    return {known(generic(path)) for path in rule.paths}


@together("name", RULES)
def test_a_rule_reads_nothing_that_it_does_not_declare(name: str) -> None:
    beyond = read_by(name) - declared(RULES[name])
    wanted = declared(RULES[name])
    passed = {path for path in beyond if any(one.startswith(f"{path}.") for one in wanted)}
    sub_lines = {"lines.sub_lines"} if any(one.startswith("lines.") for one in wanted) else set()
    assert not beyond - passed - sub_lines


@together("name", RULES)
def test_a_rule_declares_no_term_that_it_does_not_read(name: str) -> None:
    rule = RULES[name]
    idle = [
        term
        for term in rule.reads
        if term.startswith(("BT-", "BG-"))
        and not term.startswith(("BT-X", "BG-X"))
        and not any(one == path or one.startswith(f"{path}.") for path in paths_of(term) for one in read_by(name))
    ]
    assert not idle
