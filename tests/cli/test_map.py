# SPDX-License-Identifier: Apache-2.0
"""``einvoice map`` and ``einvoice convert --map``, as a user drives them."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from einvoice.cli import main
from einvoice.importers.presets import preset_names
from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ERP = ROOT / "fixtures" / "erp"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize(
    ("case", "terms"),
    [
        ("csv-repeated/export.csv", {"number": "Rechnungsnummer", "issue_date": "Rechnungsdatum"}),
        ("csv-blank/export.csv", {"number": "Invoice number", "currency_code": "Currency"}),
        ("xlsx-one/export.xlsx", {"number": "Numéro de facture", "payment_due_date": "Échéance"}),
        ("xlsx-two/export.xlsx", {"number": "Factuurnummer", "issue_date": "Factuurdatum"}),
        ("ods/export.ods", {"number": "Número de factura", "payment_due_date": "Vencimiento"}),
        ("xero/export.json", {"number": "InvoiceNumber", "currency_code": "CurrencyCode"}),
    ],
)
def test_a_mapping_is_proposed_from_a_sample_and_can_be_used(case: str, terms: dict[str, str], tmp_path: Path) -> None:
    made = tmp_path / "made.toml"
    result = run("map", "init", ERP / case, "-o", made)
    assert result.exit_code == 0, result.output
    proposed = tomllib.loads(made.read_text(encoding="utf-8"))
    for term, column in terms.items():
        said = proposed["invoice"][term]
        assert (said["from"] if isinstance(said, dict) else said) == column
    assert re.search(r"# [0-9]{2} %: called '", made.read_text(encoding="utf-8"))
    explained = run("map", "explain", made, ERP / case, "--seller", (ERP / case).parent / "seller.toml")
    assert "BT-1     Invoice number" in explained.output


@pytest.mark.parametrize(
    "case", ["odoo", "odoo-csv", "erpnext", "sap-idoc", "sap-s4", "business-central", "xero", "xero-csv", "quickbooks",
             "shopify", "datev"],
)  # fmt: skip
def test_a_source_that_is_known_is_recognised(case: str) -> None:
    (export,) = (ERP / case).glob("export.*")
    assert f"--map {case} " in run("map", "init", export).output.splitlines()[0]


def test_italian_words_are_known_too(tmp_path: Path) -> None:
    sample = tmp_path / "fatture.csv"
    sample.write_text(
        "Numero fattura;Data fattura;Cliente;Partita IVA;Indirizzo;CAP;Comune;Paese;Descrizione;Quantità;U.M.;"
        "Prezzo unitario;Aliquota IVA\n"
        "12;31/01/2026;Rossi Srl;IT01234567890;Via Roma 1;20121;Milano;Italia;Vite;100;pz;0,12;22\n",
        encoding="utf-8",
    )
    result = run("map", "init", sample)
    assert result.exit_code == 0
    made = tomllib.loads(result.output)
    assert made["invoice"]["buyer"]["vat_identifier"]["from"] == "Partita IVA"
    assert made["invoice"]["buyer"]["postal_address"]["post_code"] == "CAP"
    assert made["lines"]["vat"]["rate"] == {"from": "Aliquota IVA", "as": "percent"}
    assert made["source"]["decimal"] == ","
    assert made["source"]["dates"] == "dd/mm/yyyy"


def test_a_proposal_does_not_overwrite_a_file(tmp_path: Path) -> None:
    made = tmp_path / "made.toml"
    made.write_text("mine", encoding="utf-8")
    result = run("map", "init", ERP / "xero" / "export.json", "-o", made)
    assert result.exit_code != 0
    assert made.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", sorted(set(preset_names()) - {"datev-extf", "sage"}))
def test_every_preset_can_be_explained(name: str) -> None:
    result = run("map", "explain", name)
    assert result.exit_code == 0, result.output
    assert "EN 16931 lacks:" in result.output
    assert "BT-1     Invoice number" in result.output


def test_what_a_specification_still_lacks_is_named() -> None:
    case = ERP / "xero"
    result = run("map", "explain", case / "mapping.toml", case / "export.json", "--seller", case / "seller.toml")
    assert result.exit_code == 0
    assert "EN 16931: every term it must have is said" in result.output
    lacks = result.output.split("XRechnung lacks:")[1].split("Factur-X")[0]
    assert "BT-49 Buyer electronic address" in lacks
    assert "BT-10" not in lacks
    assert re.search(r"BT-44 +Buyer name +<- Contact.Name  \[2 of 2: Tischlerei Brandt\]", result.output)


def test_columns_that_are_not_read_are_named(tmp_path: Path) -> None:
    sample = tmp_path / "export.csv"
    text = (ERP / "csv-blank" / "export.csv").read_text(encoding="utf-8")
    sample.write_text(
        "\n".join(f"{line},7" for line in text.splitlines()).replace("gross,7", "gross,Warehouse"), "utf-8"
    )
    result = run("map", "explain", "csv", sample, "--seller", ERP / "csv-blank" / "seller.toml")
    assert result.exit_code == 0, result.output
    assert "Not read: Warehouse" in result.output


def test_a_sample_that_lacks_something_is_status_one() -> None:
    result = run("map", "explain", "xero", ERP / "xero" / "export.json", "--seller", ERP / "xero" / "seller.toml")
    assert result.exit_code == 1
    assert "no row of [[vat]] applies (code OUTPUT" in result.output


def test_golden_cases_run_and_a_difference_is_status_one(tmp_path: Path) -> None:
    shutil.copytree(ERP / "csv-rows", tmp_path / "case")
    assert run("map", "test", tmp_path).exit_code == 0
    export = tmp_path / "case" / "export.csv"
    export.write_text(export.read_text(encoding="utf-8").replace("Brouwer", "Brauer"), encoding="utf-8")
    result = run("map", "test", tmp_path)
    assert result.exit_code == 1
    assert "D-1.ubl.xml is another" in result.output
    assert run("map", "test", tmp_path, "--update").exit_code == 0
    assert run("map", "test", tmp_path).exit_code == 0


def test_a_preset_is_named_by_its_id_and_findings_point_at_the_source(tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    text = (ERP / "xero" / "export.json").read_text(encoding="utf-8")
    export.write_text(text.replace('"CurrencyCode": "EUR"', '"CurrencyCode": "EUX"', 1), encoding="utf-8")
    report = tmp_path / "report.jsonl"
    mapping, seller = ERP / "xero" / "mapping.toml", ERP / "xero" / "seller.toml"
    words = ("--map", mapping, "--seller", seller, "--to", "ubl", "-o", f"{tmp_path}/out/", "--report", report)
    result = run("convert", export, *words)
    assert result.exit_code == 1
    assert "/Invoices/0/CurrencyCode: BR-CL-04" in result.output
    first, second = map(json.loads, report.read_text(encoding="utf-8").splitlines())
    assert first["output"] is None
    refusal = next(one for one in first["refusals"] if one["rule"] == "BR-CL-04")
    assert (refusal["path"], refusal["term"], refusal["found"]) == ("/Invoices/0/CurrencyCode", "BT-5", "EUX")
    assert second["output"].endswith("INV-3302.ubl.xml")


def test_a_preset_that_does_not_exist_is_answered_with_those_that_do(tmp_path: Path) -> None:
    result = run("convert", ERP / "xero" / "export.json", "--map", "xerro", "--to", "ubl", "-o", f"{tmp_path}/out/")
    assert result.exit_code == 3
    assert "did you mean 'xero'" in result.output


def test_a_source_that_cannot_carry_an_invoice_says_so_in_one_sentence(tmp_path: Path) -> None:
    for name, words in (("datev-extf", "a batch of bookings"), ("sage", "a list of postings")):
        result = run("convert", ERP / "csv-rows" / "export.csv", "--map", name, "--to", "ubl", "-o", f"{tmp_path}/out/")
        assert result.exit_code == 3
        assert words in result.output
    assert not (tmp_path / "out").exists()
