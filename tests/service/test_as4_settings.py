# SPDX-License-Identifier: Apache-2.0
"""What [as4] of the settings says is what the access point does, and by default it is the safe thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from einvoice.errors import EinvoiceError
from einvoice.service.channels import Wiring, load
from einvoice.service.testbed import init
from einvoice.transport.revocation import RevocationLists

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settings") / "net"
    init(folder)
    return folder


def wiring(layout: Path, **changes: object) -> Wiring:
    found = load(str(layout / "a.toml"))
    assert found.channels.as4 is not None
    changed = msgspec.structs.replace(found.channels.as4, **changes)
    return Wiring(msgspec.structs.replace(found.channels, as4=changed), found.home)


@pytest.mark.parametrize(
    ("changes", "called", "for_lists"),
    [
        ({"zone": "production"}, (443,), (80, 443)),
        ({"zone": "test"}, None, None),
        ({}, None, None),
        ({"zone": "production", "ports": (443, 8443)}, (443, 8443), (80, 443)),
    ],
)
def test_in_production_one_port_is_called_unless_the_operator_says_otherwise(
    layout: Path, changes: dict[str, object], called: tuple[int, ...] | None, for_lists: tuple[int, ...] | None
) -> None:
    made = wiring(layout, **changes)
    lists = made.directory().authorities.revocations
    assert isinstance(lists, RevocationLists)
    assert (made.directory().policy.ports, lists.policy.ports) == (called, for_lists)
    assert not made.directory().policy.plain


@pytest.mark.parametrize(("said", "hard"), [({}, True), ({"revocation": "soft"}, False)])
def test_revocation_is_asked_hard_unless_the_operator_says_otherwise(
    layout: Path, said: dict[str, str], *, hard: bool
) -> None:
    lists = wiring(layout, **said).directory().authorities.revocations
    assert isinstance(lists, RevocationLists)
    assert (lists.hard, lists.folder, lists.cache) == (hard, layout.absolute() / "authorities" / "crls", None)


def test_revocation_is_not_asked_where_the_operator_says_so(layout: Path) -> None:
    assert wiring(layout, revocation="off").directory().authorities.revocations is None


def test_lists_are_kept_in_the_folder_that_is_named(layout: Path) -> None:
    lists = wiring(layout, revocation_lists="lists").directory().authorities.revocations
    assert isinstance(lists, RevocationLists)
    assert lists.cache == layout.absolute() / "lists"


def test_another_word_for_revocation_is_refused(layout: Path, tmp_path: Path) -> None:
    text = (layout / "a.toml").read_text(encoding="utf-8").replace("[as4]\n", '[as4]\nrevocation = "maybe"\n')
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(EinvoiceError, match="revocation"):
        load(str(tmp_path / "a.toml"))


@pytest.mark.parametrize("name", ["tls_identity", "tls_authorities"])
def test_a_file_for_tls_that_is_not_there_is_named(layout: Path, name: str) -> None:
    made = wiring(layout, **{name: "tls/missing.pem"})
    with pytest.raises(EinvoiceError, match=r"missing\.pem: cannot be read"):
        made.server_tls() if name == "tls_identity" else made.as4()
