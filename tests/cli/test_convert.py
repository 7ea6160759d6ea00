# SPDX-License-Identifier: Apache-2.0
"""``einvoice convert``: what scripts rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from einvoice.bind import open_document, write
from einvoice.cli import main
from einvoice.model import CreditTransfer, PaymentInstructions, PaymentMeans
from einvoice.service import packs
from tests.architecture.house import ROOT
from tests.service.sample import as_file, broken, invoice

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.model import Invoice

STORY = ROOT / "fixtures" / "erp-csv"


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["convert", *map(str, arguments)], input=stdin)


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A sound invoice in UBL, in a folder of its own."""
    return as_file(tmp_path, "in/a.xml", invoice())


def test_a_document_is_converted_and_the_file_is_named(tmp_path: Path, source: str) -> None:
    result = run(source, "--to", "cii", "-o", f"{tmp_path}/out/")
    assert result.exit_code == 0
    assert result.output == f"{source} -> {tmp_path}/out/a.cii.xml (nothing lost)\n"
    assert open_document((tmp_path / "out/a.cii.xml").read_bytes()).reading().invoice == invoice()


def test_the_report_has_one_line_a_document_in_input_order(tmp_path: Path, source: str) -> None:
    missing = str(tmp_path / "missing.xml")
    result = run(missing, source, "--to", "ubl", "-o", f"{tmp_path}/out/", "--report", tmp_path / "report.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert [line["source"] for line in lines] == [missing, source]
    fields = {"source", "output", "losses", "computed", "findings", "notes", "error"}
    assert [set(line) for line in lines] == [fields] * 2
    assert lines[0]["output"] is None
    assert lines[1]["output"] == f"{tmp_path}/out/a.ubl.xml"
    assert result.exit_code == 3
    assert result.stderr == f"einvoice: {missing}: cannot be read: No such file or directory\n"


def test_losses_are_printed_and_reported(tmp_path: Path) -> None:
    data = write(invoice(), "ubl").replace(b"</cbc:ID>", b"</cbc:ID><cbc:LineCountNumeric>7</cbc:LineCountNumeric>", 1)
    (tmp_path / "a.xml").write_bytes(data)
    result = run(tmp_path / "a.xml", "--to", "json", "-o", f"{tmp_path}/out/", "--report", tmp_path / "r.jsonl")
    assert "(1 lost)" in result.output
    assert "lost      '7', has no term: /Invoice/cbc:LineCountNumeric" in result.output
    (loss,) = json.loads((tmp_path / "r.jsonl").read_text())["losses"]
    assert loss == {"path": "/Invoice/cbc:LineCountNumeric", "value": "7", "reason": "unbound", "terms": []}


def test_lossless_writes_nothing_where_something_would_be_lost(tmp_path: Path) -> None:
    data = write(invoice(), "ubl").replace(b"</cbc:ID>", b"</cbc:ID><cbc:LineCountNumeric>7</cbc:LineCountNumeric>", 1)
    (tmp_path / "a.xml").write_bytes(data)
    result = run(tmp_path / "a.xml", "--to", "cii", "-o", f"{tmp_path}/out/", "--lossless")
    assert result.exit_code == 1
    assert "/Invoice/cbc:LineCountNumeric = '7'" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_that_exists_is_overwritten_only_with_force(tmp_path: Path, source: str) -> None:
    (tmp_path / "b.xml").write_text("old")
    refused = run(source, "--to", "cii", "-o", tmp_path / "b.xml")
    assert refused.exit_code == 2
    assert refused.stderr == f"einvoice: {tmp_path}/b.xml: exists already; use --force to overwrite it\n"
    assert (tmp_path / "b.xml").read_text() == "old"
    assert run(source, "--to", "cii", "-o", tmp_path / "b.xml", "--force").exit_code == 0
    assert (tmp_path / "b.xml").read_text() != "old"


def test_a_report_that_exists_is_overwritten_only_with_force(tmp_path: Path, source: str) -> None:
    (tmp_path / "r.jsonl").write_text("old")
    options = (source, "--to", "cii", "-o", tmp_path / "b.xml", "--report", tmp_path / "r.jsonl")
    assert run(*options).exit_code == 2
    assert not (tmp_path / "b.xml").exists()
    assert run(*options, "--force").exit_code == 0
    assert (tmp_path / "r.jsonl").read_text().startswith("{")


def test_standard_input_goes_to_standard_output(source: str) -> None:
    data = write(invoice(), "ubl")
    result = run("-", "--to", "cii", stdin=data)
    assert result.exit_code == 0
    assert open_document(result.stdout_bytes).reading().invoice == invoice()
    assert run(source, "--to", "cii", "-o", "-").stdout_bytes == result.stdout_bytes


def test_standard_output_takes_one_document(source: str) -> None:
    result = run(source, source, "--to", "cii", "-o", "-")
    assert result.exit_code == 2
    assert "standard output takes one document" in result.stderr


def test_standard_input_can_go_to_a_folder(tmp_path: Path) -> None:
    result = run("-", "--to", "cii", "-o", f"{tmp_path}/", stdin=write(invoice(), "ubl"))
    assert result.exit_code == 0
    assert (tmp_path / "stdin.cii.xml").exists()


def test_sources_can_stand_in_a_list_and_in_folders(tmp_path: Path, source: str) -> None:
    as_file(tmp_path, "in/b.xml", invoice(number="B"))
    (tmp_path / "list.txt").write_text(f"{source}\n")
    result = run(tmp_path / "in", "--files-from", tmp_path / "list.txt", "--to", "json", "-o", tmp_path / "out")
    assert result.exit_code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["a-2.json", "a.json", "b.json"]


def test_a_profile_is_claimed_and_checked(tmp_path: Path, source: str) -> None:
    result = run(source, "--to", "ubl", "--profile", "xrechnung", "-o", tmp_path / "x.xml")
    assert result.exit_code == 0
    assert "changed   BT-24: urn:cen.eu:en16931:2017 -> urn:cen.eu:en16931:2017#compliant#" in result.output
    assert "not part of this version" not in result.output
    wrong = as_file(tmp_path, "wrong.xml", broken())
    result = run(wrong, "--to", "ubl", "--profile", "xrechnung", "-o", tmp_path / "y.xml")
    assert result.exit_code == 1
    assert "BR-CO-15" in result.stderr
    assert not (tmp_path / "y.xml").exists()


def test_a_profile_that_nobody_can_judge_is_undetermined(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "pack_ids", lambda: ("en16931",))
    result = run(source, "--to", "cii", "--profile", "facturx-extended", "-o", tmp_path / "x.xml")
    assert result.exit_code == 4
    assert not (tmp_path / "x.xml").exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "name at least one source"),
        (["a.xml"], "Missing option '--to'"),
        (["a.xml", "--to", "docx"], "'docx' is not one of"),
        (["a.xml", "--to", "ubl", "--profile", "none"], "there is no profile 'none'"),
        (["a.xml", "--to", "ubl", "--seller", "s.toml"], "--seller belongs to an ERP export"),
    ],
)
def test_wrong_usage_is_told_from_a_wrong_invoice(arguments: list[str], why: str) -> None:
    options = arguments if "--to" in arguments or "a.xml" in arguments else [*arguments, "--to", "ubl"]
    result = run(*options)
    assert result.exit_code == 2
    assert why in result.stderr
    assert "Traceback" not in result.stderr


def test_an_erp_export_becomes_invoices(tmp_path: Path) -> None:
    options = ("--map", STORY / "mapping.toml", "--seller", STORY / "seller.toml", "-o", f"{tmp_path}/out/")
    result = run(STORY / "export.csv", "--to", "ubl", *options)
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"{name}.ubl.xml" for name in ("GS-2026-0007", "RE-2026-0101", "RE-2026-0102", "RE-2026-0103")]
    validated = CliRunner().invoke(main, ["validate", str(tmp_path / "out")])
    assert validated.exit_code == 0, validated.output
    assert validated.output.endswith("4 documents: 4 valid\n")


def test_each_figure_can_be_explained(tmp_path: Path) -> None:
    options = ("--map", STORY / "mapping.toml", "--seller", STORY / "seller.toml", "-o", f"{tmp_path}/out/")
    result = run(STORY / "export.csv", "--to", "ubl", "-v", *options)
    assert "    computed  BT-112 = BT-109 + BT-110 = 764.45 + 136.26 = 900.71\n" in result.output


def test_a_mapping_that_cannot_be_used_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("= nonsense")
    result = run(STORY / "export.csv", "--to", "ubl", "--map", tmp_path / "m.toml")
    assert result.exit_code == 3
    assert str(tmp_path / "m.toml") in result.stderr


def test_hostile_text_does_not_reach_the_terminal(tmp_path: Path) -> None:
    hostile = "</cbc:ID><cbc:LineCountNumeric>\u202e\x9b</cbc:LineCountNumeric>"
    data = write(invoice(), "ubl").replace(b"</cbc:ID>", hostile.encode(), 1)
    (tmp_path / "a.xml").write_bytes(data)
    result = run(tmp_path / "a.xml", "--to", "json", "-o", "-", "--report", tmp_path / "r.jsonl")
    assert "\\u202e\\x9b" in result.stderr
    assert "\u202e" not in result.stderr
    report = (tmp_path / "r.jsonl").read_bytes()
    assert report.isascii()
    assert json.loads(report)["losses"][0]["value"] == "\u202e\x9b"


WRONG_IBAN = "DE02120300000000202052"


def with_wrong_iban() -> Invoice:
    """An invoice whose account has wrong check digits."""
    transfer = CreditTransfer(payment_account_identifier=WRONG_IBAN)
    return invoice(
        payment_instructions=PaymentInstructions(means=(PaymentMeans(type_code="58", credit_transfers=(transfer,)),))
    )


def test_what_judging_says_of_a_written_invoice_is_told_and_reported(tmp_path: Path) -> None:
    """A wrong account is only a warning of XRechnung, and nobody may send it unseen."""
    source = as_file(tmp_path, "a.xml", with_wrong_iban())
    result = run(source, "--to", "ubl", "--profile", "xrechnung", "-o", f"{tmp_path}/out/", "--report", tmp_path / "r")
    assert result.exit_code == 0
    assert "    warning   BR-DE-19 (BT-84): The account that a SEPA credit transfer (code 58) goes" in result.output
    assert f"is an IBAN. Found '{WRONG_IBAN}'." in result.output
    told = {one["rule"]: one for one in json.loads((tmp_path / "r").read_text())["findings"]}
    assert (told["BR-DE-19"]["severity"], told["BR-DE-19"]["found"]) == ("warning", WRONG_IBAN)
    assert told["BR-DE-19"]["terms"] == ["BT-84"]


def test_a_page_without_a_payment_code_says_why(tmp_path: Path) -> None:
    result = run(as_file(tmp_path, "a.xml", with_wrong_iban()), "--to", "facturx", "-o", f"{tmp_path}/out/")
    assert result.exit_code == 0
    assert f"no payment code: the account {WRONG_IBAN} (BT-84) is no IBAN" in result.output


def test_two_places_with_one_mistake_are_two_reasons(tmp_path: Path) -> None:
    result = run(as_file(tmp_path, "a.xml", invoice()), "--to", "ubl", "--profile", "peppol", "-o", f"{tmp_path}/out/")
    assert result.exit_code == 1
    reasons = [line for line in result.stderr.splitlines() if "PEPPOL-EN16931-CL008" in line]
    assert [line[4:32] for line in reasons] == ["PEPPOL-EN16931-CL008 (BT-34)", "PEPPOL-EN16931-CL008 (BT-49)"]
    assert all(line.endswith("Found 'EM'.") for line in reasons)
    assert result.stdout == "", "what would have changed in a result that there is not"


def test_standard_output_is_refused_to_several_documents_before_anything_is_printed(source: str) -> None:
    result = run(STORY / "export.csv", "--map", STORY / "mapping.toml", "--seller", STORY / "seller.toml",
                 "--to", "ubl", "-o", "-")  # fmt: skip
    assert (result.exit_code, result.stdout) == (2, "")
    assert "standard output takes one document" in result.stderr
    assert run(source, source, "--to", "cii", "-o", "-").stdout == ""


def test_what_is_missing_is_told_with_the_empty_cell_that_should_say_it(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_bytes((STORY / "export.csv").read_bytes().replace(b";EK-2026/118;", b";;", 1))
    result = run(export, "--map", STORY / "mapping.toml", "--seller", STORY / "seller.toml", "--to", "ubl",
                 "--profile", "xrechnung", "-o", f"{tmp_path}/out/", "--report", tmp_path / "r")  # fmt: skip
    assert "row 2, column 'Ihr Zeichen': BR-DE-15 (BT-10)" in result.stderr
    first = json.loads((tmp_path / "r").read_text().splitlines()[0])["refusals"][0]
    assert (first["row"], first["header"], first["found"]) == (2, "Ihr Zeichen", "")
