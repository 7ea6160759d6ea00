# SPDX-License-Identifier: Apache-2.0
"""What an artefact says becomes findings; what it cannot say leaves the pack undetermined, never valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from einvoice.errors import InputError
from einvoice.official.judge import judge
from einvoice.official.library import Artefact
from einvoice.official.recognise import Identity
from einvoice.official.stylesheet import Stylesheet
from tests.official.making import NUMBER, document, failed, sheet, xslt

if TYPE_CHECKING:
    from einvoice.official.engine import Engine
    from einvoice.rules.findings import Finding, PackResult

ABORTS = xslt("<xsl:value-of select=\"xs:decimal('')\"/>")


def judged(saxon: Engine, *bodies: bytes, pack: str = "ours") -> tuple[PackResult, tuple[Finding, ...]]:
    sheets = [sheet(body, f"{number}.xslt") for number, body in enumerate(bodies)]
    return judge(Artefact(Identity(pack=pack, version="1.0", syntax=""), sheets), document(), saxon)


def test_a_document_that_breaks_nothing_is_valid(saxon: Engine) -> None:
    result, found = judged(saxon, xslt())
    assert (result.id, result.version, result.engine, result.verdict, result.open, found) == (
        "ours",
        "1.0",
        "official",
        "valid",
        "",
        (),
    )


def test_an_artefact_of_which_no_rule_was_asked_says_nothing_and_never_valid(saxon: Engine) -> None:
    result, found = judged(saxon, xslt(asked=False))
    assert (result.verdict, found) == ("undetermined", ())
    assert result.open.startswith("none of the rules of the official artefact is about anything in this document")
    result, _ = judged(saxon, xslt(asked=False), xslt())
    assert result.verdict == "valid"


def test_an_artefact_that_never_says_what_it_asks_is_believed(saxon: Engine) -> None:
    result, _ = judged(saxon, xslt().replace(b'<svrl:fired-rule context="/"/>', b""))
    assert result.verdict == "valid"


def test_the_files_that_judged_are_in_the_result(saxon: Engine) -> None:
    result, _ = judged(saxon, xslt())
    assert [(used.name, used.sha256) for used in result.artefacts] == [("0.xslt", sheet(xslt()).sha256)]


def test_a_finding_has_rule_severity_text_and_place(saxon: Engine) -> None:
    body = failed("X-1", "[X-1]-The number is odd.", flag="warning", location=NUMBER)
    result, (finding,) = judged(saxon, xslt(body))
    assert (finding.rule, finding.severity, finding.packs) == ("X-1", "warning", ("ours",))
    assert finding.message == "[X-1]-The number is odd."
    assert finding.location == "/Invoice/cbc:ID"
    assert result.verdict == "valid"


def test_a_fatal_finding_makes_it_invalid(saxon: Engine) -> None:
    result, _ = judged(saxon, xslt(failed("X-1")))
    assert result.verdict == "invalid"


def test_the_same_assertion_at_two_places_is_two_findings_and_once_at_one(saxon: Engine) -> None:
    _, found = judged(saxon, xslt(failed("X-1") * 2 + failed("X-1", location=NUMBER)))
    assert [finding.location for finding in found] == ["/Invoice", "/Invoice/cbc:ID"]


def test_an_artefact_that_aborts_says_nothing_and_never_valid(saxon: Engine) -> None:
    result, found = judged(saxon, ABORTS)
    assert (result.verdict, found) == ("undetermined", ())
    assert result.open.startswith("the official artefact gave up on this document: Cannot convert")


def test_what_another_part_found_before_the_abort_stays_found(saxon: Engine) -> None:
    result, found = judged(saxon, xslt(failed("X-1")), ABORTS)
    assert (result.verdict, [finding.rule for finding in found]) == ("invalid", ["X-1"])
    assert result.open
    result, _ = judged(saxon, xslt(failed("X-1", flag="warning")), ABORTS)
    assert result.verdict == "undetermined"


def test_all_parts_of_a_pack_judge(saxon: Engine) -> None:
    _, found = judged(saxon, xslt(failed("X-1")), xslt(failed("X-2")))
    assert [finding.rule for finding in found] == ["X-1", "X-2"]


@pytest.mark.parametrize(
    ("pack", "text", "rule"),
    [
        ("facturx", "Element 'ram:Name' is marked as not used in the given context.", "FX-UNUSED"),
        ("facturx", "[BR-1] too", "FX-UNUSED"),
        ("nlcius", "[BR-NL-1] Something.", "BR-NL-1"),
        ("nlcius", "Something.", "NLCIUS-UNNAMED"),
    ],
)
def test_what_has_no_id_is_given_one(pack: str, text: str, rule: str, saxon: Engine) -> None:
    _, (finding,) = judged(saxon, xslt(failed("", text)), pack=pack)
    assert finding.rule == rule


@pytest.mark.parametrize("body", [b"<html/>", b"", xslt("").replace(b"svrl:schematron-output", b"report")])
def test_what_gives_no_report_cannot_judge(body: bytes, saxon: Engine) -> None:
    result, found = judged(saxon, body)
    assert (result.verdict, found) == ("undetermined", ())
    assert result.open.startswith("the official artefact cannot be used: ")


def test_a_file_that_is_gone_is_told_and_has_no_digest(saxon: Engine) -> None:
    def gone() -> bytes:
        raise InputError("cannot be read: it is gone", source="a.xslt")

    artefact = Artefact(Identity(pack="ours", version="1.0", syntax=""), [Stylesheet("a.xslt", gone, lambda _: None)])
    result, _ = judge(artefact, document(), saxon)
    assert result.open == "the official artefact cannot be used: a.xslt: cannot be read: it is gone"
    assert [used.sha256 for used in result.artefacts] == [""]


def test_cii_is_judged_as_it_is(saxon: Engine) -> None:
    artefact = Artefact(
        Identity(pack="ours", version="1", syntax="cii"), [sheet(xslt('<xsl:value-of select="local-name(*)"/>'))]
    )
    result, _ = judge(artefact, document(syntax="cii"), saxon)
    assert result.verdict == "valid"
