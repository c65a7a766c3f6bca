"""The page on a plant's models: what it says, that it holds its pictures and fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from steel_energy.artifacts import Manifest
from steel_energy.artifacts.provenance import Code
from steel_energy.explaining import DRIVERS, OVERALL
from steel_energy.model_card import CardFacts
from steel_energy.params import load_params
from steel_energy.reporting.model_page import BACKTEST_PICTURES, EXPLAINING_PICTURES, write_model_page
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_facts, toy_plant
from steel_energy.trial import TrialRecord

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def facts() -> CardFacts:
    content = toy_facts(model="lightgbm", metrics={"test.over_24h.rmse_kwh": 15.25}).model_dump()
    made = {"created_at": "2018-03-01T00:00:00Z", "libraries": {}, "files": {}, "version": "abc"}
    sizes = {"lead_range": [OVERALL] * 6, "driver": list(DRIVERS), "mean_abs_kwh": [6.0, 5.0, 4.0, 3.0, 2.0, 1.0]}
    return CardFacts(
        leaderboard=pl.DataFrame({"model": ["lightgbm"], "label": [""], "test_rmse_kwh": [15.25]}),
        manifest=Manifest(**content, **made, code=Code(package="1.2.3")),
        reason="best <on> validation",
        plant=toy_plant(),
        trials=[TrialRecord(model="timesfm", absent_because="not installed")],
        drivers=pl.DataFrame(sizes),
        explained="lightgbm itself",
        params=load_params(PROJECT_ROOT / "params.yaml").evaluation,
    )


@pytest.fixture(scope="module")
def path(facts: CardFacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pictures = [dict.fromkeys(names, PNG) for names in (BACKTEST_PICTURES, EXPLAINING_PICTURES)]
    file = tmp_path_factory.mktemp("page") / "models.html"
    return write_model_page(facts, file, backtest_pictures=pictures[0], explaining_pictures=pictures[1])


@pytest.mark.parametrize(
    "said",
    [
        "1 model forecast",
        "lightgbm 15.25",
        "timesfm is absent: not installed",
        "It is served because: best &lt;on&gt; validation",
        "Explained is lightgbm itself",
        "operating state now 6.0",
        "15.25 kWh test part",
    ],
)
def test_a_person_reads(path: Path, words: Callable[[Path], str], said: str):
    assert said in words(path)


def test_every_picture_is_held_by_the_page_and_nothing_is_fetched_or_drawn_by_scripts(path: Path):
    page = path.read_text(encoding="utf-8")

    assert len(re.findall(r'<img src="data:image/png;base64,', page)) == 12
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert "<script" not in page
