# SPDX-License-Identifier: Apache-2.0
"""Releases of a pack beside each other: what is carried over, what is new, and what nobody knows."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from einvoice import validate
from einvoice.bind import open_document, write
from einvoice.model import CreditTransfer, DirectDebit
from einvoice.rules import find_pack, run, versions
from einvoice.rules.registry import DeclarationError
from einvoice.rules.releases import Change, Delta, code_lists, derived, in_edition
from tests.rules.en16931.syntax_examples import example
from tests.rules.invoices import at, clean, italian, reading

if TYPE_CHECKING:
    from einvoice.model import Invoice, Syntax
    from einvoice.model.structure import StructureRow
    from einvoice.rules import Report
    from einvoice.rules.registry import Family

BASE = find_pack("en16931@1.3.16")


def judged(invoice: Invoice, version: str, syntax: Syntax = "ubl-invoice") -> Report:
    return run(reading(invoice, syntax), [find_pack(f"en16931@{version}")], {"en16931": ()})


def fired(invoice: Invoice, version: str, syntax: Syntax = "ubl-invoice") -> set[str]:
    return {finding.rule for finding in judged(invoice, version, syntax).findings}


# ---- what every release keeps


@pytest.mark.parametrize("pack", versions("en16931"), ids=lambda pack: pack.version)
@pytest.mark.parametrize("family", ["ubl", "cii"])
def test_every_published_rule_of_every_release_is_judged_once(pack: object, family: Family) -> None:
    found = find_pack(f"en16931@{getattr(pack, 'version', '')}")
    ids = [rule.id for rule in found.rules_for(family)]
    assert len(ids) == len(set(ids))
    assert set(ids) | found.structure[family].lines.keys() == found.published()[family].keys()


def test_what_two_releases_have_alike_is_one_rule() -> None:
    for pack in versions("en16931"):
        shared = set(pack.rules) & set(BASE.rules)
        assert len(shared) > 250, pack.version


def test_an_id_of_one_release_leads_to_that_of_the_other() -> None:
    old, new = BASE, find_pack("en16931@1.3.17")
    assert old.aliases["BR-IG-05"] == "BR-AF-05"
    assert "BR-IG-05" in new.published()["ubl"]
    assert "BR-AF-05" not in new.published()["ubl"]
    known = {identifier for ids in new.published().values() for identifier in ids}
    assert set(new.aliases.values()) <= known
    assert not new.aliases.keys() & known


# ---- 1.3.17


def test_the_release_1_3_17_has_so_many_rules_in_ubl() -> None:
    published = find_pack("en16931@1.3.17").published()["ubl"]
    assert len(published) == 982
    assert {one for one in published.keys() - BASE.published()["ubl"].keys() if one.startswith("UBL")} == {
        "UBL-SR-57",
        "UBL-SR-58",
        "UBL-SR-59",
    }
    assert all(published[one] == severity for one, severity in BASE.published()["ubl"].items() if one in published)


def test_a_renamed_rule_asks_the_same_under_its_new_name() -> None:
    wrong = at({"vat_breakdown[0].category_code": "L", "lines[0].vat_information.category_code": "L"})(clean())
    names = {one.replace("BR-AF", "BR-IG") for one in fired(wrong, "1.3.16")}
    assert fired(wrong, "1.3.17") == names
    assert any(name.startswith("BR-IG") for name in names)


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
@pytest.mark.parametrize(
    ("path", "old", "new", "rules"),
    [
        ("currency_code", "STD", "STN", {"BR-CL-04"}),
        ("buyer.electronic_address.scheme", "0219", "9960", {"BR-CL-25"}),
        ("vat_breakdown[0].exemption_reason_code", "", "VATEX-ES-IVA23/24", {"BR-CL-22"}),
    ],
)
def test_codes_are_those_of_the_edition(path: str, old: str, new: str, rules: set[str], syntax: Syntax) -> None:
    with_new = at({path: new})(clean())
    assert rules <= fired(with_new, "1.3.16", syntax)
    assert not rules & fired(with_new, "1.3.17", syntax)
    if old:
        with_old = at({path: old})(clean())
        assert not rules & fired(with_old, "1.3.16", syntax)
        assert rules <= fired(with_old, "1.3.17", syntax)


def test_what_is_not_known_is_never_valid() -> None:
    known, unknown = judged(clean(), "1.3.17"), judged(clean(), "1.3.17", "cii")
    assert (known.verdict, unknown.verdict) == ("valid", "undetermined")
    assert "not known" in unknown.packs[0].open
    assert any("1.3.17" in note for note in known.notes)
    assert any("1.3.17" in note for note in unknown.notes)
    broken = at({"currency_code": "XXXX"})(clean())
    assert judged(broken, "1.3.17", "cii").verdict == "invalid"
    assert judged(clean(), "1.3.16").notes == ()


# ---- rows about elements


ROWS = [
    pytest.param(pack.version, family, row, id=f"{pack.version} {family} {place} {row.rule}")
    for pack in versions("en16931")
    if pack is not BASE
    for family, rules in pack.structure.items()
    for place, row in enumerate(row for row in rules.rows.rows if row not in set(BASE.structure[family].rows.rows))
    if row.question is None
]


@pytest.mark.parametrize(("version", "family", "row"), ROWS)
def test_a_row_that_only_another_release_has_is_broken_and_kept(
    version: str, family: Family, row: StructureRow
) -> None:
    rows = find_pack(f"en16931@{version}").structure[family].rows
    given = example(row, family)
    assert any(hit.row == row for hit in open_document(given.broken).structure_hits(rows))
    assert not any(hit.row == row for hit in open_document(given.mended).structure_hits(rows))
    before = open_document(given.broken).structure_hits(BASE.structure[family].rows)
    assert not any(hit.row == row for hit in before)


def test_a_row_of_another_release_says_where_it_stands() -> None:
    rules = find_pack("en16931@1.3.17").structure["ubl"]
    assert rules.explained("UBL-SR-57") == "Each cac:Party has at most one cac:PartyLegalEntity."
    lines = (files("einvoice.rules.en16931") / "deltas" / rules.file_of("UBL-SR-57")).read_text().splitlines()
    assert lines[rules.lines["UBL-SR-57"] - 1].startswith("+,UBL-SR-57,")
    assert rules.file_of("UBL-SR-56") == "syntax_ubl.csv"


# ---- how a release is made


def test_a_rule_says_which_code_lists_it_looks_into() -> None:
    lists = {rule.id: {one.name for one in code_lists(rule)} for rule in BASE.rules_for("ubl")}
    assert lists["BR-CL-01"] == {"untdid-1001-invoice", "untdid-1001-credit-note"}
    assert lists["BR-CL-03"] == {"iso-4217"}
    assert lists["BR-CO-09"] == {"vat-prefix"}
    assert all(lists[name] for name in lists if name.startswith("BR-CL-"))
    assert not lists["BR-CO-15"]


def test_another_edition_of_a_list_that_does_not_differ_changes_nothing() -> None:
    by_id = {rule.id: rule for rule in BASE.rules_for("ubl")}
    assert in_edition(by_id["BR-CL-24"], "en16931-1.3.17") is by_id["BR-CL-24"]
    changed = in_edition(by_id["BR-CL-04"], "en16931-1.3.17")
    assert changed is not by_id["BR-CL-04"]
    assert {one.edition for one in code_lists(changed)} == {"en16931-1.3.17"}
    assert {one.edition for one in code_lists(in_edition(changed, ""))} == {""}


def test_a_rule_that_is_gone_in_one_syntax_stays_in_the_other() -> None:
    both = next(rule for rule in BASE.rules if rule.syntax is None)
    delta = Delta(BASE.published(), (Change("gone", both.id, "cii"),))
    new = derived(BASE, delta, version="9")
    (left,) = (rule for rule in new.rules if rule.id == both.id)
    assert left.syntax == "ubl"
    assert both.id not in new.published()["cii"]


def test_a_rule_stands_instead_of_the_neighbours() -> None:
    both = next(rule for rule in BASE.rules if rule.syntax is None)
    own = structs.replace(both, syntax="cii", sentence="Another sentence.")
    new = derived(BASE, Delta(BASE.published(), ()), version="9", instead=[own])
    assert {rule.sentence for rule in new.rules_for("cii") if rule.id == both.id} == {"Another sentence."}
    assert {rule.sentence for rule in new.rules_for("ubl") if rule.id == both.id} == {both.sentence}


@pytest.mark.parametrize(
    "change",
    [
        Change("new", "BR-01", "ubl", "fatal"),
        Change("gone", "BR-99", "ubl"),
        Change("renamed", "BR-99", "cii", "fatal", "BR-98"),
    ],
)
def test_a_change_that_does_not_fit_the_neighbour_is_refused(change: Change) -> None:
    with pytest.raises(DeclarationError, match=change.id):
        Delta(BASE.published(), (change,)).published()


# ---- 1.3.15


def judged_as_xml(invoice: Invoice, version: str, to: str, *changes: tuple[str, str]) -> Report:
    """The verdict on an invoice as it is written, with texts replaced."""
    text = write(invoice, "cii" if to == "cii" else "ubl").decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return validate(text.encode(), packs=f"en16931@{version}")


def rules_of(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_the_release_1_3_15_has_so_many_rules() -> None:
    published = find_pack("en16931@1.3.15").published()
    assert {family: len(ids) for family, ids in published.items()} == {"ubl": 979, "cii": 779}
    assert published["ubl"]["BR-CO-25"] == published["cii"]["BR-CO-25"] == "fatal"
    assert "UBL-SR-56" not in published["ubl"]


@pytest.mark.parametrize("to", ["ubl", "cii"])
def test_1_3_15_wants_a_due_date_or_terms_where_an_amount_is_due(to: str) -> None:
    undated = at({"payment_due_date": None, "payment_terms": None})(clean())
    report = judged_as_xml(undated, "1.3.15", to)
    assert rules_of(report) == {"BR-CO-25"}
    (finding,) = report.findings
    assert finding.found == str(undated.totals.amount_due_for_payment if undated.totals else "")
    assert finding.line
    assert finding.why == "neither a due date nor payment terms"
    assert not rules_of(judged_as_xml(undated, "1.3.16", to))
    for stated in ({"payment_due_date": date(2026, 4, 1)}, {"payment_terms": "Soon."}):
        assert not rules_of(judged_as_xml(at(stated)(undated), "1.3.15", to))


@pytest.mark.parametrize("to", ["ubl", "cii"])
def test_1_3_15_wants_no_due_date_where_nothing_is_due(to: str) -> None:
    undated = at({"payment_due_date": None, "payment_terms": None})(clean())
    due = str(undated.totals.amount_due_for_payment if undated.totals else "")
    report = judged_as_xml(undated, "1.3.15", to, (f"{due}</", "0.00</"))
    assert "BR-CO-25" not in rules_of(report)


def test_1_3_15_cannot_compare_what_cii_says_again() -> None:
    again = ("<ram:DuePayableAmount>", "<ram:DuePayableAmount>1.00</ram:DuePayableAmount><ram:DuePayableAmount>")
    old, new = (judged_as_xml(clean(), version, "cii", again) for version in ("1.3.15", "1.3.16"))
    assert {"BR-CO-16", "BR-CO-25"} <= {one.rule for one in old.undetermined}
    assert old.verdict != "valid"
    assert "CII-SR-487" in rules_of(new)
    assert "CII-SR-487" not in rules_of(old)


def test_an_amount_that_is_no_number_leaves_the_due_date_open() -> None:
    due = str(totals.amount_due_for_payment if (totals := clean().totals) else "")
    report = judged_as_xml(clean(), "1.3.15", "ubl", (f"{due}</cbc:PayableAmount>", "much</cbc:PayableAmount>"))
    assert "BR-CO-25" in {one.rule for one in report.undetermined}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"seller_tax_representative.name": " "}, "BR-18"),
        ({"seller_tax_representative.postal_address.country_code": " "}, "BR-20"),
    ],
)
def test_white_space_was_enough_for_1_3_15_in_cii(change: dict[str, str], rule: str) -> None:
    invoice = at(change)(clean())
    assert rule in fired(invoice, "1.3.16", "cii")
    assert rule not in fired(invoice, "1.3.15", "cii")
    assert rule in fired(invoice, "1.3.15", "ubl-invoice")


def test_white_space_in_a_card_number_counted_in_1_3_15() -> None:
    invoice = at({"payment_instructions.means[0].payment_card.primary_account_number": " 12345 6789 "})(clean())
    assert "BR-51" in fired(invoice, "1.3.15", "cii")
    assert "BR-51" not in fired(invoice, "1.3.16", "cii")
    assert "BR-51" not in fired(invoice, "1.3.15", "ubl-invoice")


def test_an_account_without_content_was_one_in_1_3_15() -> None:
    invoice = at(
        {
            "payment_instructions.means[0].type_code": "30",
            "payment_instructions.means[0].credit_transfers": (CreditTransfer(payment_account_identifier=" "),),
        }
    )(clean())
    assert "BR-50" in fired(invoice, "1.3.16", "cii")
    assert "BR-50" not in fired(invoice, "1.3.15", "cii")


def test_a_creditor_identifier_was_one_of_the_seller_in_1_3_15() -> None:
    nobody = at({"seller.vat_identifier": None, "seller.identifiers": (), "seller.legal_registration_identifier": None})
    debited = at({"payment_instructions.direct_debit": DirectDebit(bank_assigned_creditor_identifier="DE98ZZZ1")})
    assert "BR-CO-26" in fired(nobody(clean()), "1.3.15")
    assert "BR-CO-26" not in fired(debited(nobody(clean())), "1.3.15")
    assert "BR-CO-26" in fired(debited(nobody(clean())), "1.3.16")
    assert "BR-CO-26" in fired(debited(nobody(clean())), "1.3.15", "cii")


def test_1_3_15_did_not_look_for_standard_rates_in_the_breakdown_beside_split_payment() -> None:
    split = at({"lines[0].vat_information.category_code": "B"})(italian())
    breakdown = split.vat_breakdown[0]
    mixed = structs.replace(split, vat_breakdown=(breakdown, structs.replace(breakdown, category_code="S")))
    assert "BR-B-02" in fired(mixed, "1.3.16")
    assert "BR-B-02" not in fired(mixed, "1.3.15")
    assert "BR-B-02" in fired(mixed, "1.3.15", "cii")
    on_line = at({"lines[0].vat_information.category_code": "S"})(mixed)
    assert "BR-B-02" in fired(on_line, "1.3.15")


@pytest.mark.parametrize(("code", "taken"), [("BGN", True), ("ANG", True), ("XCG", False), ("EUR", True)])
def test_codes_of_1_3_15_are_those_of_its_time(code: str, *, taken: bool) -> None:
    invoice = at({"currency_code": code})(clean())
    assert ("BR-CL-04" not in fired(invoice, "1.3.15")) is taken


def test_the_day_of_an_invoice_chooses_its_release() -> None:
    assert find_pack("en16931", as_of=date(2026, 4, 9)).version == "1.3.15"
    assert find_pack("en16931", as_of=date(2026, 4, 10)).version == "1.3.16"
    undated = at({"payment_due_date": None, "payment_terms": None})(clean())
    data = write(undated, "ubl")
    assert validate(data, packs="en16931", as_of=date(2026, 1, 1)).verdict == "invalid"
    assert validate(data, packs="en16931", as_of=date(2026, 5, 1)).verdict == "valid"
