"""What the features of a forecast are called in a plant: the words of each, and the driver it belongs to.

Words alone: what a feature is computed from stands in ``features``, what it does to a forecast in ``explaining``.
"""

from __future__ import annotations

import re

from steel_energy.features import FEATURES, ORIGIN_FEATURES, TARGET_FEATURES
from steel_energy.schema import INTERVAL_MINUTES
from steel_energy.timeline import MEASURED_INPUTS

STATE, LEVEL, SIMILAR = "operating state now", "recent level", "similar days"
CALENDAR, TARIFF, REACTIVE = "calendar and closed days", "tariff band", "reactive energy and power factor"
DRIVERS = (STATE, LEVEL, SIMILAR, CALENDAR, TARIFF, REACTIVE)
"""What a forecast is explained by."""

STATE_FEATURES = tuple(
    name for name in ORIGIN_FEATURES if name.startswith(("usage_", "hour_above_")) or "_1h_" in name or "_2h_" in name
)
"""What the plant has been doing for two hours at most."""

DRIVER_OF: dict[str, str] = {
    **dict.fromkeys(
        FEATURES, SIMILAR
    ),  # what is neither the target's calendar nor the origin's past looks at other days
    **dict.fromkeys(TARGET_FEATURES, CALENDAR),
    **dict.fromkeys(ORIGIN_FEATURES, LEVEL),
    **dict.fromkeys(STATE_FEATURES, STATE),
    **dict.fromkeys(MEASURED_INPUTS[1:], REACTIVE),
    "load_type": TARIFF,
}
"""Feature to driver; every feature has one."""

SPELT = {
    "slot": "time of day",
    "load_type": "tariff band",
    "is_closed": "closed day",
    "was_closed_yesterday": "closed the day before",
    "is_closed_tomorrow": "closed the day after",
    "today_kwh": "energy since midnight",
    "yesterday_kwh": "energy yesterday",
    "yesterday_until_now_kwh": "energy yesterday by this time",
    "today_above_usual_kwh": "today above usual so far",
    "hour_above_usual_kwh": "last hour above usual",
    "four_hours_above_usual_kwh": "last 4 hours above usual",
    "lagging_reactive_kvarh": "lagging reactive energy",
    "leading_reactive_kvarh": "leading reactive energy",
    "lagging_power_factor": "lagging power factor",
    "same_slot_day_kwh": "same time, newest day",
    "same_slot_week_kwh": "same time, newest week",
    "same_slot_two_weeks_kwh": "same time, a week earlier still",
    "same_hour_week_kwh": "same hour, newest week",
    "usual_kwh": "same time, all days of this kind, old ones fading",
}
TABLES = {"slot": "same time", "hour": "same hour", "day": "day's energy"}
GROUPS = {"kind": "of this kind", "weekday": "of this weekday", "open": "open or closed alike"}
SIMILAR_NAME = re.compile(rf"({'|'.join(TABLES)})_({'|'.join(GROUPS)})_(\d+)_kwh")
BACK_NAME = re.compile(r"usage_(\d+)_back_kwh")
WINDOW_NAME = re.compile(r"(mean|spread|lowest|highest)_(\d+)([hd])_kwh")


def words_of(feature: str) -> str:
    """A feature as a person reads it; one without words of its own keeps its name, underscores aside.

    >>> words_of("usage_2_back_kwh"), words_of("slot_kind_4_kwh"), words_of("mean_7d_kwh")
    ('usage 30 min back', 'same time, last 4 days of this kind', 'mean of the last 7 d')
    """
    if found := SIMILAR_NAME.fullmatch(feature):
        table, group, last = found.groups()
        days = "newest day" if last == "1" else f"last {last} days"
        return f"{TABLES[table]}, {days} {GROUPS[group]}"
    if found := BACK_NAME.fullmatch(feature):
        return f"usage {INTERVAL_MINUTES * int(found[1])} min back"
    if found := WINDOW_NAME.fullmatch(feature):
        return f"{found[1]} of the last {found[2]} {found[3]}"
    return SPELT.get(feature, feature.removesuffix("_kwh").replace("_", " "))
