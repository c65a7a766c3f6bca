"""A lake in a real object store: the same names and bytes as on a disk."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steel_energy import storage
from steel_energy.errors import ConfigError, NotEnoughDataError, StorageError
from steel_energy.lake import Lake, read_table, write_table
from steel_energy.settings import SteelSettings
from steel_energy.storage import listed, load, marks, place, put, remove
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.warehouse import count_rows, fill_warehouse

MONTHS = st.sampled_from(["2018-01", "2018-02", "2018-11"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), MONTHS, st.integers(0, 9)),
        st.tuples(st.sampled_from(["remove", "keep_only"]), MONTHS, st.none()),
        st.tuples(st.just("facts"), MONTHS, st.integers(0, 9)),
    ),
    max_size=8,
)


def numbers(*values):
    return pl.DataFrame({"value": list(values)})


def content_of(lake):
    files = listed(lake.root, "*/plant=*/*")
    return {str(path).removeprefix(str(lake.root)): load(path) for path in files}


@pytest.fixture
def lake(make_bucket):
    return Lake(place(make_bucket()))


@pytest.fixture
def on_disk(tmp_path):
    return Lake(tmp_path)


def test_every_kind_of_table_has_the_bytes_and_the_name_that_it_has_on_a_disk(lake, on_disk):
    for one in (lake, on_disk):
        one.write("readings", "toy", "2018-02", toy_readings(days=2))
        one.write("readings", "toy", "2018-01", numbers(1, 2))
        one.write_facts("readings", "toy", {"where": "Gwangyang, 광양"})
        write_table(one.week_path("drift_report", "toy", "2018-01-01"), numbers(3))
        write_table(one.newest_path("plan", "toy"), numbers(4))

    assert content_of(lake) == content_of(on_disk)
    assert len(content_of(lake)) == 5
    assert lake.read("readings", "toy", months=["2018-02"]).equals(toy_readings(days=2))
    assert lake.read_facts("readings", "toy") == {"where": "Gwangyang, 광양"}
    assert lake.weeks("drift_report", "toy") == ["2018-01-01"]
    assert lake.read_newest("plan", "toy")["value"].to_list() == [4]


def done_to(lake, what, month, value):
    if what == "write":
        lake.write("readings", "toy", month, numbers(value))
    elif what == "remove":
        remove(lake.month_path("readings", "toy", month))
    elif what == "keep_only":
        lake.keep_only("readings", "toy", [month])
    else:
        lake.write_facts("readings", "toy", {month: value})


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_an_object_store_holds_what_a_disk_holds(make_bucket, tmp_path_factory, steps):
    far, near = Lake(place(make_bucket())), Lake(tmp_path_factory.mktemp("disk"))
    for lake in (far, near):
        for step in steps:
            done_to(lake, *step)

    assert content_of(far) == content_of(near)
    assert far.months("readings", "toy") == near.months("readings", "toy")
    assert far.read_facts("readings", "toy") == near.read_facts("readings", "toy")


def test_names_are_matched_at_their_depth_alone(lake):
    lake.write("readings", "toy", "2018-01", numbers(1))
    lake.write("readings", "toyland", "2018-02", numbers(1))
    lake.write("readings_old", "toy", "2018-03", numbers(1))
    put(lake.folder("readings", "toy") / "deeper" / "month=2018-04.parquet", b"")
    put(lake.folder("readings", "toy") / "month=2018-05.csv", b"")

    assert lake.months("readings", "toy") == ["2018-01"]
    assert lake.weeks("readings", "toy") == []
    assert lake.find_newest("readings", "toy") is None
    with pytest.raises(NotEnoughDataError, match="the lake has no readings of nobody"):
        lake.read("readings", "nobody")


def test_more_objects_than_one_answer_lists_are_all_listed(lake, monkeypatch):
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    names = [f"2018-{number:02}" for number in range(1, 6)]
    storage.each([lake.month_path("readings", "toy", name) for name in names], lambda path: put(path, b""))

    assert lake.months("readings", "toy") == names


def test_the_marks_change_with_what_was_written_and_not_with_when(lake):
    seen = []
    for value in (1, 1, 2):
        lake.write("readings", "toy", "2018-01", numbers(value))
        seen.append(marks(lake.folder("readings", "toy"), "month=*.parquet"))

    assert seen[0] == seen[1] != seen[2]


def test_a_damaged_object_is_named_and_never_read(lake):
    path = lake.write("readings", "toy", "2018-01", numbers(*range(100)))
    lake.write("readings", "toy", "2018-02", numbers(1))
    whole = load(path)
    put(path, whole[:50] + bytes([whole[50] ^ 1]) + whole[51:])

    assert lake.damaged("readings", "toy") == [path]
    with pytest.raises(StorageError, match=r"its bytes are not those .* who else writes there, .*make build"):
        read_table(path)

    put(path, whole[:-9])
    with pytest.raises(StorageError, match="is damaged: it is cut off"):
        lake.read("readings", "toy")


def test_duckdb_sees_the_same_views_and_the_warehouse_has_the_same_tables(lake, on_disk):
    types = "select table_name, column_name, data_type from duckdb_columns() where not internal order by all"
    total = "select count(*), sum(usage_kwh), min(interval_start), max(plant) from cleaned_readings"
    found = []
    for one in (lake, on_disk):
        one.write("cleaned_readings", "toy", "2018-01", toy_readings(days=2))
        one.write("cleaned_readings", "other", "2018-01", toy_readings(days=1))
        with one.connect() as views, duckdb.connect(":memory:") as tables:
            fill_warehouse(tables, one, plants=[toy_plant()], tariffs=[toy_tariff()])
            asked = [tables.execute(types), tables.execute(total), views.execute(types), views.execute(total)]
            found.append([count_rows(tables), *(answer.fetchall() for answer in asked)])

    assert found[0] == found[1]
    assert found[0][0]["cleaned_readings"] == 3 * 96


def test_the_warehouse_refuses_a_damaged_object(lake):
    put(lake.write("repairs", "toy", "2018-01", numbers(1)), b"PAR1 half")

    with duckdb.connect(":memory:") as tables, pytest.raises(StorageError, match=r"repairs.*is damaged"):
        fill_warehouse(tables, lake, plants=[toy_plant()], tariffs=[toy_tariff()])


@pytest.mark.parametrize("address", ["s3://bucket", "s3://my.bucket-1/", "s3://bucket/fleet/plant=1/"])
def test_the_setting_leads_to_the_object_store_and_the_inbox_stays_on_the_disk(address, tmp_path):
    settings = SteelSettings(data_dir=tmp_path, lake_url=address)

    assert str(settings.lake_root).rstrip("/") == address.rstrip("/")
    assert settings.inbox_dir == tmp_path / "lake" / "inbox"


def test_without_the_setting_the_lake_lies_in_the_data_folder(tmp_path, monkeypatch):
    assert SteelSettings(data_dir=tmp_path).lake_root == tmp_path / "lake"
    monkeypatch.setenv("STEEL_LAKE_URL", "")  # as of a compose file that passes on what nobody set
    assert SteelSettings(data_dir=tmp_path).lake_root == tmp_path / "lake"


@pytest.mark.parametrize(
    "address",
    [
        "bucket/lake",
        "s3://my_bucket",
        "s3://Bucket",
        "gs://bucket",
        "s3://key:word@bucket",
        "s3://bucket/../x",
        "s3://b/?a",
    ],
)
def test_another_address_is_refused_and_not_repeated(address):
    with pytest.raises(ConfigError, match="STEEL_LAKE_URL: is no address") as caught:
        SteelSettings(lake_url=address)

    assert address not in str(caught.value)


def test_an_install_without_the_libraries_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(storage, "LIBRARIES", ("s3fs", "no_such_library"))

    with pytest.raises(ConfigError, match=r"needs no_such_library.*pip install 'steel-energy-copilot\[s3\]'"):
        place("s3://bucket/lake")
