# SPDX-License-Identifier: Apache-2.0
"""Of several tax totals in UBL, each has to be what its own breakdown adds up to."""

from __future__ import annotations

import pytest

from einvoice import validate
from tests.differential.bases import written
from tests.differential.trees import Tree
from tests.service.sample import invoice

PACK = "en16931@1.3.16"
TOTAL = "{*}TaxTotal"
AMOUNT = "{*}TaxAmount"
PART = "{*}TaxSubtotal"


def judged(stated: str | None, part: str | None) -> tuple[set[str], set[str]]:
    """What fires, and what is open, where a second total states that, and its breakdown that."""
    tree = Tree(written(invoice(), "ubl-invoice"))
    first = tree.root.find(TOTAL)
    assert first is not None
    second = tree.again(first)
    for path, text in ((AMOUNT, stated), (f"{PART}/{AMOUNT}", part)):
        amount = second.find(path)
        assert amount is not None
        if text is None:
            holder = amount.getparent()
            assert holder is not None
            holder.remove(amount)
        else:
            amount.text = text
    report = validate(tree.bytes(), packs=PACK)
    return {one.rule for one in report.findings}, {one.rule for one in report.undetermined}


@pytest.mark.parametrize(("stated", "part"), [("5.89", "5.89"), ("5.890", "5.8949"), ("0", "-0.00")])
def test_a_total_that_is_what_its_parts_add_up_to_is_right(stated: str, part: str) -> None:
    fired, unclear = judged(stated, part)
    assert "BR-CO-14" not in fired
    assert not unclear


@pytest.mark.parametrize(("stated", "part"), [("5.89", "-0.00"), ("0", "5.89"), ("5.89", "11.78")])
def test_a_total_is_wrong_although_all_parts_add_up_to_the_other_one(stated: str, part: str) -> None:
    assert "BR-CO-14" in judged(stated, part)[0]


def test_a_total_without_an_amount_is_no_sum() -> None:
    assert "BR-CO-14" in judged(None, "5.89")[0]


def test_what_is_no_number_leaves_the_rule_open() -> None:
    fired, unclear = judged("5.89", "five")
    assert "BR-CO-14" not in fired
    assert "BR-CO-14" in unclear


def test_the_finding_shows_the_sum() -> None:
    tree = Tree(written(invoice(), "ubl-invoice"))
    first = tree.root.find(TOTAL)
    assert first is not None
    amount = tree.again(first).find(f"{PART}/{AMOUNT}")
    assert amount is not None
    tree.again(amount.getparent())  # type: ignore[arg-type]
    (finding,) = [one for one in validate(tree.bytes(), packs=PACK).findings if one.rule == "BR-CO-14"]
    assert finding.location == "/Invoice/cac:TaxTotal[2]/cbc:TaxAmount"
    assert (finding.found, finding.expected, finding.why) == ("5.89", "11.78", "5.89 + 5.89 = 11.78")
    assert finding.terms == ("BT-110",)
