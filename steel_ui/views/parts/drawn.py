"""Tells when the browser has drawn a part of a page: a change of it that comes before may be lost there."""

from __future__ import annotations

import param
from panel.custom import JSComponent


class Drawn(JSComponent):
    """Nothing to look at; put it into the part that is to be waited for.

    The page around may be drawn more than once while it loads, each time from what the browser knew at its beginning.
    """

    times = param.Integer(default=0, doc="How often the part has been drawn.")

    _esm = "export function render({model}) { setTimeout(() => { model.times = model.times + 1 }, 200) }"
