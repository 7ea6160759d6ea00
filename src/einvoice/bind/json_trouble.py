# SPDX-License-Identifier: Apache-2.0
"""Why a text is no JSON, in words for people and not for those who know the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from json import JSONDecodeError

_REASONS: Final = (
    ("Unterminated string", "what begins here in quotation marks does not end"),
    ("Expecting ':'", "a colon is missing here"),
    ("Expecting ','", "a comma should stand here, unless a bracket closes here"),
    ("Expecting property name", "a name in quotation marks is missing here"),
    ("Expecting value", "a value is missing here"),
    ("Extra data", "more stands here, behind the end"),
    ("Invalid control character", "a text holds a control character here, such as a line break"),
    ("Invalid \\", "a text holds a backslash here that begins no escape"),
    ("Illegal trailing comma", "a comma stands here with nothing behind it"),
)


def unreadable(error: JSONDecodeError) -> str:
    """Why a text is no JSON.

    Args:
        error: what the parser of the standard library says.
    """
    return next((words for start, words in _REASONS if error.msg.startswith(start)), error.msg)
