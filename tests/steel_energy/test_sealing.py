"""The seal on Parquet files: whatever happens to a file's bytes is noticed before anything is read from it."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.errors import StorageError
from steel_energy.lake import read_table, write_table
from steel_energy.sealing import require_whole, sealed

FRAME = pl.DataFrame(
    {"interval": range(200), "usage_kwh": [n * 0.036 for n in range(200)], "band": ["light", "maximum"] * 100}
)
PATH = Path("month=2018-01.parquet")


def plain() -> bytes:
    buffer = io.BytesIO()
    FRAME.write_parquet(buffer)
    return buffer.getvalue()


WHOLE = sealed(plain())


def test_every_reader_of_parquet_passes_over_the_seal(tmp_path: Path):
    path = write_table(tmp_path / PATH, FRAME)

    assert path.read_bytes() == WHOLE
    assert read_table(path).equals(FRAME)
    assert pl.read_parquet(path).equals(FRAME)
    assert pq.read_table(path).num_rows == 200
    assert duckdb.read_parquet(str(path)).sum("interval").fetchall() == [(19_900,)]


@given(bit=st.integers(0, len(WHOLE) * 8 - 1))
def test_a_flipped_bit_is_noticed_wherever_it_is(bit: int):
    changed = bytearray(WHOLE)
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(StorageError, match="is damaged"):
        require_whole(bytes(changed), PATH)


def test_no_byte_is_outside_the_seals_care_not_even_the_seals_own():
    for place in range(len(WHOLE)):
        changed = WHOLE[:place] + bytes([WHOLE[place] ^ 1]) + WHOLE[place + 1 :]
        with pytest.raises(StorageError, match="is damaged"):
            require_whole(changed, PATH)


@given(length=st.integers(0, len(WHOLE) - 1))
def test_a_file_that_is_cut_off_is_noticed_wherever_it_ends(length: int):
    with pytest.raises(StorageError, match="is damaged"):
        require_whole(WHOLE[:length], PATH)


def test_a_file_of_an_earlier_version_has_no_seal_and_is_read(tmp_path: Path):
    path = tmp_path / PATH
    path.write_bytes(plain())

    assert read_table(path).equals(FRAME)


def test_the_error_names_the_file_and_the_remedy(tmp_path: Path):
    path = tmp_path / PATH
    path.write_bytes(WHOLE[:100])

    with pytest.raises(StorageError) as refused:
        read_table(path)

    assert refused.value.field == str(path)
    assert refused.value.message == "is damaged: it is cut off"
    assert "make build" in refused.value.remedy
