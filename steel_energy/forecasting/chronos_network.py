"""The Chronos-2 network: built compact or loaded, trained by steps, asked for quantiles. All of torch lives here.

Torch and the library take seconds to import, so every function does that for itself: a service whose champion is of
another kind never loads them. Pretrained or compact, the classes are the library's and the path is the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from steel_energy.arrays import FloatArray
from steel_energy.errors import ConfigError, ModelUnavailableError
from steel_energy.forecasting.chronos_windows import Windows
from steel_energy.forecasting.networks import mean_of
from steel_energy.params import ChronosShape, ChronosTraining
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON

if TYPE_CHECKING:
    from chronos.chronos2 import Chronos2Model, Chronos2Pipeline
    from torch import Tensor

LEVELS = (0.01, *(round(0.05 * step, 2) for step in range(1, 20)), 0.99)
"""Quantile levels of the compact model: those of the pretrained ones."""

INITIAL_SCALE = 0.05  # of the weights, as the library sets it
WARM_UP_SHARE, FINAL_RATE_SHARE = 0.1, 0.02  # of the steps, of the learning rate
WEIGHT_DECAY, MOMENTA, GRADIENT_NORM = 0.01, (0.9, 0.98), 1.0  # AdamW's usual ones; steeper gradients are cut
AVERAGED_SHARE, AVERAGE_DECAY = 0.5, 0.98  # weights are averaged over the later steps, the last fifty or so counting
WEEK_EVERY_STEPS, WEEK_BATCH_DIVISOR = 8, 4  # so that one forward pass reaches the longest horizon
ROWS_AT_ONCE = 256  # variates of one forward pass when forecasting


def device_of(choice: str) -> str:
    """``cpu`` or ``cuda``, whichever ``choice`` means on this machine; ``auto`` takes the GPU where there is one.

    Raises:
        ModelUnavailableError: a GPU is asked for and there is none.
    """
    import torch  # noqa: PLC0415 - see the module

    if choice == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if choice == "cuda" and not torch.cuda.is_available():
        raise ModelUnavailableError("there is no GPU", field="forecasting.chronos.device", remedy="set it to auto")
    return choice


def compact(shape: ChronosShape, *, context: int, seed: int, device: str) -> Chronos2Pipeline:
    """An untrained ``Chronos2Pipeline`` of this shape; the same seed gives the same weights."""
    import torch  # noqa: PLC0415 - see the module
    from chronos.chronos2 import Chronos2Model, Chronos2Pipeline  # noqa: PLC0415 - see the module
    from chronos.chronos2.config import Chronos2CoreConfig  # noqa: PLC0415 - see the module

    config = Chronos2CoreConfig(
        d_model=shape.width,
        d_kv=shape.width // shape.heads,
        d_ff=4 * shape.width,
        num_layers=shape.layers,
        num_heads=shape.heads,
        dropout_rate=shape.dropout,
        initializer_factor=INITIAL_SCALE,
        chronos_config={
            "context_length": context,
            "input_patch_size": shape.patch,
            "input_patch_stride": shape.patch,
            "output_patch_size": shape.patch,
            "quantiles": list(LEVELS),
            "use_reg_token": True,
            "use_arcsinh": True,
            "max_output_patches": math.ceil(MAX_HORIZON / shape.patch),
            "time_encoding_scale": context,
        },
        chronos_pipeline_class="Chronos2Pipeline",
        architectures=["Chronos2Model"],
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Chronos2Pipeline(Chronos2Model(config).to(device).eval())


def load(folder: Path, *, device: str, context: int | None = None) -> Chronos2Pipeline:
    """The network whose ``config.json`` and weights lie in ``folder``; nothing is downloaded.

    Args:
        folder: as the hub gives it, or as a saved forecaster left it.
        device: ``cpu`` or ``cuda``.
        context: intervals before the origin that it shall be shown at most, where it could take more.

    Raises:
        ConfigError: there is no Chronos-2 in ``folder``.
    """
    from chronos.chronos2 import Chronos2Pipeline  # noqa: PLC0415 - see the module

    _quieten()
    try:
        network = Chronos2Pipeline.from_pretrained(folder, local_files_only=True, dtype="float32")
    except (OSError, AttributeError, AssertionError, ValueError) as error:  # what other models' folders make it raise
        raise ConfigError("holds no Chronos-2", field=str(folder), remedy="name another model or folder") from error
    settings = network.model.chronos_config
    settings.context_length = min(settings.context_length, context or settings.context_length)
    network.model.config.chronos_config = vars(settings)
    network.model.to(device).eval()
    return network


def save(network: Chronos2Pipeline, folder: Path) -> None:
    """Write the network so that ``load`` reads it back."""
    _quieten()
    network.save_pretrained(folder)


def _quieten() -> None:
    """No bars for what takes milliseconds; a build shows its own progress."""
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415 - see the module

    disable_progress_bar()  # type: ignore[no-untyped-call]


def train(
    network: Chronos2Pipeline,
    draw: Callable[[np.random.Generator, int, int], tuple[Windows, FloatArray]],
    *,
    training: ChronosTraining,
    unit_kwh: float,
    seed: int,
    threads: int,
) -> None:
    """Train ``network``'s weights in place: so many steps, whatever time they take.

    The loss is the pinball loss of all levels in kWh, not in units of each window: a quiet Sunday counts for little.

    Args:
        network: as ``compact`` or ``load`` made it.
        draw: gives windows at so many random origins over so long a horizon, and the usage that came there, of shape
            ``(origins, horizon)``, NaN where it is not to be learnt.
        training: steps, batch, learning rate.
        unit_kwh: what the loss counts in, so that it is about one whatever the plant's size.
        seed: of the origins and the dropout.
        threads: torch's, while it trains.
    """
    import torch  # noqa: PLC0415 - see the module

    model, random = network.model, np.random.default_rng(seed)
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=training.learning_rate, weight_decay=WEIGHT_DECAY, betas=MOMENTA
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate_share(step, training.steps))
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE_DECAY)
    )
    with undisturbed(threads):
        torch.manual_seed(seed)
        model.train()
        for step in range(training.steps):
            loss = _loss(model, *draw(random, *_draw_size(step, training.batch))) / unit_kwh
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), GRADIENT_NORM)
            optimiser.step()
            schedule.step()
            if step >= AVERAGED_SHARE * training.steps:
                average.update_parameters(model)
    model.load_state_dict(average.module.state_dict())
    model.eval()


def forecast(network: Chronos2Pipeline, windows: Windows, *, threads: int) -> FloatArray:
    """``mean_of`` the network's quantiles, in kWh, for all pairs of an origin and a lead.

    Args:
        network: compact or pretrained, trained.
        windows: the origins.
        threads: torch's, meanwhile.
    """
    import torch  # noqa: PLC0415 - see the module

    inputs = [
        {
            "context": torch.tensor(past, dtype=torch.float32),
            "future_covariates": torch.tensor(ahead, dtype=torch.float32),
            "n_targets": 1,
            "n_covariates": len(past) - 1,
            "n_future_covariates": windows.known_ahead,
        }
        for past, ahead in zip(windows.past, windows.ahead, strict=True)
    ]
    with undisturbed(threads):
        predicted = network.predict(inputs, prediction_length=windows.ahead.shape[2], batch_size=ROWS_AT_ONCE)
    values_kwh = torch.cat(predicted).double().numpy().transpose(0, 2, 1) + windows.offset_kwh[..., None]
    levels = np.array(network.quantiles)
    return mean_of(values_kwh.reshape(-1, len(levels)), levels)


def _loss(model: Chronos2Model, windows: Windows, usage_kwh: FloatArray) -> Tensor:
    """Mean pinball loss of the target over all levels, in kWh."""
    import torch  # noqa: PLC0415 - see the module

    origins, variates, _ = windows.past.shape
    past, ahead, truth = (
        torch.tensor(values, dtype=torch.float32, device=model.device)
        for values in (windows.past, windows.ahead, usage_kwh - windows.offset_kwh)
    )
    predicted = model(
        context=past.flatten(0, 1),
        future_covariates=ahead.flatten(0, 1),
        group_ids=torch.arange(origins, device=model.device).repeat_interleave(variates),
        num_output_patches=math.ceil(truth.shape[1] / model.chronos_config.output_patch_size),
    ).quantile_preds
    target = predicted.unflatten(0, (origins, variates))[:, 0, :, : truth.shape[1]]
    levels = model.quantiles[None, :, None]
    error = truth[:, None] - target
    return torch.nanmean(torch.maximum(levels * error, (levels - 1) * error))


def _draw_size(step: int, batch: int) -> tuple[int, int]:
    """How many windows over what horizon: mostly a day, and now and then a week, of which fewer cost as much."""
    if step % WEEK_EVERY_STEPS == WEEK_EVERY_STEPS - 1:
        return max(1, batch // WEEK_BATCH_DIVISOR), MAX_HORIZON
    return batch, DEFAULT_HORIZON


def _rate_share(step: int, steps: int) -> float:
    """Share of the learning rate: rising first, then falling along a cosine."""
    rising = min(1.0, (step + 1) / max(1.0, WARM_UP_SHARE * steps))
    return rising * ((1 + math.cos(math.pi * step / steps)) / 2 + FINAL_RATE_SHARE)


@contextmanager
def undisturbed(threads: int) -> Iterator[None]:
    """So many threads of torch inside, and its random numbers afterwards as they were before.

    The number of threads is fixed because sums in another order have other last digits.
    """
    import torch  # noqa: PLC0415 - see the module

    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with torch.random.fork_rng():
            yield
    finally:
        torch.set_num_threads(before)
