"""The workers that train the global model: a Dask cluster of this machine, or one that runs elsewhere.

The only module that knows Dask, which comes with the extra ``fleet``. Work is dealt out in order and stays where it was
dealt: the same items on as many workers give the same trees to the bit. The price is that a lost worker is not made up
for: XGBoost's workers wait for each other, and would for ever. So the workers are watched, and once one of them is gone
the work ends with one error; whoever runs it begins anew on those that are left.
"""

# mypy: disable-error-code="no-untyped-call, type-arg"
# Dask has types, but not for what is called here.

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for_threads
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from steel_energy.errors import ClusterError, ConfigError, ModelUnavailableError
from steel_energy.forecasting.boosters import Growth
from steel_energy.forecasting.global_model import GLOBAL_FEATURES, GlobalBooster

if TYPE_CHECKING:
    from distributed import Client, Future

    from steel_energy.fleet.rows import PlantRows

SETTING = "STEEL_DASK_ADDRESS"
LOOK_EVERY_S = 1.0
COLLECTIVE = "collective"
"""In errors of XGBoost's workers about each other."""
PATIENCE_S = 15.0
"""How long a scheduler may take to answer, and then to have a worker."""


class Workers(Protocol):
    """Where plants are worked on; what they make stays with them, and is spoken of by handles."""

    def deal(self, work: Callable[..., Any], items: Sequence[Any]) -> list[Any]:
        """Handles of ``work(item)`` for each item."""

    def share(self, value: object) -> Any:  # noqa: ANN401 - a handle
        """A handle of one value that every worker is to have."""

    def ask(self, work: Callable[..., Any], handles: Sequence[Any], *shared: Any) -> list[Any]:  # noqa: ANN401
        """``work(result, *shared)`` where each result lies; the answers come here, so they should be small."""

    def grow(self, handles: Sequence[Any], place: int, growth: Growth) -> GlobalBooster:
        """Trees on the rows of one range of leads of all plants of ``handles``."""


@contextmanager
def open_workers(
    address: str | None = None, *, processes: int = 2, patience_s: float = PATIENCE_S
) -> Iterator[Workers]:
    """The workers of the scheduler at ``address``; without one, ``processes`` of this machine for as long as it lasts.

    Raises:
        ModelUnavailableError: Dask is not installed.
        ConfigError: ``address`` is none.
        ClusterError: nobody answers there, or no worker is there.
    """
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - of the extra
    except ModuleNotFoundError as error:
        raise ModelUnavailableError(
            "Dask is not installed", field="global_model", remedy="pip install 'steel-energy-copilot[fleet]'"
        ) from error
    with ExitStack() as stack:
        if not address:
            cluster = LocalCluster(
                n_workers=processes, threads_per_worker=1, dashboard_address=None, silence_logs=logging.ERROR
            )
            stack.enter_context(cluster)
        try:
            client = stack.enter_context(Client(address or cluster, timeout=patience_s))
            client.wait_for_workers(1, timeout=patience_s)
        except ValueError as error:
            remedy = "write it as tcp://host:8786"
            raise ConfigError(f"is no address of a scheduler: {error}", field=SETTING, remedy=remedy) from error
        except (OSError, TimeoutError) as error:
            remedy = f"see that a scheduler and workers run there, or leave {SETTING} out for processes of this machine"
            raise ClusterError(f"no Dask workers at {address}: {error}", field=SETTING, remedy=remedy) from error
        workers = DaskWorkers(client, tuple(_addresses(client)))
        try:
            yield workers
        except ClusterError:
            if address:  # ours end with their cluster
                _free(client, workers.addresses)
            raise


@dataclass(frozen=True)
class DaskWorkers:
    """``Workers`` of a Dask cluster, as they were when it was opened; others that join later get no work."""

    client: Client
    addresses: tuple[str, ...]

    def deal(self, work: Callable[..., Any], items: Sequence[Any]) -> list[Any]:
        """See ``Workers.deal``; the items are dealt out in turn."""
        places = [self.addresses[at % len(self.addresses)] for at in range(len(items))]
        return self._done(
            [
                self.client.submit(work, item, workers=place, pure=False)
                for item, place in zip(items, places, strict=True)
            ]
        )

    def share(self, value: object) -> Any:  # noqa: ANN401 - a handle
        """See ``Workers.share``."""
        return self.client.scatter(value, broadcast=True)

    def ask(self, work: Callable[..., Any], handles: Sequence[Any], *shared: Any) -> list[Any]:  # noqa: ANN401
        """See ``Workers.ask``."""
        answers: list[Any] = self.client.gather(self._done(self._beside(handles, work, *shared)))
        return answers

    def grow(self, handles: Sequence[Any], place: int, growth: Growth) -> GlobalBooster:
        """See ``Workers.grow``: XGBoost's histograms, summed over the workers."""
        from xgboost.core import XGBoostError  # noqa: PLC0415 - as of ``boosters``

        features, usage = (self._done(self._beside(handles, part, place)) for part in (_features, _usage))
        rows = self.ask(len, usage)
        thread = ThreadPoolExecutor(1, thread_name_prefix="xgboost")
        training = thread.submit(_trained, self.client, features, usage, rows, growth)
        try:
            while not wait_for_threads([training], timeout=LOOK_EVERY_S).done:
                self._require_all()
            return GlobalBooster(training.result())
        except XGBoostError as error:
            if COLLECTIVE not in str(error):
                raise
            raise self._lost("another one could not speak with it") from error  # it may say so before Dask knows
        finally:
            thread.shutdown(wait=False)  # of a lost worker it ends with the client

    def _beside(self, handles: Sequence[Future], work: Callable[..., Any], *more: Any) -> list[Future]:  # noqa: ANN401
        """Futures of ``work(result, *more)``, each made where its result lies."""
        held = self.client.who_has(handles)
        if gone := [handle.key for handle in handles if not held[handle.key]]:
            raise self._lost(f"with {len(gone)} results")
        return [self.client.submit(work, one, *more, workers=held[one.key][0], pure=False) for one in handles]

    def _done(self, futures: list[Future]) -> list[Future]:
        """The futures once all of them are made.

        Raises:
            Exception: the first of those that their work raised; elsewhere it would look like a lost worker.
            ClusterError: a worker was lost.
        """
        from distributed import wait  # noqa: PLC0415 - of the extra

        while True:
            try:
                wait(futures, timeout=LOOK_EVERY_S)
            except TimeoutError:
                self._require_all()
            else:
                for failed in (future for future in futures if future.status == "error"):
                    failed.result()
                return futures

    def _require_all(self) -> None:
        if gone := set(self.addresses) - set(_addresses(self.client)):
            raise self._lost(", ".join(sorted(gone)))

    def _lost(self, what: str) -> ClusterError:
        return ClusterError(
            f"a worker was lost ({what}); nothing is kept of the training",
            field="global_model",
            remedy="train again: workers are lost to restarts, and to too little memory for fleet.rows_per_plant",
        )


def _free(client: Client, addresses: Sequence[str]) -> None:
    """Restart what is left of the workers: they wait inside XGBoost for the lost one, and would for minutes."""
    there = client.scheduler_info(n_workers=-1)["workers"]
    watched = [address for address in addresses if there.get(address, {}).get("nanny")]
    client.restart_workers(watched, raise_for_error=False)


def _addresses(client: Client) -> list[str]:
    return sorted(client.scheduler_info(n_workers=-1)["workers"])


def _features(rows: PlantRows, place: int) -> Any:  # noqa: ANN401 - NumPy's
    return rows.ranges[place].features


def _usage(rows: PlantRows, place: int) -> Any:  # noqa: ANN401 - NumPy's
    return rows.ranges[place].usage


def _trained(client: Client, features: list[Future], usage: list[Future], rows: list[int], growth: Growth) -> Any:  # noqa: ANN401
    """XGBoost's booster on rows that lie on the workers."""
    import dask.array as da  # noqa: PLC0415 - of the extra
    from xgboost import dask as xgb  # noqa: PLC0415 - as above

    x = da.concatenate(
        [
            da.from_delayed(part, (size, len(GLOBAL_FEATURES)), dtype="f4")
            for part, size in zip(features, rows, strict=True)
        ]
    )
    y = da.concatenate([da.from_delayed(part, (size,), dtype="f4") for part, size in zip(usage, rows, strict=True)])
    names = list(GLOBAL_FEATURES)
    data = xgb.DaskQuantileDMatrix(client, x, y, feature_names=names, max_bin=growth.params.bins)
    settings = GlobalBooster.settings("level", growth) | {"verbosity": 0}
    return xgb.train(client, settings, data, num_boost_round=growth.rounds)["booster"]
