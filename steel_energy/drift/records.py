"""What drift is told in: verdicts, one record for each column and figure, and the parameters they go by."""

from __future__ import annotations

import datetime as dt
from typing import Literal, Self

from pydantic import Field, model_validator

from steel_energy.config import Record

Verdict = Literal["none", "moderate", "severe"]
VERDICTS: tuple[Verdict, ...] = ("none", "moderate", "severe")


class StreamingParams(Record):
    """How ADWIN looks at errors."""

    delta: float = Field(gt=0, lt=1)
    stretch: float = Field(gt=0)
    min_days: int = Field(ge=2)
    warm_up_days: int = Field(ge=2)


class DriftParams(Record):
    """How readings are compared."""

    days: int = Field(ge=1)
    bins: int = Field(ge=2)
    min_rows: int = Field(ge=1)
    usual_share: float = Field(gt=0, lt=1)
    psi_moderate: float = Field(gt=0)
    psi_severe: float = Field(gt=0)
    psi_margin: float = Field(ge=1)
    reference_weeks: int = Field(ge=1)
    stale_days: int = Field(ge=1)
    level_severe: float = Field(gt=0)
    level_margin: float = Field(ge=1)
    level_stretches: int = Field(ge=1)
    level_severe_anyhow: float = Field(gt=0)
    hours_severe: float = Field(gt=0)
    work_moved_severe: float = Field(gt=0, lt=1)
    beyond_severe: float = Field(gt=0, lt=1)
    fault_severe: float = Field(gt=0, lt=1)
    unchanged_severe_h: float = Field(gt=0)
    streaming: StreamingParams

    @model_validator(mode="after")
    def _severe_is_more(self) -> Self:
        if self.psi_severe <= self.psi_moderate:
            raise ValueError(f"psi_severe must exceed psi_moderate ({self.psi_moderate})")
        if self.level_severe_anyhow < self.level_severe:
            raise ValueError(f"level_severe_anyhow cannot lie below level_severe ({self.level_severe})")
        return self

    def verdict(self, index: float, usual: float, *, furthest: float = 0.0) -> Verdict:
        """What a population stability index says.

        Args:
            index: of the newest days.
            usual: what ``usual_share`` of the training's own stretches stay within.
            furthest: the largest one of them.
        """
        if index <= usual or index < self.psi_moderate:
            return "none"
        is_far = index >= max(self.psi_severe, self.psi_margin * usual) and index > furthest
        return "severe" if is_far else "moderate"


class ColumnDrift(Record):
    """How one column moved.

    Attributes:
        column: its name in the data contract.
        psi: population stability index; 0 for the same distribution, without an upper limit.
        usual_psi: what ``usual_share`` of the training's own stretches stay within; 0 where it has no two of them.
        ks_statistic: largest distance of the two cumulative distributions, 0 to 1; None for load types.
        ks_p_value: chance of that distance between samples of one distribution, were the readings independent.
        trained_mean: mean of the reference in the column's unit; None for load types.
        newest_mean: mean of the newest readings.
        verdict: by the PSI.
        remedy: what to do about it.
    """

    column: str
    psi: float
    usual_psi: float
    ks_statistic: float | None = None
    ks_p_value: float | None = None
    trained_mean: float | None = None
    newest_mean: float | None = None
    verdict: Verdict
    remedy: str


class FigureDrift(Record):
    """One figure of the newest days that should hardly change, beside what is usual for it.

    Attributes:
        figure: its name, such as ``repaired``.
        column: the column of the data contract that it is of; None where it is of none.
        value: of the newest days.
        usual: of the reference; None where it has nothing alike.
        moderate_at: value from which it counts as moved.
        severe_at: value from which it counts as moved far.
        verdict: by these limits.
        remedy: what to do about it.
    """

    figure: str
    column: str | None = None
    value: float
    usual: float | None = None
    moderate_at: float
    severe_at: float
    verdict: Verdict
    remedy: str


class Drift(Record):
    """How the newest readings differ from the training's.

    Attributes:
        newest_from: start of the newest readings.
        newest_until: their end, exclusive.
        newest_rows: number of them.
        trained_from: start of the training's readings.
        trained_until: their end, exclusive; where the newest ones begin, if the training ends among them.
        trained_rows: number of them, without the newest ones.
        reference: which of them the newest readings are compared with, and why those, in words.
        reference_rows: number of these.
        verdict: the worst one of all columns and figures.
        columns: every measured column, then the mix of load types.
        figures: what else is watched, such as the share of repaired cells of each column.
    """

    newest_from: dt.datetime
    newest_until: dt.datetime
    newest_rows: int
    trained_from: dt.datetime
    trained_until: dt.datetime
    trained_rows: int
    reference: str
    reference_rows: int
    verdict: Verdict
    columns: tuple[ColumnDrift, ...]
    figures: tuple[FigureDrift, ...]
