"""Why a forecast is what it is, in kWh and in the words of a plant; nothing here changes a forecast.

``explainer`` says which trees speak for a forecaster, ``contributions`` what each feature adds to its forecasts,
``importance`` which of them matter over a history, and ``drivers`` what they are called. Pictures of all this live in
``reporting.model_pictures``.
"""

from steel_energy.explaining.contributions import (
    Explanation,
    adds_up,
    explain_forecast,
    explain_history,
    telling_origin,
)
from steel_energy.explaining.drivers import DRIVER_OF, DRIVERS, words_of
from steel_energy.explaining.explainer import Explainer, best_explainer, explainer_of
from steel_energy.explaining.importance import OVERALL, driver_importance, importance, no_drivers, range_name

__all__ = [
    "DRIVERS",
    "DRIVER_OF",
    "OVERALL",
    "Explainer",
    "Explanation",
    "adds_up",
    "best_explainer",
    "driver_importance",
    "explain_forecast",
    "explain_history",
    "explainer_of",
    "importance",
    "no_drivers",
    "range_name",
    "telling_origin",
    "words_of",
]
