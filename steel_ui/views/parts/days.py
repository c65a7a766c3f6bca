"""Days to press: buttons in two weeks under each other, drawn in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from steel_ui.theme import stylesheet


class Days(JSComponent):
    """Buttons that are pressed or not; a press only tells which one was hit."""

    days = param.List(default=[], doc="For each button its value, label, hint and whether it is pressed.")
    label = param.String(default="", doc="What a screen reader calls the group.")
    done = param.String(default="", doc="The button that was hit last: its value, and after a bar a number of its own.")

    _esm = Path(__file__).parent / "days.js"

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - any parameter
        super().__init__(**({"stylesheets": [stylesheet()], "margin": 0} | options))

    @property
    def last(self) -> str:
        """The value of the button that was hit last."""
        return str(self.done).rpartition("|")[0]
