# SPDX-License-Identifier: Apache-2.0
"""What import-linter cannot see: parts of the standard library, and who may open an XML parser.

The floors and the packages that only one room may import are contracts in pyproject.toml.
"""

from __future__ import annotations

import ast
import tomllib

from tests.architecture.house import PACKAGE, ROOT, imports, modules, name, room, tree

NETWORK = {"urllib.request", "http.client", "http.server", "asyncio.open_connection", "asyncio.start_server"}
MAY_OPEN_SOCKETS = {"transport", "web"}
PARSERS = {"XMLParser", "XMLPullParser", "HTMLParser", "iterparse", "fromstring", "fromstringlist", "XML", "XMLID"}

# The one parser for documents, and where else lxml reads something, each with its reason.
MAY_PARSE = {
    "src/einvoice/bind/xml.py": "the one safe parser",
    "src/einvoice/bind/schema_errors.py": "streams what the safe parser has accepted through a schema",
    "src/einvoice/bind/schema_sources.py": "reads official schemas, whose SHA-256 the catalog knows, and nothing else",
}


def test_only_transport_opens_connections_with_the_standard_library() -> None:
    seen = {name(path): imports(path) & NETWORK for path in modules("src") if room(path) not in MAY_OPEN_SOCKETS}
    assert not {path: found for path, found in seen.items() if found}


def test_the_parsers_of_the_standard_library_are_not_used() -> None:
    """They resolve entities; documents go through the one safe parser."""
    unsafe = ("xml.etree", "xml.dom", "xml.sax", "xml.parsers", "xmlrpc")
    seen = {name(path): [found for found in imports(path) if found.startswith(unsafe)] for path in modules("src")}
    assert not {path: found for path, found in seen.items() if found}


def lxml_names(path_tree: ast.Module) -> set[str]:
    """The names under which a module knows lxml and its parts."""
    found: set[str] = set()
    for node in ast.walk(path_tree):
        if isinstance(node, ast.Import):
            found.update(alias.asname or alias.name for alias in node.names if alias.name.startswith("lxml"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "lxml":
            found.update(alias.asname or alias.name for alias in node.names)
    return found


def parser_calls(path_tree: ast.Module) -> set[str]:
    """The calls by which a module makes lxml read XML."""
    known = lxml_names(path_tree)
    calls = [node.func for node in ast.walk(path_tree) if isinstance(node, ast.Call)]
    reads = PARSERS | {"parse"}
    dotted = {ast.unparse(call) for call in calls if isinstance(call, ast.Attribute) and call.attr in reads}
    bare = {call.id for call in calls if isinstance(call, ast.Name) and call.id in reads & known}
    return bare | {call for call in dotted if call.rpartition(".")[0] in known}


def test_a_call_of_an_lxml_parser_is_noticed() -> None:
    assert parser_calls(ast.parse("from lxml import etree\netree.fromstring(b'<a/>')")) == {"etree.fromstring"}
    assert parser_calls(ast.parse("from lxml.etree import iterparse\niterparse('x')")) == {"iterparse"}
    assert not parser_calls(ast.parse("import tomllib\ntomllib.parse('')"))


def test_documents_are_parsed_in_one_place() -> None:
    seen = {name(path): parser_calls(tree(path)) for path in modules("src") if name(path) not in MAY_PARSE}
    assert not {path: found for path, found in seen.items() if found}


def test_an_exception_that_is_not_needed_is_given_back() -> None:
    assert not {path for path in MAY_PARSE if (ROOT / path).exists() and not parser_calls(tree(ROOT / path))}


def test_the_house_does_not_use_its_own_front_door() -> None:
    """Rooms import rooms; ``from einvoice import read`` is for users (and would go up through the floors)."""
    rooms = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()}
    doors = {
        f"{name(path)}: {alias.name}"
        for path in modules("src")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "einvoice"
        for alias in node.names
        if alias.name not in rooms | {"__version__"}  # which is stated there, and imports nothing
    }
    assert not doors


def test_a_room_that_exists_is_not_optional() -> None:
    """Parentheses in the contract of the floors are for rooms that are planned."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (floors,) = (contract for contract in config["contracts"] if contract["id"] == "floors")
    places = {place.strip() for layer in floors["layers"] for place in layer.split("|")}
    planned = {place.strip("()") for place in places if place.startswith("(")}
    here = {room(path) for path in modules("src")}
    assert not planned & here, "take these out of their parentheses in pyproject.toml"
