# SPDX-License-Identifier: Apache-2.0
"""EDIFACT: the interchange and its segments (ISO 9735), and INVOIC D.14B as EN 16931 binds it (CEN/TS 16931-3-4).

The tokenizer knows no message; importers of other INVOIC directories (D.96A, D.01B) build on it too.
"""

from __future__ import annotations

from einvoice.bind.edifact.document import EdifactDocument, open_message, open_messages
from einvoice.bind.edifact.interchange import Interchange, Message, open_interchange
from einvoice.bind.edifact.message import Group, Structure, grouped
from einvoice.bind.edifact.names import names
from einvoice.bind.edifact.segments import Segment
from einvoice.bind.edifact.writer import write

__all__ = [
    "EdifactDocument",
    "Group",
    "Interchange",
    "Message",
    "Segment",
    "Structure",
    "grouped",
    "names",
    "open_interchange",
    "open_message",
    "open_messages",
    "write",
]
