"""POST /predict and /predict/batch: the active energy of intervals from their other readings."""

from __future__ import annotations

from fastapi import APIRouter

from steel_energy.errors import InputError
from steel_service.api_models.nowcast import Batch, BatchAnswer, MeterReading, Prediction
from steel_service.nowcast import nowcast
from steel_service.requests import BODY_ERRORS, JSON_ONLY, PlantQuery
from steel_service.state import StateOf

router = APIRouter(tags=["nowcast"], dependencies=[JSON_ONLY], responses=BODY_ERRORS)


@router.post("/predict", summary="Active energy of one interval")
async def predict(reading: MeterReading, state: StateOf, plant: PlantQuery = None) -> Prediction:
    """Work out the active energy of an interval from its reactive energies, power factors and CO2.

    The meter computes the power factors and the CO2 from the energies it counts, so the energy follows from them up to
    the rounding of its display; the bounds are the smallest and largest energy that agree with all readings.
    """
    return nowcast([reading], state.site(plant).plant)[0]


@router.post("/predict/batch", summary="Active energy of many intervals")
def predict_batch(batch: Batch, state: StateOf, plant: PlantQuery = None) -> BatchAnswer:
    """The same for many intervals at once; one prediction for each row, in the order of the rows."""
    limit = state.settings.api_max_batch_rows
    if len(batch.rows) > limit:
        raise InputError(f"got {len(batch.rows)}, at most {limit} fit", field="rows", remedy="send several batches")
    return BatchAnswer(predictions=nowcast(batch.rows, state.site(plant).plant))
