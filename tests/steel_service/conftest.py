"""A service over the toy plant: two weeks of known readings of 8 kWh each, and a forecaster that counts 1, 2, 3 kWh."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.artifacts import Manifest
from steel_energy.artifacts.provenance import Code
from steel_energy.calendar import interval_grid, known_ahead
from steel_energy.errors import BundleError, InputError, NotEnoughDataError, SteelError
from steel_energy.forecasting.base import FORECAST_COLUMNS
from steel_energy.ladder import CHAMPION, PREVIOUS, Answered, Failure, Served
from steel_energy.params import Params, load_params
from steel_energy.schema import readings_schema, repairs_schema
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, toy_plant, toy_tariff
from steel_energy.timeline import DEFAULT_HORIZON, History, Timeline
from steel_service.app import build_asgi
from steel_service.drifts import Drifts
from steel_service.errors import NotReadyError
from steel_service.nowcasts import Nowcasts
from steel_service.prediction_log import ForecastMade, NowcastMade
from steel_service.readings import PlantReadings
from steel_service.renewal import Renewal
from steel_service.settings import ServiceSettings
from steel_service.state import State
from steel_service.telemetry.metrics import RequestMetrics

SEOUL = ZoneInfo("Asia/Seoul")
KNOWN_FROM = dt.datetime(2018, 1, 1, tzinfo=SEOUL)
KNOWN_UNTIL = dt.datetime(2018, 1, 15, tzinfo=SEOUL)
REPAIRED = dt.datetime(2018, 1, 14, 12, 15, tzinfo=SEOUL)
DUPLICATED = dt.datetime(2018, 1, 14, 18, 0, tzinfo=SEOUL)
UNWANTED = dt.datetime(2018, 1, 13, tzinfo=SEOUL)
NEEDED_HISTORY = dt.timedelta(days=7)


@dataclass(frozen=True)
class CountingForecaster:
    """Forecasts 1, 2, 3 … kWh with every quantile equal to the mean; needs a week of history."""

    name: str = "counting"

    def fit(self, readings: pl.DataFrame) -> Self:  # noqa: ARG002 - the protocol's name
        return self

    def predict(self, history: History, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON) -> pl.DataFrame:
        assert isinstance(history, Timeline)
        if origin - history.interval_start[history.first] < NEEDED_HISTORY:
            raise NotEnoughDataError(
                "needs 7 days before the origin", field="readings", remedy="name a later origin"
            ).named("too_few_days", days=7, known=1.0)
        if origin == UNWANTED:
            raise InputError("is unwanted", field="origin", remedy="name another")
        starts = interval_grid(origin, origin + horizon * dt.timedelta(minutes=15), zone="Asia/Seoul")
        count = pl.Series(range(1, horizon + 1), dtype=pl.Float64)
        return pl.DataFrame([starts, *(count.alias(name) for name in FORECAST_COLUMNS[1:])])

    def predict_many(
        self, history: History, origins: Sequence[dt.datetime], *, horizon: int = DEFAULT_HORIZON
    ) -> pl.DataFrame:
        raise NotImplementedError

    def save(self, folder: Path) -> None:
        (folder / "forecaster.json").write_text('{"name": "counting"}')


@dataclass
class FakeReadings:
    """Always the same readings; None stands for an empty lake."""

    known: PlantReadings | None

    def of(self, site: Site) -> PlantReadings:
        if self.known is None:
            raise NotReadyError(f"there are no readings of {site.plant.id} yet", remedy="build them")
        return self.known


@dataclass
class FakeChampions:
    """Always the same model; None stands for no bundle, ``failures`` for steps above it that cannot answer."""

    served: Served | None
    failures: tuple[Failure, ...] = ()

    def answer(
        self,
        site: Site,
        known: PlantReadings,  # noqa: ARG002 - the protocol's name
        *,
        origin: dt.datetime,  # noqa: ARG002
        ask: Callable[[Served], Any],
    ) -> Answered[Any]:
        if self.served is None:
            raise BundleError(f"no champion of {site.plant.id}", field="champion", remedy="build it")
        return Answered(ask(self.served), PREVIOUS if self.failures else CHAMPION, self.served, self.failures)

    def in_use(self, site: Site, known: PlantReadings | None) -> Answered[None]:
        return self.answer(site, known, origin=KNOWN_UNTIL, ask=lambda _: None)  # type: ignore[arg-type]

    def version(self, site: Site) -> str | None:  # noqa: ARG002 - the protocol's name
        return self.served.manifest.version if self.served and not self.failures else None

    def refused(self, site: Site) -> Exception | None:  # noqa: ARG002
        return None

    def reload(self, site: Site) -> Renewal[Served]:  # noqa: ARG002
        return Renewal(self.served, self.served, None)


@dataclass
class FakePredictions:
    """Keeps what was predicted, in order; ``failure`` is the trouble it tells of."""

    forecasts: list[ForecastMade] = field(default_factory=list)
    nowcasts: list[NowcastMade] = field(default_factory=list)
    failure: SteelError | None = None

    def forecast(self, made: ForecastMade) -> None:
        self.forecasts.append(made)

    def nowcast(self, made: NowcastMade) -> None:
        self.nowcasts.append(made)

    def trouble(self) -> SteelError | None:
        return self.failure

    def close(self) -> None:
        pass


@dataclass
class Service:
    """The service under test; ``with_`` swaps a part of its state."""

    state: State
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        with warnings.catch_warnings():  # Starlette would like another HTTP client, which nothing here needs
            warnings.simplefilter("ignore")
            from fastapi.testclient import TestClient  # noqa: PLC0415 - it warns when imported
        self.client = TestClient(build_asgi(self.state), base_url="http://127.0.0.1:8000", follow_redirects=False)

    def with_(self, **parts: Any) -> Service:
        return Service(replace(self.state, **parts))

    def error(self, method: str, path: str, **request: Any) -> tuple[int, dict[str, Any]]:
        """Status and error of a request that is expected to fail, after its shape was checked."""
        answer = self.client.request(method, path, **request)
        body = answer.json()
        assert list(body) == ["error"], body
        named = {"reason", "values"} if "reason" in body["error"] else set()
        assert set(body["error"]) == {"code", "message", "field", "hint"} | named
        return answer.status_code, body["error"]


@pytest.fixture(scope="session")
def until() -> Callable[[Callable[[], bool]], None]:
    """Waits for what happens in the background, and fails where it does not."""

    def wait(happens: Callable[[], bool]) -> None:
        deadline = monotonic() + 60
        while not happens():
            assert monotonic() < deadline
            sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def site() -> Site:
    return Site(toy_plant(), toy_tariff())


def constant_readings(site: Site, start: dt.datetime, end: dt.datetime) -> pl.DataFrame:
    """8 kWh beside 6 kvarh in every interval of ``[start, end)``."""
    ahead = known_ahead(interval_grid(start, end, zone=site.plant.zone), plant=site.plant, tariff=site.tariff)
    readings = ahead.select(
        pl.lit(site.plant.id).alias("plant"),
        "interval_start",
        pl.lit(8.0).alias("usage_kwh"),
        pl.lit(6.0).alias("lagging_reactive_kvarh"),
        pl.lit(0.0).alias("leading_reactive_kvarh"),
        pl.lit(80.0).alias("lagging_power_factor"),
        pl.lit(100.0).alias("leading_power_factor"),
        pl.lit(0.01).alias("co2_t"),
        "load_type",
    )
    return readings.cast(dict(readings_schema(site.plant.zone)))


@pytest.fixture(scope="session")
def constant() -> Callable[[Site, dt.datetime, dt.datetime], pl.DataFrame]:
    return constant_readings


@pytest.fixture(scope="session")
def known(site: Site) -> PlantReadings:
    repair = {"plant": "toy", "rule": "toy", "confidence": 1.0}
    repairs = [
        {**repair, "interval_start": REPAIRED, "column": "usage_kwh", "before": "?", "after": "8.0"},
        {**repair, "interval_start": DUPLICATED, "column": "row", "before": "8.0;6.0", "after": None},
    ]
    return PlantReadings(
        readings=constant_readings(site, KNOWN_FROM, KNOWN_UNTIL),
        repairs=pl.DataFrame(repairs, schema=repairs_schema("Asia/Seoul")),
        source={"kind": "simulated", "location": "toy", "missing_columns": [], "ignored_columns": []},
    )


@pytest.fixture(scope="session")
def champion() -> Served:
    facts = toy_facts(
        model="counting", label="counts", trained_from=KNOWN_FROM, trained_until=KNOWN_UNTIL, metrics={"rmse_kwh": 1.5}
    )
    manifest = Manifest(
        **facts.model_dump(),
        version="abc123",
        created_at=dt.datetime(2018, 1, 15, tzinfo=dt.UTC),
        code=Code(package="1.0", commit="f" * 40, is_dirty=False),
        libraries={"python": "3.11.7"},
        files={"forecaster.json": "0" * 64},
    )
    return Served(manifest, CountingForecaster())


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    return ServiceSettings(
        data_dir=tmp_path, api_max_batch_rows=3, api_max_body_bytes=20_000, plant="toy", copilot_llm="off"
    )


@cache
def params_of(path: Path) -> Params:
    """Read once: YAML takes a while."""
    return load_params(path)


@pytest.fixture
def service(site: Site, known: PlantReadings, champion: Served, settings: ServiceSettings) -> Service:
    return Service(
        State(
            settings=settings,
            sites={"toy": site},
            readings=FakeReadings(known),
            champions=FakeChampions(champion),
            nowcasts=Nowcasts(settings),
            predictions=FakePredictions(),
            metrics=RequestMetrics(),
            drifts=Drifts(params_of(settings.params_file).drift),
            planning=params_of(settings.params_file).planning,
            cleaning=params_of(settings.params_file).cleaning,
        )
    )


@pytest.fixture
def reading() -> dict[str, Any]:
    """8 kWh beside 6 kvarh: apparent energy 10 kVAh, power factor 0.8; the toy meter books 1 kg of CO2 a kWh."""
    return {
        "lagging_reactive_power": 6.0,
        "leading_reactive_power": 0.0,
        "co2": 0.01,
        "lagging_power_factor": 0.8,
        "leading_power_factor": 1.0,
        "nsm": 900,
        "day_of_week": 0,
        "load_type": "Light",
    }


@pytest.fixture
def empty_service(service: Service) -> Service:
    """Nothing has been built yet."""
    return service.with_(readings=FakeReadings(None), champions=FakeChampions(None))
