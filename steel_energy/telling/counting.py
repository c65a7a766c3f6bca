"""Answers on a plant that meters litres: figures and charts are in litres, as the text is.

Results of tools are in kWh for every carrier; only what is said to people is counted in the plant's own units.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steel_energy.carrier import KWH, Measure
from steel_energy.telling.records import Chart

ENDINGS = {"_krw_per_kwh": "_krw_per_l", "_kwh": "_l", "_kw": "_l_per_h"}
"""Endings of names of figures, and those of the same counted in litres."""
UNITS = ("kWh", "kW")
ROWS = ("values", "lower", "upper")


def counted_figures(figures: Mapping[str, Any], measure: Measure) -> dict[str, Any]:
    """Figures by name, those of energy, power and its price in the measure's units, and named so.

    >>> counted_figures({"usage_kwh": 50.0, "mean_krw_per_kwh": 150.0, "co2_t": 1.0}, Measure("L", "L/h", 10.0))
    {'usage_l': 5.0, 'mean_krw_per_l': 1500.0, 'co2_t': 1.0}
    """
    return (
        dict(_counted(name, value, measure) for name, value in figures.items()) if measure is not KWH else {**figures}
    )


def counted_chart(chart: Chart | None, measure: Measure) -> Chart | None:
    """A chart of energy or power in the measure's units."""
    if chart is None or measure is KWH or chart.unit not in UNITS:
        return chart
    unit = measure.energy_unit if chart.unit == UNITS[0] else measure.power_unit
    series = [
        one.model_copy(update={name: _scaled(getattr(one, name), 1 / measure.kwh_per_unit) for name in ROWS})
        for one in chart.series
    ]
    return chart.model_copy(update={"unit": unit, "series": tuple(series)})


def _counted(name: str, value: Any, measure: Measure) -> tuple[str, Any]:  # noqa: ANN401 - figures may be nested
    for ending, ours in ENDINGS.items():
        if name.endswith(ending) or name == ending[1:]:
            factor = measure.kwh_per_unit if "_per_" in ending else 1 / measure.kwh_per_unit
            return f"{name.removesuffix(ending[1:])}{ours[1:]}", _scaled(value, factor)
    if isinstance(value, Mapping):
        return name, counted_figures(value, measure)
    if isinstance(value, list | tuple):
        return name, [counted_figures(one, measure) if isinstance(one, Mapping) else one for one in value]
    return name, value


def _scaled(value: Any, factor: float) -> Any:  # noqa: ANN401
    if isinstance(value, list | tuple):
        return tuple(_scaled(one, factor) for one in value)
    return value * factor if isinstance(value, int | float) else value
