# SPDX-License-Identifier: Apache-2.0
"""Pages by a template of the customer's own.

Such a template is a program that we did not write. It runs in a process of its own, which ends after a time, has no
network (and so no packages but those in its folder), and in which Typst opens no file outside the template's folder.
What the invoice says reaches it as data, ``json(bytes(sys.inputs.sheet))``, and never as code.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from einvoice.errors import EinvoiceError, InputError, OutputError
from einvoice.render.typst_process import REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping

DEADLINE: Final = 120
"""Seconds that a page by a template may take: 100 times what 2,000 lines take with ours."""

_PLACE: Final = re.compile(r"┌─ (.+?):(\d+):(\d+)")
_PACKAGE: Final = re.compile(r"package|packages\.typst\.org")
_MOST_FILES: Final = 20_000
_NO_ONE: Final = "http://127.0.0.1:9"  # a proxy that does not exist: Typst asks it before any other host
_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class TypstRefusalError(Exception):
    """What Typst said; never leaves this room.

    Args:
        message: the error.
        diagnostic: the error with its place.
        hints: what to do, as Typst sees it.
    """

    def __init__(self, message: str, diagnostic: str, hints: list[str]) -> None:
        super().__init__(message)
        self.message, self.diagnostic, self.hints = message, diagnostic, hints


def draw_with(template: Path, inputs: Mapping[str, str], timestamp: int, standards: list[str]) -> bytes:
    """Draw a page by a template of the customer's own.

    Args:
        template: the Typst file; its folder is all that it can read, and fonts in it are used.
        inputs: what it finds in ``sys.inputs``.
        timestamp: the moment to state as creation date, in seconds since 1970.
        standards: what the PDF declares itself to be.

    Returns:
        The PDF.

    Raises:
        InputError: there is no such template, or a link leads out of its folder.
        OutputError: it takes too long, or Typst came to no end.
        TypstRefusalError: Typst refuses the template, or the page that it makes.
    """
    path = template.resolve()
    _examine(path, template)
    with tempfile.TemporaryDirectory(prefix="einvoice-") as nowhere:
        order = {
            "template": str(path),
            "root": str(path.parent),
            "fonts": [str(files("einvoice.render") / "fonts"), str(path.parent)],
            "inputs": dict(inputs),
            "standards": standards,
            "timestamp": timestamp,
            "nowhere": nowhere,
        }
        return _answer(_run(order, path.parent, template), template)


def _examine(path: Path, named: Path) -> None:
    if not path.is_file():
        raise InputError("there is no such template; --template takes a Typst file", source=str(named), code="TEMPLATE")
    count = 0
    for folder, below, names in os.walk(path.parent):
        for name in (*below, *names):
            entry = Path(folder, name)
            if entry.is_symlink() and not entry.resolve().is_relative_to(path.parent):
                raise InputError(
                    f"the link {entry.name} leads out of the folder of the template; put a copy there instead",
                    source=str(named),
                    code="TEMPLATE_FOLDER",
                )
        count += len(names)
        if count > _MOST_FILES:
            raise InputError(
                f"its folder holds more than {_MOST_FILES:,} files; give the template a folder of its own",
                source=str(named),
                code="TEMPLATE_FOLDER",
            )


def _run(order: dict[str, Any], folder: Path, named: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if key.upper() != "NO_PROXY"}
    environment |= dict.fromkeys(_PROXIES, _NO_ONE)
    try:
        return subprocess.run(
            [sys.executable, "-I", "-m", "einvoice.render.typst_process"],
            input=json.dumps(order).encode(),
            capture_output=True,
            cwd=folder,
            env=environment,
            timeout=DEADLINE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OutputError(
            f"the template did not come to an end within {DEADLINE} seconds", source=str(named), code="TEMPLATE_TIME"
        ) from None


def _answer(done: subprocess.CompletedProcess[bytes], named: Path) -> bytes:
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSED:
        said = json.loads(done.stdout)
        raise TypstRefusalError(said["message"], said["diagnostic"], said["hints"])
    reason = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2] or f"status {done.returncode}"
    raise OutputError(f"Typst came to no end with the template: {reason[:300]}", source=str(named), code="TEMPLATE")


def blamed(error: TypstRefusalError, template: Path) -> EinvoiceError:
    """What Typst refused, as an error that names the file, the line and the column.

    Args:
        error: what Typst said.
        template: the template as the user named it.
    """
    place = _PLACE.search(error.diagnostic)
    where = str(template.parent / place[1]) if place and place[1] != template.name else str(template)
    hints = "".join(f" ({hint})" for hint in error.hints if "--root" not in hint)  # an option of another program
    message = f"Typst refuses the template: {error.message}{hints}"
    if _PACKAGE.search(error.message):
        message = (
            f"the template asks for a package, and a template has no network: {error.message.partition(' (')[0]};"
            " put the files of the package into the folder of the template and import them from there"
        )
    line, column = (int(place[2]), int(place[3])) if place else (None, None)
    return InputError(message, source=where, line=line, column=column, code="TEMPLATE")
