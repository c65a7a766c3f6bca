"""POST /predict, /predict/batch and /predict_onnx: the active energy of intervals from their other readings."""

from __future__ import annotations

from fastapi import APIRouter

from steel_energy.errors import InputError
from steel_service.api_models.nowcast import Batch, BatchAnswer, MeterReading, Prediction
from steel_service.bodies import JsonRoute
from steel_service.nowcast import predictions
from steel_service.nowcasts import usable
from steel_service.requests import BODY_ERRORS, NOT_READY, PlantQuery
from steel_service.state import StateOf

router = APIRouter(tags=["nowcast"], route_class=JsonRoute, responses=BODY_ERRORS)


@router.post("/predict", summary="Active energy of one interval")
async def predict(reading: MeterReading, state: StateOf, plant: PlantQuery = None) -> Prediction:
    """Work out the active energy of an interval from its reactive energies, power factors and CO2.

    The meter computes the power factors and the CO2 from the energies it counts, so the energy follows from them up to
    the rounding of its display; the bounds are the smallest and largest energy that agree with all readings. Where the
    readings are rounded further, noisy or contradict each other, a model fitted on the plant's readings answers, if
    there is one, and its bounds hold nine times in ten; `consistent` and `method` say which it was.
    """
    asked = state.site(plant).plant
    return predictions([reading], asked, usable(state.nowcasts, asked))[0]


@router.post("/predict/batch", summary="Active energy of many intervals")
def predict_batch(batch: Batch, state: StateOf, plant: PlantQuery = None) -> BatchAnswer:
    """The same for many intervals at once; one prediction for each row, in the order of the rows.

    From 30 rows on, what most of them look like says how far each is believed: where most contradict themselves, none
    is taken as what the meter showed.
    """
    limit = state.settings.api_max_batch_rows
    if len(batch.rows) > limit:
        raise InputError(f"got {len(batch.rows)}, at most {limit} fit", field="rows", remedy="send several batches")
    asked = state.site(plant).plant
    return BatchAnswer(predictions=predictions(batch.rows, asked, usable(state.nowcasts, asked)))


@router.post("/predict_onnx", summary="Active energy of one interval, by ONNX Runtime", responses=NOT_READY)
async def predict_onnx(reading: MeterReading, state: StateOf, plant: PlantQuery = None) -> Prediction:
    """As /predict, with the model's trees on ONNX Runtime: for whoever wants to see that both answer alike."""
    asked = state.site(plant).plant
    return predictions([reading], asked, state.nowcasts.on_onnx(asked))[0]
