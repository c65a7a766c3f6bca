"""Tuning of a plant's boosted models: whether other values of their trees would forecast better. Nothing is changed.

The values in use stand in ``params.yaml`` and no model reads what is found here, so that a build forecasts as its
parameters say; the metadata names the command that writes the values there.
"""

import dagster as dg

from steel_assets import studies
from steel_assets.defs.forecasting import ALL_MONTHS, GROUP, OWNERS
from steel_assets.engines import TRAINED
from steel_assets.io_managers import MonthFrames
from steel_assets.resources import Project
from steel_assets.tracking import Tracking


@dg.asset(group_name=GROUP, owners=OWNERS, kinds={"optuna", "mlflow"}, ins=ALL_MONTHS, op_tags=TRAINED)
def tuning(
    context: dg.AssetExecutionContext, project: Project, tracking: Tracking, cleaned_readings: MonthFrames
) -> dg.MaterializeResult[None]:
    """What a search for better trees has found on the readings before the test part; goes on where it was stopped."""
    facts = studies.searched(context, cleaned_readings, project=project, tracking=tracking)
    return dg.MaterializeResult(metadata=facts)
