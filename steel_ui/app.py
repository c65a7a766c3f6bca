"""Composition of the application and its server: one session each visit, nothing shared between visits but settings."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.models import CustomJS
from bokeh.server.server import Server
from panel.links import Callback
from panel.util import edit_readonly

from steel_ui.bar import bar
from steel_ui.client import EnergyService
from steel_ui.frame import Frame
from steel_ui.handing import PATTERN as REPORT_PATTERN
from steel_ui.handing import ReportHandler
from steel_ui.login.door import Door
from steel_ui.login.secret import cookie_secret, encryption
from steel_ui.login.visitor import COOKIE, Visitor, visitor_now
from steel_ui.settings import UiSettings
from steel_ui.state import ADDRESS, Session
from steel_ui.theme import bokeh_theme, material_theme, page_sx, palette
from steel_ui.words import preferred_language, words

MILLISECONDS = 1000
HOURS_A_DAY = 24
MOST_BODY_BYTES = 64 * 1024
"""Of a request: only keys are posted, files come by the socket."""
DOCUMENT = Path(__file__).parent / "page.html"
RETURN_JS = """
const again = () => fetch(location.href, {cache: 'no-store'})
  .then((answer) => answer.ok ? location.reload() : setTimeout(again, 2000))
  .catch(() => setTimeout(again, 2000))
setTimeout(again, 2000)
"""
"""Once the connection is lost: a new visit as soon as the dashboard answers; what was chosen stands in the address."""


def build_session(door: Door, visitor: Visitor) -> Session:
    """A session of ``visitor``, in the language of their browser, that asks with their key."""
    settings = door.settings
    return Session(
        door.service(visitor),
        retry_s=settings.ui_retry_s,
        refresh_s=settings.ui_refresh_s,
        signs_in=not door.is_shared,
        language=preferred_language(pn.state.headers.get("Accept-Language", "")),
    )


def build_page(frame: Frame) -> pmui.Page:
    """The document around ``frame``."""
    session = frame.session
    page = pmui.Page(
        title=session.words()("product"),
        main=[frame.panel()],
        header=bar(session),
        theme_toggle=False,
        theme_config=material_theme(),
        dark_theme=session.dark,
        busy_indicator=None,
        sx=page_sx(),
        template=DOCUMENT,
    )
    with edit_readonly(page):  # pmui's page follows the process's: each would be told of every visit's callbacks
        page.busy = page.param.theme_toggle
    (toggle,) = (part for part in page.header if isinstance(part, pmui.ToggleIcon))
    toggle.jslink(page, value="dark_theme")  # in the browser itself: a click that needs no answer
    session.param.watch(lambda _: page.param.update(dark_theme=session.dark), "theme")
    session.param.watch(lambda event: page.param.update(title=words(event.new)("product")), "language")
    return page


def visit(door: Door) -> pmui.Page:
    """What the server calls for each visit that the door lets in: a page that fills and keeps filling itself."""
    session = build_session(door, visitor_now())
    if pn.state.location is not None:
        pn.state.location.sync(session, dict(ADDRESS), on_error=lambda wrong: take_over(session, wrong))
    frame = Frame(session)
    pn.extension(
        notifications=True,
        disconnect_notification=session.words()("disconnected"),
        exception_handler=handler(frame),
    )
    pn.state.curdoc.theme = bokeh_theme()
    page = build_page(frame)
    say, colours = words(session.language), palette(dark=session.dark)
    shown_first = {"product": say("product"), "loading": say("loading"), "colours": colours}
    pn.state.curdoc.template_variables.update(shown_first)
    language_js = f"document.documentElement.lang = '{session.language}'"  # screen readers and hyphenation go by it
    pn.state.curdoc.js_on_event("document_ready", CustomJS(code=language_js))
    pn.state.curdoc.js_on_event("connection_lost", CustomJS(code=RETURN_JS))
    session.param.watch(lambda event: _tell(session, was=event.old, now=event.new), "problems")
    pn.state.onload(partial(begin, frame, every_s=door.settings.ui_retry_s))
    pn.state.on_session_destroyed(release(page, session.service, pn.state.notifications))
    return page


async def begin(frame: Frame, *, every_s: float) -> None:
    """Fill the page and keep filling it, from when the browser has drawn it.

    Not before: between the document's way to the browser and its drawing there, Panel drops changes of layouts and of
    components (``panel.io.document._drain_unconnected_events``), for it takes them to be part of the document.
    """
    pn.state.add_periodic_callback(careful(frame.tick, frame), period=int(every_s * MILLISECONDS))
    await frame.start()


def careful(job: Callable[[], Awaitable[None]], frame: Frame) -> Callable[[], Awaitable[None]]:
    """``job`` for Panel's clock, which has no handler of exceptions."""

    async def run() -> None:
        try:
            await job()
        except Exception as error:  # noqa: BLE001 - the edge of this session: it is shown and logged
            frame.failed(error)

    return run


def handler(frame: Frame) -> Callable[[Exception], None]:
    """What Panel calls for what goes wrong in a callback of the visit of ``frame``, without a firm hold on it.

    Panel's configuration keeps the handler until the visit's document goes, which the frame's pages would then keep.
    """
    held = weakref.WeakMethod(frame.failed)

    def handle(error: Exception) -> None:
        if (failed := held()) is not None:
            failed(error)

    return handle


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
        OSError: the address cannot be listened on, mostly because the port is taken; or no secret can be kept.
    """
    port, secret, door = settings.ui_port, cookie_secret(settings), Door(settings)
    pn.config.oauth_expiry = settings.ui_login_hours / HOURS_A_DAY
    pn.state.encryption = encryption(secret)
    return pn.serve(
        {"/": lambda: visit(door)},
        auth_provider=door,
        cookie_secret=secret,
        secret_key=secret.encode(),
        sign_sessions=True,
        include_headers=["Accept-Language"],  # what a page carries to open its socket can be read: no cookies
        exclude_cookies=[COOKIE, "_xsrf"],
        use_xheaders=settings.ui_behind_proxy,
        http_server_kwargs={"max_body_size": MOST_BODY_BYTES},
        liveness=True,
        extra_patterns=[(REPORT_PATTERN, ReportHandler, {"door": door})],
        address=settings.ui_host,
        port=port,
        websocket_origin=[f"{settings.ui_host}:{port}", f"localhost:{port}", *settings.ui_origins],
        show=False,
        start=False,
        verbose=False,
    )


def _tell(session: Session, *, was: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Say once, in passing, that something went missing or came back; the notice on the page stays."""
    say = session.words()
    if any(problem.is_of_key for problem in now):
        return  # the service is well; the notice says what to do
    if now and not was:
        pn.state.notifications.error(say("toast_problem"), duration=4000)
    elif was and not now:
        pn.state.notifications.success(say("toast_recovered"), duration=4000)


def release(page: pmui.Page, service: EnergyService, toasts: pmui.NotificationArea) -> Callable[[object], None]:
    """Called when a visit ends: closes the connections, and takes out of Panel's registers what would stay there.

    These are ``toasts``, since ``pmui.NotificationArea`` does not say in which document it stands, and the scripts of
    the page's parts, since such a script keeps the parts that it changes and they lead back to the one that it is of.
    """

    def leave(_: object) -> None:
        asyncio.get_running_loop().create_task(service.close())
        for root in toasts._models:  # noqa: SLF001
            pn.state._views.pop(root, None)  # noqa: SLF001
        for part in page.select():
            Callback.registry.pop(part, None)

    return leave
