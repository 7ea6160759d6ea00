# SPDX-License-Identifier: Apache-2.0
"""The judges of PDF that are not ours, run from where ``tools/peers.sh`` put them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

QUICK: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of java for a program that runs for seconds: thorough compilation would take longer than it saves."""


def _java(variable: str, *arguments: str) -> str:
    """What a Java program prints, with its class path from an environment variable."""
    classes = os.environ.get(variable)
    if not classes:
        pytest.skip(f'the environment variable {variable} is not set; eval "$(tools/peers.sh)" fetches the judge')
    java = shutil.which("java")
    if java is None:
        pytest.skip("there is no java to run the judge with")
    command = [java, *QUICK, "-cp", classes, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.stdout, done.stderr[-2000:]
    return done.stdout


def verapdf(files: Sequence[Path]) -> dict[str, dict[str, list[str]]]:
    """The failed clauses by file name and claim; a claim that holds has none.

    veraPDF judges every file by all that it claims (PDF/A of some level, PDF/UA-1).
    """
    text = _java(
        "EINVOICE_VERAPDF", "org.verapdf.apps.GreenfieldCliWrapper", "--format", "json", "-f", "0", *map(str, files)
    )
    report: dict[str, Any] = json.loads(text)["report"]
    return {
        job["itemDetails"]["name"].rpartition("/")[2]: {
            result["profileName"].partition(" validation")[0]: [
                f"{rule['clause']}-{rule['testNumber']}" for rule in result["details"]["ruleSummaries"]
            ]
            for result in job["validationResult"]
        }
        for job in report["jobs"]
    }


def mustang(files: Sequence[Path]) -> list[str]:
    """The verdicts of Mustang's validator on each file: of the PDF, of the XML, and of both together."""
    text = _java("EINVOICE_MUSTANG", str(ROOT / "tools" / "mustang" / "Validate.java"), *map(str, files))
    reports = text.split("<?xml ")[1:]
    return [" ".join(re.findall(r'<summary status="(\w+)"', report)) for report in reports]
