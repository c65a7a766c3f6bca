"""What a message says, in each of its forms."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from steel_energy.alerts.alert import SEVERITIES, Alert
from steel_energy.alerts.message import Message

MakeAlert = Callable[..., Alert]
MakeMessage = Callable[..., Message]
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=5000)

EXPECTED = """\
WARNING, toy (new)
readings drifted (severe): usage_kwh
- usage_kwh (severe): PSI 0.43, usually up to 0.12; mean 31.2 instead of 27.4.
Since: Mon 2018-12-03 00:00 (UTC)
What to do: Find out what changed.
See: http://127.0.0.1:3000/assets/drift_report"""


def test_the_text_has_severity_plant_figures_since_advice_and_link(make_message: MakeMessage):
    assert make_message().text == EXPECTED


def test_five_problems_are_one_message_that_names_the_worst_first(make_message: MakeMessage, make_alert: MakeAlert):
    problems = [make_alert(key=str(number), title=f"problem {number}") for number in range(4)]

    message = make_message(make_alert(severity="critical", title="the worst"), *problems)

    assert message.subject == "[critical] toy: the worst (and 4 more alerts)"
    assert [f"problem {number}" in message.text for number in range(4)] == [True] * 4


def test_an_all_clear_says_what_is_over_and_asks_for_nothing(make_message: MakeMessage):
    message = make_message(change="over")

    assert message.subject == "[all clear] toy: readings drifted (severe): usage_kwh"
    assert "ALL CLEAR, toy (was warning)" in message.text
    assert "What to do" not in message.text


def test_many_alerts_are_told_in_short_after_the_first_twenty(make_message: MakeMessage, make_alert: MakeAlert):
    message = make_message(*(make_alert(key=str(number), title=f"number {number:03}") for number in range(200)))

    assert message.text.count("What to do:") == 20
    assert all(f"number {number:03}" in form for number in range(200) for form in (message.text, message.html))
    assert len(message.slack["blocks"]) <= 50
    assert max(len(block["text"]["text"]) for block in message.slack["blocks"]) <= 3000


def test_what_is_too_long_for_a_chat_is_cut_there_alone(make_message: MakeMessage, make_alert: MakeAlert):
    message = make_message(*(make_alert(key=str(number), facts=("x" * 500,) * 9) for number in range(30)))

    assert len(message.slack["text"]) == 16_000
    assert len(message.text) > 16_000


@given(title=TEXTS, fact=TEXTS, severity=st.sampled_from(SEVERITIES))
def test_any_words_make_a_message_that_fits_everywhere(
    make_message: MakeMessage, make_alert: MakeAlert, title: str, fact: str, severity: str
):
    message = make_message(make_alert(title=title, facts=(fact,), severity=severity))

    body = json.loads(json.dumps(message.slack))
    header, *sections = body["blocks"]
    assert message.subject.isprintable()
    assert len(header["text"]["text"]) <= 150
    assert all(len(section["text"]["text"]) <= 3000 for section in sections)


def test_words_of_an_error_are_neither_markup_nor_a_mention(make_message: MakeMessage, make_alert: MakeAlert):
    message = make_message(make_alert(title="<script>alert(1)</script> <!channel> @here & <http://evil|click>"))

    header, section = message.slack["blocks"]
    sent = message.slack["text"] + section["text"]["text"]
    assert header["text"]["type"] == "plain_text"  # in which Slack looks for nothing
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html
    assert "<!channel>" not in sent
    assert "@here" not in sent
    assert "<http://evil" not in sent


def test_the_html_needs_nothing_from_elsewhere(make_message: MakeMessage):
    html = make_message().html

    assert [tag for tag in ("<img", "<script", "<link", "@import", "src=") if tag in html] == []
    assert 'href="http://127.0.0.1:3000/assets/drift_report"' in html
