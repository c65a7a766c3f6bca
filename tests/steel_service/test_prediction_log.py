from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest

from steel_service.api_models.forecast import ForecastInterval
from steel_service.api_models.nowcast import MeterReading, Prediction
from steel_service.background import Background
from steel_service.prediction_log import ForecastMade, NowcastMade, PredictionLog
from steel_service.settings import ServiceSettings

LOGGED_AT = dt.datetime(2018, 1, 15, 3, tzinfo=dt.UTC)
ORIGIN = dt.datetime.fromisoformat("2018-01-15T00:00:00+09:00")
QUANTILES = ("q05", "q10", "q25", "q50", "q75", "q90", "q95")


@pytest.fixture
def lost() -> list[int]:
    return []


@pytest.fixture
def log(settings: ServiceSettings, lost: list[int]) -> PredictionLog:
    return PredictionLog(settings, on_lost=lost.append)


def lines(settings: ServiceSettings, monitor: str) -> list[dict[str, Any]]:
    files = sorted((settings.predictions_dir / monitor / "data").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    return [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def nowcast_of(reading: dict[str, Any], name: str = "n1", rows: int = 1) -> NowcastMade:
    answer = Prediction.model_construct(
        predicted_usage_kwh=8.0,
        confidence_interval_lower=7.5,
        confidence_interval_upper=8.5,
        method="physics",
        consistent=True,
        model_version="physics-1",
    )
    return NowcastMade(
        prediction_id=name,
        request_id="order-17",
        plant="toy",
        route="/predict",
        latency_ms=1.23456,
        readings=[MeterReading(**reading)] * rows,
        predictions=[answer] * rows,
        logged_at=LOGGED_AT,
    )


def forecast_of(*usages_kwh: float, is_cached: bool = False) -> ForecastMade:
    intervals = [
        ForecastInterval.model_construct(mean_kwh=usage, **dict.fromkeys(QUANTILES, usage + 1)) for usage in usages_kwh
    ]
    return ForecastMade(
        prediction_id="f1",
        request_id=None,
        plant="toy",
        model="counting",
        model_version="abc123",
        fallback=None,
        origin=ORIGIN,
        horizon=2,
        latency_ms=12.0,
        is_cached=is_cached,
        intervals=intervals,
        logged_at=LOGGED_AT,
    )


def test_a_nowcast_is_one_line_with_a_list_for_each_field(
    log: PredictionLog, settings: ServiceSettings, reading: dict[str, Any]
) -> None:
    log.nowcast(nowcast_of(reading, rows=2))
    log.close()

    (line,) = lines(settings, "nowcasts")
    assert {name: line.pop(name) for name in ("prediction_id", "request_id", "plant", "route", "latency_ms")} == {
        "prediction_id": "n1",
        "request_id": "order-17",
        "plant": "toy",
        "route": "/predict",
        "latency_ms": 1.235,
    }
    assert dt.datetime.fromisoformat(line.pop("logged_at")) == LOGGED_AT
    line.pop("interval_start", None)
    assert line == {name: [value, value] for name, value in reading.items()} | {
        "predicted_usage_kwh": [8.0, 8.0],
        "confidence_interval_lower": [7.5, 7.5],
        "confidence_interval_upper": [8.5, 8.5],
        "method": ["physics", "physics"],
        "consistent": [True, True],
        "model_version": ["physics-1", "physics-1"],
    }


def test_a_forecast_is_one_line_and_told_again_has_no_values(log: PredictionLog, settings: ServiceSettings) -> None:
    log.forecast(forecast_of(1.0, 2.0))
    log.forecast(forecast_of(is_cached=True))
    log.close()

    computed, told_again = lines(settings, "forecasts")
    assert computed["mean_kwh"] == [1.0, 2.0]
    assert [computed[name] for name in QUANTILES] == [[2.0, 3.0]] * 7
    shared = {
        "prediction_id": "f1",
        "plant": "toy",
        "model": "counting",
        "model_version": "abc123",
        "horizon": 2,
        "latency_ms": 12.0,
    }
    for line, is_cached in ((computed, False), (told_again, True)):
        assert line | shared | {"is_cached": is_cached} == line
        assert dt.datetime.fromisoformat(line["origin"]) == ORIGIN
    assert set(computed) - set(told_again) == {"mean_kwh", *QUANTILES}
    assert "request_id" not in computed


def test_role_and_type_of_each_column_stand_beside_the_lines(
    log: PredictionLog, settings: ServiceSettings, reading: dict[str, Any]
) -> None:
    log.nowcast(nowcast_of(reading))
    log.close()

    schema = json.loads((settings.predictions_dir / "nowcasts" / "schema.json").read_text())
    roles = {column["name"]: (column["role"], column["type"]) for column in schema}
    assert roles["nsm"] == ("feature", "numerical_sequence")
    assert roles["predicted_usage_kwh"] == ("prediction", "numerical_sequence")
    assert set(lines(settings, "nowcasts")[0]) <= set(roles)


def test_full_files_are_kept_in_a_limited_number(
    settings: ServiceSettings, lost: list[int], reading: dict[str, Any]
) -> None:
    small = settings.model_copy(update={"predictions_file_bytes": 1024, "predictions_kept_files": 2})
    for number in range(10):
        log = PredictionLog(small, on_lost=lost.append)
        log.nowcast(nowcast_of(reading, f"n{number}"))
        log.close()

    files = sorted((small.predictions_dir / "nowcasts" / "data").iterdir())
    kept = [line["prediction_id"] for line in lines(small, "nowcasts")]
    assert [file.name for file in files] == ["data.0.log", "data.0.log.1", "data.0.log.2"]
    assert all(file.stat().st_size <= 1024 for file in files)
    assert 3 <= len(kept) < 10
    assert kept == [f"n{number}" for number in range(10 - len(kept), 10)]
    assert lost == []


def test_each_service_of_a_process_writes_into_its_own_folder(
    settings: ServiceSettings, lost: list[int], reading: dict[str, Any], tmp_path: Path
) -> None:
    other = settings.model_copy(update={"data_dir": tmp_path / "other"})
    for number, where in enumerate((settings, other)):
        log = PredictionLog(where, on_lost=lost.append)
        log.nowcast(nowcast_of(reading, f"n{number}"))
        log.close()

    assert [line["prediction_id"] for line in lines(settings, "nowcasts")] == ["n0"]
    assert [line["prediction_id"] for line in lines(other, "nowcasts")] == ["n1"]


def test_a_disk_that_refuses_is_told_and_after_it_recovered_the_log_goes_on(
    log: PredictionLog, settings: ServiceSettings, lost: list[int], reading: dict[str, Any]
) -> None:
    settings.predictions_dir.write_text("a file where the folder belongs")
    log.nowcast(nowcast_of(reading, "n0"))
    log.close()

    trouble = log.trouble()
    assert lost == [1]
    assert trouble is not None
    assert trouble.message.startswith("1 predictions since the start are missing in the prediction log: ")

    settings.predictions_dir.unlink()
    log.nowcast(nowcast_of(reading, "n1"))

    assert [line["prediction_id"] for line in lines(settings, "nowcasts")] == ["n1"]
    assert lost == [1]


def test_what_comes_faster_than_it_can_be_written_is_counted_as_lost(
    log: PredictionLog, lost: list[int], reading: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Background, "_wake", lambda _self: None)  # as if the thread never got its turn
    for _ in range(3):
        log.nowcast(nowcast_of(reading, rows=30_000))

    trouble = log.trouble()
    assert lost == [1, 1]
    assert trouble is not None
    assert "more came at once than can be written" in trouble.message


def test_without_a_loss_there_is_no_trouble(log: PredictionLog) -> None:
    assert log.trouble() is None


def test_nothing_is_touched_before_the_first_prediction(log: PredictionLog, settings: ServiceSettings) -> None:
    log.close()

    assert not os.listdir(settings.data_dir)  # noqa: PTH208 - the folder itself is the test's


def test_health_tells_of_the_loss(service: Any, log: PredictionLog, settings: ServiceSettings, reading: Any) -> None:
    settings.predictions_dir.write_text("a file where the folder belongs")
    log.nowcast(nowcast_of(reading))
    log.close()

    health = service.with_(predictions=log).client.get("/health").json()

    assert health["status"] == "degraded"
    assert "1 predictions since the start are missing" in health["problems"][0]["what"]


def test_on_a_full_disk_answers_go_on_and_what_is_lost_is_counted_and_told(
    settings: ServiceSettings, lost: list[int], reading: dict[str, Any], small_disk: Path
) -> None:
    log = PredictionLog(settings.model_copy(update={"data_dir": small_disk}), on_lost=lost.append)
    for number in range(100):
        log.nowcast(nowcast_of(reading, name=f"n{number}", rows=300))
    log.close()

    trouble = log.trouble()
    assert sum(lost) > 0
    assert trouble
    assert "No space left on device" in trouble.message
