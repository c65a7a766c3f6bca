"""Whether what runs by itself is on when Dagster is first started: one setting for all schedules and sensors.

A person who switches one of them on the page overrules the setting for that one; taking in posted readings is not
asked of it and always runs.
"""

from __future__ import annotations

import dagster as dg

from steel_assets.settings import AssetsSettings


def sensor_status(settings: AssetsSettings) -> dg.DefaultSensorStatus:
    """How a sensor stands until a person switches it."""
    return dg.DefaultSensorStatus.RUNNING if settings.is_automated else dg.DefaultSensorStatus.STOPPED


def schedule_status(settings: AssetsSettings) -> dg.DefaultScheduleStatus:
    """How a schedule stands until a person switches it."""
    return dg.DefaultScheduleStatus.RUNNING if settings.is_automated else dg.DefaultScheduleStatus.STOPPED
