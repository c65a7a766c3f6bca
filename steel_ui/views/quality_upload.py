"""Sending readings: choose a CSV file, see what would become of it, and only then accept it."""

from __future__ import annotations

from html import escape

import panel as pn
import panel_material_ui as pmui
import param

from steel_client import questions
from steel_client.models import PreviewAnswer, ReadingsAnswer, RowAnswer, RowCounts
from steel_ui.state import Session
from steel_ui.views.page import html_pane
from steel_ui.views.parts.card import Tone, chip_html
from steel_ui.views.parts.chart import panel
from steel_ui.views.parts.roles import not_allowed, role_note
from steel_ui.views.parts.table import Column, table_html
from steel_ui.views.parts.work_bar import work_bar
from steel_ui.views.quality_tables import gaps_html, shown_cell, unbroken
from steel_ui.words import DASH, Words, words
from steel_ui.work import Work

MOST_BYTES = 32 * 1024 * 1024
"""As the service takes by default; it has the last word."""
MOST_ROWS = 20
TONES: tuple[tuple[str, Tone], ...] = (
    ("accepted", "good"),
    ("repaired", "warn"),
    ("unchanged", ""),
    ("rejected", "bad"),
)


class Upload(param.Parameterized):
    """A file on its way: first its preview, then, if the reader accepts, its readings.

    Attributes:
        preview: asks what would become of the file.
        sending: sends it.
    """

    content = param.Bytes(default=b"", doc="The chosen file; empty while there is none.")

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.preview, self.sending = Work(), Work()
        session.param.watch(self.forget, "plant")

    def build(self) -> pn.Column:
        """The choice of a file, what would become of it, and the button to accept."""
        session, language = self.session, self.session.param.language
        head = html_pane(pn.bind(_head_html, language))
        shown = html_pane(pn.bind(_told_html, self.preview.param.result, self.sending.param.result, language))
        bars = (
            work_bar(self.preview, session, again=lambda _: self.look(), is_question=True, refused="upload_refused"),
            work_bar(self.sending, session, again=lambda _: self.send(), refused="upload_refused"),
        )
        note = role_note(session, "operator")
        return panel(head, note, self._file_input(), bars[0], shown, self._accept_button(), bars[1])

    def choose(self, content: bytes) -> None:
        """Take ``content`` for the file, and ask what would become of it."""
        self.forget()
        self.content = content
        if content:
            self.look()

    def look(self) -> None:
        """Ask what would become of the file."""
        service = self.session.service
        self.preview.start(service.ask(questions.preview_readings_csv(self.content, plant=service.plant)))

    def send(self) -> None:
        """Send the file that was looked at."""
        service = self.session.service
        self.sending.start(service.ask(questions.post_readings_csv(self.content, plant=service.plant)))

    def forget(self, *_: object) -> None:
        """Drop file and answers: they were those of another plant or file."""
        self.content = b""
        for work in (self.preview, self.sending):
            work.cancel()
            work.param.update(result=None, problem=None)

    def _file_input(self) -> pmui.FileInput:
        chosen = pmui.FileInput(
            label=pn.bind(lambda code: words(code)("upload_choose"), self.session.param.language),
            uploaded_label=pn.bind(lambda code: words(code)("upload_chosen"), self.session.param.language),
            accept=".csv,.txt",
            max_file_size=MOST_BYTES,
            variant="outlined",
            size="small",
            margin=0,
        )
        chosen.param.watch(lambda event: self.choose(event.new or b""), "value")
        return chosen

    def _accept_button(self) -> pmui.Button:
        def is_open(previewed: PreviewAnswer | None, sent: ReadingsAnswer | None, is_sending: bool) -> bool:  # noqa: FBT001 - bound
            return previewed is not None and _new_rows(previewed.counts) > 0 and sent is None and not is_sending

        def label(previewed: PreviewAnswer | None, code: str) -> str:
            rows = _new_rows(previewed.counts) if previewed else 0
            return words(code)("upload_accept", n=words(code).number(rows))

        preview, sending = self.preview.param, self.sending.param
        return pmui.Button(
            label=pn.bind(label, preview.result, self.session.param.language),
            disabled=not_allowed(self.session, "operator"),
            visible=pn.bind(is_open, preview.result, sending.result, sending.is_running),
            variant="contained",
            disable_elevation=True,
            size="small",
            margin=0,
            on_click=lambda _: self.send(),
        )


def _new_rows(counts: RowCounts) -> int:
    return counts.accepted + counts.repaired


def _head_html(language: str) -> str:
    say = words(language)
    return f'<div class="chart-head"><h2>{escape(say("upload"))}</h2><p>{escape(say("upload_about"))}</p></div>'


def _told_html(previewed: PreviewAnswer | None, sent: ReadingsAnswer | None, language: str) -> str:
    say = words(language)
    done = sent_html(sent, words=say) if sent is not None else ""
    return done + (preview_html(previewed, words=say) if previewed is not None and sent is None else "")


def preview_html(answer: PreviewAnswer, *, words: Words) -> str:
    """What would become of the file: its rows by their fate, its period, its gaps, and each row that is not plain."""
    chips = [
        chip_html(words(f"upload_{status}", n=words.number(getattr(answer.counts, status))), tone)
        for status, tone in TONES
        if getattr(answer.counts, status)
    ]
    lines = [words("upload_received", n=words.number(answer.counts.received)), *_period(answer, words)]
    if answer.ignored_columns:
        lines.append(words("upload_ignored", columns=", ".join(answer.ignored_columns)))
    gaps = gaps_html(answer.gaps, words=words, left_out=answer.gaps_left_out)
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<section role="status"><p class="chips">{" ".join(chips)}</p>{told}'
        f"<h3>{escape(words('quality_gaps'))}</h3>{gaps}{_rows_html(answer, words)}</section>"
    )


def sent_html(answer: ReadingsAnswer, *, words: Words) -> str:
    """What was kept, and when it will be seen."""
    key = "upload_kept" if answer.is_new else "upload_nothing_new"
    text = words(key, n=words.number(_new_rows(answer.counts)))
    return f'<section class="done" role="status"><p><b>{escape(text)}</b></p></section>'


def _period(answer: PreviewAnswer, words: Words) -> list[str]:
    if answer.from_ is None or answer.to is None:
        return [words("upload_no_period")]
    period = words("upload_period", starts=words.moment(answer.from_), ends=words.moment(answer.to))
    if not answer.replacing:
        return [period]
    return [period, words("upload_replacing", n=words.number(answer.replacing))]


def _rows_html(answer: PreviewAnswer, words: Words) -> str:
    rows = [row for row in answer.rows if row.status != "unchanged"]
    if not rows:
        return ""
    columns = [
        Column(words("upload_row"), is_number=True),
        *(Column(words(f"upload_{name}")) for name in ("when", "fate")),
    ]
    cells = [_row_cells(row, words) for row in rows[:MOST_ROWS]]
    table = table_html([*columns, Column(words("upload_why"))], cells, caption=words("upload_rows"))
    total = answer.counts.rejected + answer.counts.repaired
    about = words("upload_rows_about", shown=words.number(len(cells)), total=words.number(total))
    return f'<h3>{escape(words("upload_rows"))}</h3><p class="muted small">{escape(about)}</p>{table}'


def _row_cells(row: RowAnswer, words: Words) -> tuple[str, ...]:
    when = words.moment(row.interval_start) if row.interval_start else DASH
    tone = dict(TONES)[row.status]
    reasons = [escape(words.texts.get(f"reason_{reason.code}", reason.message)) for reason in row.reasons]
    repairs = [
        f"{escape(words.label('column', one.column))}: {shown_cell(one.before)} → {shown_cell(one.after)}"
        f"<small>{escape(words.label('rule', one.rule))}</small>"
        for one in row.repairs
    ]
    fate = chip_html(words(f"fate_{row.status}"), tone)
    told = "".join(f"<div>{line}</div>" for line in (*reasons, *repairs))
    return (words.number(row.row + 1), unbroken(when), fate, told)
