"""Faults of an object store: each is one clear error that leads to its remedy, and never an empty lake."""

from __future__ import annotations

import http.server
import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import httpx
import polars as pl
import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from steel_energy.doctor import examine
from steel_energy.errors import StorageError
from steel_energy.lake import Lake
from steel_energy.settings import SteelSettings
from steel_energy.storage import load, place, put, require_reachable

SECRET = "swordfish"  # noqa: S105 - so that it can be looked for
ANY_KEY = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": SECRET}
NUMBERS = pl.DataFrame({"value": [1, 2]})


@pytest.fixture
def lake_with(monkeypatch):
    """The lake at an address, asked with other variables of AWS; None unsets one."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    def ask(address, **variables):
        for name, value in variables.items():
            monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
        S3FileSystem.clear_instance_cache()
        return Lake(place(address))

    yield ask
    S3FileSystem.clear_instance_cache()


def error_of(question):
    """The error that a question ends in."""
    with pytest.raises(StorageError) as caught:
        question()
    error = caught.value
    assert str(error.field).startswith("s3://")
    assert error.remedy
    assert SECRET not in str(error)
    return error


def answers_to(lake):
    """Every kind of question to a lake."""
    return [
        lambda: require_reachable(lake.root),
        lambda: lake.months("readings", "toy"),
        lambda: lake.read("readings", "toy"),
        lambda: lake.read("readings", "toy", months=["2018-01"]),
        lambda: lake.find_newest("readings", "toy"),
        lambda: lake.read_facts("readings", "toy"),
        lambda: lake.damaged("readings", "toy"),
        lambda: lake.write("readings", "toy", "2018-01", NUMBERS),
        lambda: lake.keep_only("readings", "toy", []),
        lake.connect,
    ]


def test_a_bucket_that_is_not_there_is_no_empty_lake(lake_with, make_bucket):
    make_bucket()

    errors = [error_of(question) for question in answers_to(lake_with("s3://elsewhere/fleet"))]

    assert {error.message for error in errors} == {"the object store has no bucket elsewhere"}
    assert all("STEEL_LAKE_URL" in error.remedy for error in errors)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        pytest.param({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "Unable to locate cred", id="no key"),
        pytest.param({"AWS_PROFILE": "nobody"}, r"profile \(nobody\) could not be found", id="no profile"),
        pytest.param({"AWS_ENDPOINT_URL_S3": "here"}, "Invalid endpoint: here", id="no address"),
        pytest.param(
            {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "AWS_SECRET_ACCESS_KEY": SECRET},
            r"does not answer, or breaks off \(EndpointConnectionError\)$",
            id="nobody there",
        ),
    ],
)
def test_a_store_that_cannot_be_asked_is_told(lake_with, make_bucket, variables, said):
    lake = lake_with(make_bucket(), AWS_SHARED_CREDENTIALS_FILE="/nowhere", AWS_CONFIG_FILE="/nowhere", **variables)

    error = error_of(lambda: lake.months("readings", "toy"))

    assert re.search(said, error.message)


@contextmanager
def rights_asked_for() -> Iterator[tuple[str, str]]:
    """The store asks for rights; a key that may only look."""
    endpoint = os.environ["AWS_ENDPOINT_URL_S3"]
    iam = boto3.client("iam", endpoint_url=endpoint, region_name="us-east-1")
    iam.create_user(UserName="reader")
    statement = {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="reader", PolicyName="looks", PolicyDocument=policy)
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    httpx.post(f"{endpoint}/moto-api/reset-auth", content=b"0").raise_for_status()
    try:
        yield key["AccessKeyId"], key["SecretAccessKey"]
    finally:
        httpx.post(f"{endpoint}/moto-api/reset-auth", content=b"inf").raise_for_status()


def test_a_key_that_is_wrong_or_may_too_little_is_told(lake_with, make_bucket):
    address = make_bucket()
    with rights_asked_for() as (key, secret):
        stranger = lake_with(address, AWS_ACCESS_KEY_ID="AKIANOBODY", AWS_SECRET_ACCESS_KEY=SECRET)
        unknown = [error_of(question) for question in answers_to(stranger)]
        guessing = lake_with(address, AWS_ACCESS_KEY_ID=key)
        wrong = error_of(lambda: guessing.read("readings", "toy"))
        reader = lake_with(address, AWS_SECRET_ACCESS_KEY=secret)
        looked = reader.months("readings", "toy")
        denied = error_of(lambda: reader.write("readings", "toy", "2018-01", NUMBERS))

    assert {error.message for error in unknown} == {
        "access is denied: The AWS Access Key Id you provided does not exist in our records."
    }
    assert "signature" in wrong.message
    assert looked == []
    assert denied.message == "access is denied: Access Denied"
    assert "rights to list, read, write and remove" in denied.remedy


def test_a_server_that_was_stopped_is_told_and_asked_again_when_it_is_back(lake_with):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    lake = lake_with("s3://stopped/fleet", AWS_ENDPOINT_URL_S3=f"http://{host}:{port}")
    lake.root.fs.mkdir("stopped")
    path = lake.write("readings", "toy", "2018-01", NUMBERS)
    server.stop()

    away = [error_of(question) for question in answers_to(lake)[6:8]]
    server = ThreadedMotoServer(ip_address=host, port=port, verbose=False)
    server.start()
    found = lake.read("readings", "toy")
    server.stop()

    assert all("does not answer" in error.message for error in away)
    assert all("AWS_ENDPOINT_URL_S3" in error.remedy for error in away)
    assert found.equals(NUMBERS)
    assert str(path).endswith("month=2018-01.parquet")


@contextmanager
def breaking_off(times: int) -> Iterator[str]:
    """A server that ends so many of its first answers in the middle."""
    left = [times]

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = b"0123456789"
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:4] if left[0] > 0 else content)
            left[0] -= 1

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_answer_that_breaks_off_is_asked_for_again(lake_with):
    with breaking_off(2) as address:
        root = lake_with("s3://bucket", AWS_ENDPOINT_URL_S3=address, **ANY_KEY).root

        assert load(root / "file") == b"0123456789"


def test_answers_that_always_break_off_are_told(lake_with):
    with breaking_off(1000) as address:
        root = lake_with("s3://bucket", AWS_ENDPOINT_URL_S3=address, **ANY_KEY).root

        error = error_of(lambda: load(root / "file"))

    assert "breaks off (ClientPayloadError)" in error.message


def test_the_doctor_says_where_the_lake_lies_and_what_is_wrong_with_it(lake_with, make_bucket, tmp_path):
    address = make_bucket()
    lake = lake_with(address)
    lake.write("cleaned_readings", "gwangyang", "2018-01", NUMBERS)
    put(lake.folder("raw_readings", "gwangyang") / "facts.json", b'{"kind": "uci"}')

    def findings(url):
        settings = SteelSettings(data_dir=tmp_path, lake_url=url)
        return {found.subject: found for found in examine(settings)}

    well, ill = findings(address), findings("s3://elsewhere")

    assert (well["lake"].state, well["lake"].detail) == ("ok", address)
    assert well["gwangyang readings"].detail == "2018-01 to 2018-01, source: uci"
    assert (ill["lake"].state, ill["lake"].detail) == (
        "problem",
        "s3://elsewhere/: the object store has no bucket elsewhere",
    )
    assert "gwangyang readings" not in ill
