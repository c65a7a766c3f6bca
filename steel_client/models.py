"""The JSON of every route as records, written by ``make client`` from the service's OpenAPI document.

Not edited by hand. A field's docstring gives its meaning and unit, as the service's own documentation does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as date_aliased
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, RootModel

from steel_client.record import Record


class AbsentModel(Record):
    """One model that could not be tried out."""

    model: str
    because: str
    """The reason, with its remedy."""


class After(Record):
    """A job that must have ended before this one starts."""

    model_config = ConfigDict(
        extra="forbid",
    )
    job: Annotated[
        str,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ]
    """Name of the job that comes first."""
    min_lag_minutes: Annotated[int, Field(ge=0, le=44640, multiple_of=15)] = 0
    """Time from its end to the start of this one, at least."""
    max_lag_minutes: Annotated[int | None, Field(ge=0, le=44640, multiple_of=15)] = None
    """The same at most; any time if absent. Not after a flexible job, whose end is open."""


class BandHeld(Record):
    """What a band promises and keeps."""

    promised: float
    """Share of readings that it should hold, 0-1."""
    seen: float
    """Share that it held."""
    width_kwh: float
    """Mean width."""


class BillLineAnswer(Record):
    """One line of a bill: amount is quantity times price, a credit if it is negative."""

    month: str
    """Calendar month, as 2018-12."""
    kind: Literal["energy", "demand", "power_factor", "co2"]
    """What is charged."""
    season: str | None
    """Season of the tariff, for energy."""
    band: Literal["light", "medium", "maximum"] | None
    """Band the utility bills, for energy."""
    quantity: float
    """In `unit`."""
    unit: str
    """kWh, kW, points of power factor, or t."""
    price_krw: float
    """For one unit."""
    amount_krw: float
    """Quantity times price, not rounded."""
    rule: str
    """How quantity and price came about."""
    source: str
    """Who publishes the price."""


class BillRequest(Record):
    """Which period is billed, and under which tariffs."""

    model_config = ConfigDict(
        extra="forbid",
    )
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    from_: Annotated[datetime, Field(alias="from")]
    """Start of the period, a full quarter of an hour. Without an offset it is plant time."""
    to: datetime
    """End of the period, exclusive."""
    tariffs: Annotated[Sequence[str], Field(max_length=20)] = []
    """Ids of files in data/tariffs, to compare; the plant's own tariff if empty."""


class BillUnderTariff(Record):
    """The bill under one tariff; its amounts are not rounded."""

    tariff: str
    """Id of the tariff."""
    tariff_name: str
    total_krw: float
    """Sum of all lines."""
    energy_krw: float
    """Sum of the lines of this kind, as the next three."""
    demand_krw: float
    power_factor_krw: float
    """Negative where credits outweigh surcharges."""
    co2_krw: float
    """0 where the tariff has no price of CO2."""
    above_cheapest_krw: float
    """Total less that of the cheapest of the tariffs; 0 for that one."""
    lines: Sequence[BillLineAnswer]
    notes: Sequence[str]
    """What a reader must know, such as a tariff that was not in force."""


class BlackOut(Record):
    """A stretch in which a piece of equipment, or all of the jobs, must stand still."""

    model_config = ConfigDict(
        extra="forbid",
    )
    start: datetime
    """First moment."""
    end: datetime
    """Last moment, exclusive."""
    equipment: Annotated[
        str | None,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ] = None
    """What is being maintained; all jobs if absent."""


class CalendarDay(Record):
    """One day of the plant's clock."""

    day: date_aliased
    is_closed: bool
    """Whether the plant is closed on it: by its mark, else by the plant's file."""
    is_usually_closed: bool
    """Whether it is by the plant's file alone."""
    is_marked: bool
    """Whether somebody marked it."""
    reason: Literal["holiday", "maintenance", "other"] | None
    """Why, as whoever marked it said; null where nothing was said."""
    is_public_holiday: bool
    """Whether it is one by the tariff, which closes no plant by itself."""


class ChampionName(Record):
    """Which model answers."""

    model: str
    label: str
    """How the model came to be, where its name would promise more; mostly empty."""
    version: str


class ChatFallback(Record):
    """Why no language model answered, where one is wanted."""

    reason: Literal[
        "down",
        "model_missing",
        "no_tools",
        "slow",
        "broken",
        "too_long",
        "too_many_steps",
        "refused",
        "malformed",
        "cut_short",
        "empty",
        "call_as_text",
        "not_grounded",
        "tool_failed",
        "no_result",
        "failed",
    ]
    """Stable name of the kind of failure."""
    because: str
    """The same for people, in the language of the answer."""
    remedy: str = ""
    """What whoever runs the service can do about it, in English."""


class ChatPeriod(Record):
    """A stretch of time with the plant's offset."""

    start: datetime
    end: datetime
    """Exclusive."""


class ChatRequest(Record):
    """A question, and the conversation it goes on with."""

    model_config = ConfigDict(
        extra="forbid",
    )
    question: Annotated[str, Field(max_length=2000, min_length=1, pattern="\\S")]
    """In English or Spanish; the answer is in the same language."""
    session_id: Annotated[str | None, Field(pattern="^[0-9a-f]{32}$")] = None
    """That of an earlier answer, to go on from it; a new conversation if absent."""
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""


class ChatSeries(Record):
    """A line, a band or a row of bars; a value for each `x`."""

    name: str
    """For the legend."""
    values: Sequence[float | None]
    """Null where there is none."""
    lower: Sequence[float] | None
    """Of a band; null if it is none."""
    upper: Sequence[float] | None
    """Likewise."""


class Citation(Record):
    """Where a passage stands that the answer repeats."""

    number: Annotated[int, Field(ge=1)]
    """The [1] of the answer."""
    title: str
    source: str
    """Which of the notes, such as tariff or runbook."""
    anchor: str


class CloseDay(Record):
    """Close a day: each interval draws what it typically does on a closed day, and none draws more than before."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["close_day"]
    day: date_aliased
    """Day of the period that is closed."""


class CodeInfo(Record):
    """Which code made the model."""

    package: str
    """Version of the package."""
    commit: str | None
    """Git commit of the checkout; null where it ran from no checkout."""
    is_dirty: bool | None
    """Whether that checkout had uncommitted changes."""


class ColumnCount(Record):
    """How many changes a column had."""

    column: str
    """`row` where a whole row was removed or inserted."""
    changes: int


class ColumnDrift(Record):
    """How one column moved."""

    column: str
    """Its name in the readings."""
    psi: Annotated[float, Field(ge=0.0)]
    """Population stability index; 0 for the same distribution."""
    usual_psi: Annotated[float, Field(ge=0.0)]
    """PSI that the training's own weeks stay within."""
    ks_statistic: float | None
    """Kolmogorov-Smirnov distance, 0 to 1; null for load types."""
    ks_p_value: float | None
    """Its chance, were the readings independent, which those of a week are not; null for load types."""
    trained_mean: float | None
    """Mean of the training's readings; null for load types."""
    newest_mean: float | None
    """Mean of the newest readings; null for load types."""
    verdict: Literal["none", "moderate", "severe"]
    """none, unless the PSI reaches a threshold and is more than usual."""
    remedy: str
    """What to do about it."""


class CopilotHealth(Record):
    """Who answers questions in plain language."""

    answers: Literal["llm", "planner"]
    """A language model with tools, or the planner alone."""
    model: str | None
    """The language model that is wanted; null where none is."""
    state: Literal["ready", "off", "checking", "down", "model_missing", "no_tools", "slow", "broken"]
    """Of the language model; without it the planner answers. `off`: none is wanted."""
    remedy: str
    """What would help; empty where nothing is missing."""


class CrewShift(Record):
    """Hours of the plant's clock in which a crew works, on some weekdays."""

    model_config = ConfigDict(
        extra="forbid",
    )
    weekdays: Sequence[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]] = [
        "friday",
        "monday",
        "saturday",
        "sunday",
        "thursday",
        "tuesday",
        "wednesday",
    ]
    """Weekdays on which it starts; every day if absent."""
    start_hour: Annotated[float, Field(ge=0.0, lt=24.0, multiple_of=0.25)]
    """Hour at which it starts."""
    end_hour: Annotated[float, Field(ge=0.0, le=48.0, multiple_of=0.25)]
    """Hour at which it ends, counted from the same midnight; past midnight add 24."""


class DaysMarked(Record):
    """The days that were named, as they stand now; what is answered has been kept."""

    plant: str
    changed: int
    """How many of them stood otherwise before; asked again, none."""
    days: Sequence[CalendarDay]


class DensityCell(Record):
    """How often a forecast and the reading that came fell into one cell of a grid."""

    forecast_kwh: float
    """Lower edge."""
    usage_kwh: float
    """Lower edge."""
    forecasts: int


class DriftThresholds(Record):
    """What verdicts go by; set in params.yaml."""

    psi_moderate: float
    """From this PSI on, a column has moved."""
    psi_severe: float
    """From this PSI on, it has moved far."""
    usual_share: float
    """Share of the training's own weeks whose PSI is usual: up to there nothing has moved."""
    psi_margin: float
    """Multiple of the usual PSI that a severe one reaches too."""


class DriverSize(Record):
    """How much a driver moves forecasts of a range of leads."""

    lead_range: str
    """Leads in intervals, as `1` or `17-96`; `over_24h` weighs the ranges by their leads of a day."""
    driver: str
    mean_abs_kwh: float
    """Mean size of its contribution (SHAP), kWh of an interval."""


class ErrorDetail(Record):
    """What is wrong, where, and what to do about it."""

    code: str
    """Stable name of the kind of error."""
    message: str
    """What is wrong."""
    field: str | None
    """The field it is about."""
    hint: str
    """What to do about it."""
    reason: str = ""
    """Stable name of what is wrong, finer than the code, to say it in another language; absent where it has none. Of a value that does not validate, Pydantic's name of the fault."""
    values: Mapping[str, str | float] = {}
    """What the message speaks of, by name."""


class ErrorGroup(Record):
    """Errors of the forecasts that have something in common."""

    name: str
    """What they have in common."""
    forecasts: int
    """Intervals that were forecast."""
    usage_kwh: float
    """Mean reading."""
    rmse_kwh: float
    mae_kwh: float
    bias_kwh: float
    """Mean of forecast less reading: above zero the forecasts are too high."""
    coverage_80: float
    """Share of the readings inside the 80 % band, 0-1."""


class ExplainBillLine(Record):
    """What the event changed in a line of a month's bill, against the same bill with the usual in its place."""

    month: str
    """Calendar month, as 2018-12."""
    kind: Literal["energy", "demand", "power_factor", "co2"]
    """What is charged."""
    code: Literal["energy", "demand", "ratchet", "power_factor", "co2"]
    """As `kind`; `ratchet` is the demand charge of a later month."""
    band: str | None
    """Season and billing band, of energy."""
    quantity: float
    """More (positive) or less of it, in `unit`."""
    unit: str
    price_krw: float
    """For one unit."""
    amount_krw: float
    """What it costs more, or saves if negative; not rounded."""
    is_final: bool
    """False where the month is not known to its end."""
    text: str


class ExplainContribution(Record):
    """A signed part of the difference from the usual."""

    code: Literal["day_type", "hour", "operating_state", "tariff_band", "reactive", "recent_level", "remainder"]
    label: str
    """What it is called."""
    kwh: float
    """Raises (positive) or lowers the energy by so much."""
    values: Mapping[str, float | str | None]
    """What the text is made of; a name ends in its value's unit. Null is not known."""
    text: str


class ExplainDay(Record):
    """Why a day took as much energy as it did."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["day"]
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    date: date_aliased
    """Of the plant's clock; it must be known as a whole."""
    compare: Literal["earlier", "all"] = "earlier"
    """`earlier`: with days before its own alone. `all`: with every other known day, in hindsight."""


class ExplainForecast(Record):
    """Why a forecast is what it is, as a whole or in one of its intervals."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["forecast"]
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    at: datetime | None = None
    """Origin, as of /forecast; the end of the known readings if absent."""
    horizon: Annotated[int, Field(ge=1, le=672)] = 96
    """Number of 15-minute intervals."""
    interval: datetime | None = None
    """Start of the one interval that `contributions` are of; of all together if absent."""


class ExplainHour(Record):
    """A clock hour of a day. Over the day both add up to the day's energy and to its usual one."""

    hour: int
    usage_kwh: float
    usual_kwh: float


class ExplainInterval(Record):
    """Why an interval took as much energy as it did."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["interval"]
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    at: datetime
    """Its start. Without an offset it is plant time."""
    compare: Literal["earlier", "all"] = "earlier"
    """`earlier`: with days before its own alone. `all`: with every other known day, in hindsight."""


class ExplainPeak(Record):
    """Why the highest demand of a period came about."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["peak"]
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    from_: Annotated[datetime, Field(alias="from")]
    """Start of the period. Without an offset it is plant time."""
    to: datetime
    """End of the period, exclusive."""
    compare: Literal["earlier", "all"] = "earlier"
    """`earlier`: with days before its own alone. `all`: with every other known day, in hindsight."""


class ExplainSimilar(Record):
    """A past event most like the explained one."""

    start: datetime
    usage_kwh: float
    day_type: Literal["open_weekday", "open_saturday", "open_sunday", "closed"]
    text: str
    """In what it is like it, and in what not."""


class ExplainUsual(Record):
    """The value that is measured against; `plant_kwh` and the parts add up to `kwh`."""

    kwh: float
    """Median of the comparable intervals, at the same time of such days, or days."""
    plant_kwh: float
    """Median of all intervals, or days, of whatever kind."""
    parts: Sequence[ExplainContribution]
    """What the kind of day and the time of day add to that."""
    day_type: Literal["open_weekday", "open_saturday", "open_sunday", "closed"]
    """The kind of day that is comparable."""
    compare: Literal["earlier", "all"]
    """`earlier`: with days before its own alone. `all`: with every other known day, in hindsight."""
    cases: int
    """Number of comparable ones."""
    first: date_aliased
    """Day of the first of them."""
    last: date_aliased
    """Day of the last of them."""
    text: str


class Fallback(Record):
    """Says that the champion could not answer, who did instead, and why."""

    step: Literal["previous champion", "global model", "seasonal naive"]
    """The bundle that served before, the model of all plants, or the newest similar day, fitted on the spot from known readings."""
    because: str
    """Why each step above could not answer."""


class FeaturePoint(Record):
    """One forecast of the past: what a feature was, and what it added to the forecast."""

    value: float | None
    """Of the feature, in its own unit; null where it was unknown."""
    kwh: float
    """Contribution (SHAP), signed, kWh of an interval."""


class FeatureSwarm(Record):
    """A feature's contributions to forecasts of the past."""

    lead_range: str
    """Leads in intervals, as `1` or `17-96`."""
    feature: str
    """Its name in the model."""
    label: str
    """What it is called in a plant."""
    driver: str
    """The driver that it belongs to."""
    mean_abs_kwh: float
    """Mean size of these contributions."""
    points: Sequence[FeaturePoint]


class FeedbackAnswer(Record):
    """Feedback that was written down."""

    session_id: str
    answer_id: str
    rating: Literal["up", "down"]


class FeedbackRequest(Record):
    """What somebody thinks of an answer."""

    model_config = ConfigDict(
        extra="forbid",
    )
    session_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    """Of the answer."""
    answer_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    """Of the answer."""
    rating: Literal["up", "down"]
    comment: Annotated[str, Field(max_length=1000)] = ""


class FigureDrift(Record):
    """One figure of the newest days that should hardly change, beside what is usual for it."""

    figure: str
    """`level`: change of all energies together; `working_hours`: hours of the day worked otherwise; `work_moved`: share of the work done at other hours; `beyond`: share of readings with a usage above 99.9 % of the training's; `contradicted`, `mistyped` and `repaired`: share of readings that contradict each other, whose load type is not the tariff's, that cleaning repaired; `peaked`: share that is more than twice as high as both quarter hours beside it; `unchanged`: hours without a change of the usage."""
    column: str | None
    """The column of the readings that it is of; null where it is of none."""
    value: float
    """Of the newest days; a level may fall, then its size counts."""
    usual: float | None
    """Of the training's like days; null where it has none."""
    moderate_at: float
    """From this value on, it has moved."""
    severe_at: float
    """From this value on, it has moved far."""
    verdict: Literal["none", "moderate", "severe"]
    remedy: str
    """What to do about it."""


class Equipment(RootModel[str]):
    root: Annotated[
        str,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ]


class ProfileKwItem(RootModel[float]):
    root: Annotated[float, Field(ge=0.0, le=1000000.0)]


class ForecastChange(Record):
    """How far a forecast with other closed days lies from the one by the plant's calendar; more is positive."""

    usage_kwh: float
    cost_krw: float
    """Energy charge, without demand charge."""
    co2_t: float
    peak_kw: float
    """Difference of the highest expected demands, which may come at other times."""


class ForecastDrivers(Record):
    """An interval of the forecast; the other energies add up to `forecast_kwh`."""

    interval_start: datetime
    forecast_kwh: float
    base_kwh: float
    """What the trees expect where they know nothing."""
    operating_state_kwh: float
    """What the plant did in the last two hours."""
    recent_level_kwh: float
    """How the hours and days before ran."""
    similar_days_kwh: float
    """What like days took at this time."""
    calendar_kwh: float
    """Time of day, weekday, closed days."""
    tariff_band_kwh: float
    reactive_kwh: float
    """Reactive energy and power factor before the origin."""
    rest_kwh: float
    """From the trees' forecast to the one that was answered."""


class ForecastFeature(Record):
    """A feature of a driver, at the explained interval."""

    feature: str
    """Its name in the model."""
    label: str
    value: float | None
    """What it was; null where not known."""
    kwh: float


class ForecastInterval(Record):
    """One interval of a forecast."""

    interval_start: datetime
    """Start of the interval in the plant's zone."""
    mean_kwh: float
    """Expected active energy in kWh."""
    q05: float
    """5 % quantile of the active energy in kWh."""
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    q95: float
    load_type: Literal["light", "medium", "maximum"]
    """Tariff band of the readings; light on closed days."""
    billing_band: Literal["light", "medium", "maximum"]
    """Band the utility bills."""
    cost_krw: float
    """Energy charge of the expected energy, without demand charge."""
    co2_t: float
    """CO2 of the expected energy in tonnes."""


class ForecastLoad(Record):
    """The next intervals as they are forecast: the difference has a range."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["forecast"]
    at: datetime | None = None
    """Origin: end of the last reading to use; the end of the known readings if absent."""
    horizon: Annotated[int, Field(ge=1, le=672)] = 96
    """Number of 15-minute intervals."""


class ForecastRequest(Record):
    """Which stretch to forecast, and which of its days to take for closed or open, whatever the calendar says."""

    model_config = ConfigDict(
        extra="forbid",
    )
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    at: datetime | None = None
    """Origin: end of the last reading to use; the end of the known readings if absent. Without an offset it is plant time."""
    horizon: Annotated[int, Field(ge=1, le=672)] = 96
    """Number of 15-minute intervals."""
    closed_days: Annotated[Sequence[date_aliased], Field(max_length=14)] = []
    """What if the plant were closed on these days? From the origin's to the one after the end."""
    open_days: Annotated[Sequence[date_aliased], Field(max_length=14)] = []
    """The same of days on which the plant would run."""


class ForecastTotals(Record):
    """Sums over the forecast."""

    usage_kwh: float
    cost_krw: float
    """Energy charge, without demand charge."""
    co2_t: float
    peak_kw: float
    """Highest expected 15-minute demand: four times the largest mean_kwh."""


class FrontPoint(Record):
    """One plan of the front: none of the three can fall without another rising."""

    cost_krw: float
    """Bill, start and moving costs less the worth of optional jobs."""
    co2_t: float
    peak_kw: float
    gap: float
    """As of the plan."""


class HistoryRow(Record):
    """One interval or window of known readings, with the columns that were asked for."""

    interval_start: datetime
    """Start of the interval or window in the plant's zone."""
    usage_kwh: float | None = None
    """Active energy in kWh."""
    lagging_reactive_kvarh: float | None = None
    """Lagging reactive energy in kvarh."""
    leading_reactive_kvarh: float | None = None
    """Leading reactive energy in kvarh."""
    lagging_power_factor: float | None = None
    """Percent 0-100: as the meter shows it, of a window as it follows from its energies."""
    leading_power_factor: float | None = None
    """Percent 0-100, likewise."""
    co2_t: float | None = None
    """CO2 in tonnes."""
    load_type: Literal["light", "medium", "maximum"] | None = None
    """Band of the readings; null where a window has several."""
    billing_band: Literal["light", "medium", "maximum"] | None = None
    """Band the utility bills; null where a window has several."""
    peak_kw: float | None = None
    """Highest 15-minute demand: four times the highest energy."""
    cost_krw: float | None = None
    """Energy charge, without demand charge."""
    repaired: bool | None = None
    """Whether cleaning changed a cell of it."""
    intervals: int | None = None
    """Number of 15-minute intervals in it."""


class Hours(Record):
    """Hours of a calendar day of the plant's clock: 10 to 12, or over midnight 23 to 5, which is 23-24 and 0-5 h."""

    model_config = ConfigDict(
        extra="forbid",
    )
    from_hour: Annotated[int, Field(ge=0, lt=24)] = 0
    """First hour, 0-23."""
    to_hour: Annotated[int, Field(ge=0, le=24)] = 24
    """Hour it ends at, 0-24."""


class ImportanceAnswer(Record):
    """What drives forecasts, as the last build explained it."""

    plant: str
    explained: str
    """Which trees speak for the champion, in words."""
    version: str | None
    """The champion that was explained; null where the build did not say."""
    is_of_champion: bool | None
    """Whether that one is champion now; null where nobody can say."""
    drivers: Sequence[DriverSize]
    """Empty where no model with trees was tried out."""
    swarms: Sequence[FeatureSwarm]
    """The strongest features of the next interval and of a day ahead, strongest first; empty where the last build kept none."""


class JobRun(Record):
    """A stretch without a break."""

    start: datetime
    end: datetime
    """Exclusive."""
    energy_kwh: float


class LeadScores(Record):
    """How far off a model is so long before: of the intervals that end so long after the origin."""

    lead_time: str
    """15min, 1h, 6h, 24h; over_24h is all leads up to 24 hours."""
    minutes: int
    """The lead in minutes; of over_24h the longest."""
    scores: Mapping[str, float]


class Limits(Record):
    """What the plant as a whole must keep to."""

    model_config = ConfigDict(
        extra="forbid",
    )
    power_kw: Annotated[float | None, Field(gt=0.0, le=1000000.0)] = None
    """Power of base load and jobs together, at most."""
    ramp_kw: Annotated[float | None, Field(gt=0.0, le=1000000.0)] = None
    """Change of it from one interval to the next, at most."""
    co2_t: Annotated[float | None, Field(gt=0.0)] = None
    """CO2 of the period, at most."""
    black_outs: Annotated[Sequence[BlackOut], Field(max_length=100, validate_default=True)] = []
    """Maintenance."""


class Mark(Record):
    """How a day is to stand from now on."""

    model_config = ConfigDict(
        extra="forbid",
    )
    day: date_aliased
    state: Literal["closed", "open", "usual"]
    """`usual` takes the mark away, so that the plant's file says again whether the day is closed."""
    reason: Literal["holiday", "maintenance", "other"] | None = None
    """Why, for people; no computation reads it."""


class MarkRequest(Record):
    """Days to be marked; all others stay as they are."""

    model_config = ConfigDict(
        extra="forbid",
    )
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    days: Annotated[Sequence[Mark], Field(max_length=366, min_length=1)]


class MeasuredLoad(Record):
    """A period that was measured: its difference is certain."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["measured"]
    from_: Annotated[datetime, Field(alias="from")]
    """Start of the period, a full quarter of an hour. Without an offset it is plant time."""
    to: datetime
    """End of the period, exclusive."""


class MeterReading(Record):
    """What the meter shows of one 15-minute interval, without its active energy."""

    model_config = ConfigDict(
        extra="forbid",
    )
    lagging_reactive_power: Annotated[float, Field(ge=0.0, le=1000000.0)]
    """Lagging reactive energy of the interval in kvarh."""
    leading_reactive_power: Annotated[float, Field(ge=0.0, le=1000000.0)]
    """Leading reactive energy of the interval in kvarh."""
    co2: Annotated[float, Field(ge=0.0, le=1000000.0)]
    """CO2 that the meter booked, in tonnes."""
    lagging_power_factor: Annotated[float, Field(ge=0.0, le=1.0)]
    """Lagging power factor as a ratio 0-1."""
    leading_power_factor: Annotated[float, Field(ge=0.0, le=1.0)]
    """Leading power factor as a ratio 0-1."""
    nsm: Annotated[int, Field(ge=0, le=86400)]
    """Seconds since midnight."""
    day_of_week: Annotated[int, Field(ge=0, lt=7)]
    """0 = Monday to 6 = Sunday."""
    load_type: Literal["Light", "Medium", "Maximum"]
    """Tariff band."""
    interval_start: datetime | None = None
    """Start of the interval, where the prediction shall be compared with what was measured. Without an offset it is plant time."""


class ModelStanding(Record):
    """One model that was tried out."""

    rank: int
    """Place by the RMSE on the validation part, which models are chosen by; 1 is best."""
    model: str
    label: str
    """How the model came to be, where its name would promise more; mostly empty."""
    validation: Mapping[str, float]
    """Scores over 24 hours on the validation part."""
    test: Mapping[str, float]
    """The same on the test part, which nothing is chosen on."""
    test_by_lead: Sequence[LeadScores]
    """Scores on the test part by lead time, the nearest first; empty where the build kept none."""
    further: Mapping[str, float | None]
    """Comparison with the best model, spread over weeks and folds, what plans made on its forecasts save and miss (KRW a week), and costs; null where there is none."""


class ModelVersion(Record):
    """A bundle that is kept, and may be served."""

    version: str
    """Hash of the bundle's content."""
    state: Literal["champion", "standing", "rejected", "never_served"]
    """`champion` serves; `standing` served before and may be gone back to; `rejected` was rolled back; `never_served` was built and not promoted."""
    is_damaged: bool
    """Whether its manifest cannot be read; then nothing below is known."""
    numbers: Sequence[int]
    """Numbers of its promotions."""
    model: str | None
    label: str
    """How the model came to be, where its name would promise more; mostly empty."""
    created_at: datetime | None
    """UTC."""
    trained_from: datetime | None
    trained_until: datetime | None
    """End of the readings that it has seen."""
    is_same_data: bool
    """Whether it was made of the same readings as the champion, so that their scores can be compared."""
    metrics: Mapping[str, float]
    """Scores over 24 hours on the validation and the test part, as the manifest names them."""


class Movable(Record):
    """A share of the base load that may be drawn at another time of the same day's hours."""

    model_config = ConfigDict(
        extra="forbid",
    )
    share: Annotated[float, Field(gt=0.0, le=1.0)]
    """Share of each interval's base load that may move."""
    from_hour: Annotated[float, Field(ge=0.0, lt=24.0, multiple_of=0.25)] = 0
    """Hour of the plant's clock from which it may move."""
    to_hour: Annotated[float, Field(ge=0.0, gt=0.0, le=24.0, multiple_of=0.25)] = 24
    """Hour until which it may; its energy stays the same between the two."""
    max_added_kw: Annotated[float, Field(gt=0.0, le=1000000.0)]
    """Power that may be added to the base load of an interval, at most."""
    cost_krw_per_kwh: Annotated[float, Field(ge=0.0, le=1000000000000.0)] = 0
    """What moving a kWh costs."""
    lagging_kvarh_per_kwh: Annotated[float, Field(ge=0.0, le=10.0)] = 0
    """Lagging reactive energy that moves along."""


class MoveLoad(Record):
    """Move a share of the load to other hours of the same calendar day or of another; spread evenly, as much energy."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["move_load"]
    share: Annotated[float, Field(ge=0.0, le=1.0)]
    """Share of each interval's energy that moves."""
    from_hours: Hours | None = None
    """Hours the energy leaves; the whole day if absent."""
    to_hours: Hours | None = None
    """Hours it goes to, evenly; the whole day if absent."""
    from_day: date_aliased | None = None
    """Day it leaves; if absent, every day moves within itself."""
    to_day: date_aliased | None = None
    """Day it goes to; `from_day` if absent."""


class NowcastInfo(Record):
    """The virtual meter behind /predict."""

    method: Literal["physics"] = "physics"
    version: str
    model_version: str | None
    """The fitted model that answers where physics cannot; null if none."""
    pulse_kwh: float
    """Energy of one pulse of the meter."""
    emission_factor_t_per_kwh: float
    """CO2 the meter books for each kWh."""


class Co2TPerKwhItem(RootModel[float]):
    root: Annotated[float, Field(ge=0.0, le=1.0)]


class OtherTariff(Record):
    """Bill the scenario under another tariff."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["tariff"]
    tariff: Annotated[str, Field(max_length=100)]
    """Id of a file in data/tariffs."""


class PassageAnswer(Record):
    """A passage of the notes that fits."""

    title: str
    text: str
    source: str
    """Which of the notes, such as tariff or runbook."""
    anchor: str


class PlanMarginal(Record):
    """What a little more of a limit would save, all else as planned."""

    field: str
    """Field of the request, as limits.power_kw."""
    unit: str
    """kW, t or hours."""
    krw_per_unit: float
    """Saved per unit; never negative."""
    words: str


class PlanReason(Record):
    """Why the plan is as it is."""

    code: str
    """Stable name of the kind of reason."""
    values: Mapping[str, str | float]
    """What it is about."""
    words: str


class PlanSavings(Record):
    """What the plan saves against doing nothing; negative where it costs more."""

    total_krw: float
    """Sum of the others; never negative where doing nothing is possible."""
    energy_krw: float
    demand_krw: float
    power_factor_krw: float
    co2_krw: float
    starts_krw: float
    """Start costs and costs of moving base load."""
    value_krw: float
    """Worth of optional jobs done beyond those of the baseline."""


class PlannedInterval(Record):
    """One interval of the schedule."""

    interval_start: datetime
    base_kwh: float
    """Load without the jobs."""
    moved_kwh: float
    """Added to the base load, or taken from it if negative."""
    jobs_kwh: float
    """All jobs together."""
    total_kwh: float
    baseline_kwh: float
    """The total without the plan."""
    billing_band: Literal["light", "medium", "maximum"]
    energy_krw_per_kwh: float


class PlannedJob(Record):
    """What becomes of a job."""

    name: str
    runs: Sequence[JobRun]
    """As planned; empty where an optional job is left out."""
    baseline_runs: Sequence[JobRun]
    """As it would run without the plan."""
    energy_krw: float
    """Energy charge of the planned runs."""
    baseline_energy_krw: float
    start_cost_krw: float
    baseline_start_cost_krw: float
    value_krw: float
    """Worth of an optional job that is done, else 0."""
    baseline_value_krw: float
    why: str
    """Why it runs then."""


class PlantFacts(Record):
    """A plant that may be asked about."""

    id: str
    """What other routes take as `plant`."""
    name: str
    zone: str
    """IANA time zone of its clock."""
    contract_kw: float
    """Contracted demand in kW."""
    carrier: Literal["electricity", "diesel"]
    """What it meters. All energies of answers are kWh, also of a fuel."""
    energy_unit: str
    """What people count its energy in: kWh, or L (litres)."""
    power_unit: str
    """What people count its power in: kW, or L/h."""
    kwh_per_unit: float
    """Energy of one `energy_unit`: 1, or a litre's heating value."""
    tariff: str
    """Id of the tariff it is billed under."""
    tariff_name: str
    is_default: bool
    """Whether it is the one that answers where no plant is named."""


class PlantsAnswer(Record):
    """Every plant of this service."""

    plants: Sequence[PlantFacts]


class PredictAnswer(Record):
    """The active energy of the interval that was asked for."""

    predicted_usage_kwh: float | None
    """Active energy in kWh; null where no energy agrees with the readings."""
    confidence_interval_lower: float | None
    """Lower bound, kWh: certain where consistent, else it holds nine times in ten."""
    confidence_interval_upper: float | None
    """Upper bound, kWh, likewise."""
    method: str
    """physics; model where readings are rough or contradict each other; none where no energy agrees."""
    consistent: bool
    """Whether all readings are as the meter shows them and agree."""
    model_version: str
    """Version of the physics, or of the fitted model if it answered."""
    prediction_timestamp: datetime
    """When this was computed, UTC."""
    prediction_id: str
    """Id of this answer in the prediction log."""


class Prediction(Record):
    """The active energy of one interval."""

    predicted_usage_kwh: float | None
    """Active energy in kWh; null where no energy agrees with the readings."""
    confidence_interval_lower: float | None
    """Lower bound, kWh: certain where consistent, else it holds nine times in ten."""
    confidence_interval_upper: float | None
    """Upper bound, kWh, likewise."""
    method: str
    """physics; model where readings are rough or contradict each other; none where no energy agrees."""
    consistent: bool
    """Whether all readings are as the meter shows them and agree."""
    model_version: str
    """Version of the physics, or of the fitted model if it answered."""
    prediction_timestamp: datetime
    """When this was computed, UTC."""


class Problem(Record):
    """Something that is missing or wrong, and its remedy."""

    what: str
    remedy: str
    code: str = ""
    """Stable name of the kind of problem, as of an error."""
    reason: str = ""
    """Stable name of what is wrong, finer than the code; empty if none."""
    values: Mapping[str, str | float] = {}
    """What it speaks of, by name."""


class PromoteRequest(Record):
    """Which bundle is to serve, and why."""

    model_config = ConfigDict(
        extra="forbid",
    )
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    version: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    """Name of a bundle."""
    because: Annotated[
        str,
        Field(
            max_length=300,
            min_length=1,
            pattern="^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$",
        ),
    ]
    """Why, in one line of words for people; it stands in the history and the audit log."""
    expected: Annotated[str | None, Field(pattern="^[0-9a-f]{12}$")] = None
    """Name of a bundle."""


class Promotion(Record):
    """One change of the champion."""

    number: int
    """1 for the plant's first champion, then one more each time."""
    version: str
    """Hash of the bundle's content."""
    model: str
    promoted_at: datetime
    """UTC."""
    by: Literal["build", "promote", "rollback"]
    """A build, or a person who promoted or rolled back."""
    who: str
    """Whose key made the change; empty for builds, reviews and the command line."""
    reason: str
    is_rejected: bool
    """Whether the version was rolled back and not promoted since."""
    is_kept: bool
    """Whether its bundle is still there to go back to."""


class QualityCheck(Record):
    """Something that must hold of cleaned readings, and whether it does."""

    check: str
    """`complete`, `range`, `grid`, `monotone_time`, `no_duplicates` or `physics`."""
    passed: bool
    expected: str
    """What should be, in words."""
    actual: str
    """What is, in words and figures."""


class QualityGap(Record):
    """A stretch of intervals that the source had no row of."""

    start: datetime
    end: datetime
    """End, exclusive."""
    intervals: int


class QualityPart(Record):
    """One day or month of the plant's clock."""

    start: datetime
    intervals: int
    repaired_cells: int
    """Cells that were wrong or missing."""
    repaired_share: Annotated[float, Field(ge=0.0, le=1.0)]
    """The same as a share of its cells."""
    rows_removed: int
    intervals_inserted: int


class QualityRepair(Record):
    """One change."""

    interval_start: datetime
    column: str
    """`row` where a whole row was removed or inserted."""
    before: str | None
    """As the source had it; null where it had nothing."""
    after: str | None
    """As it stands now; null where a row was removed."""
    rule: str
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]


class QuantileLevel(Record):
    """What a quantile promises and keeps."""

    promised: float
    """Share of readings that should lie at or below it, 0-1."""
    seen: float
    """Share that did."""


class Reading(Record):
    """What a meter shows of one 15-minute interval: usage_kwh, or a reactive energy with its power factor, at least."""

    model_config = ConfigDict(
        extra="forbid",
    )
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; another than that of the request is refused."""
    interval_start: datetime
    """Start of the interval, ISO 8601, at :00, :15, :30 or :45; plant time without an offset."""
    usage_kwh: Annotated[float | None, Field(ge=0.0)] = None
    """Active energy in kWh."""
    lagging_reactive_kvarh: Annotated[float | None, Field(ge=0.0)] = None
    """Lagging reactive energy in kvarh. Null or left out where it was not measured: it is worked out when the month is built."""
    leading_reactive_kvarh: Annotated[float | None, Field(ge=0.0)] = None
    """Leading reactive energy in kvarh. Null or left out where it was not measured: it is worked out when the month is built."""
    lagging_power_factor: Annotated[float | None, Field(ge=0.0, le=100.0)] = None
    """Lagging power factor in percent. Null or left out where it was not measured: it is worked out when the month is built."""
    leading_power_factor: Annotated[float | None, Field(ge=0.0, le=100.0)] = None
    """Leading power factor in percent. Null or left out where it was not measured: it is worked out when the month is built."""
    co2_t: Annotated[float | None, Field(ge=0.0)] = None
    """CO2 in tonnes. Null or left out where it was not measured: it is worked out when the month is built."""
    load_type: Literal["light", "medium", "maximum"] | None = None
    """Tariff band; worked out where it is left out."""


class ReadingsBody(Record):
    """Readings of one plant."""

    model_config = ConfigDict(
        extra="forbid",
    )
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    readings: Annotated[Sequence[Any | Reading], Field(min_length=1)]
    """In any order; at most STEEL_API_MAX_READINGS_ROWS (100,000)."""


class Reloaded(Record):
    """A kind of model of a plant, before and after."""

    was: str | None
    """Version that served before; null if none did."""
    now: str | None
    """Version that serves now; null if none is published."""


class Report(Record):
    """One report that can be opened."""

    name: str
    """Its name in /reports/{name}."""
    kind: str
    """What it is about."""
    title: str
    """What the page calls itself."""
    created_at: datetime
    """When it was written, UTC."""
    size_bytes: int
    media_type: str
    link: str
    """Where to open it."""


class ReportsAnswer(Record):
    """The reports of a plant, by name."""

    plant: str
    reports: Sequence[Report]


class Review(Record):
    """A promotion by a build that was looked at again, on the first days that neither model had seen."""

    promotion: int
    """Its number."""
    window_from: datetime
    """UTC."""
    window_until: datetime
    """UTC."""
    champion_version: str
    previous_version: str
    champion_rmse_kwh: float
    """Error over 24 hours of what was promoted."""
    previous_rmse_kwh: float
    """Error of the champion before it, at the same origins."""
    is_taken_back: bool
    reason: str


class RollbackRequest(Record):
    """How far to go back, and why."""

    model_config = ConfigDict(
        extra="forbid",
    )
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    to: Annotated[str | None, Field(pattern="^[0-9a-f]{12}$")] = None
    """Name of a bundle."""
    because: Annotated[
        str,
        Field(
            max_length=300,
            min_length=1,
            pattern="^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$",
        ),
    ]
    """Why, in one line of words for people; it stands in the history and the audit log."""
    expected: Annotated[str | None, Field(pattern="^[0-9a-f]{12}$")] = None
    """Name of a bundle."""


class RouteMetrics(Record):
    """How one route fared."""

    method: str
    route: str
    """Its path as /docs writes it; unmatched where there is none."""
    requests: int
    refused: int
    """Answered with 4xx: the caller's fault."""
    errors: int
    """Answered with 5xx: not the caller's fault."""
    p50_ms: float
    """Half of the answers took no longer; milliseconds, read from a histogram and so right to the width of a bucket."""
    p95_ms: float
    """95 % of the answers took no longer."""
    p99_ms: float
    """99 % of the answers took no longer."""


class RowCounts(Record):
    """How many rows came, and what became of them; every row counts once."""

    received: int
    accepted: int
    """Kept as sent."""
    repaired: int
    """Kept as sent too; building the month repairs some of its cells."""
    rejected: int
    """Not kept."""
    unchanged: int
    """Known already with the same values."""


class RowReason(Record):
    """Why a row was rejected."""

    field: str | None
    """The field it is about; null where it is the row as a whole."""
    code: str
    """Stable name of the kind of reason."""
    message: str
    """What is wrong."""


class RowRepair(Record):
    """A cell that cleaning will change, judged by the meter's physics and the readings known so far."""

    column: str
    before: str
    """As sent."""
    after: str | None
    """As it would stand."""
    rule: str
    """The rule of cleaning behind it."""
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    """Share of such repairs that restore the true value."""


class RuleCount(Record):
    """How often a rule of cleaning was used."""

    rule: str
    changes: int
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    """Share of such changes that restore the true value."""
    why: str | None
    """The reason behind the rule; null of one that there is no more."""


class ScaleProduction(Record):
    """Scale the production: what an interval draws above the typical load of a closed day."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["scale_production"]
    factor: Annotated[float, Field(ge=0.0, le=3.0)]
    """1 changes nothing, 0.9 is a tenth less."""
    days: Annotated[Sequence[date_aliased] | None, Field(max_length=366, min_length=1)] = None
    """Days that change; every day of the period if absent."""


class Source(Record):
    """Where the raw readings came from."""

    kind: str
    """file, uci, posted or simulated."""
    location: str
    """Path, URL or plant it was read from."""
    is_simulated: bool
    """Whether the readings are made up."""


class VersionsAnswer(Record):
    """The bundles of a plant that are kept."""

    plant: str
    champion: str | None
    """The version that is to serve; null where there is none."""
    previous: str | None
    """The version that a rollback without a name goes back to; null if none."""
    versions: Sequence[ModelVersion]
    """The newest first."""
    reviews: Sequence[Review]
    """In the order of the promotions."""


class Waiting(Record):
    """Posted readings and those of them that are not in use yet."""

    rows_posted: int
    """Posted readings in use."""
    posted_until: datetime | None
    rows_waiting: int
    """Posted readings that wait, such as behind a long gap."""
    waiting_from: datetime | None


class Weights(Record):
    """What else counts beside the bill."""

    model_config = ConfigDict(
        extra="forbid",
    )
    co2_krw_per_t: Annotated[float, Field(ge=0.0, le=1000000000000.0)] = 0
    """What avoiding a tonne of CO2 is worth, beyond what the tariff bills."""


class WhatIfAmounts(Record):
    """What a load comes to; of a difference, scenario less baseline, so a saving is negative."""

    usage_kwh: float
    """Active energy."""
    cost_krw: float
    """The whole bill: the sum of the next four."""
    energy_krw: float
    """Energy charge."""
    demand_krw: float
    """Demand charge, of a begun month its part."""
    power_factor_krw: float
    """Power-factor clauses; a credit if negative."""
    co2_krw: float
    """CO2 price; 0 where the tariff has none."""
    co2_t: float
    """CO2 of the energy in tonnes, charged or not."""
    peak_kw: float
    """Highest 15-minute demand."""


class WhatIfCapacitorBank(Record):
    """What a capacitor bank of the scenario is worth, against the same scenario without it."""

    change: int
    """Its place among the changes, 0 being the first."""
    capacitor_kvar: float
    saving_krw: float
    """In the period; negative where it makes the bill dearer."""
    yearly_saving_krw: float
    """As much per day for 365 days."""
    investment_krw: float | None
    payback_years: float | None
    """Null without an investment, or where it never comes back."""
    derivation: str


class WhatIfDerivation(Record):
    """How the differences came about, in words."""

    usage: str
    cost: str
    co2: str
    peak: str


class WhatIfEffect(Record):
    """A change's own part of the difference, after the changes before it."""

    kind: str
    """Of the change."""
    usage_kwh: float
    """More (positive) or less active energy."""
    moved_kwh: float
    """Energy that leaves intervals for others."""
    lagging_kvarh: float
    """More or less lagging reactive energy."""
    leading_kvarh: float
    """More or less leading reactive energy."""
    cost_krw: float
    """Dearer, or cheaper where negative."""
    first_day: date_aliased | None
    """First day whose energies it changes; null where it changes none."""
    last_day: date_aliased | None
    """The last of them."""


class WhatIfForecast(Record):
    """The forecast that the load is."""

    prediction_id: str
    """Id of the forecast in the prediction log."""
    origin: datetime
    """Nothing measured at or after this moment was used."""
    horizon: int
    """Number of 15-minute intervals."""
    model: str
    model_label: str
    model_version: str
    fallback: Fallback | None
    """Null where the champion answered."""


class WhatIfLine(Record):
    """A line of both bills side by side; quantity and price are 0 where a bill has no such line."""

    month: str
    """Calendar month, as 2018-12."""
    kind: Literal["energy", "demand", "power_factor", "co2"]
    """What is charged."""
    season: str | None
    band: Literal["light", "medium", "maximum"] | None
    unit: str
    """Of the quantities: kWh, kW, points of power factor, or t."""
    baseline_quantity: float
    """In `unit`."""
    scenario_quantity: float
    """In `unit`."""
    baseline_price_krw: float
    """For one unit."""
    scenario_price_krw: float
    """For one unit."""
    baseline_krw: float
    scenario_krw: float
    difference_krw: float
    derivation: str
    """Quantities, prices and rule in words."""


class WhatIfPowerFactor(Record):
    """The power factor that a clause of the scenario's tariff counts, over the whole period."""

    reactive: Literal["lagging", "leading"]
    hours: str
    limit_percent: float
    baseline_percent: float
    scenario_percent: float


class WhatIfRange(Record):
    """Least and greatest difference of each amount, each by itself."""

    low: WhatIfAmounts
    high: WhatIfAmounts


class WhoAmI(Record):
    """Who asks, and what they may ask for."""

    name: str
    """As the audit log has it."""
    role: Literal["viewer", "operator", "admin"]
    """Each may do all that the one before it may."""
    means: Literal["loopback", "key", "token"]
    """By a key, by a token, or by asking from this machine where that is open."""
    plants: Sequence[str]
    """Ids of the plants that may be asked about."""


class Window(Record):
    """A stretch of time; moments without an offset are plant time, on full quarters of an hour."""

    model_config = ConfigDict(
        extra="forbid",
    )
    start: datetime
    """First moment."""
    end: datetime
    """Last moment, exclusive."""


class Batch(Record):
    """Several intervals at once, in any order."""

    model_config = ConfigDict(
        extra="forbid",
    )
    rows: Annotated[Sequence[MeterReading], Field(max_length=10000, min_length=1)]
    """Readings; at most STEEL_API_MAX_BATCH_ROWS (10,000)."""


class BatchAnswer(Record):
    """One prediction for each row, in the request's order."""

    prediction_id: str
    """Id of this answer in the prediction log."""
    predictions: Sequence[Prediction]


class BillAnswer(Record):
    """The bills of a period, cheapest first."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    from_: Annotated[datetime, Field(alias="from")]
    """Start of the period."""
    to: datetime
    """End of the period, exclusive."""
    source: Source | None
    currency: Literal["KRW"] = "KRW"
    usage_kwh: float
    """Energy of the period."""
    peak_kw: float
    """Highest 15-minute demand of the period."""
    bills: Sequence[BillUnderTariff]


class CalendarAnswer(Record):
    """Days of a plant, in order."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    days: Sequence[CalendarDay]


class ChampionChange(Record):
    """What changed."""

    plant: str
    was: str | None
    """Version of the champion before; null if its record could not be read."""
    champion: Promotion
    """The new line of the history."""
    serves: str | None
    """Version that this worker serves from now on; others follow at their next request."""


class ChangeLoadType(Record):
    """Run some hours as is typical of a load type: idle when light, in full swing when maximum; billed by the clock."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["load_type"]
    load_type: Literal["light", "medium", "maximum"]
    """Load type whose typical load the hours get."""
    hours: Hours | None = None
    """Hours that change; the whole day if absent."""
    days: Annotated[Sequence[date_aliased] | None, Field(max_length=366, min_length=1)] = None
    """Days that change; every day of the period if absent."""


class ChatChart(Record):
    """A small picture, to be drawn by whoever shows the answer; its words are in the answer's language."""

    kind: Literal["line", "band", "bar"]
    """A band is a line with `lower` and `upper`."""
    title: str
    unit: str
    """Of the values."""
    x: Sequence[str]
    """Times with the plant's offset, or names of categories."""
    x_kind: Literal["time", "category"]
    series: Sequence[ChatSeries]


class ChatEvidence(Record):
    """One call of a tool: what was asked, and what came of it."""

    tool: Literal[
        "nowcast",
        "forecast",
        "what_if",
        "explain",
        "optimize",
        "history",
        "bill",
        "drift",
        "health",
        "model",
        "knowledge",
    ]
    """What was asked of the service."""
    route: str
    """The route that answered, such as POST /forecast."""
    arguments: Mapping[str, Any]
    """Body or query of the call."""
    figures: Mapping[str, Any]
    """The few figures that the answer is made of; names bear the unit."""
    result: Mapping[str, Any] | None
    """The whole answer of the route; null where it is too long to repeat, or the route refused."""
    period: ChatPeriod | None
    """What the figures are about; null where no time matters."""
    model_version: str | None
    """Of the model behind them; null if there is none."""
    error: ErrorDetail | None = None
    """Why the route refused; null where it answered."""


class CorrectPowerFactor(Record):
    """Add a capacitor bank: it takes lagging reactive energy away, and what is left over of it leads."""

    model_config = ConfigDict(
        extra="forbid",
    )
    kind: Literal["power_factor"]
    capacitor_kvar: Annotated[float, Field(ge=0.0, le=10000.0)]
    """Reactive power of the bank."""
    control: Literal["fixed", "automatic"] = "fixed"
    """fixed: in full while it is on; automatic: as much of it as the load lags, so it never leads."""
    hours: Hours | None = None
    """Hours in which it is on; the whole day if absent."""
    investment_krw: Annotated[float | None, Field(ge=0.0, le=1000000000000.0)] = None
    """What it costs, for its payback."""


class Crew(Record):
    """People that jobs need."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[
        str,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ]
    shifts: Annotated[Sequence[CrewShift], Field(max_length=50, min_length=1)]
    """When it works."""
    jobs_at_once: Annotated[int | None, Field(ge=1)] = None
    """Jobs that it can run at once; any if absent."""


class DriftAnswer(Record):
    """Whether the newest readings look like those that the model was trained on."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    champion: ChampionName
    """The model that answers now, whose training is compared with."""
    newest_from: datetime
    """Start of the newest readings."""
    newest_until: datetime
    """Their end, exclusive."""
    newest_rows: int
    trained_from: datetime
    """Start of the training's readings that are compared."""
    trained_until: datetime
    """Their end, exclusive: where the newest ones begin, if the training ends among them."""
    trained_rows: int
    reference: str
    """Which of them the newest readings are compared with, in words."""
    reference_rows: int
    verdict: Literal["none", "moderate", "severe"]
    """The worst one of all columns and figures."""
    thresholds: DriftThresholds
    columns: Sequence[ColumnDrift]
    """Every measured column, then the mix of load types."""
    figures: Sequence[FigureDrift]
    """What else is watched, such as the share of repaired cells."""


class ErrorAnswer(Record):
    """Every answer that is not a success."""

    error: ErrorDetail


class EvaluationAnswer(Record):
    """The backtest of a model, taken apart."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    model: str
    label: str
    """How the model came to be, where its name would promise more; mostly empty."""
    part: Literal["validation", "test"]
    champion: ChampionName | None
    """The champion by its record; null where there is none."""
    is_of_champion: bool
    """Whether the champion claims these very scores; not so after a rollback to an older build."""
    start: datetime
    """First interval that was forecast."""
    end: datetime
    """Start of the last one."""
    origins: int
    """How many times the model was asked."""
    overall: ErrorGroup
    by_hour: Sequence[ErrorGroup]
    """Hours of the day, 0 to 23, plant time."""
    by_day: Sequence[ErrorGroup]
    """Kinds of days: weekday, saturday, sunday (all open), closed; those there were."""
    by_load_type: Sequence[ErrorGroup]
    """Tariff bands: light, medium, maximum."""
    by_lead: Sequence[ErrorGroup]
    """Hours ahead, as `6-12`."""
    levels: Sequence[QuantileLevel]
    bands: Sequence[BandHeld]
    bin_kwh: float
    """Side of a cell."""
    cells: Sequence[DensityCell]
    """Those that are not empty."""


class ExplainBill(Record):
    """What the event costs more than the usual would have."""

    total_krw: float
    """Sum of the lines."""
    lines: Sequence[ExplainBillLine]
    text: str


class FixedJob(Record):
    """Runs once, without a break, as its profile says."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[
        str,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ]
    """Unique name; results speak of the job by it."""
    windows: Annotated[Sequence[Window], Field(max_length=100, validate_default=True)] = []
    """When it may run; the whole period if none is given."""
    after: Annotated[Sequence[After], Field(max_length=20, validate_default=True)] = []
    """Jobs that it waits for."""
    equipment: Annotated[Sequence[Equipment], Field(max_length=20, validate_default=True)] = []
    """What it occupies while it runs; one job at a time on each."""
    crew: Annotated[
        str | None,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ] = None
    """Crew that must be on shift while it runs; none if absent."""
    start_cost_krw: Annotated[float, Field(ge=0.0, le=1000000000000.0)] = 0
    """What each start of it costs."""
    value_krw: Annotated[float | None, Field(ge=0.0, le=1000000000000.0)] = None
    """What it is worth to run it: makes it optional. Must run if absent."""
    priority: Annotated[int, Field(ge=1, le=9)] = 5
    """Where not all can be done, jobs with a lower number are left out first."""
    planned_start: datetime | None = None
    """When it would start without this plan; as early as possible if absent."""
    is_in_base_load: bool = False
    """The base load holds it already, from planned_start on; it is taken out there."""
    lagging_kvarh_per_kwh: Annotated[float, Field(ge=0.0, le=10.0)] = 0
    """Lagging reactive energy that it draws per kWh."""
    kind: Literal["fixed"]
    power_kw: Annotated[float | None, Field(gt=0.0, le=1000000.0)] = None
    """Power while it runs; with duration_minutes."""
    duration_minutes: Annotated[int | None, Field(ge=15, le=44640, multiple_of=15)] = None
    """How long it runs; with power_kw."""
    profile_kw: Annotated[Sequence[ProfileKwItem], Field(max_length=3000, validate_default=True)] = []
    """Or its power in each quarter of an hour from its start."""


class FlexibleJob(Record):
    """Needs an amount of energy and may draw it as it likes, up to a power."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[
        str,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ]
    """Unique name; results speak of the job by it."""
    windows: Annotated[Sequence[Window], Field(max_length=100, validate_default=True)] = []
    """When it may run; the whole period if none is given."""
    after: Annotated[Sequence[After], Field(max_length=20, validate_default=True)] = []
    """Jobs that it waits for."""
    equipment: Annotated[Sequence[Equipment], Field(max_length=20, validate_default=True)] = []
    """What it occupies while it runs; one job at a time on each."""
    crew: Annotated[
        str | None,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ] = None
    """Crew that must be on shift while it runs; none if absent."""
    start_cost_krw: Annotated[float, Field(ge=0.0, le=1000000000000.0)] = 0
    """What each start of it costs."""
    value_krw: Annotated[float | None, Field(ge=0.0, le=1000000000000.0)] = None
    """What it is worth to run it: makes it optional. Must run if absent."""
    priority: Annotated[int, Field(ge=1, le=9)] = 5
    """Where not all can be done, jobs with a lower number are left out first."""
    planned_start: datetime | None = None
    """When it would start without this plan; as early as possible if absent."""
    is_in_base_load: bool = False
    """The base load holds it already, from planned_start on; it is taken out there."""
    lagging_kvarh_per_kwh: Annotated[float, Field(ge=0.0, le=10.0)] = 0
    """Lagging reactive energy that it draws per kWh."""
    kind: Literal["flexible"]
    energy_kwh: Annotated[float, Field(gt=0.0, le=1000000000.0)]
    """Energy that it needs in total."""
    max_kw: Annotated[float, Field(gt=0.0, le=1000000.0)]
    """Power that it draws at most."""
    min_kw: Annotated[float, Field(ge=0.0, le=1000000.0)] = 0
    """Power that it draws at least while it runs."""
    min_run_minutes: Annotated[int, Field(ge=15, le=44640, multiple_of=15)] = 15
    """Time that it runs at least, once on."""


class ForecastAnswer(Record):
    """The next intervals with quantiles, bands, cost and CO2."""

    prediction_id: str
    """Id of this forecast in the prediction log; the same while it is repeated."""
    plant: str
    zone: str
    """IANA time zone of the plant."""
    origin: datetime
    """Nothing measured at or after this moment was used."""
    horizon: int
    model: str
    model_label: str
    """How the model came to be, where its name would promise more; mostly empty."""
    model_version: str
    model_trained_until: datetime
    """End of the readings that the fit behind this forecast has seen; after the origin if none is older."""
    fallback: Fallback | None
    """Null where the champion answered."""
    source: Source | None
    currency: Literal["KRW"] = "KRW"
    intervals: Sequence[ForecastInterval]
    totals: ForecastTotals
    change: ForecastChange | None = None
    """By `closed_days` and `open_days`; null where neither was named."""


class ForecastContribution(Record):
    """What a driver adds to the forecast."""

    driver: str
    """`base`, `rest`, or a driver in the words of the plant."""
    kwh: float
    features: Sequence[ForecastFeature]
    """Those that do most of it; of one interval only."""
    text: str


class ForecastExplanationAnswer(Record):
    """Why a forecast is what it is: the contributions, base and rest among them, add up to `forecast_kwh`."""

    kind: Literal["forecast"]
    plant: str
    zone: str
    """IANA time zone of the plant."""
    source: Source | None
    prediction_id: str
    """Of the forecast in the prediction log."""
    origin: datetime
    """Nothing measured at or after this moment was used."""
    horizon: int
    model: str
    model_version: str
    fallback: Fallback | None
    """Null where the champion answered."""
    explained_by: str
    """Whose trees are explained."""
    is_whole: bool
    """Whether they are the whole model, and not one member of it."""
    interval: datetime | None
    """The interval that the contributions are of; null for all."""
    text: str
    """The whole in one sentence."""
    forecast_kwh: float
    contributions: Sequence[ForecastContribution]
    intervals: Sequence[ForecastDrivers]


class Health(Record):
    """Whether everything that is served is there."""

    status: Literal["ok", "degraded"]
    plant: str
    zone: str
    source: Source | None
    readings_until: datetime | None
    """End of the last known interval."""
    champion: ChampionName | None
    """The model that answers now, be it the champion or a step below."""
    fallback: Fallback | None
    """Null where the champion answers."""
    problems: Sequence[Problem]
    copilot: CopilotHealth
    """Without a language model nothing is degraded."""
    service_version: str


class HistoryAnswer(Record):
    """Known readings of a period, oldest first."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    aggregation: Literal["15min", "hour", "day", "week", "month"]
    from_: Annotated[datetime, Field(alias="from")]
    """Start of the period."""
    to: datetime
    """End of the period, exclusive."""
    source: Source | None
    total: int
    """Rows of the whole period, on all pages."""
    next: datetime | None
    """The `cursor` of the next page; null on the last one."""
    rows: Sequence[HistoryRow]


class InterruptibleJob(Record):
    """Runs for a total time at one power, and may pause in between."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[
        str,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ]
    """Unique name; results speak of the job by it."""
    windows: Annotated[Sequence[Window], Field(max_length=100, validate_default=True)] = []
    """When it may run; the whole period if none is given."""
    after: Annotated[Sequence[After], Field(max_length=20, validate_default=True)] = []
    """Jobs that it waits for."""
    equipment: Annotated[Sequence[Equipment], Field(max_length=20, validate_default=True)] = []
    """What it occupies while it runs; one job at a time on each."""
    crew: Annotated[
        str | None,
        Field(
            max_length=80,
            min_length=1,
            pattern="^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff](?:[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff])?$",
        ),
    ] = None
    """Crew that must be on shift while it runs; none if absent."""
    start_cost_krw: Annotated[float, Field(ge=0.0, le=1000000000000.0)] = 0
    """What each start of it costs."""
    value_krw: Annotated[float | None, Field(ge=0.0, le=1000000000000.0)] = None
    """What it is worth to run it: makes it optional. Must run if absent."""
    priority: Annotated[int, Field(ge=1, le=9)] = 5
    """Where not all can be done, jobs with a lower number are left out first."""
    planned_start: datetime | None = None
    """When it would start without this plan; as early as possible if absent."""
    is_in_base_load: bool = False
    """The base load holds it already, from planned_start on; it is taken out there."""
    lagging_kvarh_per_kwh: Annotated[float, Field(ge=0.0, le=10.0)] = 0
    """Lagging reactive energy that it draws per kWh."""
    kind: Literal["interruptible"]
    power_kw: Annotated[float, Field(gt=0.0, le=1000000.0)]
    """Power while it runs."""
    duration_minutes: Annotated[int, Field(ge=15, le=44640, multiple_of=15)]
    """Time that it runs in total."""
    min_run_minutes: Annotated[int, Field(ge=15, le=44640, multiple_of=15)] = 15
    """Time that it runs at least, once on."""


class KnowledgeAnswer(Record):
    """Passages that fit, best first; none where nothing does."""

    passages: Sequence[PassageAnswer]


class ModelInfo(Record):
    """The model that answers now, as its manifest tells it, and the nowcast."""

    plant: str
    model: str
    label: str
    """How the model came to be, where its name would promise more; mostly empty."""
    version: str
    """Hash of the bundle's content; on-the-spot where it was fitted for the answer."""
    fallback: Fallback | None
    """Null where this is the champion."""
    created_at: datetime
    trained_from: datetime
    trained_until: datetime
    earlier_fits: Sequence[datetime]
    """Ends of the readings that older fits of it have seen."""
    source: Source | None
    data_sha256: str
    """Hash of the readings it was trained on."""
    code: CodeInfo
    libraries: Mapping[str, str]
    """Version of Python and of the libraries that made it."""
    params: Mapping[str, Any]
    """Parameters of the build."""
    metrics: Mapping[str, float]
    """Scores of the backtest, as the manifest names them."""
    files: Mapping[str, str]
    """SHA-256 of each file of the bundle."""
    nowcast: NowcastInfo


class ModelMetrics(Record):
    """How the service and a plant's model fare: requests of all workers, and the scores of the model's backtest."""

    since: datetime
    """When counting began, UTC: the service's start."""
    requests: int
    """Answered requests of all routes, probes aside."""
    refused: int
    """Answered with 4xx: the caller's fault."""
    errors: int
    """Answered with 5xx: not the caller's fault."""
    error_rate: float | None
    """Share of errors in the requests; null before the first."""
    routes: Sequence[RouteMetrics]
    """Those that were asked, by route."""
    plant: str
    champion: ChampionName | None
    """The model that answers now, be it the champion or a step below."""
    fallback: Fallback | None
    """Null where the champion answers."""
    nowcast_version: str
    """The fitted model behind /predict, or the physics alone."""
    backtest: Mapping[str, float]
    """Scores of the model's backtest, as its manifest names them."""


class ModelsAnswer(Record):
    """The models of a plant."""

    plant: str
    serving: ChampionName | None
    """The model that answers now; null where none can."""
    fallback: Fallback | None
    """Null where the champion answers."""
    leaderboard: Sequence[ModelStanding]
    """Models of the last build, best first; empty where only bundles were brought here."""
    absent: Sequence[AbsentModel]
    """Models that could not be tried out, and why."""
    champions: Sequence[Promotion]
    """Every promotion, oldest first; the last one is in force."""


class OptimizeAnswer(Record):
    """The cheapest schedule, beside doing nothing, and why it is the one. It is advice: nothing is switched."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    start: datetime
    end: datetime
    """Exclusive."""
    source: Source | None
    currency: Literal["KRW"] = "KRW"
    contract_kw: float
    """Demand that the plant has contracted."""
    forecast: WhatIfForecast | None
    """Null where the whole base load was measured."""
    status: Literal["optimal", "within_gap", "nothing_better"]
    """optimal: proven; within_gap: the best found, with its gap; nothing_better than doing nothing."""
    gap: float
    """Highest share by which a better plan could be cheaper; 0 where proven."""
    solve_s: float
    """Seconds that the search took."""
    savings: PlanSavings
    baseline: BillUnderTariff
    """Doing nothing: jobs as planned before, else as early as possible."""
    planned: BillUnderTariff
    baseline_peak_kw: float
    planned_peak_kw: float
    baseline_co2_t: float
    planned_co2_t: float
    jobs: Sequence[PlannedJob]
    """In the request's order."""
    schedule: Sequence[PlannedInterval]
    reasons: Sequence[PlanReason]
    """The most telling first."""
    marginals: Sequence[PlanMarginal]
    """Value of each limit, the highest first."""
    front: Sequence[FrontPoint] | None
    """Plans between least cost, CO2 and peak, cheapest first; null where it was not asked for."""
    notes: Sequence[str]
    """What a reader must know."""


class OptimizeRequest(Record):
    """What is to be planned, and on which load."""

    model_config = ConfigDict(
        extra="forbid",
    )
    start: datetime
    """First moment of the plan; plant time if it has no offset."""
    end: datetime
    """Last moment, exclusive; at most 14 days later."""
    jobs: Annotated[
        Sequence[FixedJob | InterruptibleJob | FlexibleJob], Field(max_length=100, validate_default=True)
    ] = []
    """What is to be done."""
    crews: Annotated[Sequence[Crew], Field(max_length=100, validate_default=True)] = []
    """Who is there when."""
    movable: Movable | None = None
    """What of the base load may move; nothing if absent."""
    limits: Limits | None = None
    weights: Weights | None = None
    co2_t_per_kwh: Annotated[Sequence[Co2TPerKwhItem], Field(max_length=350, validate_default=True)] = []
    """CO2 of a kWh in each hour of the period; the meter's one factor if absent. Bills keep to that."""
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    tariff: str | None = None
    """Id of a file in data/tariffs; the plant's own if absent."""
    at: datetime | None = None
    """Plan as at this moment, on the forecast made then. If absent, what was measured of the period is its base load, and the forecast from the end of the known readings the rest."""
    front: bool = False
    """Whether to answer the plans between least cost, CO2 and peak too; takes longer."""


class PastExplanationAnswer(Record):
    """Why a past interval, day or peak was what it was: `usual.kwh` and the contributions add up to `usage_kwh`."""

    kind: Literal["interval", "day", "peak"]
    plant: str
    zone: str
    """IANA time zone of the plant."""
    source: Source | None
    from_: Annotated[datetime, Field(alias="from")]
    """Start of what is explained."""
    to: datetime
    """Its end, exclusive."""
    text: str
    """The whole in one sentence."""
    usage_kwh: float
    demand_kw: float | None
    """Of an interval or peak; null for a day."""
    usual: ExplainUsual
    difference_kwh: float
    """Energy less the usual: the sum of the contributions."""
    contributions: Sequence[ExplainContribution]
    """The largest first, what is left unexplained last."""
    hours: Sequence[ExplainHour]
    """Of a day; else empty."""
    hours_text: str
    """The stretch of hours that took most of the difference; empty without one."""
    similar: Sequence[ExplainSimilar]
    """The most similar first."""
    currency: Literal["KRW"] = "KRW"
    bill: ExplainBill


class PlantReload(Record):
    """The models of a plant."""

    plant: str
    champion: Reloaded
    nowcast: Reloaded


class QualityAnswer(Record):
    """What cleaning did to the readings of a period."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    source: Source | None
    from_: Annotated[datetime, Field(alias="from")]
    """Start of the period."""
    to: datetime
    """End of the period, exclusive."""
    readings_from: datetime
    """Start of all known readings."""
    readings_until: datetime
    """Their end: how fresh they are."""
    intervals: int
    """Readings of the period."""
    cells: int
    """Their cells, as far as the source has the column at all."""
    repaired_cells: int
    """Cells that were wrong or missing."""
    repaired_share: Annotated[float, Field(ge=0.0, le=1.0)]
    """The same as a share of the cells."""
    restyled_cells: int
    """Cells that were only written otherwise, such as with a decimal comma."""
    rows_removed: int
    """Duplicates, and rows that fitted nowhere."""
    intervals_inserted: int
    """Intervals that the source had no row of."""
    rules: Sequence[RuleCount]
    """Changes by rule, most first."""
    columns: Sequence[ColumnCount]
    """Changes by column, most first."""
    parts: Sequence[QualityPart]
    """Days or months, oldest first."""
    gaps: Sequence[QualityGap]
    """Newest first; at most 100."""
    gaps_left_out: int
    """Older ones that are not told."""
    checks: Sequence[QualityCheck]
    """What must hold of cleaned readings."""
    repairs: Sequence[QualityRepair]
    """Changes that were asked for, newest first."""
    repairs_total: int
    """How many there are of them, told or not."""
    posted: Waiting | None
    """Null where nobody wrote it down."""


class ReloadAnswer(Record):
    """What is served now, of each plant that was asked for."""

    plants: Sequence[PlantReload]


class RowAnswer(Record):
    """What became of a row that was not plainly accepted."""

    row: int
    """Its place among the rows, from 0; in CSV, lines below the header."""
    interval_start: datetime | None
    """Its interval in the plant's zone; null where unknown."""
    status: Literal["accepted", "repaired", "rejected", "unchanged"]
    reasons: Sequence[RowReason]
    """Why it was rejected; empty otherwise."""
    repairs: Sequence[RowRepair]
    """What cleaning will change; empty unless repaired."""


class WhatIfAnswer(Record):
    """Baseline against scenario, each number with how it came about."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    from_: Annotated[datetime, Field(alias="from")]
    """Start of the period."""
    to: datetime
    """End of the period, exclusive."""
    source: Source | None
    currency: Literal["KRW"] = "KRW"
    contract_kw: float
    """Demand that the plant has contracted."""
    forecast: WhatIfForecast | None
    """Null for a measured load."""
    baseline_tariff: str
    scenario_tariff: str
    baseline: WhatIfAmounts
    scenario: WhatIfAmounts
    difference: WhatIfAmounts
    range: WhatIfRange | None
    """Of the difference, from the quantiles; null for a measured load."""
    range_derivation: str
    """What the range is, or why there is none."""
    derivation: WhatIfDerivation
    changes: Sequence[str]
    """What each change did, in their order."""
    effects: Sequence[WhatIfEffect]
    """The same in figures: each change's own part; energies and costs add up to the difference."""
    lines: Sequence[WhatIfLine]
    power_factors: Sequence[WhatIfPowerFactor]
    capacitor_banks: Sequence[WhatIfCapacitorBank]
    notes: Sequence[str]
    """What a reader must know."""


class WhatIfRequest(Record):
    """A load, and the changes that make the scenario of it."""

    model_config = ConfigDict(
        extra="forbid",
    )
    plant: Annotated[str | None, Field(max_length=64)] = None
    """Plant id; the service's default plant if absent."""
    load: MeasuredLoad | ForecastLoad | None = None
    """What is changed; the forecast of the next day if absent."""
    changes: Annotated[
        Sequence[MoveLoad | CloseDay | ChangeLoadType | ScaleProduction | CorrectPowerFactor | OtherTariff],
        Field(max_length=20, validate_default=True),
    ] = []
    """Made one after the other, each to what the ones before it left."""


class ChatAnswer(Record):
    """The answer, each number of it proved by the evidence or said in the question."""

    session_id: str
    """To be sent with the next question of the conversation."""
    answer_id: str
    """To be sent with feedback."""
    plant: str
    language: Literal["en", "es"]
    kind: Literal["answer", "clarify", "refusal"]
    """`clarify` asks back what is missing; `refusal` says what can be asked."""
    answer: str
    """Plain text with line breaks."""
    mode: Literal["llm", "planner"]
    """Who answered: a language model with tools, or the planner, which needs none."""
    fallback: ChatFallback | None
    """Why the planner answered for the language model; null where that answered or was not needed."""
    reason: Literal["off_topic", "hostile", "command", "help", "unknown", "tool"] | None
    """Why it is a refusal; `tool` where a route refused. Null if none."""
    missing: str | None
    """What a question back asks for; null if it is none."""
    options: Sequence[str]
    """Answers that a question back offers, where they are known."""
    evidence: Sequence[ChatEvidence]
    chart: ChatChart | None
    """A small picture to draw, where it says more than words."""
    citations: Sequence[Citation]
    now: datetime
    """End of the known readings, which is what `now` means in question and answer."""
    took_ms: Annotated[float, Field(ge=0.0)]


class PreviewAnswer(Record):
    """What would become of readings if they were sent; nothing was kept."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    from_: Annotated[datetime | None, Field(alias="from")]
    """Start of the first row that stands; null where none does."""
    to: datetime | None
    """End of the last one, exclusive."""
    replacing: int
    """Rows that would take the place of a known reading."""
    counts: RowCounts
    rules: Sequence[RuleCount]
    """What cleaning would change, by rule, most first."""
    gaps: Sequence[QualityGap]
    """Stretches between the rows that none of them fills, newest first; at most 100."""
    gaps_left_out: int
    """Older ones that are not told."""
    rows: Sequence[RowAnswer]
    """Rows that would not be plainly accepted: first the rejected, then the repaired, the unchanged."""
    rows_left_out: int
    """How many such rows are not told, for at most 1000 are."""
    ignored_columns: Sequence[str]
    """Columns of a CSV that no reading has."""


class ReadingsAnswer(Record):
    """What became of the posted readings."""

    plant: str
    zone: str
    """IANA time zone of the plant."""
    is_new: bool
    """Whether anything was kept; then the answer's status is 202, else 200."""
    batch: str | None
    """Name of what was kept; null where nothing was new."""
    counts: RowCounts
    rows: Sequence[RowAnswer]
    """Rows that were not plainly accepted: first the rejected ones, then the repaired and the unchanged."""
    rows_left_out: int
    """How many such rows are not told, for at most 1000 are."""
    ignored_columns: Sequence[str]
    """Columns of a CSV that no reading has."""
