# SPDX-License-Identifier: Apache-2.0
"""What is wrong in a settings file is said with its line, its section and its key, and with what would fit."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from einvoice.cli import main
from einvoice.errors import EinvoiceError, StoreError
from einvoice.service.channels import address, load
from einvoice.service.testbed import init
from einvoice.store.database import Database
from einvoice.transport.identity import load_identity
from einvoice.transport.peppol.identifiers import DocumentType, document_type

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = '[provider.mine]\nkind = "peppyrus"\nsecret_variable = "KEY"\n'
AS4 = '[as4]\nidentity = "a"\nauthorities = "b"\ndomain = "c"\n'


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of an access point that exists."""
    return init(tmp_path_factory.mktemp("layout") / "net")[0]


def written(folder: Path, text: str) -> Path:
    path = folder / "bad.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('databse = "x.db"\n', r":1: there is no key 'databse'; did you mean 'database'\?; there are database, as4, "),
        (f'{AS4}\n# note\nzoen = "test"\n', r":7: \[as4\] there is no key 'zoen'; did you mean 'zone'\?; there are id"),
        (f"{AS4}private = 1\n", r":5: \[as4\] private: expected `bool`, got `int`"),
        ("[as4]\n", r":1: \[as4\] the key 'identity' is missing"),
        (
            f'{ACCOUNT}setle = 3.0\n[provider.two]\nkind = "peppyrus"\n',
            r":4: \[provider.mine\] there is no key 'setle'",
        ),
        (
            f'{ACCOUNT}[provider.two]\nkind = "pepyrus"\n',
            r":5: \[provider.two\] there is no kind 'pepyrus'; did you mean 'peppyrus'\?; there are phoss-ap, peppyrus",
        ),
        ('[provider.x]\nurl = "u"\n', r":1: \[provider.x\] the key 'kind' is missing: one of phoss-ap, peppyrus,"),
        (f'{AS4}revocation = "maybe"\n', r":5: \[as4\] revocation: invalid enum value 'maybe'"),
        ('provider = "x"\n', r":1: provider: expected `object`, got `str`"),
        ("database = \n", r"bad.toml: is no settings file: "),
    ],
)
def test_what_does_not_fit_is_found_at_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(EinvoiceError, match=said):
        load(str(written(tmp_path, text)))


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("serve --as4", "", "no access point is set up: it needs a section [as4]"),
        ("receive", "", "no mail server is set up: it needs a section [email]"),
        (
            "receive",
            '[email]\nimap_host = "127.0.0.1"\nimap_user = "me"\npassword_variable = "NOWHERE_SET"\n',
            "[email] names the environment variable NOWHERE_SET (password_variable): set it",
        ),
        (
            "worker --once",
            '[email]\nhost = "127.0.0.1"\nsender = "a@b.example"\npassword_variable = "NOWHERE_SET"\n',
            "[email] names the environment variable NOWHERE_SET (password_variable): set it",
        ),
        (
            "serve --as4",
            f'{AS4}password_variable = "NOWHERE_SET"\n',
            "[as4] names the environment variable NOWHERE_SET (password_variable): set it",
        ),
    ],
)
def test_what_is_missing_is_said_of_the_file_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, text: str, said: str
) -> None:
    monkeypatch.delenv("NOWHERE_SET", raising=False)
    path = written(tmp_path, text)
    result = CliRunner().invoke(main, [*command.split(), "--settings", str(path)])
    assert (result.exit_code, result.output) == (2, f"einvoice: {path}: {said}\n")


@pytest.mark.parametrize(
    "listen", ["127.0.0.1:80443", "203.0.113.7:18443", "no.such.host.invalid:18443", "8443", "taken"]
)
def test_an_address_that_nobody_can_listen_at_is_one_sentence(layout: Path, listen: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}" if listen == "taken" else listen
        path = layout.with_name("listen.toml")
        changed = re.sub(r'(?m)^listen = ".*"', f'listen = "{listen}"', layout.read_text(encoding="utf-8"))
        assert changed.count(listen) == 1
        path.write_text(changed, encoding="utf-8")
        result = CliRunner().invoke(main, ["serve", "--as4", "--settings", str(path)])
    assert (result.exit_code, result.output.count("\n")) == (2, 1), result.output
    assert f"{path}: " in result.output
    assert "listen" in result.output
    assert repr(listen) in result.output


def test_a_locked_key_without_a_password_names_the_key_of_the_settings(layout: Path) -> None:
    path = layout.with_name("locked.toml")
    text = layout.read_text(encoding="utf-8")
    found = re.search(r'(?m)^identity = "(.*)"', text)
    assert found is not None
    identity = load_identity(layout.parent / found[1])
    locked = pkcs12.serialize_key_and_certificates(
        b"ap", identity.key, identity.certificate, None, BestAvailableEncryption(b"secret")
    )
    (path.parent / "locked.p12").write_bytes(locked)
    path.write_text(text.replace(found[0], 'identity = "locked.p12"'), encoding="utf-8")
    result = CliRunner().invoke(main, ["serve", "--as4", "--settings", str(path)])
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "locked.p12: cannot be opened" in result.output
    assert "password_variable in [as4] names the environment variable that holds it" in result.output


def test_the_last_port_is_one() -> None:
    assert address("::1:65535") == ("::1", 65_535)


@pytest.mark.parametrize("url", ["mysql://me@host/name", "odd://x", "://"])
def test_another_kind_of_database_is_told_which_ones_there_are(url: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:///file or postgresql\+psycopg://user@host/name"):
        Database(url)


@pytest.mark.parametrize(
    ("text", "scheme", "value"),
    [
        ("busdox-docid-qns::urn:x::Invoice##c::2.1", "busdox-docid-qns", "urn:x::Invoice##c::2.1"),
        ("peppol-doctype-wildcard::urn:x::Invoice##c*::2.1", "peppol-doctype-wildcard", "urn:x::Invoice##c*::2.1"),
        ("urn:x::Invoice##c::2.1", "busdox-docid-qns", "urn:x::Invoice##c::2.1"),
        ("http://x.example/y::Order##c::1", "busdox-docid-qns", "http://x.example/y::Order##c::1"),
    ],
)
def test_what_a_provider_lists_is_read_as_settings_are(text: str, scheme: str, value: str) -> None:
    assert document_type(text) == DocumentType(value, scheme)
