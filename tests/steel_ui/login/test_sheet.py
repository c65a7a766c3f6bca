from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_ui.login.sheet import Target, login_html, target


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("/?page=models&at=2018-11-07T09:00", "./?page=models&at=2018-11-07T09%3A00"),
        ("./?lang=es", "./?lang=es"),
        (
            "/files/reports/weekly-2018-W52-es.pdf?plant=gwangyang",
            "./files/reports/weekly-2018-W52-es.pdf?plant=gwangyang",
        ),
        ("", "./"),
    ],
)
def test_an_address_of_the_dashboard_is_kept(text: str, address: str) -> None:
    assert target(text).address == address


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/",
        "//evil.example/?page=models",
        r"/\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/files/reports/../../admin",
        "/files/reports/a/b",
        "/login",
        "http://[",
    ],
)
def test_any_other_address_leads_to_the_first_page(text: str) -> None:
    assert target(text).address == "./"


@given(st.text())
def test_nobody_is_ever_led_elsewhere(text: str) -> None:
    address = target(text).address

    assert address.startswith("./")
    assert not address.startswith(("./.", ".//", "./\\"))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_in_the_language_and_theme_of_where_it_leads(language: str, theme: str) -> None:
    page = login_html(
        Target(choices=(("lang", language), ("theme", theme))), accept_language="fr", xsrf="x", hours="24"
    )

    assert f'<html lang="{language}">' in page
    assert ("Sign in" if language == "en" else "Entrar") in page
    assert ("--page: #f3f5f7" if theme == "light" else "--page: #10161c") in page


def test_the_browsers_language_counts_where_none_is_chosen() -> None:
    assert '<html lang="es">' in login_html(Target(), accept_language="es-MX,es;q=0.9", xsrf="x", hours="24")


def test_what_stands_in_an_address_is_text_in_the_page() -> None:
    goes_to = target('/?page="><script>alert(1)</script>&lang=xx&theme=zz')

    page = login_html(goes_to, accept_language="", xsrf="x", hours="24")

    assert "<script" not in page
    assert '<html lang="en">' in page
