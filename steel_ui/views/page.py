"""What a page of the dashboard is: it is built once, asks for its own answers, and keeps them.

A page never draws by hand: ``build`` binds panes to ``data`` and to the session's choices, ``load`` fetches, and the
frame calls ``refresh`` when the page is shown, when a choice it follows changed, and when the service has news.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape
from typing import Any, ClassVar

import panel as pn
import param

from steel_ui.client import Problem
from steel_ui.faults import problem_of
from steel_ui.state import Session, lacks
from steel_ui.theme import stylesheet
from steel_ui.words import Words

STRETCH = "stretch_width"
LED_TO_CSS = ":host { scroll-margin-top: 104px; outline: none; }"
"""Of a part that a link leads to: it stays clear of the bar and of the menu on a phone."""


class View(param.Parameterized):
    """A page over ``session``.

    Attributes:
        key: its name in the address, and in the texts ``page_<key>`` and ``page_<key>_about``.
        icon: path of its 24 x 24 icon in the menu.
        follows: choices of the session that it asks again for, beside the plant.
        refused: the texts ``<refused>_title`` and ``<refused>_advice`` say what it means that the service refuses.
    """

    key: ClassVar[str]
    icon: ClassVar[str]
    follows: ClassVar[tuple[str, ...]] = ()
    refused: ClassVar[str] = "refused"

    data = param.Parameter(default=None, doc="What load returned last; None before the first answer.")
    problems = param.ClassSelector(class_=tuple, default=(), doc="What could not be had, as Problem records.")
    is_asking = param.Boolean(default=False, doc="Whether answers are on their way.")

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._settled: object = None
        self._asks_again_at = 0.0

    def build(self) -> pn.viewable.Viewable:
        """The page, laid out once; called at the first visit."""
        raise NotImplementedError

    async def load(self) -> tuple[Any, tuple[Problem, ...]]:
        """The answers that the page shows, and what could not be had; may raise a ``ServiceError``."""
        raise NotImplementedError

    def loaded(self) -> None:
        """Called after new answers were taken over: start here what takes longer, as ``Work``."""

    @property
    def has_answers(self) -> bool:
        """Whether something is shown that may be out of date."""
        return self.data is not None

    @property
    def is_due(self) -> bool:
        """Whether what is shown is not what is chosen, or not the newest."""
        return self._settled != self._wanted() and time.monotonic() >= self._asks_again_at

    async def refresh(self) -> None:
        """Ask where it is due; a choice that changes while answers are on their way is asked for right after them."""
        if self.is_asking or not self.is_due:
            return
        self.is_asking, asked = True, None
        try:
            while asked != self._wanted():
                asked = self._wanted()
                await self._ask(asked)
        finally:
            self.is_asking = False

    async def again(self) -> None:
        """Ask anew, whatever is shown: the reader's own wish."""
        self._settled, self._asks_again_at = None, 0.0
        await self.refresh()

    def html(self, write: Callable[..., str], *watched: str, sizing_mode: str | None = STRETCH) -> pn.pane.HTML:
        """A pane of ``write(data, words=...)``, written anew with the data and the language.

        Args:
            write: makes the HTML; a parameter of the page in ``watched`` is passed by its name.
            watched: further parameters of this page.
            sizing_mode: of the pane.
        """

        def written(data: Any, language: str, *values: Any) -> str:  # noqa: ANN401 - parameters of the page
            return write(data, words=self.session.words(language), **dict(zip(watched, values, strict=True)))

        parameters = (self.param.data, self.session.param.language, *(self.param[name] for name in watched))
        return html_pane(pn.bind(written, *parameters), sizing_mode=sizing_mode)

    def _wanted(self) -> tuple[object, ...]:
        return (self.session.news, self.session.plant, *(getattr(self.session, name) for name in self.follows))

    async def _ask(self, wanted: object) -> None:
        try:
            data, problems = await self.load()
        except Exception as error:  # noqa: BLE001 - one page's fault must not end the others; it is shown and logged
            data, problems = self.data, (problem_of(error),)
        self._settled = None if lacks(problems) else wanted
        self._asks_again_at = time.monotonic() + max((problem.wait_s for problem in problems), default=0)
        changes = {} if data == self.data else {"data": data}
        self.param.update(problems=problems, **changes)
        if changes:
            self.loaded()


def html_pane(content: Any, *, sizing_mode: str | None = STRETCH) -> pn.pane.HTML:  # noqa: ANN401 - text or bound
    """A pane of our own HTML in the dashboard's style; colours come with the page's theme."""
    return pn.pane.HTML(content, stylesheets=[stylesheet()], sizing_mode=sizing_mode, margin=0)


def column(*parts: pn.viewable.Viewable, gap: str = "var(--s3)") -> pn.Column:
    """Parts of a page under each other."""
    return pn.Column(*parts, sizing_mode=STRETCH, styles={"gap": gap}, margin=0)


def page_head_html(title: str, about: str) -> str:
    """The heading of a page, and one line on what it shows."""
    return f'<header class="heading"><div><h1>{escape(title)}</h1><p>{escape(about)}</p></div></header>'


def page_link_html(key: str, words: Words, *, to: str = "", text: str = "") -> str:
    """A link to the page ``key``, which the menu follows without loading anything anew.

    Args:
        key: the page.
        words: the reader's language.
        to: the part of the page to bring into view, which has the class ``at-<to>``; several names are tried in order;
            empty for the top of the page.
        text: key of the link's text; empty for the page's name.
    """
    place = f' data-to="{to}"' if to else ""
    return f'<a href="?page={key}" data-page="{key}"{place}>{escape(words(text or f"page_{key}"))}</a>'
