"""Composition of the application and its server: one session each visit, nothing shared between visits but settings."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import panel as pn
import panel_material_ui as pmui
from bokeh.models import CustomJS
from bokeh.server.server import Server

from steel_ui.bar import bar
from steel_ui.client import EnergyService
from steel_ui.frame import Frame
from steel_ui.handing import PATTERN as REPORT_PATTERN
from steel_ui.handing import ReportHandler
from steel_ui.settings import UiSettings
from steel_ui.state import ADDRESS, Session
from steel_ui.theme import material_theme, page_sx, palette
from steel_ui.words import preferred_language, words

MILLISECONDS = 1000
DOCUMENT = Path(__file__).parent / "page.html"
RETURN_JS = """
const again = () => fetch(location.href, {cache: 'no-store'})
  .then((answer) => answer.ok ? location.reload() : setTimeout(again, 2000))
  .catch(() => setTimeout(again, 2000))
setTimeout(again, 2000)
"""
"""Once the connection is lost: a new visit as soon as the dashboard answers; what was chosen stands in the address."""


def build_session(settings: UiSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> Session:
    """A session in the language of the visitor's browser; ``transport`` stands in for the network in tests."""
    service = EnergyService(
        settings.api_url, timeout_s=settings.ui_timeout_s, api_key=settings.ui_api_key, transport=transport
    )
    language = preferred_language(pn.state.headers.get("Accept-Language", ""))
    return Session(service, retry_s=settings.ui_retry_s, refresh_s=settings.ui_refresh_s, language=language)


def build_page(frame: Frame) -> pmui.Page:
    """The document around ``frame``."""
    session = frame.session
    page = pmui.Page(
        title=words(session.language)("product"),
        main=[frame.panel()],
        header=bar(session),
        theme_toggle=False,
        theme_config=material_theme(),
        dark_theme=session.dark,
        busy_indicator=None,
        sx=page_sx(),
        template=DOCUMENT,
    )
    (toggle,) = (part for part in page.header if isinstance(part, pmui.ToggleIcon))
    toggle.jslink(page, value="dark_theme")  # in the browser itself: a click that needs no answer
    session.param.watch(lambda _: page.param.update(dark_theme=session.dark), "theme")
    session.param.watch(lambda event: page.param.update(title=words(event.new)("product")), "language")
    return page


def visit(settings: UiSettings) -> pmui.Page:
    """What the server calls for each visit: a page that fills and keeps filling itself."""
    session = build_session(settings)
    if pn.state.location is not None:
        pn.state.location.sync(session, dict(ADDRESS), on_error=lambda wrong: take_over(session, wrong))
    pn.extension(notifications=True, disconnect_notification=words(session.language)("disconnected"))
    frame = Frame(session)
    page = build_page(frame)
    say, colours = words(session.language), palette(dark=session.dark)
    shown_first = {"product": say("product"), "loading": say("loading"), "colours": colours}
    pn.state.curdoc.template_variables.update(shown_first)
    language_js = f"document.documentElement.lang = '{session.language}'"  # screen readers and hyphenation go by it
    pn.state.curdoc.js_on_event("document_ready", CustomJS(code=language_js))
    pn.state.curdoc.js_on_event("connection_lost", CustomJS(code=RETURN_JS))
    session.param.watch(lambda event: _tell(session, was=event.old, now=event.new), "problems")
    pn.state.onload(partial(begin, frame))
    pn.state.on_session_destroyed(release(page, session))
    return page


async def begin(frame: Frame) -> None:
    """Fill the page and keep filling it, from when the browser has drawn it.

    Not before: between the document's way to the browser and its drawing there, Panel drops changes of layouts and of
    components (``panel.io.document._drain_unconnected_events``), for it takes them to be part of the document.
    """
    pn.state.add_periodic_callback(frame.tick, period=int(frame.session.retry_s * MILLISECONDS))
    await frame.start()


def take_over(session: Session, choices: dict[str, Any]) -> None:
    """Take those choices of an address that can be taken; a wrong one leaves the rest in force."""
    for name, value in choices.items():
        try:
            session.param.update({name: value})
        except ValueError:
            session.param.trigger(name)  # so that the address shows what is in force


def build_server(settings: UiSettings) -> Server:
    """A server of the page that listens but does not run yet; its ``run_until_shutdown`` ends on SIGTERM or SIGINT.

    Raises:
        OSError: the address cannot be listened on, mostly because the port is taken.
    """
    port = settings.ui_port
    return pn.serve(
        {"/": lambda: visit(settings)},
        extra_patterns=[(REPORT_PATTERN, ReportHandler, {"settings": settings})],
        address=settings.ui_host,
        port=port,
        websocket_origin=[f"{settings.ui_host}:{port}", f"localhost:{port}", *settings.ui_origins],
        show=False,
        start=False,
        verbose=False,
    )


def _tell(session: Session, *, was: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Say once, in passing, that something went missing or came back; the notice on the page stays."""
    say = words(session.language)
    if now and not was:
        pn.state.notifications.error(say("toast_problem"), duration=4000)
    elif was and not now:
        pn.state.notifications.success(say("toast_recovered"), duration=4000)


def release(page: pmui.Page, session: Session) -> Callable[[object], None]:
    """Called when a visit ends: unpins the page and closes the connections.

    ``pmui.Page`` follows ``state.busy`` of the whole process and never lets go: each closed page would stay in memory.
    """
    pinned, service = weakref.ref(page), session.service

    def leave(_: object) -> None:
        asyncio.get_running_loop().create_task(service.close())
        page = pinned()
        for _, watcher in list(page._param__private.ref_watchers) if page is not None else []:  # noqa: SLF001
            if watcher.inst is pn.state:
                pn.state.param.unwatch(watcher)

    return leave
