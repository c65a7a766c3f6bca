"""Another model in the champion's place: choose a version, read what it means, say why, and only then do it."""

from __future__ import annotations

from html import escape

import panel as pn
import panel_material_ui as pmui
import param

from steel_client import model_questions
from steel_client.models import ChampionChange, ModelVersion
from steel_ui.client import Problem
from steel_ui.model_facts import ModelFacts
from steel_ui.refusals import told
from steel_ui.state import Session
from steel_ui.views.champions import beside, test_score, version_name, versions_html
from steel_ui.views.page import STRETCH, View, html_pane
from steel_ui.views.parts.chart import panel
from steel_ui.views.parts.inputs import button, labelled, select
from steel_ui.views.parts.roles import role_note
from steel_ui.views.parts.work_bar import work_bar
from steel_ui.words import DASH, Words, words
from steel_ui.work import Work

SELECT_PX = 300
MOST_LETTERS = 300
"""As the service takes; it has the last word."""


def may_administer(session: Session) -> bool:
    """Whether the reader may change what serves; False while the service has not said who asks."""
    return session.may("admin")


class Change(param.Parameterized):
    """A version on its way to be champion; every part is there from the start, and only its properties change.

    Attributes:
        work: asks the service to do it.

    Args:
        view: whose ``data`` tell the versions, and that asks anew once one has changed.
    """

    chosen = param.String(default="", doc="The version that is to serve; empty while none is chosen.")
    because = param.String(default="", doc="Why, as it is typed.")
    is_open = param.Boolean(default=False, doc="Whether the reader is asked to confirm.")

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view, self.session, self.work = view, view.session, Work()
        self.work.param.watch(self._done, "result")
        self.session.param.watch(lambda _: self.forget(), "plant")

    def build(self) -> pn.Column:
        """The versions, the choice of one, what became of it, and the dialog that asks."""
        view = self._view
        told = html_pane(
            pn.bind(_told_html, self.work.param.result, self.work.param.problem, self.session.param.language)
        )
        row = pn.FlexBox(self._select(), self._button(), align_items="flex-end", gap="8px 12px", margin=0)
        bar = work_bar(self.work, self.session, again=lambda _: self.ask(), shows_refusals=False)
        return panel(view.html(versions_html), role_note(self.session, "admin"), row, bar, told, self._dialog())

    @property
    def version(self) -> ModelVersion | None:
        """The chosen version, where it is kept and is not champion."""
        data: ModelFacts | None = self._view.data
        found = data.version(self.chosen) if data else None
        return None if found is None or found.state == "champion" else found

    def ask(self) -> None:
        """Ask the reader to confirm."""
        self.param.update(because="", is_open=self.version is not None)

    def confirm(self) -> None:
        """Do what was confirmed."""
        version, because, data = self.version, " ".join(self.because.split()), self._view.data
        self.is_open = False
        if version is None or not because:
            return
        asked = {"because": because, "expected": data.versions.champion, "plant": self.session.service.plant}
        if version.state == "standing":
            call = model_questions.rollback(to=version.version, **asked)
        else:
            call = model_questions.promote(version.version, **asked)
        self.work.start(self.session.service.ask(call))

    def forget(self) -> None:
        """Drop choice and outcome: they were those of another plant."""
        self.work.cancel()
        self.work.param.update(result=None, problem=None)
        self.param.update(chosen="", because="", is_open=False)

    async def _done(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            self.chosen = ""
            await self.session.look()
            await self._view.again()

    def _select(self) -> pn.widgets.Select:
        view, session = self._view, self.session
        is_closed = pn.bind(lambda _: not may_administer(session), session.param.who)
        chooser = select(session, "change_choose", width=SELECT_PX, disabled=is_closed)

        def fill(*_: object) -> None:
            options = _options(view.data, session.words())
            chosen = self.chosen if self.chosen in options.values() else ""
            chooser.param.update(options=options, value=chosen)

        fill()
        session.param.watch(fill, "language")
        view.param.watch(fill, "data")
        self.param.watch(fill, "chosen")
        chooser.param.watch(lambda event: self.param.update(chosen=event.new or ""), "value")
        return chooser

    def _button(self) -> pn.widgets.Button:
        session, view = self.session, self._view

        def label(_: str, __: object, language: str) -> str:
            return words(language)(_key("do", self.version))

        def is_closed(chosen: str, is_running: bool, *_: object) -> bool:  # noqa: FBT001 - bound parameter
            return not chosen or is_running or not may_administer(session)

        return button(
            label=pn.bind(label, self.param.chosen, view.param.data, session.param.language),
            disabled=pn.bind(is_closed, self.param.chosen, self.work.param.is_running, session.param.who),
            on_click=lambda _: self.ask(),
        )

    def _dialog(self) -> pmui.Dialog:
        session, language = self.session, self.session.param.language
        meant = html_pane(
            pn.bind(self._meant_html, self.param.chosen, self._view.param.data, language), sizing_mode=STRETCH
        )
        why = labelled(pmui.TextInput, session, "change_why", max_length=MOST_LETTERS, sizing_mode=STRETCH)
        why.param.watch(lambda event: self.param.update(because=event.new or ""), "value_input")
        self.param.watch(lambda event: None if event.new else why.param.update(value="", value_input=""), "because")
        cancel = pmui.Button(
            label=pn.bind(lambda code: words(code)("cancel"), language),
            variant="outlined",
            size="small",
            margin=0,
            on_click=lambda _: self.param.update(is_open=False),
        )
        confirm = pmui.Button(
            label=pn.bind(
                lambda _, __, code: words(code)(_key("confirm", self.version)),
                self.param.chosen,
                self._view.param.data,
                language,
            ),
            disabled=pn.bind(lambda because: not because.strip(), self.param.because),
            variant="contained",
            disable_elevation=True,
            size="small",
            margin=0,
            on_click=lambda _: self.confirm(),
        )
        buttons = pn.FlexBox(cancel, confirm, justify_content="flex-end", gap="8px", margin=0)
        dialog = pmui.Dialog(
            pn.Column(meant, why, buttons, sizing_mode=STRETCH, styles={"gap": "var(--s3)"}, margin=0),
            title=pn.bind(lambda code: words(code)("change_title"), language),
            open=self.is_open,
            show_close_button=False,
            close_on_click=False,
            width_option="sm",
        )
        self.param.watch(lambda event: dialog.param.update(open=event.new), "is_open")
        dialog.param.watch(lambda event: self.param.update(is_open=event.new), "open")
        return dialog

    def _meant_html(self, _: str, data: ModelFacts | None, language: str) -> str:
        version = self.version
        return "" if version is None or data is None else meant_html(version, data, words=self.session.words(language))


def meant_html(version: ModelVersion, data: ModelFacts, *, words: Words) -> str:
    """What happens if ``version`` takes the champion's place, in plain words, with the figures that speak for it."""
    champion = data.champion
    names = {
        "version": version_name(version, words),
        "champion": version_name(champion, words) if champion else DASH,
    }
    lines = [words(_key("means", version), **names), words("change_tried"), words(_key("after", version))]
    own = test_score(version, "rmse_kwh")
    if own is not None:
        figures = {"kwh": words.number(own, digits=2), "beside": beside(version, champion, words)}
        lines.append(words("change_figures", **figures))
    if version.state == "rejected":
        lines.insert(0, words("change_rejected"))
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _told_html(done: ChampionChange | None, problem: Problem | None, language: str) -> str:
    """What became of it; a failure that may pass is told beside it, with a way to try again."""
    if problem is not None and problem.is_refusal:
        say = words(language)
        said = told(problem, words=say)
        return (
            f'<p class="refused" role="alert">{escape(say("change_refused"))} {said.what_html} '
            f"<em>{said.remedy_html}</em></p>"
        )
    if done is None:
        return ""
    say, made = words(language), done.champion
    model = f"{say.label('model_name', made.model)} {made.version}"
    key = "change_done" if done.serves == made.version else "change_done_elsewhere"
    return f'<p class="done" role="status"><b>{escape(say(key, model=model, who=made.who or DASH))}</b></p>'


def _options(data: ModelFacts | None, say: Words) -> dict[str, str]:
    """The versions that may take the place, with their state; none chosen at first."""
    versions = [one for one in data.versions.versions if one.state != "champion"] if data else []
    named = {f"{version_name(one, say)} · {say(f'version_{one.state}')}": one.version for one in versions}
    return {say("change_none" if named else "change_no_other"): "", **named}


def _key(part: str, version: ModelVersion | None) -> str:
    """The text of a way back, or of any other promotion."""
    return f"change_{part}_{'back' if version and version.state == 'standing' else 'promote'}"
