"""Sending a file of readings: nothing is sent before it was looked at and accepted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest

from steel_client.models import PreviewAnswer, ReadingsAnswer
from steel_ui import testing_quality
from steel_ui.state import Session
from steel_ui.testing import ToyService, refusal
from steel_ui.views.quality_upload import Upload, preview_html, sent_html
from steel_ui.words import DASH, Words

FILE = b"interval_start,usage_kwh\n2018-01-15T00:00,5\n"


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


async def looked_at(session: Session) -> Upload:
    upload = Upload(session)
    upload.choose(FILE)
    await upload.preview.wait()
    return upload


def test_a_chosen_file_is_looked_at_and_not_sent(session: Session, toy: ToyService) -> None:
    upload = asyncio.run(looked_at(session))

    assert upload.preview.result.counts.accepted == 1
    assert toy.queries == [("/readings/preview", {"csv": FILE.decode()})]


def test_an_accepted_file_is_sent_as_it_was_looked_at(session: Session, toy: ToyService) -> None:
    async def visit() -> Upload:
        upload = await looked_at(session)
        upload.send()
        await upload.sending.wait()
        return upload

    upload = asyncio.run(visit())

    assert toy.queries[-1] == ("/readings", {"csv": FILE.decode()})
    assert upload.sending.result.is_new


@pytest.mark.parametrize(
    "forget", [lambda upload: upload.choose(b""), lambda upload: upload.session.param.update(plant="moon")]
)
def test_another_file_or_plant_drops_what_was_looked_at(session: Session, forget: Callable[[Upload], None]) -> None:
    async def visit() -> Upload:
        upload = await looked_at(session)
        forget(upload)
        return upload

    upload = asyncio.run(visit())

    assert (upload.content, upload.preview.result) == (b"", None)


def test_the_button_to_accept_is_there_only_while_there_is_something_to_accept(
    session: Session, toy: ToyService
) -> None:
    async def visit() -> list[tuple[bool, str]]:
        upload = Upload(session)
        panel = upload.build()
        (button,) = panel.select(lambda part: type(part).__name__ == "Button" and "ccept" in str(part.label))
        states = [(button.visible, button.label)]
        upload.choose(FILE)
        await upload.preview.wait()
        states.append((button.visible, button.label))
        upload.send()
        await upload.sending.wait()
        states.append((button.visible, button.label))
        toy.answers["/readings/preview"] |= {"counts": dict.fromkeys(("received", "rejected"), 2) | NOTHING}
        upload.choose(FILE + b"x")
        await upload.preview.wait()
        return [*states, (button.visible, button.label)]

    assert asyncio.run(visit()) == [
        (False, "Accept 0 readings"),
        (True, "Accept 2 readings"),
        (False, "Accept 2 readings"),
        (False, "Accept 0 readings"),
    ]


NOTHING = {"accepted": 0, "repaired": 0, "unchanged": 0}


def test_a_key_that_may_not_send_leaves_the_preview_and_says_so(session: Session, toy: ToyService) -> None:
    toy.refusals["/readings"] = (403, refusal("this needs the role operator", "ask for a key of that role"))

    async def visit() -> Upload:
        upload = await looked_at(session)
        upload.send()
        await upload.sending.wait()
        return upload

    upload = asyncio.run(visit())

    assert upload.sending.problem.code == "forbidden"
    assert upload.preview.result is not None


def test_the_preview_tells_rows_period_gaps_and_each_row_to_look_at(english: Words, spanish: Words) -> None:
    answer = PreviewAnswer.model_validate(testing_quality.preview())

    html = preview_html(answer, words=english)
    text = plain(html)

    assert text.startswith("1 as they are 1 to be repaired 1 known already 1 rejected 4 rows were found")
    assert "They reach from Mon 15 Jan 2018, 00:00 to Mon 15 Jan 2018, 01:00. 1 of them would take the place" in text
    assert "Columns that no reading has: Notes." in text
    assert "Mon 15 Jan 2018, 00:30 to Mon 15 Jan 2018, 00:45 1 intervals" in text
    assert f"2 {DASH} rejected Nothing in the row tells its interval." in text
    assert "&lt;5000&gt;" in html
    assert "Nada en la fila dice su intervalo" in plain(preview_html(answer, words=spanish))


def test_what_was_kept_is_said_with_when_it_is_seen(english: Words) -> None:
    kept = ReadingsAnswer.model_validate(testing_quality.kept())

    assert plain(sent_html(kept, words=english)).startswith("2 readings were kept.")
    assert "nothing was kept" in sent_html(kept.model_copy(update={"is_new": False}), words=english)
