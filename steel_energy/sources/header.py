"""Which column of a table is which raw column, however its header spells it.

A spelling is compared by its letters and digits alone, without case, accents or units in brackets. Whole names are
matched, never parts of them: ``predicted_usage_kwh`` is not the usage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from steel_energy.sources.raw import PUBLISHED_HEADER

INTERVAL_START = "interval_start"
PLANT = "plant"

_CURRENT = r"(?:current)?"
_REACTIVE = r"(?:reactive(?:power|energy)?(?:kvarh)?|kvarh)"
_POWER_FACTOR = r"(?:powerfactor|pf)(?:percent)?"
SPELLINGS: dict[str, re.Pattern[str]] = {
    "label": re.compile(r"date|datetime|dateandtime|datetimestamp|timestamp|time|label|intervalend"),
    "usage_kwh": re.compile(
        r"(?:energy|electricity)?(?:usage|consumption)(?:k?wh)?|(?:active)?energy(?:k?wh)?|kwh"
        r"|(?:fuel|diesel)?(?:usage|consumption)?(?:l|litres?|liters?)|(?:fuel|diesel)(?:usage|consumption)?"
    ),
    "lagging_reactive_kvarh": re.compile(rf"lag(?:ging)?{_CURRENT}{_REACTIVE}"),
    "leading_reactive_kvarh": re.compile(rf"lead(?:ing)?{_CURRENT}{_REACTIVE}"),
    "co2_t": re.compile(r"co2(?:t|tco2|emissions?)*"),
    "lagging_power_factor": re.compile(rf"lag(?:ging)?{_CURRENT}{_POWER_FACTOR}"),
    "leading_power_factor": re.compile(rf"lead(?:ing)?{_CURRENT}{_POWER_FACTOR}"),
    "nsm_s": re.compile(r"nsms?|(?:numberof)?seconds(?:from|since)midnight"),
    "week_status": re.compile(r"weekstatus"),
    "weekday": re.compile(r"day(?:of)?(?:the)?week|weekday|day(?:name)?"),
    "load_type": re.compile(r"loadtype"),
    # of our own data contract, and of no published file
    INTERVAL_START: re.compile(r"intervalstart"),
    PLANT: re.compile(r"plant(?:id)?"),
}


def match_header(names: Sequence[str]) -> dict[str, int]:
    """Where each raw column stands among ``names``; columns that are not there are left out.

    Of several columns that could be the same one, the published spelling wins, then the first.

    >>> match_header(["Usage (kWh)", "junk", "Date"])
    {'label': 2, 'usage_kwh': 0}
    """
    keys = [_key(name) for name in names]
    found = {}
    for column, spelling in SPELLINGS.items():
        places = [place for place, key in enumerate(keys) if spelling.fullmatch(key)]
        published = PUBLISHED_HEADER.get(column)
        if places:
            found[column] = min(places, key=lambda place: (names[place].strip() != published, place))
    return found


def _key(name: str) -> str:
    """The letters and digits of a header; a unit in brackets goes, but CO2(tCO2) keeps its CO2."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z0-9]", "", re.sub(r"[\[(].*?[\])]", "", plain))
