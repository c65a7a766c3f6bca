"""What goes wrong when the published label is taken for the time of a row: counts quoted in docs/decisions/0001.

Needs the published CSV.
"""

from __future__ import annotations

import polars as pl
from libraries.lacks import published

from steel_energy.cleaning import place
from steel_energy.plant import load_plant
from steel_energy.settings import SteelSettings
from steel_energy.sources.file import read_csv


def main() -> None:
    settings = SteelSettings()
    csv = published(settings)
    plant = load_plant("gwangyang", plants_dir=settings.plants_dir)
    rows = place(read_csv(csv).rows, plant).with_columns(
        label_time=pl.col("label").str.to_datetime("%d/%m/%Y %H:%M", time_zone=plant.zone)
    )
    early = rows.filter(pl.col("label_time") < pl.col("interval_start"))
    print(f"rows that the label puts before the start of their interval: {early.height}")
    for name in ("interval_start", "label_time"):
        hours = rows.group_by(pl.col(name).dt.truncate("1h")).agg(pl.col("load_type").n_unique())
        print(f"clock hours with two load types, aligned by {name}: {hours.filter(pl.col('load_type') > 1).height}")


if __name__ == "__main__":
    main()
