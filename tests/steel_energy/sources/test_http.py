from __future__ import annotations

import time

import pytest

from steel_energy.errors import SourceError, UnreachableError
from steel_energy.sources.http import Patience, fetch

HURRIED = Patience(connect_s=0.3, read_s=0.15, total_s=5, attempts=3, pause_s=0.01)


def test_content_is_fetched(server):
    server.answers = [b"3.17"]

    assert fetch(server.url, patience=HURRIED) == b"3.17"


def test_a_server_that_fails_stalls_and_truncates_is_tried_again_until_it_serves(server):
    server.content = b"3.17" * 1000
    server.answers = [503, "stall", "truncate", 200]

    assert fetch(server.url, patience=Patience(read_s=0.15, attempts=4, pause_s=0.01)) == server.content
    assert server.requests == 4


@pytest.mark.parametrize(
    ("answer", "requests", "reason"),
    [(500, 3, "answers 500"), (429, 3, "answers 429"), (404, 1, "answers 404"), ("stall", 3, "broke off")],
)
def test_attempts_are_bounded_and_pointless_ones_not_made(server, answer, requests, reason):
    server.answers = [answer]

    with pytest.raises(SourceError, match=reason) as caught:
        fetch(server.url, patience=HURRIED)

    assert server.requests == requests
    assert caught.value.field == server.url


def test_all_attempts_together_stay_within_the_total(server):
    server.answers = [503]
    began = time.monotonic()

    with pytest.raises(SourceError, match="503"):
        fetch(server.url, patience=Patience(total_s=0.4, attempts=1000, pause_s=0.05))

    assert time.monotonic() - began < 20  # a thousand attempts would take hours


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x.csv", "http://", "http://[bad/x.csv"])
def test_an_address_without_a_server_is_refused_at_once(url):
    began = time.monotonic()

    with pytest.raises(SourceError, match="cannot be fetched"):
        fetch(url, patience=HURRIED)

    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("answers", "may_pass"),
    [([503], True), (["stall"], True), (["truncate"], True), ([404], False)],
    ids=["down", "hanging", "breaking off", "not there"],
)
def test_what_may_pass_is_told_from_what_will_not(server, answers, may_pass):
    server.content = b"3.17" * 1000
    server.answers = answers

    with pytest.raises(SourceError) as caught:
        fetch(server.url, patience=HURRIED)

    assert isinstance(caught.value, UnreachableError) is may_pass


def test_a_server_that_refuses_connections_may_be_there_later():
    with pytest.raises(UnreachableError):
        fetch("http://127.0.0.1:1/x.csv", patience=HURRIED)
