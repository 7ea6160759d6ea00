# SPDX-License-Identifier: Apache-2.0
"""A hybrid PDF is judged as a whole: the file, what it announces, what its pages show, and the invoice inside."""

from __future__ import annotations

import builtins
import io
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from msgspec import structs
from pikepdf import Name, Stream, String

import einvoice
from einvoice.pdf.attach import attach
from einvoice.rules.advice import advice
from einvoice.service.bench import bench
from einvoice.service.check import Answer, Question, answer
from einvoice.service.settings import Settings
from tests.pdf.making import CII, page
from tests.pdf.printouts import changed, reportlab_embedded, reportlab_standard, scan
from tests.service.sample import invoice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)


def hybrid(**options: Any) -> bytes:  # noqa: ANN401 - passed through
    return attach(page(), CII, profile="minimum", modified=NOON, **options)


def asked(folder: Path, data: bytes, *, rules: str = "auto", paged: bool = False) -> Answer:
    (folder / "in.pdf").write_bytes(data)
    question = Question(bench=bench("native", rules), page=paged, settings=Settings())
    return answer(str(folder / "in.pdf"), question)


def rules(found: Answer) -> dict[str, tuple[str, str | None, str | None]]:
    return {one.rule: (one.effective, one.found, one.expected) for one in found.findings if one.rule.startswith("PDF-")}


def packet(old: bytes, new: bytes) -> Callable[[pikepdf.Pdf], object]:
    """A change of the metadata."""

    def change(pdf: pikepdf.Pdf) -> None:
        data = pdf.Root.Metadata.read_bytes()
        assert old in data
        pdf.Root.Metadata = Stream(pdf, data.replace(old, new), Type=Name.Metadata, Subtype=Name.XML)

    return change


def renamed(pdf: pikepdf.Pdf) -> None:
    """Give the invoice a name that nobody looks for."""
    file = pdf.Root.AF[0]
    file.F = file.UF = String("data.xml")
    pdf.Root.Names.EmbeddedFiles = pikepdf.Dictionary(Names=pikepdf.Array([String("data.xml"), file]))


def typed(pdf: pikepdf.Pdf) -> None:
    """Give the invoice another media type."""
    for stream in pdf.Root.AF[0].EF.values():
        stream.Subtype = Name("/application/xml")


def test_a_sound_hybrid_has_no_finding_of_the_container(tmp_path: Path) -> None:
    found = asked(tmp_path, hybrid())
    assert rules(found) == {}
    assert [one.rule for one in found.undetermined if one.rule.startswith("PDF")] == []


@pytest.mark.parametrize(
    ("rule", "change", "told"),
    [
        ("PDF-LEVEL", packet(b"Level>MINIMUM<", b"Level>EXTENDED<"), ("EXTENDED", "MINIMUM")),
        ("PDF-XMP", packet(b"<fx:Version>1.0</fx:Version>", b""), ("without Version", None)),
        ("PDF-XMP-VERSION", packet(b"Version>1.0<", b"Version>9.9<"), ("9.9", "1.0")),
        ("PDF-XMP-TYPE", packet(b"Type>INVOICE<", b"Type>ORDER<"), ("ORDER", "INVOICE")),
        ("PDF-XMP-NAME", packet(b"Name>factur-x.xml<", b"Name>cii.xml<"), ("cii.xml", "factur-x.xml")),
        ("PDF-DATA", lambda pdf: setattr(pdf.Root.AF[0], "AFRelationship", Name.Alternative), ("Alternative", "Data")),
        ("PDF-MIME", typed, ("application/xml", "text/xml")),
        ("PDF-NAME", renamed, ("data.xml", "factur-x.xml")),
    ],
)
def test_what_the_container_says_wrongly_is_told(
    tmp_path: Path, rule: str, change: Callable[[pikepdf.Pdf], object], told: tuple[str, str | None]
) -> None:
    found = rules(asked(tmp_path, changed(hybrid(), change)))
    assert rule in found
    assert found[rule][1:] == told


def test_a_file_that_is_no_pdfa_is_told_with_the_clause(tmp_path: Path) -> None:
    def attached(pdf: pikepdf.Pdf) -> None:
        from tests.pdf.printouts import attached as put

        put(pdf, "factur-x.xml", CII)

    found = asked(tmp_path, changed(reportlab_standard(), attached))
    told = [one for one in found.findings if one.rule == "PDF-A"]
    assert any("6.2.11.4.1" in one.why for one in told)
    assert all((one.packs, one.severity, one.effective) == ((), "fatal", "fatal") for one in told)
    assert found.verdict == "invalid"


def test_where_the_packs_are_named_their_verdict_stands(tmp_path: Path) -> None:
    spoiled = changed(hybrid(), packet(b"Level>MINIMUM<", b"Level>EXTENDED<"))
    named = asked(tmp_path, spoiled, rules="facturx:minimum")
    assert rules(named)["PDF-LEVEL"][0] == "warning"
    assert next(one.severity for one in named.findings if one.rule == "PDF-LEVEL") == "fatal"
    assert named.verdict == asked(tmp_path, CII, rules="facturx:minimum").verdict
    assert asked(tmp_path, spoiled).verdict == "invalid"


def test_what_is_not_understood_leaves_the_verdict_open(tmp_path: Path) -> None:
    def strange(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj["/Strange"] = Name.Key

    found = asked(tmp_path, changed(hybrid(), strange))
    (told,) = [one for one in found.undetermined if one.rule == "PDF-A"]
    assert "Strange" in told.reason
    assert found.verdict in {"undetermined", "invalid"}


def test_the_page_is_compared_where_that_is_asked_for(tmp_path: Path) -> None:
    right = attach(_archived(reportlab_embedded()), CII, profile="minimum", modified=NOON)
    assert rules(asked(tmp_path, right, paged=True)) == {}
    forged = CII.replace(b"120.00", b"121.00").replace(b"R-2026-1", b"R-2026-9")
    found = rules(asked(tmp_path, attach(page(), forged, profile="minimum", modified=NOON), paged=True))
    assert found["PDF-PAGE-TOTAL"][0] == "fatal"
    assert found["PDF-PAGE-NUMBER"] == ("fatal", "nothing like it", "R-2026-9")
    assert "PDF-PAGE-TOTAL" not in rules(asked(tmp_path, hybrid()))


def _archived(data: bytes) -> bytes:
    from einvoice.pdf.repair import repair

    return repair(data).data


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "it", "es"])
def test_pages_of_our_own_pass_and_differ_in_nothing(tmp_path: Path, language: Any) -> None:  # noqa: ANN401 - one of them
    from einvoice.render import render_pdf

    xml = einvoice.write(invoice(), "cii")
    drawn = render_pdf(einvoice.read(xml).invoice, language=language, timestamp=NOON)
    found = asked(tmp_path, attach(drawn, xml, profile="en16931", modified=NOON), paged=True)
    assert rules(found) == {}
    assert [one.reason for one in found.undetermined if one.rule.startswith("PDF-")] == []


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "it", "es"])
def test_pages_of_our_own_that_name_another_day_to_pay_by_are_told(tmp_path: Path, language: Any) -> None:  # noqa: ANN401 - one of them
    from einvoice.render import render_pdf

    stated = structs.replace(invoice(), payment_due_date=date(2026, 6, 30))
    shown = structs.replace(stated, payment_due_date=date(2026, 4, 4))
    drawn = render_pdf(shown, language=language, timestamp=NOON)
    hidden = attach(drawn, einvoice.write(stated, "cii"), profile="en16931", modified=NOON)
    told = {rule: (how, expected) for rule, (how, _, expected) in rules(asked(tmp_path, hidden, paged=True)).items()}
    assert told == {"PDF-PAGE-DUE": ("warning", "2026-06-30")}


def test_a_scan_is_an_open_question(tmp_path: Path) -> None:
    data = attach(_archived(scan()), CII, profile="minimum", modified=NOON)
    (told,) = [one for one in asked(tmp_path, data, paged=True).undetermined if one.rule == "PDF-PAGE"]
    assert "no text" in told.reason


def test_an_invoice_without_a_page_says_so(tmp_path: Path) -> None:
    assert any("there is no page" in note for note in asked(tmp_path, CII, paged=True).notes)


def test_without_the_library_the_invoice_is_judged_and_the_rest_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def blocked(name: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - what import takes and gives
        if name.partition(".")[0] == "pikepdf":
            raise ImportError(name)
        return real(name, *arguments, **options)

    data, before = hybrid(), asked(tmp_path, hybrid())
    for name in [name for name in sys.modules if name.startswith(("pikepdf", "einvoice.pdf.conformity"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", blocked)
    found = asked(tmp_path, data)
    assert any("einvoice[pdf]" in note for note in found.notes)
    assert found.verdict == before.verdict


def test_the_python_face_judges_the_container_too() -> None:
    spoiled = changed(hybrid(), packet(b"Level>MINIMUM<", b"Level>EXTENDED<"))
    assert "PDF-LEVEL" in {one.rule for one in einvoice.validate(io.BytesIO(spoiled)).findings}


def test_what_belongs_to_no_pack_is_not_sent_to_explain(tmp_path: Path) -> None:
    spoiled = changed(hybrid(), packet(b"Level>MINIMUM<", b"Level>EXTENDED<"))
    (found,) = [one for one in asked(tmp_path, spoiled).findings if one.rule == "PDF-LEVEL"]
    assert advice(found) == "message"
