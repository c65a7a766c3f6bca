"""Times as a model writes them; it is Wednesday 2018-12-12, 15:30, in Seoul."""

from __future__ import annotations

import pytest

from steel_energy.asking.scene import Scene
from steel_service.agent.times import TimeError, heard_hours, heard_times


def ends(words: str, scene: Scene) -> list[str]:
    heard = heard_times(words, scene, field="when", language="en")
    said = heard.days[0].past or heard.days[0].future
    assert said is not None
    stretch = said.at(heard.clocks[0].spans[0]) if heard.clocks else said
    return [f"{moment:%m-%d %H:%M}" for moment in (stretch.start, stretch.end)]


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("tomorrow", "12-13 00:00", "12-14 00:00"),
        ("mañana a las 10am", "12-13 10:00", "12-13 10:15"),
        ("2018-12-03", "12-03 00:00", "12-04 00:00"),
        ("2018-12-03T10:00:00", "12-03 10:00", "12-03 10:15"),
        ("2018-12-03T10:00:00+09:00", "12-03 10:00", "12-03 10:15"),
        ("2018-12-03T01:00:00Z", "12-03 10:00", "12-03 10:15"),
        ("2018-12-02T20:00:00-05:00", "12-03 10:00", "12-03 10:15"),
        ("2018-12-03 08:00-20:00", "12-03 08:00", "12-03 20:00"),
        ("2018-12-03 08:00 to 20:00", "12-03 08:00", "12-03 20:00"),
        ("2018-12-03T22:00/2018-12-04T06:00", "12-03 22:00", "12-04 06:00"),
        ("2018-12-03 22:00 - 2018-12-04 06:00", "12-03 22:00", "12-04 06:00"),
        ("2018-12-01/2018-12-03", "12-01 00:00", "12-04 00:00"),
        ("2018-12-01 - 2018-12-03", "12-01 00:00", "12-04 00:00"),
        ("2018-11", "11-01 00:00", "12-01 00:00"),
        ("2018-11 to 2018-12-03", "11-01 00:00", "12-04 00:00"),
    ],
)
def test_words_and_iso_are_read_in_plant_time(scene: Scene, words: str, start: str, end: str):
    assert ends(words, scene) == [start, end]


def test_no_words_are_no_time(scene: Scene):
    heard = heard_times("", scene, field="when", language="en")

    assert (heard.days, heard.clocks) == ((), ())


@pytest.mark.parametrize("words", ["banana", "???", "2018-00"])
def test_words_without_a_time_are_refused(scene: Scene, words: str):
    with pytest.raises(TimeError) as refusal:
        heard_times(words, scene, field="compare_with", language="en")

    assert refusal.value.field == "compare_with"
    assert "tomorrow 10:00" in refusal.value.remedy


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("10-12", (600, 720)),
        ("22-6", (1320, 1800)),
        ("10:00 to 12:00", (600, 720)),
        ("10", (600, 615)),
        ("turno de noche", (1320, 1800)),
        ("night shift", (1320, 1800)),
        ("between 8 and 20", (480, 1200)),
    ],
)
def test_hours_are_read_in_either_language(scene: Scene, words: str, span: tuple[int, int]):
    clock = heard_hours(words, scene, field="hours", language="es")

    assert clock is not None
    assert clock.spans == (span,)


def test_words_without_hours_are_refused(scene: Scene):
    with pytest.raises(TimeError, match="names no hours"):
        heard_hours("tomorrow", scene, field="hours", language="en")
