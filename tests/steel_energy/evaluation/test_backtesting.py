from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.errors import NotEnoughDataError

KST = ZoneInfo("Asia/Seoul")


def test_origins_roll_over_the_part_and_no_target_leaves_it(backtested: Callable[..., pl.DataFrame]):
    frame = backtested(0.0)

    assert frame["origin"].unique(maintain_order=True).len() == 9  # three days less one, every six hours, both ends
    assert frame["origin"].min() == dt.datetime(2018, 1, 15, tzinfo=KST)
    assert frame["interval_start"].max() == dt.datetime(2018, 1, 17, 23, 45, tzinfo=KST)
    assert frame["lead"][:96].to_list() == list(range(1, 97))


def test_a_part_shorter_than_the_horizon_is_refused(backtested: Callable[..., pl.DataFrame]):
    with pytest.raises(NotEnoughDataError, match="no forecast of 672 intervals fits"):
        backtested(0.0, horizon=672)
