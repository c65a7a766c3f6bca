"""Real processes of Dask: the same trees twice, one clear error where one is killed or a scheduler is not there."""

from __future__ import annotations

import os
import signal
import sys
import threading
from functools import partial

import numpy as np
import pytest

from steel_energy.errors import ClusterError, ConfigError, ModelUnavailableError, StorageError
from steel_energy.fleet.cluster import open_workers
from steel_energy.fleet.rows import rows_in_lake
from steel_energy.forecasting.boosters import Growth
from steel_energy.lake import read_table

FAR_TOO_MANY = 100_000  # trees: nobody waits for them


def growth(params, trees: int) -> Growth:
    return Growth(trees, 1.0, params.forecasting.xgboost, seed=1)


def test_two_processes_make_the_same_trees_twice_and_a_killed_one_is_one_clear_error(lake, sites, params, tmp_path):
    pytest.importorskip("distributed", reason="the extra fleet is not installed")
    teach = partial(rows_in_lake, lake=lake, params=params)
    with open_workers(processes=2) as workers:
        handles = workers.deal(teach, sites)
        once, again = (workers.grow(handles, 0, growth(params, 20)) for _ in range(2))
        rows = teach(sites[0]).ranges[0]
        with pytest.raises(StorageError, match="cannot be read: Is a directory") as raised:
            workers.ask(len, workers.deal(read_table, [tmp_path] * 3))
        first, _ = workers.client.run(os.getpid).values()
        threading.Timer(1.0, os.kill, (first, signal.SIGKILL)).start()
        with pytest.raises(ClusterError, match=r"a worker was lost.*train again"):
            workers.grow(handles, 0, growth(params, FAR_TOO_MANY))

    assert isinstance(raised.value.__cause__, IsADirectoryError)  # which tells whether Dagster tries again
    assert once.booster.save_raw() == again.booster.save_raw()
    assert np.corrcoef(once.predict(rows.features), rows.usage)[0, 1] > 0.5


def test_a_scheduler_that_is_not_there_is_one_clear_error():
    pytest.importorskip("distributed", reason="the extra fleet is not installed")
    nobody = r"STEEL_DASK_ADDRESS: no Dask workers at tcp://127\.0\.0\.1:1.*leave STEEL_DASK_ADDRESS out"

    with pytest.raises(ClusterError, match=nobody), open_workers("tcp://127.0.0.1:1", patience_s=0.5):
        pytest.fail("there is nobody")


def test_an_address_that_is_none_is_the_settings_fault():
    pytest.importorskip("distributed", reason="the extra fleet is not installed")

    with pytest.raises(ConfigError, match=r"STEEL_DASK_ADDRESS: is no address.*tcp://host:8786"), open_workers("host"):
        pytest.fail("there is nobody")


def test_without_dask_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(ModelUnavailableError, match=r"steel-energy-copilot\[fleet\]"), open_workers():
        pytest.fail("there is no Dask")
