# SPDX-License-Identifier: Apache-2.0
"""Fetch the publishers' compiled Schematron, and the schemas of answers, that tests compare with.

    python tools/artefacts.py [FOLDER]     fetch into FOLDER (build/peers), and print the variable that names it

They come from Maven Central as the archives of phive-rules, which carry the artefacts of many publishers (each under
its own licence: EUPL, MPL, Apache); Maven has to be there. None of them is committed, unpacked or changed: the engine
reads archives where they lie. The artefacts of Factur-X 1.09.2 are in the validator of Mustang, which `tools/peers.sh`
puts into the same folder, and those of CEN for CII in the wheel that `tools/differential.py --fetch` puts there.
"""

from __future__ import annotations

import argparse
import hashlib
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VARIABLE: Final = "EINVOICE_PUBLISHERS"
GROUPS: Final = {"ph-cii-d22b": "com.helger.cii", "ph-ubl21": "com.helger.ubl"}
"""Where a module is of another group than the rules: the schemas of CDAR and of UBL's ApplicationResponse."""
GROUP: Final = "com.helger.phive.rules"
PLUGIN: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
ARCHIVES: Final = {
    ("ph-cii-d22b", "4.1.1"): "8c7475e9cb099be5a08d8c62fa4b36116cc7079f165711def027ce38e17a23df",
    ("ph-ubl21", "10.1.0"): "aab58f8b1a3d539e24df125e7148c546f85b3bd7778aa2dc11a3027cf8396478",
    ("phive-rules-cius-pt", "4.2.3"): "c1f3c38e8420ad03a975c2ee6b3be3105fe17d48bee21057646f1e5210479810",
    ("phive-rules-cius-ro", "4.2.3"): "5dc6ff95976dda054f9c32fe5ac4ae845ffdbd3203cf3230cae39d4305a872d0",
    ("phive-rules-en16931", "4.3.7"): "842998fe45911442b711300ab251e46489a9a5e2ffc02ddefc4293f8784c2662",
    ("phive-rules-eracun", "4.2.3"): "edaef98b042558c8b555d90d82771006c20af1c334f54c422b91659a40175441",
    ("phive-rules-france", "4.2.3"): "64d982545c3a4babc3bdfeb0f5dcd2230801243410631d7466caf48a0985e25a",
    ("phive-rules-peppol", "4.3.7"): "c82aaeda5ca16166034421393d160ec6cf77460b16e027eecc4bb5fe67a552ce",
    ("phive-rules-simplerinvoicing", "4.2.3"): "c744846f99ca49c7b2889f683e5a464213b7123c2045f0c6ff0e1d03584febbc",
    ("phive-rules-ublbe", "4.2.3"): "9c83ef43f22fbdd4cf2b99d004ff2d133a37f840598e15c0ddf6d6035cae8bcb",
    ("phive-rules-xrechnung", "4.2.3"): "7a7903c18b8c7f4ffef20c45d0deb6b8d79f76ba13aff00b415f4a7e334025bb",
}
"""Module and version -> SHA-256. A newer version is entered when `einvoice crosscheck` was run with it."""

ITEM: Final = """\
<artifactItem><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></artifactItem>"""
PROJECT: Final = """\
<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
<packaging>pom</packaging><build><plugins><plugin><groupId>org.apache.maven.plugins</groupId>
<artifactId>maven-dependency-plugin</artifactId><configuration><artifactItems>
{items}
</artifactItems></configuration></plugin></plugins></build></project>
"""


def fetch(folder: Path) -> None:
    """Fetch what is not there, in one run of Maven, and compare everything with its digest.

    Args:
        folder: where it shall lie.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [key for key in ARCHIVES if not _file(folder, *key).is_file()]
    if missing:
        print(f"fetching {', '.join(name for name, _ in missing)}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as scratch:
            items = "\n".join(
                ITEM.format(group=GROUPS.get(name, GROUP), name=name, version=version) for name, version in missing
            )
            project = Path(scratch) / "pom.xml"
            project.write_text(PROJECT.format(items=items), encoding="utf-8")
            command = ["mvn", "--batch-mode", "--quiet", "--file", str(project), f"{PLUGIN}:copy"]
            subprocess.run([*command, f"-DoutputDirectory={folder}"], check=True, stdout=sys.stderr)
    for key, expected in ARCHIVES.items():
        found = hashlib.sha256(_file(folder, *key).read_bytes()).hexdigest()
        if found != expected:
            sys.exit(f"{_file(folder, *key)} is not the file it was (SHA-256 {found}): delete it")


def _file(folder: Path, name: str, version: str) -> Path:
    return folder / f"{name}-{version}.jar"


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "peers", metavar="FOLDER")
    folder = parser.parse_args().folder.resolve()
    fetch(folder)
    print(f"export {VARIABLE}={shlex.quote(str(folder))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
