"""Sentences of the service in the reader's language; the English texts have to be the service's own."""

from __future__ import annotations

import pytest

from steel_energy.forecasting import chronos
from steel_ui.retold import retold
from steel_ui.views.model_board import made_words
from steel_ui.words import Words


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        pytest.param(
            "best on validation: 14.48 kWh, seasonal naive 19.12 kWh",
            "el mejor en validación: 14,48 kWh, el ingenuo estacional 19,12 kWh",
            id="figures",
        ),
        pytest.param(
            "readings are known from 2018-01-01 on; a higher demand before would raise the demand charge",
            "se conocen lecturas desde el lun 1 ene 2018; una demanda anterior más alta subiría el cargo por demanda",
            id="a day",
        ),
        pytest.param(
            "back from abc; <by hand>", 'de vuelta de abc; <span lang="en">&lt;by hand&gt;</span>', id="joined"
        ),
        pytest.param(
            "13.20 kWh on 2018-11-01 00:00 to 2018-11-29 00:00, which neither had seen, lightgbm abc 14.10 kWh",
            "13,20 kWh del jue 1 nov 2018, 00:00 al jue 29 nov 2018, 00:00, días que ninguno había visto, "
            "lightgbm abc 14,10 kWh",
            id="better than the champion",
        ),
        pytest.param("something <new>", '<span lang="en">something &lt;new&gt;</span>', id="new"),
    ],
)
def test_a_known_sentence_is_told_and_a_new_one_stays_as_it_came(sentence: str, told: str, spanish: Words) -> None:
    assert retold(sentence, words=spanish) == told


def test_how_a_model_came_to_be_is_told_in_the_readers_language(spanish: Words) -> None:
    label = f"58% lightgbm + 42% chronos_fine_tuned ({chronos.FROM_SCRATCH})"

    assert made_words(label, spanish) == (
        "58% LightGBM + 42% Chronos (Chronos-2 compacto, entrenado desde cero con las lecturas de la planta)"
    )
    assert made_words(chronos.FINE_TUNED, spanish) == "ajustado con las lecturas de la planta"
