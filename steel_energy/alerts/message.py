"""One message of everything that is due in a channel: subject, plain text, HTML and Slack's blocks.

Five problems of a plant are one message with five sections, the worst first. The plain text says all of it: it is what
Mattermost shows, which knows no blocks, and what a screen reader reads.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from steel_energy.alerts.alert import Severity, local
from steel_energy.alerts.policy import Change, Notice, Told

CHANGES: dict[Change, str] = {
    "new": "new",
    "worse": "got worse",
    "more": "more than before",
    "less": "less than before",
    "still": "reminder",
    "over": "over",
}
COLOURS: dict[Severity, str] = {"info": "#2f6f9f", "warning": "#b26a00", "critical": "#b3261e"}
OVER_COLOUR = "#2e7d32"
HEADER_CHARACTERS, SECTION_CHARACTERS, MOST_BLOCKS = 150, 3000, 50
"""Slack's limits."""
TEXT_CHARACTERS = 16_000
"""Mattermost's limit of a post is 16,383, Slack's 40,000."""
MOST_SECTIONS = 20
"""Alerts that are told in full; of any further ones the title."""
Section = dict[str, str]


@dataclass(frozen=True)
class Message:
    """What a channel is told at once.

    Attributes:
        notices: what it tells, worst first, at least one.
        at: when it was made.
        message_id: the same for the same news, so that one that arrives twice can be told as such.
    """

    notices: tuple[Notice, ...]
    at: dt.datetime
    message_id: str

    @property
    def severity(self) -> Severity | None:
        """The worst of what is not over; None of an all clear."""
        standing = [notice.alert for notice in self.notices if notice.change != "over"]
        return max(standing, key=lambda alert: alert.rank).severity if standing else None

    @property
    def subject(self) -> str:
        """Severity, plant and the first title, and how much more there is."""
        first, others = self.notices[0].alert, len(self.notices) - 1
        more = f" (and {others} more {'alert' if others == 1 else 'alerts'})" if others else ""
        return f"[{self.severity or 'all clear'}] {first.plant}: {first.title}{more}"

    @property
    def text(self) -> str:
        """Everything, as plain text."""
        return "\n\n".join("\n".join(_lines(notice)) for notice in self._shown) + self._rest

    @property
    def html(self) -> str:
        """Everything, as a simple page that needs nothing from elsewhere."""
        sections = "".join(_html(notice) for notice in self._shown)
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>'
            f"{escape(self.subject)}</title></head>"
            '<body style="font-family:sans-serif;font-size:15px;line-height:1.45;color:#1c1b1f;max-width:44em">'
            f'{sections}<p style="white-space:pre-line">{escape(self._rest.strip())}</p></body></html>'
        )

    @property
    def slack(self) -> dict[str, Any]:
        """The body of an incoming webhook: text for every reader, blocks for Slack."""
        sections = [{"type": "section", "text": {"type": "mrkdwn", "text": _mrkdwn(one)}} for one in self._shown]
        header = {"type": "header", "text": {"type": "plain_text", "text": _cut(self.subject, HEADER_CHARACTERS)}}
        further = _cut(_quiet(self._rest.strip()), SECTION_CHARACTERS)
        rest = [{"type": "section", "text": {"type": "mrkdwn", "text": further}}]
        blocks = [header, *sections, *(rest if self._rest else [])][:MOST_BLOCKS]
        return {"text": _cut(_quiet(f"{self.subject}\n\n{self.text}"), TEXT_CHARACTERS), "blocks": blocks}

    @property
    def _shown(self) -> tuple[Notice, ...]:
        return self.notices[:MOST_SECTIONS]

    @property
    def _rest(self) -> str:
        titles = [f"- {one.alert.plant}: {one.alert.title} ({CHANGES[one.change]})" for one in self.notices]
        further = titles[MOST_SECTIONS:]
        return "\n\nFurther, in short:\n" + "\n".join(further) if further else ""


def message_of(notices: Sequence[Notice], *, channel: str, told: dict[str, Told], at: dt.datetime) -> Message:
    """The message of what is due.

    Its id is made of the news and of what was told before: a message that was sent and, by a crash, not recorded is
    sent again under the same id.
    """
    digest = hashlib.sha256(channel.encode())
    for notice in notices:
        last = told.get(notice.alert.key)
        digest.update(f"|{notice.alert.key}|{notice.change}|{notice.alert.severity}".encode())
        digest.update(f"|{last.at.isoformat() if last else ''}".encode())
    return Message(tuple(notices), at, digest.hexdigest()[:32])


def heading(notice: Notice) -> str:
    """Severity, plant and what changed: ``CRITICAL, gwangyang (new)``."""
    if notice.change == "over":
        return f"ALL CLEAR, {notice.alert.plant} (was {notice.alert.severity})"
    return f"{notice.alert.severity.upper()}, {notice.alert.plant} ({CHANGES[notice.change]})"


def labelled(notice: Notice) -> Section:
    """What follows the figures, by its label; of what is over only where to look."""
    alert, rest = notice.alert, Section()
    if alert.since is not None:
        rest["Since"] = f"{local(alert.since)} ({alert.zone})"
    if notice.change != "over":
        rest["What to do"] = alert.advice
    if alert.link is not None:
        rest["See"] = alert.link
    return rest


def _facts(notice: Notice) -> tuple[str, ...]:
    return ("This is over: nothing of it was found any more.",) if notice.change == "over" else notice.alert.facts


def _lines(notice: Notice) -> list[str]:
    facts = [f"- {fact}" for fact in _facts(notice)]
    rest = [f"{label}: {value}" for label, value in labelled(notice).items()]
    return [heading(notice), notice.alert.title, *facts, *rest]


def _html(notice: Notice) -> str:
    colour = OVER_COLOUR if notice.change == "over" else COLOURS[notice.alert.severity]
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in _facts(notice))
    rest = "".join(f"<p><strong>{label}:</strong> {_linked(value)}</p>" for label, value in labelled(notice).items())
    return (
        f'<div style="border-left:4px solid {colour};padding:2px 0 2px 14px;margin:0 0 22px 0">'
        f'<p style="color:{colour};font-weight:bold;margin:0">{escape(heading(notice))}</p>'
        f'<h2 style="font-size:18px;margin:4px 0">{escape(notice.alert.title)}</h2><ul>{facts}</ul>{rest}</div>'
    )


def _linked(value: str) -> str:
    is_link = value.startswith(("http://", "https://")) and " " not in value
    return f'<a href="{escape(value)}">{escape(value)}</a>' if is_link else escape(value)


def _mrkdwn(notice: Notice) -> str:
    alert = notice.alert
    facts = [f"• {_quiet(fact)}" for fact in _facts(notice)]
    rest = [f"*{label}:* {_quiet(value)}" for label, value in labelled(notice).items()]
    lines = [f"*{_quiet(heading(notice))}*", f"*{_quiet(alert.title)}*", *facts, *rest]
    return _cut("\n".join(lines), SECTION_CHARACTERS)


def _quiet(text: str) -> str:
    """Text in which nothing is a mention or a link of its own: an error's words must not wake a whole channel."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("@", "@\u200b")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
