# SPDX-License-Identifier: Apache-2.0
"""What a status means, what an answer says, when to try again, and how a token is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from http.client import BadStatusLine

import pytest

from einvoice.errors import TransportError
from einvoice.transport.base import Outcome, Result
from einvoice.transport.http import Answer
from einvoice.transport.provider.credentials import Basic, Bearer, ClientCredentials, Secret
from einvoice.transport.provider.form import Part, form
from einvoice.transport.provider.rest import Rest, retry_after
from tests.transport.provider.accounts import SECRET, VARIABLE, Account, account
from tests.transport.provider.stub import POLICY, Asked, Reply, told

REST = Rest(name="It", base="https://example.org", policy=POLICY, credentials=Bearer(Secret(VARIABLE)))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def meant(status: int) -> Outcome:
    answer = Answer(status, {}, b"")
    return REST.submitted(lambda: answer, lambda _: Result(outcome=Outcome.ACCEPTED)).outcome


@pytest.mark.parametrize(
    ("outcome", "statuses"),
    [
        (Outcome.ACCEPTED, (200, 201, 202, 204)),
        (Outcome.RETRY, (301, 307, 308, 401, 403, 425, 429)),
        (Outcome.IN_DOUBT, (302, 303, 408, 500, 502, 503, 504, 599)),
        (Outcome.REJECTED, (400, 404, 405, 409, 413, 415, 422)),
    ],
)
def test_what_a_status_means_for_a_submission(outcome: Outcome, statuses: tuple[int, ...]) -> None:
    assert {status: meant(status) for status in statuses} == dict.fromkeys(statuses, outcome)


@pytest.mark.parametrize(
    ("named", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("99999999999999999999", 86_400.0),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(named: str, seconds: float | None) -> None:
    assert retry_after(Answer(429, {"retry-after": named}, b""), NOW) == seconds


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'"Recipient is not registered"', "Recipient is not registered"),
        (b'{"success":false,"errors":{"root":["no"],"BT-1":["empty"]}}', "no; BT-1: empty"),
        (b'{"errorCode":"MISSING","errorMessage":"no file"}', "errorCode: MISSING; no file"),
        (b'[{"source":"document","details":"is empty"}]', "source: document; details: is empty"),
        (b"<!doctype html><HTML><body>x", "a page of HTML"),
        (b"plain\x00 words\n on two lines", "plain words on two lines"),
        (b"", "nothing"),
    ],
)
def test_what_an_answer_says_fits_into_one_line(body: bytes, said: str) -> None:
    assert REST.says(Answer(400, {}, body)) == said


def test_what_an_answer_says_is_short_however_long_it_is() -> None:
    assert len(REST.says(Answer(400, {}, b'"' + b"x" * 1_000_000 + b'"'))) == 500


@pytest.mark.parametrize("before", range(480, 500, 4))
@pytest.mark.parametrize("form", ['{{"detail":"{}"}}', "{}"])
def test_a_secret_that_the_end_cuts_is_hidden_whole(form: str, before: int) -> None:
    body = form.format("x" * before + SECRET).encode()
    assert SECRET[:3] not in REST.says(Answer(400, {}, body))
    blank = form.format("x" + " " * (2 * before) + SECRET).encode()
    assert SECRET[:3] not in REST.says(Answer(400, {}, blank))


def test_a_secret_that_the_end_of_an_unreadable_answer_cuts_is_hidden_whole() -> None:
    for before in range(380, 480, 5):
        with pytest.raises(TransportError) as caught:
            REST.read(Answer(200, {}, b"x" * before + SECRET.encode()), dict)
        assert SECRET[:3] not in caught.value.message


@pytest.mark.parametrize("before", range(160, 190, 3))
def test_a_secret_that_a_broken_line_repeats_is_hidden_whole(monkeypatch: pytest.MonkeyPatch, before: int) -> None:
    def broken(_: object) -> None:
        raise BadStatusLine("x" * before + f" {SECRET}")

    monkeypatch.setattr("http.client.HTTPConnection.getresponse", broken)
    with account("peppyrus") as opened, pytest.raises(TransportError, match="no whole answer") as caught:
        opened.adapter.poll(opened.stub.arrives(b"<x/>"))
    assert SECRET[:3] not in str(caught.value)


NESTED = b"[" * 100_000


def test_an_answer_that_is_nested_without_end_is_garbage() -> None:
    assert meant(200) is Outcome.ACCEPTED
    with pytest.raises(TransportError) as caught:
        REST.read(Answer(200, {}, NESTED), object)
    assert caught.value.code == "GARBAGE"
    deep = REST.submitted(lambda: Answer(400, {}, NESTED), lambda _: Result(outcome=Outcome.ACCEPTED))
    assert (deep.outcome, len(deep.detail) < 600) == (Outcome.REJECTED, True)


def test_name_and_secret_are_hidden_in_both_their_forms() -> None:
    basic = Basic("me", Secret(VARIABLE))
    shown = basic.headers(POLICY)["Authorization"].removeprefix("Basic ")
    assert set(basic.secrets()) == {SECRET, shown}


@pytest.mark.parametrize("value", ["", " ", "a\nb: c", "ü"])
def test_what_cannot_stand_in_a_header_is_no_secret(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(TransportError, match=VARIABLE):
        Secret(VARIABLE).value()


def test_a_form_cannot_be_ended_by_what_it_holds() -> None:
    content = b"--x\r\nContent-Disposition: form-data; name=evil\r\n\r\n"
    name = 'a"\r\nb: c.xml'
    body, media_type = form(Part(name="file", content=content, media_type="application/xml", filename=name))
    asked = Asked("POST", "/", {}, {"content-type": media_type}, body)
    head, found = asked.form()["file"]
    assert found == content
    assert head.count("\r\n") == 1
    assert 'filename="a___b: c.xml"' in head


@pytest.mark.parametrize("provider", ["afnor"], indirect=True)
class TestTokens:
    """OAuth 2.0, with the flow service as the one that asks for tokens."""

    def ask(self, provider: Account) -> None:
        provider.adapter.poll(provider.stub.arrives(b"<x/>"))

    def test_a_token_is_fetched_once_while_it_lasts(self, provider: Account) -> None:
        for _ in range(3):
            self.ask(provider)
        assert provider.stub.tokens == ["token-0"]

    def test_a_token_that_is_about_to_expire_is_replaced(self, provider: Account) -> None:
        provider.stub.lasts = 0
        self.ask(provider)
        self.ask(provider)
        assert len(provider.stub.tokens) == 2

    def test_a_token_that_is_not_believed_any_more_is_replaced_at_the_next_question(self, provider: Account) -> None:
        self.ask(provider)
        provider.stub.tokens.append("another")  # the platform has forgotten the first one
        with pytest.raises(TransportError, match="401") as caught:
            self.ask(provider)
        assert caught.value.temporary
        assert "token-0" not in str(caught.value)
        self.ask(provider)
        assert provider.stub.tokens[-1] == "token-2"

    @pytest.mark.parametrize(
        "reply",
        [
            told({"error": "invalid_client", "error_description": f"not {SECRET}"}, 401),
            told({"access_token": "x", "token_type": "mac"}),
            told({"access_token": "a\nb"}),
            Reply(200, b"<html>"),
            told({"error": "invalid_client", "error_description": "x" * 170 + SECRET}, 401),
            Reply(200, NESTED),
            Reply(400, NESTED),
            Reply(500),
            Reply(cut=True),
        ],
    )
    def test_without_a_token_nothing_of_the_message_leaves(self, provider: Account, reply: Reply) -> None:
        provider.stub.fault("/token", reply)
        with pytest.raises(TransportError, match="no token") as caught:
            self.ask(provider)
        assert (caught.value.code, caught.value.temporary) == ("TOKEN", True)
        assert SECRET[:5] not in str(caught.value)
        assert not [each for each in provider.stub.asked if each.path != "/token"]

    def test_client_and_secret_may_stand_in_the_body(self, provider: Account) -> None:
        credentials = ClientCredentials(f"{provider.stub.url}/token", "me", Secret(VARIABLE), scope="a b", told="body")
        provider.stub.fault("/token", told({"access_token": "t", "expires_in": 60}))
        assert credentials.headers(POLICY) == {"Authorization": "Bearer t"}
        (asked,) = provider.stub.asked
        assert asked.body == f"grant_type=client_credentials&scope=a+b&client_id=me&client_secret={SECRET}".encode()
        assert "authorization" not in asked.headers
