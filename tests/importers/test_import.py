# SPDX-License-Identifier: Apache-2.0
"""An export becomes invoices, or says at which cell it does not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from einvoice.errors import MappingError
from einvoice.importers import import_file, load_mapping, load_named, load_seller
from einvoice.model import DocumentTotals
from tests.counting import LINEAR, growth
from tests.importers.stories import HEADER, MAPPING, ROWS, SELLER, changed, export, said, small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROW = "A1;05.01.2026;Buyer;FR;Hammer;2;10,50;N;19"


def row(**cells: str) -> str:
    """A row of the small export with some cells changed."""
    names = HEADER.split(";")
    assert set(cells) <= set(names)
    return ";".join(cells.get(name, cell) for name, cell in zip(names, ROW.split(";"), strict=True))


# -------------------------------------------------------------------------------------------------- values


def test_an_invoice_is_made_of_its_rows() -> None:
    (imported,) = small()
    invoice = imported.invoice
    assert not imported.faults
    assert (imported.number, imported.rows, imported.mapping) == ("A1", (2, 3), "small/1")
    assert invoice.buyer is not None
    assert invoice.buyer.name == "Buyer & Sons"
    assert [line.identifier for line in invoice.lines] == ["1", "2"]
    assert [line.invoiced_quantity for line in invoice.lines] == [Decimal(2), Decimal(100)]
    assert [line.vat_information and line.vat_information.rate for line in invoice.lines] == [Decimal(19), Decimal(7)]
    assert invoice.totals is None
    assert invoice.vat_breakdown == ()
    assert imported.expected == DocumentTotals()


def test_an_exemption_reason_waits_in_the_vat_breakdown_for_its_amounts() -> None:
    (imported,) = small(row(Tax="X", Rate="0"), ROW.replace("A1", ""))
    (entry,) = imported.invoice.vat_breakdown
    assert (entry.category_code, entry.rate, entry.exemption_reason_text) == ("E", Decimal(0), "Exempt")
    assert (entry.taxable_amount, entry.tax_amount) == (None, None)
    assert imported.provenance["vat_breakdown[0].exemption_reason_text"].key == "vat[1]"


def test_an_empty_optional_cell_leaves_the_term_out() -> None:
    mapping = changed(("buyer.name =", 'BT-10 = "Ref"\nBT-25 = "Prec"\nbuyer.name ='))
    (imported,) = small(f"{ROW};;", header=f"{HEADER};Ref;Prec", mapping=mapping)
    assert imported.invoice.buyer_reference is None
    assert imported.invoice.preceding_invoice_references == ()


def test_a_constant_stays_out_where_its_group_says_nothing() -> None:
    mapping = changed(("buyer.name =", 'BT-49 = { from = "Mail", scheme = "EM" }\nbuyer.name ='))
    empty, full = small(f"{ROW};", f"{row(No='A2')};a@b", header=f"{HEADER};Mail", mapping=mapping)
    assert empty.invoice.buyer is not None
    assert empty.invoice.buyer.electronic_address is None
    assert full.invoice.buyer is not None
    assert str(full.invoice.buyer.electronic_address) == "EM:a@b"


def test_columns_are_joined_or_the_first_that_speaks_counts() -> None:
    mapping = changed(
        ("buyer.name =", 'BT-50 = { from = ["Street", "House"] }\nBT-10 = { any = ["Ref", "House"] }\nbuyer.name =')
    )
    one, two = small(
        f"{ROW};Main Street;7;", f"{row(No='A2')};Side Street;;R2", header=f"{HEADER};Street;House;Ref", mapping=mapping
    )
    assert one.invoice.buyer is not None
    assert one.invoice.buyer.postal_address is not None
    assert one.invoice.buyer.postal_address.address_line_1 == "Main Street 7"
    assert one.provenance["buyer.postal_address.address_line_1"].header == "Street + House"
    assert two.invoice.buyer is not None
    assert two.invoice.buyer.postal_address is not None
    assert two.invoice.buyer.postal_address.address_line_1 == "Side Street"
    assert (one.invoice.buyer_reference, two.invoice.buyer_reference) == ("7", "R2")


def test_declared_texts_mean_an_empty_cell_and_others_are_taken_out() -> None:
    mapping = changed(
        ('decimal = ","', 'decimal = ","\nempty = ["-", "NULL"]'),
        (
            "buyer.name =",
            'BT-10 = { from = "Ref", empty = "0" }\nBT-113 = { from = "Paid", remove = "EUR" }\nbuyer.name =',
        ),
    )
    header = f"{HEADER};Ref;Paid"
    for cell in ("-", "NULL", "0", " "):
        (imported,) = small(f"{ROW};{cell};5,00 EUR", header=header, mapping=mapping)
        assert imported.invoice.buyer_reference is None
        assert imported.invoice.totals is not None
        assert imported.invoice.totals.paid_amount == Decimal("5.00")


def test_credit_notes_of_an_export_that_writes_them_negative_are_turned() -> None:
    mapping = changed(
        ('decimal = ","', 'decimal = ","\ncredit_notes = "negative"'),
        ('type_code = { constant = "380" }', 'type_code = "Type"'),
        ('[[vat]]\nwhen = { code = "N" }', '[expect]\nBT-109 = "Net"\n\n[[vat]]\nwhen = { code = "N" }'),
    )
    header = f"{HEADER};Type;Net"
    note, invoice = small(
        f"{row(Qty='-2')};381;-21,00", f"{row(No='A2', Qty='-2')};380;-21,00", header=header, mapping=mapping
    )
    assert note.invoice.lines[0].invoiced_quantity == Decimal(2)
    assert note.invoice.lines[0].price_details is not None
    assert note.invoice.lines[0].price_details.item_net_price == Decimal("10.50")
    assert note.expected.invoice_total_amount_without_vat == Decimal("21.00")
    assert invoice.invoice.lines[0].invoiced_quantity == Decimal(-2)
    assert invoice.expected.invoice_total_amount_without_vat == Decimal("-21.00")


def test_prices_that_include_vat_are_handed_on_as_such() -> None:
    (imported,) = small(mapping=changed(('decimal = ","', 'decimal = ","\nprices = "gross"')))
    assert imported.prices_include_vat


# ------------------------------------------------------------------------------------------------- faults


NOT_A_NUMBER = "is not a number written with ',' before the fraction, without thousands signs"
NO_ROW = "rate 19, seller country DE, buyer country FR); add one to mapping.toml"


@pytest.mark.parametrize(
    ("cells", "place", "message", "code"),
    [
        (
            {"Country": ""},
            "'Country' (BT-55)",
            "Buyer country code must not be missing, but the cell is empty",
            "MISSING",
        ),
        ({"Price": ""}, "'Price' (BT-146)", "Item net price must not be missing, but the cell is empty", "MISSING"),
        ({"Qty": "x"}, "'Qty' (BT-129)", f"'x' {NOT_A_NUMBER}", "NUMBER"),
        ({"Rate": "n/a"}, "'Rate' (BT-152)", f"'n/a' {NOT_A_NUMBER}", "NUMBER"),
        ({"Date": "2026-01-05"}, "'Date' (BT-2)", "'2026-01-05' is not a date written as dd.mm.yyyy", "DATE"),
        ({"Tax": "Q"}, "'Tax + Rate' (BT-151)", f"no row of [[vat]] applies (code Q, {NO_ROW}", "VAT"),
        ({"Tax": "X"}, "'Tax + Rate' (BT-151)", f"no row of [[vat]] applies (code X, {NO_ROW}", "VAT"),
        ({"Item": "a\x08b"}, "'Item' (BT-153)", r"an invoice cannot hold the character '\x08' in 'a\x08b'", "TEXT"),
    ],
)
def test_a_fault_names_row_column_and_term(cells: dict[str, str], place: str, message: str, code: str) -> None:
    (imported,) = small(row(**cells))
    assert said(imported) == [f"row 2, column {place}: {message}"]
    assert imported.faults[0].code == code


def test_faults_are_collected_over_the_whole_file() -> None:
    first, second = small(
        row(Country="", Qty="x"), ";;;;Nail;;0,05;N;7", row(No="A2", Date="soon", Item=""), ";;;;;1;1;N;19"
    )
    assert [(fault.origin.row, fault.term, fault.code) for fault in (*first.faults, *second.faults)] == [
        (2, "BT-55", "MISSING"),
        (2, "BT-129", "NUMBER"),
        (3, "BT-129", "MISSING"),
        (4, "BT-2", "DATE"),
        (4, "BT-153", "MISSING"),
        (5, "BT-153", "MISSING"),
    ]


def test_a_row_after_a_cell_of_several_lines_is_named_twice() -> None:
    (imported,) = small('A1;05.01.2026;"Buyer\n& Sons";FR;Hammer;2;10,50;N;19', ";;;;Nail;;0,05;N;7")
    assert said(imported)[0].startswith("row 3 (line 4), column 'Qty' (BT-129)")


def test_rows_that_contradict_each_other_are_both_named() -> None:
    (imported,) = small(ROW, row(Country="AT", Item="Nail"), row(Country="DE", Item="Nut"))
    assert said(imported) == ["row 3, column 'Country' (BT-55): 'AT' contradicts 'FR' in row 2 of the same invoice"]
    assert imported.faults[0].code == "CONTRADICTION"


def test_a_header_cell_may_be_filled_on_a_later_row() -> None:
    (imported,) = small(row(Customer=""), row(Customer="Buyer", Country=""))
    assert not imported.faults
    assert imported.invoice.buyer is not None
    assert imported.invoice.buyer.name == "Buyer"
    assert imported.provenance["buyer.name"].row == 3
    assert imported.provenance["buyer.postal_address.country_code"].row == 2


def test_a_number_that_comes_again_is_a_fault_of_both() -> None:
    first, other, again = small(ROW, row(No="A2"), ROW)
    assert not other.faults
    for imported in (first, again):
        assert [(fault.code, fault.term) for fault in imported.faults] == [("DUPLICATE", "BT-1")]
        assert "(rows 2, 4)" in said(imported)[0]


def test_rows_of_one_invoice_may_be_declared_to_stand_apart() -> None:
    mapping = changed(('decimal = ","', 'decimal = ","\nscattered = true'))
    first, other = small(ROW, row(No="A2"), row(Item="Nut"), mapping=mapping)
    assert [line.item_information and line.item_information.name for line in first.invoice.lines] == ["Hammer", "Nut"]
    assert not first.faults + other.faults


def test_rows_may_be_grouped_by_another_column_than_the_number() -> None:
    mapping = changed(('decimal = ","', 'decimal = ","\ngroup_by = "Key"'))
    header = f"{HEADER};Key"
    one, two = small(f"{ROW};1", f"{ROW};1", f"{row(No='A2')};2", header=header, mapping=mapping)
    assert (len(one.invoice.lines), one.number, two.invoice.number) == (2, "1", "A2")


def test_a_number_made_of_two_columns_needs_a_column_to_group_by() -> None:
    mapping = changed(('number = "No"', 'number = { from = ["No", "Date"] }'))
    with pytest.raises(MappingError, match="group_by"):
        small(mapping=mapping)


def test_a_first_row_without_a_number_is_an_invoice_without_one() -> None:
    (imported,) = small(row(No=""))
    assert said(imported) == ["row 2, column 'No' (BT-1): Invoice number must not be missing, but the cell is empty"]


def test_a_value_without_a_lookup_is_named_with_what_there_is() -> None:
    mapping = changed(
        ('country_code = "Country"', 'country_code = { from = "Country", lookup = "land" }'),
        ('[[vat]]\nwhen = { code = "N" }', '[lookups.land]\nFrance = "FR"\n\n[[vat]]\nwhen = { code = "N" }'),
    )
    (near,) = small(row(Country="Frankreich"), mapping=mapping)
    assert "'Frankreich' is not in [lookups.land] of mapping.toml; did you mean 'France'?" in said(near)[0]
    (far,) = small(row(Country="Österreich"), mapping=mapping)
    assert "is not in [lookups.land] of mapping.toml; it has France" in said(far)[0]
    assert far.faults[0].code == "LOOKUP"


def test_one_category_cannot_have_two_reasons() -> None:
    other = '[[vat]]\nwhen = { code = "Y" }\ncategory = "E"\nexemption_reason_text = "Also exempt"\n'
    (imported,) = small(row(Tax="X", Rate="0"), row(Tax="Y", Rate="0"), mapping=f"{MAPPING}\n{other}")
    reason = "category E has another exemption reason here than in row 2; an invoice can state one per category"
    assert said(imported) == [f"row 3, column 'Tax + Rate' (BT-151): {reason}"]


def test_a_group_that_is_there_must_be_complete() -> None:
    mapping = changed(("buyer.name =", 'document_level_allowances = [{ reason = "Why" }]\nbuyer.name ='))
    (imported,) = small(f"{ROW};loyalty", header=f"{HEADER};Why", mapping=mapping)
    reason = "must not be missing, but the mapping does not say it"
    assert said(imported) == [
        f"row 2 (BT-92): Document level allowance amount {reason}",
        f"row 2 (BT-95): Document level allowance VAT category code {reason}",
    ]


# ------------------------------------------------------------------------------- the export and its mapping


def test_missing_columns_are_all_named_with_what_was_meant() -> None:
    with pytest.raises(MappingError) as caught:
        small(header=HEADER.replace("Qty", "Quantity").replace("Customer", "Customers"))
    assert caught.value.code == "CSV_COLUMNS"
    assert "no column 'Customer' (key 'invoice.buyer.name'); did you mean 'Customers'?" in caught.value.message
    assert "no column 'Qty' (key 'lines.invoiced_quantity')" in caught.value.message


def test_of_many_missing_columns_the_first_are_named() -> None:
    names = f"buyer.name = {{ from = {[f'C{number}' for number in range(40)]} }}"
    with pytest.raises(MappingError) as caught:
        small("1;2", header="Other;More", mapping=changed(("buyer.name =", f"{names} #")))
    assert caught.value.message.count("no column") == 20
    assert "; nor 2" in caught.value.message
    assert caught.value.message.endswith("it has the columns 'Other', 'More'")


def test_a_table_of_other_columns_is_told_which_are_known_and_what_to_do() -> None:
    with pytest.raises(MappingError) as caught:
        import_file(b"Foo;Bar\n1;2\n", load_named("csv"))
    assert caught.value.message == (
        "the export has none of the columns that the mapping knows, such as 'invoice_number', 'invoice_date',"
        " 'due_date', 'document_type', 'currency', 'buyer_reference', 'order_number', 'contract_number',"
        " 'project_number', 'payment_terms' and 29 more; it has the columns 'Foo', 'Bar'; call its columns so, or write"
        " a mapping of your own, for which einvoice map init makes a proposal"
    )


def test_a_column_that_stands_twice_is_refused_if_it_is_used() -> None:
    with pytest.raises(MappingError, match="columns 7 and 10 are both called 'Price'"):
        small(f"{ROW};1", header=f"{HEADER};Price")
    (imported,) = small(f"{ROW};1;1", header=f"{HEADER};More;More")
    assert not imported.faults


def test_mandatory_terms_that_nobody_says_are_all_named() -> None:
    with pytest.raises(MappingError) as caught:
        small(mapping=changed(('issue_date = "Date"\n', ""), ('item_information.name = "Item"\n', "")))
    assert "nothing says BT-2 Invoice issue date, BT-153 Item name: map a column" in caught.value.message
    assert caught.value.source == "mapping.toml"


def test_an_export_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(export(*ROWS))
    mapping, seller = load_mapping(MAPPING.encode()), load_seller(SELLER.encode())
    with pytest.raises(MappingError, match="more than 50 bytes") as caught:
        import_file(path, mapping, seller, max_bytes=50)
    assert caught.value.source == str(path)
    (imported,) = import_file(path, mapping, seller)
    assert imported.provenance["number"].file == str(path)


def test_the_whole_file_is_judged_before_the_first_invoice() -> None:
    mapping, seller = load_mapping(MAPPING.encode()), load_seller(SELLER.encode())
    with pytest.raises(MappingError, match="row 2000 has 1 cells"):
        import_file(export(*[ROW] * 1998, "short"), mapping, seller)


def test_progress_is_told_and_comes_to_an_end() -> None:
    told: list[tuple[int, int]] = []
    data = export(*(row(No=f"A{number}") for number in range(1000)))
    mapping, seller = load_mapping(MAPPING.encode()), load_seller(SELLER.encode())
    assert sum(1 for _ in import_file(data, mapping, seller, progress=lambda *done: told.append(done))) == 1000
    assert told[-1] == (1000, 1000)
    assert 3 <= len(told) < 10
    assert told == sorted(told)


def test_a_long_invoice_takes_steps_in_proportion() -> None:
    mapping, seller = load_mapping(MAPPING.encode()), load_seller(SELLER.encode())

    def importing(rows: int) -> Callable[[], None]:
        data = export(*[ROW] * rows)

        def work() -> None:
            (imported,) = import_file(data, mapping, seller)
            assert len(imported.invoice.lines) == rows

        return work

    assert growth(importing, 400) < LINEAR


def test_totals_of_the_export_are_compared_and_never_taken() -> None:
    mapping = changed(
        ('[[vat]]\nwhen = { code = "N" }', '[expect]\nBT-112 = "Total"\n\n[[vat]]\nwhen = { code = "N" }')
    )
    (imported,) = small(f"{ROW};24,99", header=f"{HEADER};Total", mapping=mapping)
    assert imported.invoice.totals is None
    from msgspec.structs import replace

    good = DocumentTotals(invoice_total_amount_with_vat=Decimal("24.990"))
    assert imported.differences(replace(imported.invoice, totals=good)) == ()
    bad = DocumentTotals(invoice_total_amount_with_vat=Decimal("24.98"))
    (fault,) = imported.differences(replace(imported.invoice, totals=bad))
    assert str(fault) == "row 2, column 'Total' (BT-112): the export states 24.99, computed is 24.98"
    (fault,) = imported.differences(imported.invoice)
    assert str(fault).endswith("the export states 24.99, computed is nothing")
