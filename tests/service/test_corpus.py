# SPDX-License-Identifier: Apache-2.0
"""Over real and deliberately broken invoices: always an answer, never a defect, and the schema's own verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from einvoice.service.check import Question, answer
from einvoice.service.conversions import Conversions
from einvoice.service.convert import TARGETS, Target, Wish
from einvoice.service.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

EVERY = 11
"""One document of so many is looked at; a prime number, so that no kind of document is left out."""


def sample(corpus: Path, manifest: tuple[dict[str, Any], ...]) -> list[tuple[str, dict[str, Any]]]:
    return [(str(corpus / row["path"]), row) for row in manifest[::EVERY] if not row.get("parse_error")]


def official(row: dict[str, Any]) -> bool | None:
    """Whether UBL 2.1 or CII D22B accepts a document, as recorded in the corpus."""
    accepted = row.get("xsd", {}).get("cii-d22b") if row.get("syntax") == "CII" else row.get("xsd_valid")
    return accepted if isinstance(accepted, bool) else None


@pytest.mark.slow
def test_every_document_gets_an_answer_with_the_verdict_of_its_schema(
    corpus: Path, manifest: tuple[dict[str, Any], ...]
) -> None:
    question = Question(settings=Settings())
    asked = [(path, row) for path, row in sample(corpus, manifest) if str(row.get("syntax")).startswith(("UBL", "CII"))]
    assert asked
    for path, row in asked:
        found = answer(path, question)
        assert found.error is None, found.error
        assert found.schema_valid is official(row) or official(row) is None, path
        if found.verdict == "valid":
            assert all(pack.verdict == "valid" for pack in found.packs), path


@pytest.mark.slow
@pytest.mark.parametrize("target", [target for target in TARGETS if target != "facturx"])
def test_every_document_is_converted_or_refused_with_a_reason(
    corpus: Path, manifest: tuple[dict[str, Any], ...], tmp_path: Path, target: Target
) -> None:
    sources = [path for path, _ in sample(corpus, manifest)]
    outcomes = list(Conversions(sources, Wish(to=target, settings=Settings()), output=str(tmp_path)).run())
    assert [outcome.source for outcome in outcomes] == sources
    for outcome in outcomes:
        error = outcome.attempt.error
        assert (error is None) is (outcome.path is not None), outcome.source
        assert error is None or error.code != "DEFECT", error
