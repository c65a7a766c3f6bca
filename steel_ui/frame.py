"""The application around the pages: menu, bar on top, notices, and which page is shown, built and fed when.

A page is built at its first visit and then only hidden, so that coming back is at once and nothing in it is lost: the
menu turns the pages in the browser (``parts/nav.js``), and what the service says of the new one follows.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

import panel as pn

from steel_ui.client import SIGNED_OUT, Problem
from steel_ui.faults import problem_of
from steel_ui.state import Session
from steel_ui.views import VIEWS
from steel_ui.views.page import STRETCH, View, column, html_pane
from steel_ui.views.parts.drawn import Drawn
from steel_ui.views.parts.nav import nav, translate
from steel_ui.views.parts.notices import notices_html

PAGE_CSS = """
:host { padding: 16px clamp(12px, 2vw, 28px) 28px calc(var(--nav-width) + clamp(12px, 2vw, 28px)); max-width: 1760px;
  box-sizing: border-box; }
@media (max-width: 800px) { :host { padding: 58px 12px 24px; } }
"""
DRAWN_S = 6.0
"""After which a page is filled though the browser has not said that it is drawn."""
AWAY_CSS = """
:host(:not([data-here])) { content-visibility: hidden; visibility: hidden; height: 0 !important; min-height: 0;
  overflow: hidden; }
"""
"""A page that is not shown keeps its layout, so that no chart is drawn anew when the menu shows it again."""


class Frame:
    """The pages of ``session``, one of them shown."""

    def __init__(self, session: Session, views: Sequence[type[View]] = VIEWS) -> None:
        self.session = session
        self.views = {view.key: view(session) for view in views}
        self._undrawn: dict[str, float] = {}  # pages on their way to the browser, and since when
        self._pages = {key: _page(key) for key in self.views}
        self._notices = html_pane("")
        self._menu = nav(self._named, active=self.current.key, language=session.language)

    @property
    def current(self) -> View:
        """The page that is shown; the first one where the address names none that there is."""
        return self.views.get(self.session.page) or next(iter(self.views.values()))

    def panel(self) -> pn.viewable.Viewable:
        """The application without its bar, ready to be served; follows the session from now on."""
        session = self.session
        self.show()
        self._menu.param.watch(lambda event: session.param.update(page=event.new), "active")
        session.param.watch(self._went, "page")  # at once, and only then what may take long
        session.param.watch(self._arrived, "page")
        session.param.watch(self._chose, ["plant", *self._followed()])
        session.param.watch(self._translated, "language")
        session.param.watch(self._tell, ["problems", "faults", "health", "language"])
        for view in self.views.values():
            view.param.watch(self._tell, ["problems", "data"])
        parts = (self._menu, self._notices, *self._pages.values())
        return pn.Column(*parts, sizing_mode=STRETCH, stylesheets=[PAGE_CSS], margin=0)

    def show(self) -> None:
        """Build the current page if this is its first visit; the menu shows it and hides the others in the browser."""
        view = self.current
        self.session.shown = view.key
        if not self._pages[view.key].objects:
            drawn = Drawn(margin=0, height=0)
            drawn.param.watch(partial(self._drawn, view), "at")
            self._pages[view.key].extend([self._build(view), drawn])
            if pn.state.curdoc is not None:  # else there is no browser that could say so
                self._undrawn[view.key] = time.monotonic()
        self._tell()

    def _build(self, view: View) -> pn.viewable.Viewable:
        try:
            return view.build()
        except Exception as error:  # noqa: BLE001 - one page's fault must not end the others; it is shown and logged
            self.failed(error)
            return column()

    def failed(self, error: Exception) -> None:
        """Called for what goes wrong in a callback: shown on this reader's page until they go to another one."""
        self.session.faults = (problem_of(error),)

    async def start(self) -> None:
        """Ask for everything for the first time."""
        await self.session.look()
        await self._feed()

    async def tick(self) -> None:
        """Called every few seconds: looks after the service, and feeds the page that is shown."""
        await self.session.tick()
        await self._feed()

    async def _feed(self) -> None:
        """Ask for what the page shows, once the browser has drawn it, or has not said so for a while."""
        since = self._undrawn.get(self.current.key, -DRAWN_S)
        if self.session.health is not None and time.monotonic() >= since + DRAWN_S:
            await self.current.refresh()

    async def _drawn(self, view: View, _: object) -> None:
        self._undrawn.pop(view.key, None)
        await self._feed()

    def _went(self, _: object) -> None:
        self.session.faults = ()
        self._menu.active = self.current.key
        self.show()

    async def _arrived(self, _: object) -> None:
        await self._feed()

    async def _chose(self, event: object) -> None:
        if getattr(event, "name", "") == "plant":
            await self.session.look()
        await self._feed()

    def _tell(self, *_: object) -> None:
        session, view = self.session, self.current
        if any(problem.code == SIGNED_OUT for problem in session.problems):
            self._menu.leads_to = f"{session.login_address}&out=1"  # what is shown is no longer theirs to see
        self._notices.object = notices_html(
            _worth_telling(session, view),
            words=session.words(),
            url=session.service.url,
            health=session.health,
            is_stale=view.has_answers,
            refused=view.refused,
            login=session.login_address,
        )

    def _translated(self, _: object) -> None:
        translate(self._menu, self._named, language=self.session.language)

    @property
    def _named(self) -> list[tuple[str, str]]:
        return [(key, view.icon) for key, view in self.views.items()]

    def _followed(self) -> list[str]:
        return sorted({name for view in self.views.values() for name in view.follows})


def _page(key: str) -> pn.Column:
    """The place of a page; the menu finds it by its class."""
    return pn.Column(sizing_mode=STRETCH, css_classes=["page", f"page-{key}"], stylesheets=[AWAY_CSS], margin=0)


def _worth_telling(session: Session, view: View) -> tuple[Problem, ...]:
    """What the service says is missing, and what the page found missing where that does not explain it."""
    refusals = tuple(problem for problem in view.problems if problem.is_refusal)
    missing = session.problems or tuple(problem for problem in view.problems if not problem.is_refusal)
    return (*session.faults, *refusals, *missing)
