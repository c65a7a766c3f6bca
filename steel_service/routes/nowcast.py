"""POST /predict, /predict/batch and /predict_onnx: the active energy of intervals from their other readings."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from fastapi import APIRouter, Request

from steel_energy.errors import InputError
from steel_energy.plant import Plant
from steel_service.api_models.nowcast import Batch, BatchAnswer, MeterReading, PredictAnswer, Prediction
from steel_service.bodies import JsonRoute
from steel_service.logged import nowcast_made
from steel_service.nowcast import prediction, predictions
from steel_service.nowcasts import usable
from steel_service.requests import BODY_ERRORS, NOT_READY, PLANT_PARAMETER, PlantQuery, plant_of
from steel_service.state import State, StateOf, state_of

router = APIRouter(tags=["nowcast"], route_class=JsonRoute, responses=BODY_ERRORS)


@router.post("/predict", summary="Active energy of one interval", openapi_extra=PLANT_PARAMETER)
async def predict(reading: MeterReading, request: Request) -> PredictAnswer:
    """Work out the active energy of an interval from its reactive energies, power factors and CO2.

    The meter computes the power factors and the CO2 from the energies it counts, so the energy follows from them up to
    the rounding of its display; the bounds are the smallest and largest energy that agree with all readings. Where the
    readings are rounded further, noisy or contradict each other, a model fitted on the plant's readings answers, if
    there is one, and its bounds hold nine times in ten; `consistent` and `method` say which it was.
    """
    started_s, state = perf_counter(), state_of(request)  # asked as a dependency it would cost as much as the nowcast
    asked = _metering(state, plant_of(request))
    found = prediction(reading, asked, lambda: usable(state.nowcasts, asked))
    return _one(found, reading, request, state, plant_id=asked.id, started_s=started_s)


@router.post("/predict/batch", summary="Active energy of many intervals")
def predict_batch(batch: Batch, request: Request, state: StateOf, plant: PlantQuery = None) -> BatchAnswer:
    """The same for many intervals at once; one prediction for each row, in the order of the rows.

    From 30 rows on, what most of them look like says how far each is believed: where most contradict themselves, none
    is taken as what the meter showed.
    """
    limit = state.settings.api_max_batch_rows
    if len(batch.rows) > limit:
        raise InputError(f"got {len(batch.rows)}, at most {limit} fit", field="rows", remedy="send several batches")
    started_s, asked = perf_counter(), _metering(state, plant)
    found = predictions(batch.rows, asked, usable(state.nowcasts, asked))
    made = nowcast_made(found, batch.rows, request, plant_id=asked.id, started_s=started_s)
    state.predictions.nowcast(made)
    return BatchAnswer(prediction_id=made.prediction_id, predictions=found)


@router.post("/predict_onnx", summary="Active energy of one interval, by ONNX Runtime", responses=NOT_READY)
def predict_onnx(reading: MeterReading, request: Request, state: StateOf, plant: PlantQuery = None) -> PredictAnswer:
    """As /predict, with the model's trees on ONNX Runtime: for whoever wants to see that both answer alike."""
    started_s, asked = perf_counter(), _metering(state, plant)
    fitted = state.nowcasts.on_onnx(asked)
    found = prediction(reading, asked, lambda: fitted)
    return _one(found, reading, request, state, plant_id=asked.id, started_s=started_s)


def document_rows(document: dict[str, Any], *, most: int) -> None:
    """Write the largest number of rows of a batch, which is a setting, into an OpenAPI document."""
    document["components"]["schemas"]["Batch"]["properties"]["rows"]["maxItems"] = most


def _metering(state: State, plant_id: str | None) -> Plant:
    """The plant; NotElectricError where it has nothing that an energy could be read from."""
    plant = state.site(plant_id).plant
    plant.require_electricity(field="plant")
    return plant


def _one(
    found: Prediction, reading: MeterReading, request: Request, state: State, *, plant_id: str, started_s: float
) -> PredictAnswer:
    """The answer of a single reading, which is logged."""
    made = nowcast_made([found], [reading], request, plant_id=plant_id, started_s=started_s)
    state.predictions.nowcast(made)
    return PredictAnswer(prediction_id=made.prediction_id, **vars(found))
