# SPDX-License-Identifier: Apache-2.0
"""What a program gives is taken as it is meant, or refused by name; no mistake goes into a document in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.errors import InputError
from einvoice.service.given import day_of, paths_of
from tests.service.sample import invoice

if TYPE_CHECKING:
    from collections.abc import Callable

SOUND = invoice()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": 5}, "number holds int 5, and it must hold str"),
        ({"issue_date": "2026-01-31"}, "issue_date holds str '2026-01-31', and it must hold date"),
        ({"issue_date": datetime(2026, 1, 31, tzinfo=UTC)}, "take .date() of it"),
        ({"totals": replace(SOUND.totals, amount_due_for_payment=9.9)}, "such as Decimal('9.9')"),  # type: ignore[type-var] # it has totals
        ({"lines": list(SOUND.lines)}, "lines holds list"),
        ({"lines": (replace(SOUND.lines[0], identifier=1),)}, "lines[0].identifier holds int 1"),
        ({"buyer": "Buyer GmbH"}, "buyer holds str 'Buyer GmbH', and it must hold Buyer"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_field(changes: dict[str, Any], message: str) -> None:
    wrong = replace(SOUND, **changes)
    for use in (einvoice.validate, lambda one: einvoice.write(one, "ubl"), lambda one: einvoice.convert(one, "cii")):
        with pytest.raises(InputError) as caught:
            use(wrong)
        assert caught.value.code == "WRONG_TYPE"
        assert message in str(caught.value)


def test_a_file_that_is_closed_is_refused() -> None:
    with BytesIO(b"<a/>") as source:
        pass
    for use in (einvoice.read, einvoice.validate, lambda one: einvoice.convert(one, "ubl")):
        with pytest.raises(InputError, match=r"the source cannot be read: .*closed file") as caught:
            use(source)
        assert caught.value.code == "NOT_READ"


@pytest.mark.parametrize("source", [None, 5, ["a.xml"]])
def test_what_is_no_source_is_refused(source: Any) -> None:  # noqa: ANN401 - whatever a program gives
    with pytest.raises(InputError, match="a source is bytes, a path or an open binary file"):
        einvoice.read(source)
    with pytest.raises(InputError, match=r"an einvoice\.Invoice is wanted"):
        einvoice.write(source, "ubl")


def test_the_text_of_a_document_is_not_quoted_whole() -> None:
    text = einvoice.write(SOUND, "ubl").decode()
    with pytest.raises(InputError, match=r"give bytes, text\.encode\(\)") as caught:
        einvoice.read(text)
    assert len(str(caught.value)) < 250


def test_a_path_that_looks_like_a_document_is_a_path_if_there_is_such_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("{a}.xml").write_bytes(einvoice.write(SOUND, "ubl"))
    assert einvoice.read("{a}.xml").invoice == SOUND


def test_a_moment_is_a_day_and_a_text_is_none() -> None:
    moment = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    assert day_of(moment) == moment.date()
    assert einvoice.validate(SOUND, as_of=moment).verdict == "valid"
    with pytest.raises(InputError, match=r"as_of is a datetime\.date"):
        einvoice.validate(SOUND, as_of="2026-03-02")  # type: ignore[arg-type] # what a user may try


def test_one_path_is_one_path_and_not_one_a_letter() -> None:
    """Taken letter by letter, ``/`` would be a folder to look through: the whole disk."""
    assert paths_of("/nope/rules.xslt", "artefacts") == ["/nope/rules.xslt"]
    assert paths_of(Path("rules.xslt"), "artefacts") == ["rules.xslt"]
    assert paths_of(["a", Path("b")], "artefacts") == ["a", "b"]


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: einvoice.render_page(SOUND, logo="logo.png"), "logo is bytes, and not str 'logo.png': pathlib"),  # type: ignore[arg-type]
        (lambda: einvoice.render_page(SOUND, logo=3), "logo is bytes, and not int 3"),  # type: ignore[arg-type]
        (lambda: einvoice.render_page(SOUND, template=3), "template is a path, a str or a pathlib.Path, and not int 3"),  # type: ignore[arg-type]
        (lambda: einvoice.convert_export(b"a", 3, "ubl"), "mapping is a path, a str or a pathlib.Path, and not int 3"),  # type: ignore[arg-type]
        (lambda: einvoice.convert_export(b"a", "csv", "ubl", seller=3), "seller is a path"),  # type: ignore[arg-type]
        (lambda: einvoice.embed(b"<a/>", b"%PDF-", attach=[3]), "attach is a path"),  # type: ignore[list-item]
        (lambda: einvoice.embed(b"<a/>", b"%PDF-", attach=b"a.txt"), "attach is a path, .*and not bytes b'a.txt'"),  # type: ignore[arg-type]
        (lambda: einvoice.validate(SOUND, engine="official", artefacts=3), "artefacts is a path"),  # type: ignore[arg-type]
        (lambda: einvoice.explain(None), "the name of a rule or term is a str, and not NoneType None"),  # type: ignore[arg-type]
        (lambda: einvoice.read(Odd()), "a source is a path, .*and not Odd"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_path_and_what_are_no_bytes_is_refused_by_name(use: Callable[[], Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        use()
    assert caught.value.code == "WRONG_TYPE"


class Odd:
    """A path in bytes, which Python allows."""

    def __fspath__(self) -> bytes:
        """The path."""
        return b"a.xml"
