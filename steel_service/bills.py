"""From a /bill request to its answer: readings of the lake, tariffs by name, and the domain's bills as JSON."""

from __future__ import annotations

from steel_energy.billing import Bill, compare
from steel_energy.errors import NotEnoughDataError
from steel_service.answers import source_answer
from steel_service.api_models.bill import BillAnswer, BillRequest, BillUnderTariff
from steel_service.errors import ConflictError
from steel_service.state import State
from steel_service.tariffs import measured_period, tariff_named


def bill_answer(wanted: BillRequest, state: State) -> BillAnswer:
    """The bills of a period, cheapest first.

    Raises:
        UnknownPlantError: there is no such plant.
        UnknownTariffError: there is no such tariff.
        ConflictError: the period is empty, off the grid or not wholly known.
        NotReadyError: no readings yet.
    """
    site = state.site(wanted.plant)
    named = {
        name: tariff_named(name, state.settings, field=f"tariffs.{place}") for place, name in enumerate(wanted.tariffs)
    }
    tariffs = named or {site.tariff.id: site.tariff}
    known = state.readings.of(site)
    start, end = measured_period(wanted.start, wanted.end, known.readings, zone=site.plant.zone)
    try:
        bills = compare(known.readings, plant=site.plant, tariffs=tariffs.values(), start=start, end=end)
    except NotEnoughDataError as error:
        raise ConflictError(error.message, field=error.field, remedy=error.remedy) from error
    return BillAnswer(
        plant=site.plant.id,
        zone=site.plant.zone,
        start=start,
        end=end,
        source=source_answer(known.source),
        usage_kwh=bills[0].usage_kwh,
        peak_kw=bills[0].peak_kw,
        bills=[bill_under(made, name=tariffs[made.tariff].name, cheapest=bills[0]) for made in bills],
    )


def bill_under(made: Bill, *, name: str, cheapest: Bill) -> BillUnderTariff:
    """One bill as JSON, beside the cheapest of those it is compared with."""
    return BillUnderTariff.model_validate(
        {
            "tariff": made.tariff,
            "tariff_name": name,
            "total_krw": made.total_krw,
            "energy_krw": made.amount_krw("energy"),
            "demand_krw": made.amount_krw("demand"),
            "power_factor_krw": made.amount_krw("power_factor"),
            "co2_krw": made.amount_krw("co2"),
            "above_cheapest_krw": made.total_krw - cheapest.total_krw,
            "lines": made.lines,
            "notes": made.notes,
        }
    )
