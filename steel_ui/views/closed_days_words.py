"""What the editor of closed days says: how days stand and why, and how far the forecast moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from steel_client.models import CalendarDay, ForecastChange
from steel_ui.closed_days import Calendar, Tried
from steel_ui.units import KWH, Units
from steel_ui.words import Words, words

REASONS = ("", "holiday", "maintenance", "other")


def day_label(day: dt.date, words: Words) -> str:
    """Weekday, day and month, as short as a button needs it."""
    return f"{words.weekdays[day.weekday()]} {day.day} {words.months[day.month - 1]}"


def hint(day: CalendarDay, words: Words) -> str:
    """What the pointer reads of a day: how it stands."""
    if day.is_marked:
        return _marked(day, words)
    state = words("marked_closed" if day.is_closed else "marked_open")
    holiday = f", {words('public_holiday')}" if day.is_public_holiday else ""
    return f"{day_label(day.day, words)} ({state}{holiday})"


def head_html(language: str) -> str:
    """Title, and how the days are chosen."""
    say = words(language)
    return f'<div class="chart-head"><h2>{escape(say("closed_days"))}</h2><p>{escape(say("closed_about"))}</p></div>'


def standing_html(calendar: Calendar | None, language: str) -> str:
    """Which of the days are closed, and by what; marks are told with their reason."""
    say = words(language)
    if calendar is None:
        return ""
    usual = [day for day in calendar.days if day.is_closed and not day.is_marked]
    marked = [day for day in calendar.days if day.is_marked]
    lines = [say("closed_none") if not (usual or marked) else ""]
    if usual:
        lines.append(say("closed_by_file", days=_listed(usual, say)))
    if marked:
        lines.append(say("closed_by_mark", days=", ".join(_marked(day, say) for day in marked)))
    holidays = [day for day in calendar.days if day.is_public_holiday and not day.is_closed]
    if holidays:
        lines.append(say("closed_holidays", days=_listed(holidays, say)))
    return "".join(f'<p class="small muted">{escape(line)}</p>' for line in lines if line)


def tried_html(calendar: Calendar | None, tried: Tried | None, language: str, *, units: Units = KWH) -> str:
    """What the forecast makes of the chosen days, or made of those that were kept; energies are in ``units``."""
    say = words(language, units)
    if calendar is None or tried is None:
        return ""
    closed, opened = ([day for day in tried.days if day.is_closed is was] for was in (False, True))
    parts = [say(key, days=_listed(days, say)) for key, days in (("try_closed", closed), ("try_open", opened)) if days]
    told = _moved(tried, say)
    later = len(tried.days) - len(calendar.reached(tried.days))
    if later:
        told += f"<p>{escape(say('try_later', n=say.number(later)))}</p>"
    title = say("try_kept" if tried.is_kept else "try_title", days=say("try_and").join(parts))
    kind = "done" if tried.is_kept else "trial"
    return f'<section class="{kind}" role="status"><p><b>{escape(title)}</b></p>{told}</section>'


def legend_html(calendar: Calendar | None, tried: Tried | None, language: str) -> str:
    """What the bars are, and that a forecast which begins within a day knows but a part of its first and last one."""
    say = words(language)
    is_part = calendar is not None and calendar.usual.origin.time() != dt.time()
    title = say("closed_bars_part" if is_part else "closed_bars")
    shown = [("expected bar-key", say("closed_usual"))]
    if tried is not None and tried.forecast is not None and not tried.is_kept:
        shown = [("measured bar-key", say("closed_usual")), ("expected bar-key", say("closed_tried"))]
    keys = "".join(f'<li><span class="key {kind}"></span>{escape(text)}</li>' for kind, text in shown)
    return f'<div class="legend"><ul><li class="lead">{escape(title)}</li>{keys}</ul></div>'


def _moved(tried: Tried, words: Words) -> str:
    change = tried.forecast.change if tried.forecast else None
    if tried.forecast is None or change is None:
        return ""
    before_kwh = tried.forecast.totals.usage_kwh - change.usage_kwh
    share = change.usage_kwh / before_kwh if before_kwh else 0
    energy = words(
        "try_energy",
        kwh=words.number(change.usage_kwh, signed=True),
        percent=words.percent(share, digits=1, signed=True),
        krw=words.number(change.cost_krw, signed=True),
        co2=words.number(change.co2_t, digits=2, signed=True),
    )
    return f"<p>{escape(energy)}</p><p>{escape(_peak(change, words))}</p>"


def _peak(change: ForecastChange, words: Words) -> str:
    if round(change.peak_kw) == 0:
        return words("try_peak_same")
    return words("try_peak", kw=words.number(change.peak_kw, signed=True))


def _listed(days: Sequence[CalendarDay], words: Words) -> str:
    return ", ".join(day_label(day.day, words) for day in days)


def _marked(day: CalendarDay, words: Words) -> str:
    state = words("marked_closed" if day.is_closed else "marked_open")
    reason = f", {words(f'reason_{day.reason}_closed')}" if day.reason else ""
    return f"{day_label(day.day, words)} ({state}{reason})"
