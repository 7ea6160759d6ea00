# SPDX-License-Identifier: Apache-2.0
"""The examples that CEN publishes with its EDIFACT binding, and their XML form, which is read for comparison only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from einvoice.bind.edifact.interchange import Interchange, Message
from einvoice.bind.edifact.names import names
from einvoice.bind.edifact.reader import read
from einvoice.bind.edifact.segments import DEFAULT, Segment

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.model import Invoice


def folder() -> Path:
    """The folder of the examples; the test is skipped where there is none."""
    named = os.environ.get("EINVOICE_SAMPLES")
    found = Path(named or "") / "edifact" / "cen_d14b"
    if not named or not found.is_dir():
        pytest.skip("the environment variable EINVOICE_SAMPLES names no folder with edifact/cen_d14b in it")
    return found


def invoice_of_xml(path: Path) -> Invoice:
    """The invoice of a message in the XML form of ISO 20625 (M_INVOIC): its elements put into their places again."""
    root = etree.parse(path).getroot()
    found = tuple(
        _segment(element, number)
        for number, element in enumerate((one for one in root.iter("*") if str(one.tag).startswith("S_")), 2)
    )
    header = Segment("UNB", (), 1, 0, 0)
    message = Message(found, "INVOIC", "D.14B", "")
    return read(message, Interchange((message,), {}, DEFAULT, "utf-8", header, ()))[0]


def _segment(element: _Element, number: int) -> Segment:
    tag = str(element.tag).removeprefix("S_")
    texts = {_name(child): child for child in element}
    elements: list[tuple[str, ...]] = []
    for name, inner in names().get(tag, ()):
        child = texts.get(name)
        if child is None:
            elements.append(("",))
        elif inner:
            parts = {_name(part): part.text or "" for part in child}
            elements.append(tuple(parts.get(one, "") for one in inner))
        else:
            elements.append((child.text or "",))
    return Segment(tag, tuple(elements), number, 0, 0)


def _name(element: _Element) -> str:
    return str(element.tag).partition("_")[2]
