# SPDX-License-Identifier: Apache-2.0
"""A rule or a term in words."""

from __future__ import annotations

from importlib.resources import files

import pytest

from einvoice.errors import UnknownNameError
from einvoice.rules import find_pack
from einvoice.rules.examples import examples_of
from einvoice.rules.explain import TermName, explain


def test_a_rule_is_explained_by_its_declaration() -> None:
    told = explain("br-co-16")
    assert (told.id, told.kind) == ("BR-CO-16", "rule")
    assert told.title == "The amount due is the total with VAT, less what is paid, plus rounding."
    ubl, cii = (one for one in told.variants if one.pack.startswith("en16931@"))
    assert (ubl.syntaxes, cii.syntaxes) == (("ubl",), ("cii",))
    assert ubl.terms[-1] == TermName("BT-115", "Amount due for payment")
    assert (ubl.file, ubl.severity, ubl.pack) == ("br_co_totals.py", "fatal", "en16931@1.3.16")
    assert ubl.line > 0
    assert "rounds both sides" in ubl.text


def test_a_rule_of_both_syntaxes_is_told_once() -> None:
    (only, *_) = explain("BR-22").variants
    assert only.syntaxes == ("ubl", "cii")
    (card, *_) = explain("BR-51").variants
    assert card.severity == "fatal or warning"


def test_a_rule_about_elements_is_explained_by_its_rows() -> None:
    told = explain("UBL-CR-001")
    only, copy = told.variants
    assert copy.sentence == "EXTENDED-CTC-FR does not use ext:UBLExtensions in an invoice."
    assert told.title == "EN 16931 does not use ext:UBLExtensions in an invoice."
    assert (only.implemented, only.severity, only.syntaxes, only.file) == (True, "warning", ("ubl",), "syntax_ubl.csv")
    rows = (files("einvoice.rules.en16931") / only.file).read_text(encoding="utf-8").splitlines()
    assert rows[only.line - 1].startswith("UBL-CR-001,")
    assert "at most one cac:PartyName/cbc:Name. The payee" in explain("UBL-SR-19").title


def test_a_rule_is_found_under_the_id_of_another_release() -> None:
    told = explain("BR-IG-05")
    assert told.id == "BR-AF-05"
    assert "BR-IG-05" in told.note


def test_a_term_is_explained_by_the_model() -> None:
    told = explain("bt-112")
    assert (told.id, told.kind, told.title) == ("BT-112", "term", "Invoice total amount with VAT")
    assert told.model_paths == ("totals.invoice_total_amount_with_vat",)
    assert set(told.rules) == {"BR-14", "BR-CO-15", "BR-CO-16", "BR-DEC-14", "BR-CL-03", "BR-FR-DEC-01_BT-112"}
    by_pack = {one.pack: set(one.rules) for one in told.readers}
    assert by_pack["en16931"] == {"BR-14", "BR-CO-15", "BR-CO-16", "BR-DEC-14", "BR-CL-03"}
    assert by_pack["facturx"] == {"BR-14", "BR-CO-15", "BR-CO-16", "BR-DEC-14"}
    assert by_pack["br-fr"] == {"BR-FR-DEC-01_BT-112"}


def test_a_term_is_not_taken_for_one_whose_number_begins_alike() -> None:
    assert "BR-FR-27_BT-160" in explain("BT-160").rules
    assert "BR-FR-27_BT-160" not in explain("BT-16").rules


def test_a_group_and_a_path_are_explained_too() -> None:
    assert explain("BG-23").kind == "group"
    assert explain("totals.paid_amount").id == "BT-113"


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="BR-CO-15"):
        explain("BR-NONSENSE")


def test_a_rule_says_what_every_release_calls_it() -> None:
    for name in ("BR-AF-05", "BR-IG-05"):
        told = explain(name)
        assert {(one.pack, one.id) for one in told.variants} >= {
            ("en16931@1.3.16", "BR-AF-05"),
            ("en16931@1.3.17", "BR-IG-05"),
        }
        assert "en16931@1.3.17 (UBL) calls it BR-IG-05." in told.note
    assert explain("BR-66").id == "UBL-SR-54"
    assert explain("UBL-SR-54").note == "Other releases call it BR-66."


def test_releases_that_say_the_same_are_told_once() -> None:
    (only, *_) = explain("BR-22").variants
    assert only.pack == "en16931@1.3.16"
    assert "1.3.17" in only.also


def test_a_rule_of_another_release_alone_is_explained_too() -> None:
    told = explain("UBL-SR-57")
    assert [one.pack for one in told.variants] == ["en16931@1.3.17"]
    assert told.source.endswith("as far as they are known")


@pytest.mark.parametrize(
    "rule", ["BR-CO-15", "BR-AE-02", "UBL-CR-001", "PEPPOL-EN16931-R120", "BR-DE-15", "BR-FR-10_BT-30"]
)
def test_a_rule_comes_with_an_example_that_breaks_it_and_its_repair(rule: str) -> None:
    for example in explain(rule).examples:
        assert example.syntax in {"ubl", "cii"}
        assert all(one.location.startswith("/") and one.broken != one.repaired for one in example.changes)
    assert explain(rule).examples


def test_every_rule_of_en_16931_that_can_be_broken_has_an_example() -> None:
    """The published tests of the others cannot fail, but for BR-16 in UBL: an invoice without lines lacks too much."""
    never = {"BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08"}
    without = {
        "ubl": never | {"BR-DEC-13", "BR-DEC-15", "BR-16"},
        "cii": never | {f"BR-A{x}-0{n}" for x in "FG" for n in (8, 9)},
    }
    for family, published in find_pack("en16931@1.3.16").published().items():
        told = {rule for rule in published if family in {example.syntax for example in examples_of(rule)}}
        assert published.keys() - told == without[family]
