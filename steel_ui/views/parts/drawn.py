"""A mark at the end of a page that says when the browser has drawn the page."""

from __future__ import annotations

import param
from panel.custom import JSComponent


class Drawn(JSComponent):
    """Says ``at`` once the browser has nothing left to draw of what stands before it.

    A page is filled only then: what a part of Material UI is told in the moment in which React mounts it, it may miss.
    """

    at = param.Number(default=0, doc="The browser's clock when it had drawn, in ms; 0 before.")

    _esm = """
    export function render({ model }) {
      const idle = window.requestIdleCallback ?? ((then) => setTimeout(then, 500))
      idle(() => { model.at = Date.now() }, { timeout: 5000 })
    }
    """
