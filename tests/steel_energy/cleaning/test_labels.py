from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from steel_energy.cleaning.labels import read_labels

NEW_YEAR = (dt.date(2018, 1, 1) - dt.date(1970, 1, 1)).days


def read(*labels: str | None) -> pl.DataFrame:
    return read_labels(pl.Series(labels, dtype=pl.String), pl.Series([1.0] * len(labels))).rows


@pytest.mark.parametrize(
    "label",
    [
        "13/01/2018 00:15",
        "13/1/2018 0:15",
        "2018-01-13 00:15:00",
        "2018-01-13T00:15:00.000",
        "13-Jan-2018 00:15",
        "13.01.18 00:15",
        "01/13/2018 00:15",
        "13/01/2018 12:15 AM",
        "43113.0104166667",
    ],
)
def test_every_format_gives_the_same_day_and_slot(label):
    row = read(label).row(0, named=True)

    assert (row["day"], row["slot"]) == (NEW_YEAR + 12, 0)


def test_midnight_ends_the_day_whose_date_it_carries():
    row = read("01/01/2018 23:45", "01/01/2018 00:00").row(1, named=True)

    assert (row["day"], row["slot"]) == (NEW_YEAR, 95)


def test_midnight_that_begins_the_next_day_is_found_out_from_the_order():
    labels = read_labels(pl.Series(["01/01/2018 23:45", "02/01/2018 00:00", "02/01/2018 00:15"]), pl.Series([1.0] * 3))

    assert labels.midnight_is_next_day
    assert labels.rows.row(1, named=True)["day"] == NEW_YEAR


@pytest.mark.parametrize(
    "label",
    [
        None,
        "",
        "?",
        "31/02/2018 00:15",
        "2018",
        "12:15",
        "\u0661\u0663/\u0660\u0661/2018 00:15",
        "\u0664\u0663\u0661\u0661\u0663",
    ],
)
def test_what_is_no_time_is_null(label):
    assert read(label)["day"].to_list() == [None]


def test_a_label_between_two_intervals_has_a_day_but_no_slot():
    row = read("01/01/2018 00:07").row(0, named=True)

    assert (row["day"], row["slot"]) == (NEW_YEAR, None)


def test_the_minority_format_is_marked():
    assert read("01/01/2018 00:15", "01/01/2018 00:30", "2018-01-01 00:45")["usual_format"].to_list() == [
        True,
        True,
        False,
    ]
