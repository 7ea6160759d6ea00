# SPDX-License-Identifier: Apache-2.0
"""XML exports become trees: names without namespaces, attributes, texts, and the line of each element."""

from __future__ import annotations

import pytest

from einvoice.errors import MappingError
from einvoice.importers.declaration import Source
from einvoice.importers.tree import TEXT, Node
from einvoice.importers.xml import read_xml_tree


def read(text: str) -> Node:
    tree = read_xml_tree(text.encode(), Source(format="xml"), "a.xml")
    assert isinstance(tree.root, Node)
    return tree.root


def test_elements_are_members_and_several_of_one_name_a_list() -> None:
    root = read('<x:a xmlns:x="urn:x" k="v">\n <b>1</b>\n <b>2</b>\n <!-- no --><c u="m"> 3 </c><d/>\n</x:a>')
    assert root == {"@k": "v", "b": ["1", "2"], "c": {"@u": "m", TEXT: "3"}, "d": ""}
    assert root.line == 1
    assert root["c"].line == 4


def test_a_document_that_is_only_a_text_is_a_node() -> None:
    assert read("<a>x</a>") == {TEXT: "x"}


@pytest.mark.parametrize(
    "text",
    ["<a>", "", '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "<a></b>", '<a xmlns:x="u"><x:b/></a'],
)
def test_what_the_safe_parser_refuses_is_refused(text: str) -> None:
    with pytest.raises(MappingError) as raised:
        read(text)
    assert raised.value.source == "a.xml"
