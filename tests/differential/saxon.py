# SPDX-License-Identifier: Apache-2.0
"""SaxonC in a process of its own: one thread, locked against files and the network, stylesheets compiled once.

SaxonC brings a virtual machine that neither forks nor shares threads well, so the process that tests never loads it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

Fired = dict[str, str]
"""Id of a rule that fired -> its flag, as published."""

_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_LOCKS: Final = {
    "parserFeature?uri=http%3A//apache.org/xml/features/disallow-doctype-decl": "true",
    "allowedProtocols": "none",
    "allow-external-functions": "false",
}
"""Left alone, Saxon reads the files that a document type names, and lets a stylesheet read and write any file."""


def serve(pipe: Connection, stylesheets: Mapping[str, str]) -> None:
    """Judge documents until the other end of the pipe is closed (runs in the process).

    Args:
        pipe: gives the name of a stylesheet and a document as text; is given what fired, or why nothing could be said.
        stylesheets: name -> the text of the compiled Schematron.
    """
    from saxonche import PySaxonProcessor

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # Saxon prints what it also raises
    processor = PySaxonProcessor(license=False)
    for feature, value in _LOCKS.items():
        processor.set_configuration_property(f"http://saxon.sf.net/feature/{feature}", value)
    compiled: dict[str, Any] = {}
    try:
        while True:
            name, document = pipe.recv()
            if name not in compiled:
                compiler = processor.new_xslt30_processor()
                compiled[name] = compiler.compile_stylesheet(stylesheet_text=stylesheets[name])
            pipe.send(_judged(processor, compiled[name], document))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return


def _judged(processor: Any, stylesheet: Any, document: str) -> Fired | str:  # noqa: ANN401 -- SaxonC has no types
    try:
        node = processor.parse_xml(xml_text=document)
        report = stylesheet.transform_to_string(xdm_node=node)
    except Exception as error:  # noqa: BLE001 -- PySaxonApiError and whatever else it comes up with
        return f"{type(error).__name__}: {error}"
    return fired(report)


def fired(report: str) -> Fired:
    """What fired, in a report in SVRL.

    Args:
        report: the report.
    """
    tree = etree.fromstring(report.encode())
    found = (*tree.iter(f"{_SVRL}failed-assert"), *tree.iter(f"{_SVRL}successful-report"))
    return {str(hit.get("id")): hit.get("flag") or hit.get("role") or "fatal" for hit in found}
