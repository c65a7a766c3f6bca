"""Inputs that a script of ours draws: days to press, and a native list to choose from.

What is told to a component while the page is being drawn may never reach the browser. So the script says which record
it shows, and one that does not arrive is told again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from steel_ui.theme import stylesheet

_STAMPS = count(1)
ARRIVES_S = 1.5
MOST_TRIES = 80
"""A page that has not been drawn by then was closed."""
FOLDER = Path(__file__).parent


class Drawn(JSComponent):
    """What is shown goes to the browser as one record, what was done comes back as ``done``."""

    shown = param.Dict(default={"stamp": 0}, doc="All that the script draws; its stamp tells one record from the next.")
    seen = param.Integer(default=0, doc="Stamp of the record that the script has drawn.")
    done = param.String(default="", doc="What the reader did last: a value, and after a bar a number of its own.")

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - any parameter
        self._first = 0  # stamp under which what is shown was sent for the first time
        super().__init__(**({"stylesheets": [stylesheet()], "margin": 0} | options))

    def tell(self, **record: Any) -> None:  # noqa: ANN401 - JSON
        """Have the browser show ``record``, and look after a moment whether it does."""
        self._first = self._send(record)
        self._look_later(self._first, MOST_TRIES)

    @property
    def last(self) -> str:
        """The value of what was done last."""
        return str(self.done).rpartition("|")[0]

    def _send(self, record: dict[str, Any]) -> int:
        stamp = next(_STAMPS)
        self.shown = record | {"stamp": stamp}
        return stamp

    def _look_later(self, first: int, tries: int) -> None:
        try:
            asyncio.get_running_loop().call_later(ARRIVES_S, self._tell_again, first, tries - 1)
        except RuntimeError:  # no loop runs yet: it goes with the page
            return

    def _tell_again(self, first: int, tries: int) -> None:
        """Send once more what was first sent under the stamp ``first``, unless it was seen or is out of date."""
        if self._first == first > self.seen and tries > 0:
            self._send(self.shown)
            self._look_later(first, tries)


class Days(Drawn):
    """Buttons in two weeks under each other, each pressed or not; ``done`` is the value of the one that was hit."""

    _esm = FOLDER / "days.js"

    def show(self, days: Sequence[Mapping[str, object]], *, label: str) -> None:
        """Show ``days``: for each button its value, label, hint and whether it is pressed."""
        self.tell(days=[dict(day) for day in days], label=label)


class Choice(Drawn):
    """A native list to choose from, there only while there is a choice; ``done`` is the value that was chosen."""

    _esm = FOLDER / "choice.js"

    def show(self, options: Mapping[str, str], *, value: str, label: str) -> None:
        """Show ``options``, label by value, with ``value`` chosen."""
        self.tell(options=dict(options), value=value, label=label)
