# SPDX-License-Identifier: Apache-2.0
"""What kind of XML a file is, by its first bytes."""

from __future__ import annotations

from typing import Final

SNIFFED: Final = 1 << 16
"""How many bytes are worth a look: published examples begin with comments of several kilobytes."""

_PROLOG: Final = ((b"<?", b"?>"), (b"<!--", b"-->"))


def root_name(data: bytes) -> str:
    """Return the local name of the root element of what may be XML, without parsing it.

    Args:
        data: the beginning of the file.

    Returns:
        The name, or nothing if no element begins there.
    """
    if b"\0" in data[:4]:
        data = data.replace(b"\0", b"").lstrip(b"\xff\xfe")  # UTF-16 of a name in ASCII
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    while (end := next((end for start, end in _PROLOG if data.startswith(start)), None)) is not None:
        data = data.partition(end)[2].lstrip()
    if not data.startswith(b"<"):
        return ""
    name = (data[1:].split(None, 1) or [b""])[0].partition(b">")[0].rstrip(b"/")
    return name.rpartition(b":")[2].decode("ascii", "replace")
