from __future__ import annotations

import polars as pl
import pytest

from steel_energy.errors import InputError
from steel_energy.evaluation import Leaderboard, Standing, choose_champion


def test_the_leaderboard_is_sorted_by_the_validation_part_alone():
    board = Leaderboard(
        (
            Standing(model="a", validation={"rmse_kwh": 3.0}, test={"rmse_kwh": 1.0}),
            Standing(model="b", validation={"rmse_kwh": 2.0}, test={"rmse_kwh": 9.0}),
        )
    )

    assert board.frame()["model"].to_list() == ["b", "a"]
    assert board.validation_rmse_kwh() == {"a": 3.0, "b": 2.0}


def test_a_figure_that_no_model_has_is_an_empty_column_of_numbers():
    standing = Standing(model="a", validation={"rmse_kwh": 3.0}, test={}, further={"fold_rmse_mean_kwh": None})

    assert Leaderboard((standing,)).frame()["fold_rmse_mean_kwh"].dtype == pl.Float64


@pytest.mark.parametrize(
    ("scores", "incumbent", "champion"),
    [
        ({"seasonal_naive": 20, "a": 15, "b": 16}, None, "a"),
        ({"seasonal_naive": 20, "a": 21}, None, "seasonal_naive"),
        ({"seasonal_naive": 20, "a": 20}, None, "seasonal_naive"),
        ({"seasonal_naive": 20, "a": 15, "b": 15.1}, "b", "b"),
        ({"seasonal_naive": 20, "a": 14.9, "b": 15.1}, "b", "a"),
        ({"seasonal_naive": 20, "a": 19.9, "b": 20.05}, "b", "a"),
        ({"seasonal_naive": 20, "a": 15}, "gone", "a"),
        ({"seasonal_naive": 20, "a": 19.9}, "seasonal_naive", "a"),
    ],
    ids=[
        "best",
        "none beats naive",
        "a tie is no win",
        "within the margin",
        "beyond the margin",
        "incumbent fell behind naive",
        "incumbent unknown",
        "naive holds no office",
    ],
)
def test_the_champion_is_the_best_that_beats_naive_by_a_margin(
    scores: dict[str, float], incumbent: str | None, champion: str
):
    choice = choose_champion(scores, incumbent=incumbent, promotion_margin=0.01)

    assert choice.model == champion
    assert choice.reason


def test_without_the_naive_score_nobody_is_chosen():
    with pytest.raises(InputError, match="seasonal_naive has no score"):
        choose_champion({"a": 1.0}, promotion_margin=0.01)
