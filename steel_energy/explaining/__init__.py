"""Why the past and a forecast are what they are, in kWh and in the words of a plant; nothing here changes a forecast.

The past: ``past`` holds it, ``intervals`` (peaks among them) and ``days`` measure an event against the usual of
comparable ones, ``attribution`` splits the difference, ``similar_events`` and ``bill_impact`` stand beside it, and
``words`` makes sentences of it all. A forecast: ``explainer`` says which trees speak for a forecaster,
``contributions`` what each feature adds to its forecasts, ``forecasts`` takes the one apart that was answered and
``forecast_words`` tells it, ``importance`` says which features matter over a history, and ``drivers`` what they are
called. Pictures of all this live in ``reporting.model_pictures``.
"""

from steel_energy.explaining.contributions import (
    Explanation,
    adds_up,
    explain_forecast,
    explain_history,
    telling_origin,
)
from steel_energy.explaining.days import explain_day
from steel_energy.explaining.drivers import DRIVER_OF, DRIVERS, words_of
from steel_energy.explaining.explainer import Explainer, best_explainer, explainer_of
from steel_energy.explaining.forecasts import ForecastExplanation, explain_answer
from steel_energy.explaining.importance import OVERALL, driver_importance, importance, no_drivers, range_name
from steel_energy.explaining.intervals import explain_interval, explain_peak
from steel_energy.explaining.past import PastLoad, past_load
from steel_energy.explaining.records import PastExplanation

__all__ = [
    "DRIVERS",
    "DRIVER_OF",
    "OVERALL",
    "Explainer",
    "Explanation",
    "ForecastExplanation",
    "PastExplanation",
    "PastLoad",
    "adds_up",
    "best_explainer",
    "driver_importance",
    "explain_answer",
    "explain_day",
    "explain_forecast",
    "explain_history",
    "explain_interval",
    "explain_peak",
    "explainer_of",
    "importance",
    "no_drivers",
    "past_load",
    "range_name",
    "telling_origin",
    "words_of",
]
