from __future__ import annotations

import contextlib
import gzip
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.errors import InputError, NotMeterDataError
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import PUBLISHED_HEADER, RAW_COLUMNS, to_published
from steel_energy.testing import toy_plant

ZONE = "Asia/Seoul"
HEADER = ",".join(PUBLISHED_HEADER.values())


@pytest.fixture(scope="module")
def text(day_csv: bytes) -> str:
    return day_csv.decode()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return buffer.getvalue()


def parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


VARIANTS = {
    "as written": lambda text: text.encode(),
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16 with a mark": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR alone": lambda text: text.replace("\n", "\r").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "blank lines": lambda text: text.replace("\n", "\n\n").encode(),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "pipes": lambda text: text.replace(",", "|").encode(),
    "Excel's separator line": lambda text: ("sep=;\n" + text.replace(",", ";")).encode(),
    "a title above": lambda text: ("Meter 7, hall 2\n\n" + text).encode(),
    "all quoted": lambda text: "\n".join('"' + line.replace(",", '","') + '"' for line in text.splitlines()).encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zip": lambda text: zipped(year_dot_csv=text.encode(), readme_dot_md=b"x"),
    "gzip in zip": lambda text: zipped(year_dot_csv_dot_gz=gzip.compress(text.encode())),
    "the header twice": lambda text: (text + text.splitlines()[0] + "\n").encode(),
    "other spelling": lambda text: text.replace("Reactive.Power", "Reactive_Power").encode(),
    "upper case and spaces": lambda text: text.replace(HEADER, HEADER.upper().replace("_", " ")).encode(),
    "units in brackets": lambda text: text.replace("_kWh", " [kWh]").replace("_kVarh", " (kVarh)").encode(),
}


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS.keys())
def test_every_variant_of_a_file_gives_the_same_cells(variant, text, day):
    found = read_csv(variant(text))

    assert found.rows.drop("source_row").equals(day.drop("source_row"))
    assert found.origin.missing_columns == found.origin.ignored_columns == ()


def test_cells_are_strings_exactly_as_found(day):
    dirty = day.with_columns(usage_kwh=pl.lit(" 3,17 "), load_type=pl.lit("Médium_Load"), nsm_s=pl.lit("900.0"))

    for encoding in ("utf-8", "latin-1"):
        found = read_csv(to_published(dirty).write_csv().encode(encoding)).rows
        assert found.row(0, named=True) == {
            "source_row": 0,
            "label": "01/01/2018 00:15",
            "usage_kwh": " 3,17 ",
            "lagging_reactive_kvarh": "2.95",
            "leading_reactive_kvarh": "0",
            "co2_t": "0",
            "lagging_power_factor": "73.21",
            "leading_power_factor": "100",
            "nsm_s": "900.0",
            "week_status": "Weekday",
            "weekday": "Monday",
            "load_type": "Médium_Load",
        }


def test_decimal_commas_do_not_mislead_the_delimiter(day):
    commas = day.with_columns(pl.col(RAW_COLUMNS).str.replace(".", ",", literal=True))

    found = read_csv(to_published(commas).write_csv(separator=";").encode())

    assert found.rows["usage_kwh"].unique().to_list() == ["3,17"]


def test_columns_in_any_order_with_junk_between_are_found_and_named(day):
    shuffled = day.select(reversed(day.columns)).with_columns(mixed=pl.lit("abc"))

    found = read_csv(to_published(shuffled).write_csv().encode())

    assert found.rows.drop("source_row").equals(day.drop("source_row"))
    assert found.origin.ignored_columns == ("mixed",)


def test_missing_and_empty_columns_are_null_and_named(day):
    fewer = day.drop("label", "weekday").with_columns(co2_t=pl.lit(None, pl.String))

    found = read_csv(to_published(fewer).write_csv().encode())

    assert found.origin.missing_columns == ("label", "co2_t", "weekday")
    assert found.rows["label"].null_count() == 96


def test_short_lines_are_filled_and_long_ones_cut(text):
    lines = text.splitlines()
    lines[1] = "01/01/2018 00:15,3.17"
    lines[2] += ",surplus,more"

    found = read_csv("\n".join(lines).encode()).rows

    assert found.row(0)[1:4] == ("01/01/2018 00:15", "3.17", None)
    assert found["load_type"][1] == "Light_Load"


def test_a_stray_quote_does_not_swallow_the_lines_below(text):
    found = read_csv(text.replace("00:30,3.17", '00:30,"3.17', 1).encode()).rows

    assert found.height == 96
    assert found["usage_kwh"].unique().to_list() == ["3.17"]


def test_source_row_counts_lines_below_the_header(text):
    lines = text.splitlines()
    lines.insert(3, ",,,")

    assert read_csv("\n".join(lines).encode()).rows["source_row"][:4].to_list() == [0, 1, 3, 4]


def test_our_own_output_is_read_back_the_same(readings, day):
    own = readings()
    own_text = own.write_csv(datetime_format="%Y-%m-%dT%H:%M:%S%:z").encode()

    assert read_csv(parquet(own)).rows.equals(day)
    assert read_csv(own_text, plant=toy_plant(zone=ZONE)).rows.equals(day)


def test_our_own_output_survives_a_clock_change(readings):
    # on that day the clock jumps from 02:00 to 03:00 in Madrid
    own = readings("2018-03-25", days=2, zone="Europe/Madrid")
    own_text = own.write_csv(datetime_format="%Y-%m-%dT%H:%M:%S%:z").encode()

    found = read_csv(own_text, plant=toy_plant(zone="Europe/Madrid")).rows

    assert found["label"][6:9].to_list() == ["25/03/2018 01:45", "25/03/2018 03:00", "25/03/2018 03:15"]
    assert found.equals(read_csv(parquet(own)).rows)


def test_our_own_output_is_written_as_the_plants_exports_are(readings):
    starts = toy_plant(zone=ZONE).model_copy(update={"label": "start"})

    assert read_csv(parquet(readings()), plant=starts).rows["label"][0] == "01/01/2018 00:00"


def test_parquet_of_the_published_columns_is_read(day):
    published = to_published(day)
    typed = published.with_columns(
        pl.col("date").str.to_datetime("%d/%m/%Y %H:%M"),
        pl.col("Usage_kWh").cast(pl.Float64),
        pl.col("NSM").cast(pl.Int64),
    )

    assert read_csv(parquet(published)).rows.equals(day)
    assert read_csv(parquet(typed)).rows.row(0)[1:3] == ("2018-01-01 00:15:00", "3.17")


NOT_METER_DATA = {
    "empty": (b"", "empty"),
    "only blanks": (b" \n\n", "empty"),
    "header only": (HEADER.encode(), "no rows"),
    "three rows": (f"{HEADER}\n{'01/01/2018 00:15,3.17' + chr(10)}".encode() * 3, "a day has 96"),
    "binary": (bytes(range(256)) * 40, "binary"),
    "a web page": (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
    "other columns": (b"name,age\nx,3\n" * 100, "name, age"),
    "no energy": (b"date,NSM,Load_Type\n" + b"01/01/2018 00:15,900,Light_Load\n" * 96, "an active energy"),
    "no time": (b"Usage_kWh\n" + b"3.17\n" * 96, "a time"),
    "no numbers": (b"date,Usage_kWh\n" + b"01/01/2018 00:15,inf\n02/01/2018 00:15,?\n" * 96, "only 0 of 192 rows"),
    "few numbers": (b"NSM,Usage_kWh\n" + b"900,\n" * 97 + b'900,"3,1"\n' * 96, "only 96 of 193 rows"),
    "damaged gzip": (gzip.compress(HEADER.encode() * 50)[:40], "damaged archive"),
    "damaged zip": (zipped(a_dot_csv=b"x" * 1000)[:500], "damaged archive"),
    "empty zip": (zipped(), "exactly one table"),
    "two tables": (zipped(a_dot_csv=b"x", b_dot_csv=b"y"), "exactly one table"),
    "a workbook": (zipped(**{"xl/workbook.xml": b"x"}), "Excel"),
    "damaged Parquet": (parquet(pl.DataFrame({"a": [1]}))[:-10], "damaged Parquet"),
    "Parquet of something else": (parquet(pl.DataFrame({"a": [1]})), "none of its columns"),
    "an endless cell": (b"date,Usage_kWh\n" + b"x" * 200_000, "no table"),
}


@pytest.mark.parametrize(("content", "reason"), NOT_METER_DATA.values(), ids=NOT_METER_DATA.keys())
def test_what_is_no_meter_export_is_refused_with_its_name_a_reason_and_a_remedy(content, reason):
    with pytest.raises(NotMeterDataError, match=reason) as caught:
        read_csv(content, location="year.csv")

    assert caught.value.field == "year.csv"
    assert caught.value.remedy


def test_energy_may_come_from_a_reactive_energy_with_its_power_factor(day):
    derivable = day.select("source_row", "label", "lagging_reactive_kvarh", "lagging_power_factor")

    assert read_csv(to_published(derivable).write_csv().encode()).rows.height == 96
    with pytest.raises(NotMeterDataError, match="an active energy"):
        read_csv(to_published(derivable.drop("lagging_power_factor")).write_csv().encode())


def test_readings_of_two_plants_are_refused(readings):
    both = pl.concat([readings(), readings().with_columns(plant=pl.lit("other"))])

    with pytest.raises(InputError, match="other, toy"):
        read_csv(parquet(both))


def test_a_path_that_cannot_be_read_is_one_clear_error(tmp_path: Path):
    for path, reason in ((tmp_path / "none.csv", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(InputError, match=reason):
            read_csv(path)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: f"{HEADER}\n{text}".encode())))
def test_any_bytes_are_read_or_refused_and_never_crash(content):
    with pytest.raises(InputError):
        read_csv(content)


@pytest.fixture(scope="module", params=["csv", "gzip", "zip", "parquet"])
def packed(request, day, day_csv) -> bytes:
    pack = {
        "csv": lambda: day_csv,
        "gzip": lambda: gzip.compress(day_csv),
        "zip": lambda: zipped(year_dot_csv=day_csv),
        "parquet": lambda: parquet(to_published(day)),
    }
    return pack[request.param]()


@given(cut=st.integers(0, 2000), junk=st.binary(max_size=8), at=st.integers(0, 2000))
@settings(max_examples=40)
def test_a_damaged_file_is_read_or_refused_and_never_crashes(packed, cut, junk, at):
    damaged = packed[:at] + junk + packed[at + cut :]

    with contextlib.suppress(InputError):
        assert read_csv(damaged).rows.height >= 96


@pytest.mark.real_data
def test_the_published_file_has_every_column_and_row(real_csv: Path):
    found = read_csv(real_csv)

    assert found.rows.height == 35_040
    assert found.origin.missing_columns == found.origin.ignored_columns == ()


@pytest.mark.real_data
def test_the_dirty_file_keeps_its_duplicates_and_loses_its_junk_column(dirty_csv: Path):
    found = read_csv(dirty_csv)

    assert found.rows.height == 35_740
    assert found.origin.ignored_columns == ("mixed_type_col",)
