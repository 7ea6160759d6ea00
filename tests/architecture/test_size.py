# SPDX-License-Identifier: Apache-2.0
"""The size budget: what does not fit on a few screens is more than one thing.

Complexity (McCabe at most 8) is ruff's to measure; here are the lengths.
"""

from __future__ import annotations

import ast

from tests.architecture.house import ROOT, modules, name, tree
from tests.together import together

MODULE_LINES = 400
FUNCTION_LINES = 40

# Only tables and generated data may be longer, each with its reason.
TABLES: dict[str, str] = {}

SOURCES = modules("src", "tests", "tools", "benchmarks")


@together("path", [name(path) for path in SOURCES])
def test_a_module_fits_its_budget(path: str) -> None:
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_LINES or path in TABLES, f"{path} has {lines} lines, the budget is {MODULE_LINES}: split it"


@together("path", [name(path) for path in SOURCES])
def test_a_function_fits_its_budget(path: str) -> None:
    functions = [
        node for node in ast.walk(tree(ROOT / path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    too_long = {function: lines for function, lines in lengths.items() if lines > FUNCTION_LINES}
    assert not too_long, f"{path}: the budget is {FUNCTION_LINES} lines a function, docstring included: {too_long}"


def test_an_exception_that_is_not_needed_is_given_back() -> None:
    long = {name(path) for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > MODULE_LINES}
    assert set(TABLES) <= long
    assert all(reason for reason in TABLES.values())
