"""What starts runs by itself: one module a sensor.

A sensor only looks and asks. What a run does stands in ``jobs``, what it looks at in the lake and Dagster's instance.
"""

from steel_assets.sensors.alerts import alerts_sensor, run_failures_sensor
from steel_assets.sensors.guard import guard_sensor
from steel_assets.sensors.posted import posted_readings_sensor
from steel_assets.sensors.retraining import retraining_sensor
from steel_assets.sensors.rewatching import rewatching_sensor
from steel_assets.sensors.watching import watching_sensor

__all__ = [
    "alerts_sensor",
    "guard_sensor",
    "posted_readings_sensor",
    "retraining_sensor",
    "rewatching_sensor",
    "run_failures_sensor",
    "watching_sensor",
]
