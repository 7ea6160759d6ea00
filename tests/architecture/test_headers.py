# SPDX-License-Identifier: Apache-2.0
"""Every module says under which licence it stands and what it is for."""

from __future__ import annotations

import ast

from tests.architecture.house import ROOT, modules, name, tree
from tests.together import together

SOURCES = modules("src", "tests", "tools", "benchmarks")
ANNOTATIONS_ARE_DATA = "src/einvoice/model/"  # docs/adr/0009
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base_utils", "tools"}


@together("path", [name(path) for path in SOURCES])
def test_a_module_states_its_licence_and_its_purpose(path: str) -> None:
    first, *_ = (ROOT / path).read_text(encoding="utf-8").splitlines()
    assert first == "# SPDX-License-Identifier: Apache-2.0"
    assert ast.get_docstring(tree(ROOT / path)), f"{path} has no docstring"


@together("path", [name(path) for path in SOURCES])
def test_annotations_are_postponed_wherever_they_are_not_data(path: str) -> None:
    body = tree(ROOT / path).body[1:]
    future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in body)
    assert future or not body or path.startswith(ANNOTATIONS_ARE_DATA), (
        f"{path} lacks `from __future__ import annotations`"
    )


def test_a_name_says_what_is_inside() -> None:
    vague = [name(path) for path in modules("src") if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES]
    assert not vague


def test_no_class_is_abstract_by_name() -> None:
    """A port exists where there are two real implementations, and is named after what it does."""
    classes = {
        f"{name(path)}: {node.name}"
        for path in modules("src")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and node.name.startswith("Abstract")
    }
    assert not classes
