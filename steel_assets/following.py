"""What follows other assets by itself: Dagster's declarative automation, each condition with its reason.

Not what posted readings start at once (``sensors``) nor what the clock starts (``schedules``); forecasters are never
trained from here. Dagster's own ``eager`` is not used: it waits until no upstream partition is missing, and the months
that a plant has not seen yet always are; and of months it follows the newest alone, while a correction may be of any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import dagster as dg

from steel_energy.plant import Plant

SENSOR = "default_automation_condition_sensor"
"""The name that Dagster gives the one it makes where there is none."""
LOOK_EVERY_S = 30
READINGS = ("cleaned_readings", "repairs")
Condition = dg.AutomationCondition[dg.AssetKey]


def conditions(zone: str) -> dict[str, Condition]:
    """The conditions by asset.

    Args:
        zone: whose clock says when the things are made that are not made at once.
    """
    return {
        "warehouse": after(
            *READINGS,
            because="at once: people who ask in SQL should see what the lake holds, and copying it takes a second",
        ),
        "quality_report": after(
            *READINGS,
            at="0 5 * * *",
            zone=zone,
            because="at 05:00 after changed readings: ready for the morning, once for all that came during the day",
        ),
        "eda_report": after(
            *READINGS,
            at="0 5 * * *",
            zone=zone,
            because="at 05:00 after changed readings: a day more changes the picture little, so once a day is enough",
        ),
        "virtual_meter": after(
            *READINGS,
            at="0 4 1 * *",
            zone=zone,
            because="on the first of the month at 04:00: it answers only where physics cannot, and what it learns from "
            "changes with the meter, not with the day",
        ),
        "onnx_virtual_meter": after("virtual_meter", because="at once: it is the same model for another engine"),
        "day_ahead_forecast": after(
            "champion", because="at once: the next days are forecast by the model that serves; by night the clock does"
        ),
        "day_ahead_plan": after("day_ahead_forecast", because="at once: a plan stands on its forecast"),
    }


def after(*upstream: str, because: str, at: str | None = None, zone: str = "UTC") -> Condition:
    """Materialise once one of ``upstream`` has been, by a run that did not make the asset too.

    It waits while one of them or the asset itself is being made, and what failed is not tried again by itself. Checks
    are not asked: Dagster's storage does not tell conditions of checks by partition.

    Args:
        upstream: names of assets.
        because: when and why, which the page shows.
        at: a cron expression: wait for this time, so that many changes are followed once.
        zone: whose clock that is.
    """
    of = dg.AssetSelection.assets(*upstream)
    condition = dg.AutomationCondition
    changed = condition.any_deps_updated().allow(of).since_last_handled()
    busy = condition.any_deps_in_progress().allow(of) | condition.in_progress()
    followed = changed & ~busy
    if at:
        followed = followed & condition.cron_tick_passed(at, zone)
    return followed.with_label(because)


def following(assets: Iterable[dg.AssetsDefinition], plants: Mapping[str, Plant]) -> list[dg.AssetsDefinition]:
    """The assets with their conditions, by the clock of the first plant: a condition is one for all plants."""
    wanted = conditions(next(iter(plants.values())).zone)

    def conditioned(spec: dg.AssetSpec) -> dg.AssetSpec:
        return spec.replace_attributes(automation_condition=wanted.get(spec.key.to_user_string()))

    return [asset.map_asset_specs(conditioned) for asset in assets]


def following_sensor(status: dg.DefaultSensorStatus) -> dg.AutomationConditionSensorDefinition:
    """The sensor that looks at the conditions."""
    return dg.AutomationConditionSensorDefinition(
        SENSOR,
        target=dg.AssetSelection.all(),
        default_status=status,
        minimum_interval_seconds=LOOK_EVERY_S,
        description="Makes again what other assets were made for: the warehouse, reports, the day-ahead plan and the "
        "virtual meter, each by its own condition and for its own reason, which its page shows.",
    )
