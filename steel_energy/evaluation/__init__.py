"""How forecasters are compared: the split in time, rolling origins, metrics by lead time, leaderboard, champion.

Models are fitted on the oldest readings, chosen on the validation part and reported on the test part, which nothing
here chooses on. Every model is asked at the same origins. A champion has to beat the seasonal naive forecast. One
module for each step; what is put together out of them for one model, is ``trial``'s.
"""

from steel_energy.evaluation.backtesting import backtest
from steel_energy.evaluation.comparison import Comparison, compare
from steel_energy.evaluation.leaderboard import CHOSEN_BY, NAIVE, Choice, Leaderboard, Standing, choose_champion
from steel_energy.evaluation.metrics import BANDS, LEADS, OVERALL, flat_metrics, over_24h, score
from steel_energy.evaluation.splits import PARTS, Split, folds, split_times
from steel_energy.evaluation.stability import cross_validate, weekly_rmse, weekly_spread

__all__ = [
    "BANDS",
    "CHOSEN_BY",
    "LEADS",
    "NAIVE",
    "OVERALL",
    "PARTS",
    "Choice",
    "Comparison",
    "Leaderboard",
    "Split",
    "Standing",
    "backtest",
    "choose_champion",
    "compare",
    "cross_validate",
    "flat_metrics",
    "folds",
    "over_24h",
    "score",
    "split_times",
    "weekly_rmse",
    "weekly_spread",
]
