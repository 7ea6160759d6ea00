# SPDX-License-Identifier: Apache-2.0
"""The project speaks of itself alone: no path of a machine, no word of the workplace where a line was written."""

from __future__ import annotations

import re

import pytest

from tests.architecture.house import name, tracked

# The brackets keep a pattern from finding itself.
FORBIDDEN = {
    "a path of a machine": r"/wor[k]/|/roo[t]/|/opt/[w]heels|/hom[e]/\w+/|/User[s]/\w+/|/workspac[e]",
    "a folder that is not ours": r"\bshare[d]/",
    "a document that is not ours": r"\bDESIGN\.m[d]|\bbrie[f]\.md",
    "a registry's host": r"index-ur[l]|find-link[s]|\bartifactor[y]|\bdevp[i]\b|test\.pyp[i]\.org|pythonhoste[d]",
    "a word of the workplace": r"\b(sub-?agen[t]|claud[e]|chatgp[t]|copilo[t]|anthropi[c]|issues sho[w])\b",
}
# The one place that knows what lies beside a checkout.
ALLOWED = {(".ci/run", "a folder that is not ours")}


def offences(path: str, text: str) -> list[str]:
    """What a text says that it should not, with the line where it says it."""
    found = []
    for kind, pattern in FORBIDDEN.items():
        if (path, kind) in ALLOWED:
            continue
        for match in re.finditer(pattern, text, re.IGNORECASE):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{path}:{line}: {kind}: {match.group()}")
    return found


def test_no_tracked_file_speaks_of_the_workplace() -> None:
    found = [
        offence for path in tracked() for offence in offences(name(path), path.read_bytes().decode("utf-8", "replace"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("word", ["/wor" + "k/main", "see share" + "d/x", "DESIGN" + ".md", "Cop" + "ilot"])
def test_a_forbidden_word_is_found(word: str) -> None:
    assert offences("README.md", f"first line\n{word}") != []
