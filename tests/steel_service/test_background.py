from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread, current_thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_service.background import Background

WAIT_S = 5


@given(items=st.lists(st.integers(), max_size=50), later=st.lists(st.integers(), max_size=5))
def test_everything_that_was_put_is_worked_off_in_order_when_it_is_closed(items: list[int], later: list[int]) -> None:
    done: list[int] = []
    background = Background[int](done.extend, name="test", capacity=100)

    assert all(background.put(item) for item in items)
    background.close()
    assert done == items

    assert all(background.put(item) for item in later)
    assert done == items + later


def test_the_work_is_done_by_another_thread_without_a_close() -> None:
    seen = Event()
    threads: list[str] = []

    def work(_batch: Sequence[int]) -> None:
        threads.append(current_thread().name)
        seen.set()

    background = Background[int](work, name="worker", capacity=1)
    background.put(1)

    assert seen.wait(WAIT_S)
    assert threads == ["worker"]
    background.close()


def test_what_exceeds_the_capacity_is_refused_without_waiting() -> None:
    started, go = Event(), Event()
    done: list[str] = []

    def work(batch: Sequence[str]) -> None:
        started.set()
        go.wait(WAIT_S)
        done.extend(batch)

    background = Background[str](work, name="test", capacity=10)
    background.put("at work")
    assert started.wait(WAIT_S)

    taken = [background.put("large", size=25), background.put("small"), background.put("small")]
    go.set()
    background.close()

    assert taken == [True, False, False]
    assert done == ["at work", "large"]


def test_work_that_failed_is_told_and_does_not_stop_the_work_after_it(capfd: pytest.CaptureFixture[str]) -> None:
    failed, done = Event(), Event()

    def work(batch: Sequence[str]) -> None:
        if "bad" in batch:
            failed.set()
            raise RuntimeError("bad work")
        done.set()

    background = Background[str](work, name="test", capacity=10)
    background.put("bad")
    assert failed.wait(WAIT_S)
    background.put("good")

    assert done.wait(WAIT_S)
    assert "RuntimeError: bad work" in capfd.readouterr().err
    background.close()


def test_many_threads_may_put_at_once() -> None:
    done: list[int] = []
    background = Background[int](done.extend, name="test", capacity=10_000)
    threads = [Thread(target=lambda: [background.put(1) for _ in range(1000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    background.close()

    assert sum(done) == 4000
