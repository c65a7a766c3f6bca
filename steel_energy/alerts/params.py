"""The section ``alerts`` of ``params.yaml``: from which figures on something is told, and how often."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import Field, model_validator

from steel_energy.alerts.alert import Severity
from steel_energy.config import Record


class CoolDownHours(Record):
    """Hours in which nothing is told twice, by severity."""

    info: float = Field(gt=0)
    warning: float = Field(gt=0)
    critical: float = Field(gt=0)

    def of(self, severity: Severity) -> dt.timedelta:
        """The cool-down of a severity."""
        hours: float = getattr(self, severity)
        return dt.timedelta(hours=hours)


class AlertParams(Record):
    """When something is told, and how often again."""

    cool_down_hours: CoolDownHours
    reminder_growth: float = Field(ge=1)
    longest_pause_hours: float = Field(gt=0)
    news_hours: float = Field(gt=0)
    stale_hours: float = Field(gt=0)
    stale_critical_hours: float = Field(gt=0)
    rejected_hours: float = Field(gt=0)
    rejected_rows: int = Field(ge=1)
    rejected_critical_share: float = Field(gt=0, le=1)
    failed_runs_critical: int = Field(ge=1)
    degraded_critical_ratio: float = Field(gt=1)
    attempts: int = Field(ge=1)
    attempt_timeout_s: float = Field(gt=0)
    patience_s: float = Field(gt=0)
    pause_s: float = Field(gt=0)
    longest_channel_pause_s: float = Field(gt=0)

    @model_validator(mode="after")
    def _critical_is_more(self) -> Self:
        if self.stale_critical_hours <= self.stale_hours:
            raise ValueError(f"stale_critical_hours must exceed stale_hours ({self.stale_hours})")
        return self

    def pause(self, severity: Severity, *, times: int) -> dt.timedelta:
        """How long after the message number ``times`` of a severity the next reminder waits: longer each time.

        The first pause is the cool-down; none is shorter than that.
        """
        first = self.cool_down_hours.of(severity)
        grown = first * self.reminder_growth ** min(times - 1, 30)
        return max(first, min(grown, dt.timedelta(hours=self.longest_pause_hours)))
