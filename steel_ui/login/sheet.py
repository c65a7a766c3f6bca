"""What somebody who has to sign in sees: one page without a script, in the dashboard's look, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from steel_ui.state import THEMES
from steel_ui.theme import LIGHT, css_variables
from steel_ui.words import LANGUAGES, preferred_language, words

FOLDER = Path(__file__).parent
REPORTS = "files/reports/"


@dataclass(frozen=True)
class Target:
    """An address of the dashboard to go to afterwards; what it says of language and theme holds for the login page too.

    Attributes:
        path: relative to the dashboard; empty for its page.
        choices: its query.
    """

    path: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """Relative to the dashboard's page."""
        return f"./{self.path}" + (f"?{urlencode(self.choices)}" if self.choices else "")

    def get(self, name: str) -> str:
        """A choice; empty where it is not made."""
        return dict(self.choices).get(name, "")

    def with_(self, **choices: str) -> Target:
        """The same with other choices."""
        return replace(self, choices=tuple((dict(self.choices) | choices).items()))


def target(text: str) -> Target:
    """The address ``text`` as far as it is one of the dashboard; its page otherwise, so nobody is led elsewhere.

    >>> target("/?page=models&lang=es").address
    './?page=models&lang=es'
    >>> target("//evil.example/?page=models").address, target("/files/reports/../../admin").address
    ('./', './')
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return Target()
    path = parts.path.removeprefix(".").removeprefix("/")
    report = path.removeprefix(REPORTS)
    is_report = path.startswith(REPORTS) and report and not set(report) & set("/\\") and not report.startswith(".")
    if parts.scheme or parts.netloc or not (path == "" or is_report):
        return Target()
    return Target(path, tuple(parse_qsl(parts.query)))


def login_html(
    goes_to: Target,
    *,
    accept_language: str,
    xsrf: str,
    root: str = "./",
    said: str = "",
    is_error: bool = False,
    may_skip: bool = False,
    **values: object,
) -> str:
    """The login page.

    Args:
        goes_to: where it leads.
        accept_language: what the browser prefers, where ``goes_to`` names no language.
        xsrf: text that only a form of this page has.
        root: the dashboard's page as seen from the address that is answered.
        said: key of a text above the form; empty for none.
        is_error: whether that is why it did not work.
        may_skip: whether the dashboard opens without signing in as well.
        **values: filled into the texts.
    """
    language = goes_to.get("lang")
    language = language if language in LANGUAGES else preferred_language(accept_language)
    theme = goes_to.get("theme") if goes_to.get("theme") in THEMES else THEMES[0]
    say = words(language)
    other_theme = THEMES[1 - THEMES.index(theme)]

    def again(**choices: str) -> str:
        return f"{root}login?{urlencode({'next': goes_to.with_(**choices).address})}"

    page: str = _template().render(
        say=lambda key: say(key, **values),
        said=said,
        is_error=is_error,
        language=language,
        theme=theme,
        variables=css_variables(dark=theme == "dark"),
        bar=LIGHT.bar,
        languages=[(code, name, again(lang=code)) for code, name in LANGUAGES.items()],
        other_theme=again(theme=other_theme),
        action=f"{root}login",
        goes_to=goes_to.address,
        skip=f"{root}{goes_to.address.removeprefix('./')}" if may_skip else "",
        xsrf=xsrf,
    )
    return page


@cache
def _template():  # type: ignore[no-untyped-def] # noqa: ANN202 - jinja's own type
    pages = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    return pages.get_template("login.html")
