from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from steel_ui.client import EnergyService
from steel_ui.handing import report_address
from steel_ui.login.door import Door

XSRF = re.compile(r'name="_xsrf" value="([^"]+)"')
ANA, BEN = "steel_ana_1", "steel_ben_1"


async def sign_in(client: httpx.AsyncClient, key: str, *, goes_to: str = "/?page=models") -> httpx.Response:
    page = await client.get("/login", params={"next": goes_to})
    found = XSRF.search(page.text)
    assert found
    return await client.post("/login", data={"key": key, "next": goes_to, "_xsrf": found[1]})


def test_a_key_of_the_service_opens_and_leads_back(make_door: Callable[..., Door], at_door: Any) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        answer = await sign_in(client, f" {ANA} \n", goes_to="/?page=models&lang=es")

        assert (answer.status_code, answer.headers["Location"]) == (303, "./?page=models&lang=es")
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("access_token=")
        assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax"))
        assert ANA not in str(answer.headers)

    at_door(make_door(), talk)


def test_over_https_the_cookie_goes_by_nothing_else(make_door: Callable[..., Door], at_door: Any) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        page = await client.get("/login", headers={"X-Scheme": "https"})

        assert "Secure" in page.headers["Set-Cookie"]

    at_door(make_door(), talk)


@pytest.mark.parametrize("key", ["steel_ana_2", "k 1", "", "ключ", "x" * 20_000])
def test_a_wrong_key_opens_nothing_and_is_shown_nowhere(
    make_door: Callable[..., Door], at_door: Any, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    caplog.set_level(logging.DEBUG)

    async def talk(client: httpx.AsyncClient) -> None:
        answer = await sign_in(client, key)

        assert answer.status_code == 401
        assert "does not know this key" in answer.text
        assert "access_token" not in answer.headers.get("Set-Cookie", "")
        assert not key or (key not in answer.text and key not in caplog.text)

    at_door(make_door(), talk)


def test_tries_of_one_address_are_limited_whatever_is_tried(make_door: Callable[..., Door], at_door: Any) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        statuses = [(await sign_in(client, "steel_x")).status_code for _ in range(2)]
        refused = await sign_in(client, ANA)

        assert (statuses, refused.status_code) == ([401, 401], 429)
        assert 1 <= int(refused.headers["Retry-After"]) <= 3600
        assert f"Try again in {refused.headers['Retry-After']} s" in refused.text

    at_door(make_door(ui_login_rate="2/hour"), talk)


def test_a_form_of_another_site_signs_nobody_in(make_door: Callable[..., Door], at_door: Any) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        answer = await client.post("/login", data={"key": ANA})

        assert answer.status_code == 403
        assert "access_token" not in answer.headers.get("Set-Cookie", "")

    at_door(make_door(), talk)


@pytest.mark.parametrize(
    ("code", "said"),
    [(None, "does not answer at http://toy"), (500, "cannot look at the key now: m."), (429, "Try again in 7 s")],
)
def test_what_the_service_cannot_say_is_explained(
    make_door: Callable[..., Door], at_door: Any, keyed: Any, code: int | None, said: str
) -> None:
    keyed.keys.clear()
    keyed.toy.is_up = code is not None

    def handle(request: httpx.Request) -> httpx.Response:
        if code is None:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(
            code, json={"error": {"code": "x", "message": "m", "field": None, "hint": ""}}, headers={"Retry-After": "7"}
        )

    door = make_door()
    door._transport = httpx.MockTransport(handle)

    async def talk(client: httpx.AsyncClient) -> None:
        answer = await sign_in(client, ANA)

        assert answer.status_code == (429 if code == 429 else 503)
        assert said in answer.text

    at_door(door, talk)


def test_the_page_runs_nothing_loads_nothing_and_is_not_kept_or_framed(
    make_door: Callable[..., Door], at_door: Any
) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        page = await client.get("/login?next=/?theme=dark")

        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert (page.headers["Cache-Control"], page.headers["X-Frame-Options"]) == ("no-store", "DENY")
        assert "<script" not in page.text
        assert "http" not in page.text.replace("http-equiv", "")

    at_door(make_door(), talk)


def test_signing_out_takes_the_cookie_and_ends_the_visits_of_every_tab_and_of_nobody_else(
    make_door: Callable[..., Door], at_door: Any, seats: list[EnergyService]
) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        async with httpx.AsyncClient(base_url=client.base_url) as other:
            for browser, key in ((client, ANA), (client, ANA), (other, ANA)):
                if browser.cookies.get("access_token") is None:
                    await sign_in(browser, key)
                await browser.get("/visit")

        left = await client.get("/logout?next=/?lang=es")
        page = await client.get(left.headers["Location"])

        assert "access_token" not in client.cookies
        assert "Ha salido." in page.text
        assert [seat.ended and seat.ended.code for seat in seats] == ["signed_out", "signed_out", None]

    at_door(make_door(), talk)


def test_a_report_is_handed_to_who_signed_in_and_with_their_key(
    make_door: Callable[..., Door], at_door: Any, keyed: Any
) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        address = "/" + report_address("quality.html", plant="toy")
        before = await client.get(address)
        assert (before.status_code, "API key" in before.text, "../../login" in before.text) == (403, True, True)
        assert keyed.toy.asked == []

        back = await sign_in(client, ANA, goes_to=address)
        keyed.sent.clear()
        after = await client.get(address)

        assert back.headers["Location"] == f".{address}"
        assert (after.status_code, after.text) == (200, "<title>/reports/quality.html</title>")
        assert set(keyed.sent) == {ANA}

    at_door(make_door(), talk)


def test_a_key_that_was_revoked_hands_out_nothing(make_door: Callable[..., Door], at_door: Any, keyed: Any) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        await sign_in(client, ANA)
        del keyed.keys[ANA]

        assert (await client.get("/files/reports/quality.html")).status_code == 403
        assert "no longer accepts the key" in (await client.get("/login")).text

    at_door(make_door(), talk)


def test_a_tab_that_was_signed_out_goes_on_where_somebody_has_signed_in_meanwhile(
    make_door: Callable[..., Door], at_door: Any
) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        address = "/login?next=.%2F%3Fpage%3Ddrift"
        await sign_in(client, ANA)
        await client.get("/logout")
        await sign_in(client, BEN)

        again, changing = await client.get(f"{address}&out=1"), await client.get(address)

        assert (again.status_code, again.headers["Location"]) == (302, "./?page=drift")
        assert "You are signed in already." in changing.text
        assert 'href="./?page=drift"' in changing.text

    at_door(make_door(), talk)


@pytest.mark.parametrize(
    "name", ["..", "..%2Fwhoami", "%2e%2e%2fadmin", ".hidden", "a/../../b", "a%5Cb", "%00", "x%0Ay"]
)
def test_a_name_cannot_leave_the_folder_of_reports(
    make_door: Callable[..., Door], at_door: Any, keyed: Any, name: str
) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        await sign_in(client, ANA)
        keyed.toy.asked.clear()

        answer = await client.get(f"/files/reports/{name}")

        assert answer.status_code == 404
        assert keyed.toy.asked == []

    at_door(make_door(), talk)
