"""What stands where there is nothing to show yet: shapes while it loads, a sentence where there is nothing."""

from __future__ import annotations

from html import escape


def skeleton_panel_html(label: str, *, lines: int = 6) -> str:
    """A panel whose content is on its way."""
    bars = "".join(
        f'<div class="skeleton" style="height:14px;margin:12px 0;width:{92 - 9 * (n % 4)}%"></div>'
        for n in range(lines)
    )
    return f'<section class="panel" aria-busy="true" aria-label="{escape(label)}">{bars}</section>'


def nothing_html(text: str) -> str:
    """A panel that says why it is empty."""
    return f'<section class="panel"><p class="nothing">{escape(text)}</p></section>'
