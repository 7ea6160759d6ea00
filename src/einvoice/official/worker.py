# SPDX-License-Identifier: Apache-2.0
"""SaxonC in a process of its own, which can be killed: locked, on one thread, stylesheets compiled once.

The process is started with an empty environment and speaks frames of MessagePack over its standard input and output.
Whatever it is given has been through the safe parser. What stops a stylesheet that means harm:

- SaxonC itself: no document type, no URI of any scheme, no extension function, and with those no
  ``xsl:result-document`` and no environment variable;
- the operating system: no file can be written (``RLIMIT_FSIZE``), memory is bounded (``RLIMIT_DATA``; the virtual
  machine reserves 32 GB of addresses, so ``RLIMIT_AS`` cannot be used), a processor runs for a bounded time;
- whoever started it, at the deadline.
"""

from __future__ import annotations

import os
import re
import struct
import sys
from typing import IO, Any, Final

import msgspec

_FEATURES: Final = "http://saxon.sf.net/feature/"
_LOCKS: Final = {
    "parserFeature?uri=http%3A//apache.org/xml/features/disallow-doctype-decl": "true",
    "allowedProtocols": "none",
    "allow-external-functions": "false",
}
"""Left alone, Saxon reads the files that a document type names, and lets a stylesheet read and write any file."""
_HEAD: Final = struct.Struct(">Q")
_PLACE: Final = re.compile(r" (?:on line \d+ column \d+ )?of file:\S*")
_LONGEST: Final = 400
REPORT_CHARACTERS: Final = 50_000_000
"""The longest report that is passed on."""
_SPARE_SECONDS: Final = 5


class Job(msgspec.Struct, array_like=True):
    """One document for one stylesheet.

    Attributes:
        key: names the stylesheet.
        document: the document, as text.
        seconds: what the processor may spend on it, at most.
        stylesheet: the text of the stylesheet; ``None`` if this process has compiled it.
        parameters: documents that the stylesheet asks for, by the name of its parameter.
    """

    key: str
    document: str
    seconds: int
    stylesheet: str | None = None
    parameters: dict[str, str] = {}


class Done(msgspec.Struct, array_like=True):
    """What came of a job.

    Attributes:
        report: the report in SVRL; ``None`` if there is none.
        error: why there is none.
        compiled: whether the stylesheet is compiled now and need not be sent again.
    """

    report: str | None = None
    error: str = ""
    compiled: bool = False


def send(stream: IO[bytes], message: msgspec.Struct) -> None:
    """Write one frame.

    Args:
        stream: where to.
        message: a job, or what came of one.
    """
    data = msgspec.msgpack.encode(message)
    stream.write(_HEAD.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes], limit: int) -> bytes | None:
    """Read one frame.

    Args:
        stream: where from.
        limit: bytes that are read at most.

    Returns:
        Its content; ``None`` if the other end is gone, or says more than it may.
    """
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    if size > limit:
        return None
    data = stream.read(size)
    return data if len(data) == size else None


class Saxon:
    """SaxonC, locked, with the stylesheets that it has compiled."""

    def __init__(self) -> None:
        from saxonche import PySaxonProcessor  # noqa: PLC0415 - an extra, and only this process may load it

        self._processor: Any = PySaxonProcessor(license=False)
        for feature, value in _LOCKS.items():
            self._processor.set_configuration_property(f"{_FEATURES}{feature}", value)
        self._compiled: dict[str, Any] = {}

    def do(self, job: Job) -> Done:
        """Run a stylesheet on a document.

        Args:
            job: what to run on what.
        """
        try:
            executable = self._executable(job)
            node = self._processor.parse_xml(xml_text=job.document)
            report = executable.transform_to_string(xdm_node=node)
        except Exception as error:  # noqa: BLE001 - PySaxonApiError and whatever else it comes up with
            return Done(error=_sentence(error), compiled=job.key in self._compiled)
        if not report:
            return Done(error="the stylesheet gave no report", compiled=True)
        if len(report) > REPORT_CHARACTERS:
            limit = f"the report is longer than the {REPORT_CHARACTERS:,} characters that are allowed"
            return Done(error=limit, compiled=True)
        return Done(report=str(report), compiled=True)

    def _executable(self, job: Job) -> Any:  # noqa: ANN401 - SaxonC has no types
        if job.stylesheet is not None:
            executable = self._processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=job.stylesheet)
            for name, text in job.parameters.items():
                executable.set_parameter(name, self._processor.parse_xml(xml_text=text))
            self._compiled[job.key] = executable
        return self._compiled[job.key]


def _sentence(error: Exception) -> str:
    """What SaxonC says, without the places in a stylesheet that nobody sees."""
    text = _PLACE.sub("", " ".join(str(error).split()))
    return (text or type(error).__name__)[:_LONGEST]


def _limit(name: str, value: int) -> None:
    """Set a limit of the operating system, where it has that limit."""
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    kind = getattr(resource, name, None)
    if kind is not None:
        _, hard = resource.getrlimit(kind)
        capped = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (capped, hard))


def _used_seconds() -> int:
    times = os.times()
    return int(times.user + times.system) + 1


def main(megabytes: int) -> None:
    """Do jobs until the other end is closed (runs in the process).

    Args:
        megabytes: the memory that may be used.
    """
    source, target = _streams()
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_DATA", megabytes << 20)
    saxon = Saxon()
    decoder = msgspec.msgpack.Decoder(Job)
    while (frame := receive(source, sys.maxsize)) is not None:
        job = decoder.decode(frame)
        _limit("RLIMIT_CPU", _used_seconds() + (job.seconds + _SPARE_SECONDS) * (os.cpu_count() or 1))
        send(target, saxon.do(job))


def _streams() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the other end; what Saxon prints by itself goes nowhere."""
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    return source, target
