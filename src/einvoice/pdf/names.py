# SPDX-License-Identifier: Apache-2.0
"""The names of attachments: which ones announce an invoice, and what may become of them on a disk.

A name inside a PDF is chosen by whoever wrote the PDF. It is shown as it stands and never used as a path.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WELL_KNOWN: Final = frozenset({"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii.xml"})
"""Names of embedded invoices in lower case: Factur-X and ZUGFeRD from 2.1, ZUGFeRD 1.0 and 2.0, the profile XRECHNUNG,
and the name that some writers give a plain CII."""

ORDERS: Final = frozenset({"order-x.xml"})
"""The name of the order that an Order-X file carries, in lower case."""

_SHOWN: Final = 80
_LONGEST: Final = 120
_RESERVED: Final = re.compile(r"(?i)^(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)(?=\.|$)")
_INVISIBLE: Final = ("C", "Zl", "Zp")  # control and format characters, line and paragraph separators
_ENDS: Final = re.compile(r"^[\s.]+|[\s.]+$")
_UNSAFE: Final = re.compile(r'[<>:"|?*]')


def is_well_known(name: str) -> bool:
    """Say whether an attachment of this name is the invoice of a hybrid PDF; case does not matter."""
    return name.casefold() in WELL_KNOWN


def is_order(name: str) -> bool:
    """Say whether an attachment of this name is the order of an Order-X file; case does not matter."""
    return name.casefold() in ORDERS


def safe_name(name: str) -> str:
    """Return a file name that is harmless in any folder of any system.

    Folders, drives, control and invisible characters (a right-to-left mark can show ``exe.pdf`` for ``fdp.exe``),
    leading dots and the device names of Windows are taken out; the suffix stays.

    Args:
        name: the name as it stands in the PDF.

    Returns:
        At most 120 bytes in UTF-8; ``attachment`` if nothing is left.
    """
    text = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    text = "".join(sign for sign in text if not unicodedata.category(sign).startswith(_INVISIBLE))
    text = _ENDS.sub("", _UNSAFE.sub("_", text))
    text = _ENDS.sub("", _shortened(_RESERVED.sub(r"_\1", text)))
    return text or "attachment"


def shown(name: str) -> str:
    """Return a name for a message: quoted, control characters escaped, long ones cut."""
    return repr(name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…")


def _shortened(name: str) -> str:
    """Cut a name to the longest length; a suffix of usual length stays."""
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _LONGEST // 4:
        stem, dot, suffix = name, "", ""
    while len(f"{stem}{dot}{suffix}".encode()) > _LONGEST:
        stem = stem[:-1]
    return f"{stem.rstrip()}{dot}{suffix}"
