"""Tables of the figures, in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from libraries.tables import markdown

from drifting.causes import Cause, is_usual
from drifting.judging import WITHIN_DAYS, Found, Judged

FORTY_WEEKS = 40
CONTROL = "seasonal"  # no drift: whatever is found in it is a false alarm
GROUPS = {
    "retrained": "2018, champion trained every week",
    "real": "2018, champion trained once",
    "months": "2018, champion trained once, in other months",
    "simulated": "simulated, champion trained for a year",
}


def false_alarm_table(weeks: Sequence[Judged]) -> str:
    """For each kind of stable weeks: how many, and how many were called moved."""
    rows = []
    for group in dict.fromkeys(week.group for week in weeks):
        of_group = [week for week in weeks if week.group == group]
        scenes = dict.fromkeys(week.scene for week in of_group)
        severe, moderate = [week for week in of_group if week.severe], [week for week in of_group if week.moderate]
        by = Counter(name for week in severe for name in week.severe).most_common(2)
        is_asked = any(week.is_degraded is not None for week in of_group)
        either = sum(bool(week.severe or week.is_degraded) for week in of_group)
        rows.append(
            [
                GROUPS.get(group, f"simulated, {group}") + f" ({len(scenes)})",
                len(of_group),
                len(severe),
                f"{FORTY_WEEKS * len(severe) / len(of_group):.1f}",
                len(moderate),
                ", ".join(f"{name} {count}x" for name, count in by),
                sum(bool(week.is_degraded) for week in of_group) if is_asked else "",
                f"{FORTY_WEEKS * either / len(of_group):.1f}" if is_asked else "",
            ]
        )
    head = ["stable weeks (champions)", "weeks", "severe", "severe in 40 weeks", "moderate", "severe by"]
    head += ["forecasts degraded", "either in 40 weeks"]
    return markdown(head, rows)


def found_table(found: Sequence[Found]) -> str:
    """Usual sizes: what a shift of each kind does and how soon it is found."""
    return size_rows(one for one in found if is_usual(one.cause))


def size_table(found: Sequence[Found]) -> str:
    """The other sizes."""
    return size_rows(one for one in found if one.cause.size is not None and not is_usual(one.cause))


def other_table(found: Sequence[Found]) -> str:
    """What ``steel shift`` does not make."""
    return size_rows(one for one in found if one.cause.size is None)


def either_table(found: Iterable[Found]) -> str:
    """What severe drift and degraded forecasts find together, of what cleaning lets through."""
    series: dict[Cause, list[Found]] = {}
    for one in found:
        if one.has_errors:
            series.setdefault(one.cause, []).append(one)
    head = ["what", "severe drift", "degraded forecasts", "either in a week", "days, median (most)"]
    rows = []
    for cause, same in series.items():
        days = [one.either_days for one in same if one.either_days is not None]
        rows.append(
            [
                words_of(cause) + (" (control)" if cause.name == CONTROL else ""),
                sum(one.is_found for one in same),
                sum(one.degraded_days is not None for one in same),
                f"{len(days)} of {len(same)}",
                f"{median(days):.1f} ({max(days):.1f})" if days else "",
            ]
        )
    return markdown(head, rows)


def words_of(cause: Cause) -> str:
    """Kind and size, or what happens in words."""
    if cause.size is None:
        return cause.name
    signed = "+" if cause.name in ("co2_level", "level_shift") else ""
    return f"`{cause.name}` {cause.size * 100:{signed}g} %"


def size_rows(found: Iterable[Found]) -> str:
    """A row for each cause, cleaned and as sent."""
    series: dict[tuple[Cause, bool], list[Found]] = {}
    for one in found:
        series.setdefault((one.cause, one.cleaning), []).append(one)
    head = ["what", "readings", "found in a week", "missed", "days, median (most)", "at least moderate", "first by"]
    rows = [
        [words_of(cause), "cleaned" if cleaning else "as sent", *_cells(same)]
        for (cause, cleaning), same in series.items()
    ]
    return markdown([*head, "error, times"], rows)


def missed_lines(found: Iterable[Found]) -> str:
    """Every shift that was not found in a week, in the order of causes."""
    missed = [one for one in found if not one.is_found and one.cause.name != CONTROL]
    readings = {True: "cleaned", False: "as sent"}
    return "\n".join(
        f"missed: {words_of(one.cause)}, {readings[one.cleaning]}, {one.scene}, from {one.start:%a %d %b}"
        for one in missed
    )


def _cells(same: Sequence[Found]) -> list[str]:
    delays = [one.delay_days for one in same if one.delay_days is not None and one.is_found]
    ratios = [one.error_ratio for one in same if one.error_ratio is not None]
    first_by = Counter(one.first_by[0] for one in same if one.first_by).most_common(2)
    moderate = sum(one.moderate_days is not None and one.moderate_days <= WITHIN_DAYS for one in same)
    return [
        f"{len(delays)} of {len(same)}",
        "control" if same[0].cause.name == CONTROL else f"{len(same) - len(delays)}",
        f"{median(delays):.1f} ({max(delays):.1f})" if delays else "",
        f"{moderate} of {len(same)}",
        ", ".join(f"{name} {count}x" for name, count in first_by),
        f"{median(ratios):.2f}" if ratios else "",
    ]
