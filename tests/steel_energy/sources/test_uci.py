from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from steel_energy.errors import SourceError
from steel_energy.sources.file import read_csv
from steel_energy.sources.http import Patience
from steel_energy.sources.uci import VALUES_SHA256, download, values_sha256

HURRIED = Patience(connect_s=0.3, read_s=0.15, total_s=5, attempts=3, pause_s=0.01)


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Steel_industry_data.csv", content)
    return buffer.getvalue()


def test_the_archive_is_written_as_csv_once_and_kept(server, day, day_csv, tmp_path: Path):
    server.answers = [zipped(b"\xef\xbb\xbf" + day_csv.replace(b"\n", b"\r\n"))]

    paths = [download(tmp_path / "raw", url=server.url, sha256=values_sha256(day), patience=HURRIED) for _ in range(2)]

    assert [path.name for path in paths] == ["uci-851.csv"] * 2
    assert read_csv(paths[0]).rows.equals(day)
    assert server.requests == 1


def test_a_damaged_copy_on_disk_is_fetched_again(server, day, day_csv, tmp_path: Path):
    server.answers = [zipped(day_csv)]
    (tmp_path / "uci-851.csv").write_bytes(day_csv[:5000])

    path = download(tmp_path, url=server.url, sha256=values_sha256(day), patience=HURRIED)

    assert path.read_bytes() == day_csv


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b"<html>moved</html>", "web page"), (b"PK\x03\x04 cut", "damaged archive"), (503, "answers 503")],
    ids=["a web page", "a cut archive", "an error"],
)
def test_what_is_not_the_data_set_is_a_source_error_and_leaves_nothing_behind(server, answer, reason, tmp_path):
    server.answers = [answer]

    with pytest.raises(SourceError, match=reason):
        download(tmp_path, url=server.url, patience=HURRIED)

    assert list(tmp_path.iterdir()) == []


def test_one_changed_value_is_a_source_error(server, day, day_csv, tmp_path: Path):
    server.answers = [zipped(day_csv.replace(b"3.17", b"3.18", 1))]

    with pytest.raises(SourceError, match="other values"):
        download(tmp_path, url=server.url, sha256=values_sha256(day), patience=HURRIED)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_source_error(server, day, day_csv, tmp_path: Path):
    server.answers = [zipped(day_csv)]
    (tmp_path / "raw").write_text("a file where the folder should be")

    with pytest.raises(SourceError, match="cannot be written"):
        download(tmp_path / "raw", url=server.url, sha256=values_sha256(day), patience=HURRIED)


def test_the_checksum_sees_values_and_order_and_no_spelling(day):
    respelled = day.with_columns(
        label=pl.col("label").str.replace(" 0", " "), usage_kwh=pl.lit(" 3.170 "), nsm_s=pl.col("nsm_s") + ".0"
    )

    assert values_sha256(respelled) == values_sha256(day)
    assert values_sha256(day.reverse()) != values_sha256(day)
    assert values_sha256(day.with_columns(load_type=pl.lit("Maximum_Load"))) != values_sha256(day)


@pytest.mark.real_data
def test_the_published_file_has_the_known_checksum(real_csv: Path):
    assert values_sha256(read_csv(real_csv).rows) == VALUES_SHA256
