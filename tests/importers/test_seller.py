# SPDX-License-Identifier: Apache-2.0
"""The seller profile fills what the export leaves open, and says who wins where both speak."""

from __future__ import annotations

import pytest

from einvoice.errors import MappingError
from einvoice.importers import load_seller
from tests.importers.stories import EXPORTS, FIXTURES, HEADER, MAPPING, SELLER, changed, said, small

TERMS = 'payment_terms = "Terms"\nbuyer.name ='
WITH_TERMS = changed(("buyer.name =", TERMS))
NET_30 = ("A1;05.01.2026;Buyer;FR;Hammer;2;10,50;N;19;net 30",)
SILENT = ("A1;05.01.2026;Buyer;FR;Hammer;2;10,50;N;19;",)
COLUMNS = f"{HEADER};Terms"


def profile(extra: str) -> str:
    return f"{extra}\n{SELLER}"


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_the_profiles_of_the_stories_load(name: str) -> None:
    assert load_seller(FIXTURES / name / "seller.toml").file == str(FIXTURES / name / "seller.toml")


def test_a_profile_fills_what_the_export_leaves_open() -> None:
    (imported,) = small(*SILENT, header=COLUMNS, mapping=WITH_TERMS, seller=profile('payment_terms = "at once"'))
    assert imported.invoice.payment_terms == "at once"
    origin = imported.provenance["payment_terms"]
    assert (origin.kind, origin.file, origin.key) == ("seller profile", "seller.toml", "seller profile.payment_terms")


def test_a_difference_is_an_error_that_names_both() -> None:
    (imported,) = small(*NET_30, header=COLUMNS, mapping=WITH_TERMS, seller=profile('payment_terms = "at once"'))
    says = "the export says 'net 30', but seller.toml (key 'seller profile.payment_terms') says 'at once'"
    ways = "write override = true there to let the profile win, override = false to let the export win"
    assert said(imported) == [f"row 2, column 'Terms' (BT-20): {says}; {ways}"]
    assert imported.faults[0].code == "CONFLICT"


def test_the_same_value_is_no_conflict() -> None:
    (imported,) = small(*NET_30, header=COLUMNS, mapping=WITH_TERMS, seller=profile('payment_terms = "net 30"'))
    assert not imported.faults
    assert imported.provenance["payment_terms"].kind == "cell"


@pytest.mark.parametrize(
    ("override", "value", "kind"), [("true", "at once", "seller profile"), ("false", "net 30", "cell")]
)
def test_the_profile_can_say_who_wins(override: str, value: str, kind: str) -> None:
    seller = profile(f'payment_terms = {{ value = "at once", override = {override} }}')
    (imported,) = small(*NET_30, header=COLUMNS, mapping=WITH_TERMS, seller=seller)
    assert not imported.faults
    assert imported.invoice.payment_terms == value
    assert imported.provenance["payment_terms"].kind == kind


def test_a_constant_of_the_mapping_counts_as_stated() -> None:
    (imported,) = small(seller=profile('currency_code = "CHF"'))
    assert said(imported)[0].startswith("key 'invoice.currency_code' (BT-5): the mapping says 'EUR', but seller.toml")


@pytest.mark.parametrize(
    ("override", "mail", "result", "fault"),
    [
        ("", "", ("b@x", "EM"), ""),
        ("", "b@x", ("b@x", "EM"), ""),
        ("", "c@x", None, "BT-34"),
        (", override = true", "c@x", ("b@x", "EM"), ""),
        (", override = false", "c@x", ("c@x", None), ""),
    ],
)
def test_an_identifier_never_mixes_two_sources(
    override: str, mail: str, result: tuple[str, str | None] | None, fault: str
) -> None:
    """A scheme belongs to the value it was stated with."""
    mapping = changed(("buyer.name =", 'BT-34 = "Mail"\nbuyer.name ='))
    seller = profile(f'BT-34 = {{ value = "b@x", scheme = "EM"{override} }}')
    (imported,) = small(f"{ROW};{mail}", header=f"{HEADER};Mail", mapping=mapping, seller=seller)
    address = imported.invoice.seller and imported.invoice.seller.electronic_address
    assert (address and (address.value, address.scheme)) == result
    assert [found.term for found in imported.faults] == ([fault] if fault else [])


ROW = "A1;05.01.2026;Buyer;FR;Hammer;2;10,50;N;19"


def test_accounts_of_the_profile_complete_a_means_of_the_export() -> None:
    mapping = changed(("buyer.name =", 'payment_instructions.means = [{ type_code = "Means" }]\nbuyer.name ='))
    seller = profile('[[payment_instructions.means]]\ncredit_transfers = [{ payment_account_identifier = "DE1" }]\n')
    seller = f"{SELLER}\n{seller.removesuffix(SELLER)}"
    (imported,) = small(f"{ROW};58", header=f"{HEADER};Means", mapping=mapping, seller=seller)
    assert imported.invoice.payment_instructions is not None
    (means,) = imported.invoice.payment_instructions.means
    assert (means.type_code, means.credit_transfers[0].payment_account_identifier) == ("58", "DE1")


def test_notes_of_the_profile_follow_those_of_the_export() -> None:
    mapping = changed(("buyer.name =", 'notes = [{ note = "Note" }]\nbuyer.name ='))
    seller = f'{SELLER}\n[[notes]]\nnote = "ours"\nsubject_code = "REG"\n'
    for cell, texts in (("theirs", ["theirs", "ours"]), ("", ["ours"])):
        (imported,) = small(f"{ROW};{cell}", header=f"{HEADER};Note", mapping=mapping, seller=seller)
        assert [note.note for note in imported.invoice.notes] == texts
        assert imported.provenance[f"notes[{len(texts) - 1}].note"].kind == "seller profile"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('number = "1"', "differs from invoice to invoice"),
        ('lines.note = "1"', "differs from invoice to invoice"),
        ('BT-92 = "1"', "differs from invoice to invoice"),
        ('seller.nam = "1"', "BG-4 SELLER has no term 'nam'; did you mean 'name'"),
        ("seller.name = 1", "1 is not a text"),
        ('seller.name = { value = "x", overide = true }', "key 'seller profile.seller.name.overide'"),
        ('seller.name = { value = "x", override = "yes" }', "expected `bool | null`"),
        ('BT-125.filename = "x"', "cannot hold a document"),
        ('payment_due_date = "tomorrow"', "is not a date such as"),
    ],
)
def test_a_mistake_in_a_profile_is_named(text: str, message: str) -> None:
    with pytest.raises(MappingError) as caught:
        load_seller(text.encode(), name="s.toml")
    assert message in str(caught.value)


def test_without_a_profile_the_mapping_must_say_it_all() -> None:
    with pytest.raises(MappingError, match="nothing says BT-24 Specification identifier"):
        small(mapping=MAPPING, seller='seller.name = "x"\nBT-40 = "DE"')
