"""Colours, spacing and type: one palette for light, one for dark, and what Material UI and our own CSS make of them.

Graphite for what was measured, one blue for what is expected, amber for what needs a look; the tariff bands are
pale enough to stay behind both; green and red are kept for verdicts. Every pair of text and background keeps a contrast
of at least 4.5.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bokeh.themes import Theme

FONT = "Roboto, 'Helvetica Neue', Arial, sans-serif"
ON_BAR = "#ffffff"
"""Text on the app bar, which is dark in both themes."""
STYLES = Path(__file__).parent / "styles"
BAR_PX = 48
"""Height of the bar on top."""
NAV_PX = 196
"""Width of the menu beside the page; on a phone it lies above it."""
TOKENS = {
    "--s1": "4px",
    "--s2": "8px",
    "--s3": "12px",
    "--s4": "16px",
    "--s5": "24px",
    "--radius": "8px",
    "--small": "12px",
    "--body": "14px",
    "--lead": "16px",
    "--title": "22px",
    "--figure": "28px",
    "--bar-height": f"{BAR_PX}px",
    "--nav-width": f"{NAV_PX}px",
}
"""Steps of spacing and type; nothing is spaced or set in other ones."""


@dataclass(frozen=True)
class Palette:
    """The colours of one theme; the three ``band_*`` are the tariff's, cheapest first."""

    page: str
    surface: str
    ink: str
    muted: str
    line: str
    accent: str
    bar: str
    measured: str
    expected: str
    attention: str
    attention_surface: str
    good: str
    good_surface: str
    bad: str
    bad_surface: str
    band_light: str
    band_medium: str
    band_maximum: str

    def band(self, name: str) -> str:
        """Colour of the tariff band ``name``: light, medium or maximum."""
        return {"light": self.band_light, "medium": self.band_medium, "maximum": self.band_maximum}[name]


LIGHT = Palette(
    page="#f3f5f7",
    surface="#ffffff",
    ink="#18222c",
    muted="#566370",
    line="#dde3e8",
    accent="#0b62b8",
    bar="#1b2a38",
    measured="#33424f",
    expected="#0b6fd0",
    attention="#a85a00",
    attention_surface="#fff4e0",
    good="#1a7042",
    good_surface="#e7f5ec",
    bad="#b3261e",
    bad_surface="#fdecea",
    band_light="#eef5f1",
    band_medium="#fdf3d3",
    band_maximum="#fbdcd3",
)
DARK = Palette(
    page="#10161c",
    surface="#18212a",
    ink="#e6ecf1",
    muted="#9fafbd",
    line="#2c3844",
    accent="#6cb4ff",
    bar="#0c1218",
    measured="#cfd9e2",
    expected="#4fa8ff",
    attention="#f2b35c",
    attention_surface="#2f2616",
    good="#6fd39b",
    good_surface="#15291f",
    bad="#ff8f86",
    bad_surface="#351b1a",
    band_light="#1a2a29",
    band_medium="#37301c",
    band_maximum="#44261f",
)


def palette(*, dark: bool) -> Palette:
    """The palette of the dark or the light theme."""
    return DARK if dark else LIGHT


def css_variables(*, dark: bool) -> dict[str, str]:
    """The palette and the tokens as the custom properties that ``styles`` uses, such as ``--ink``."""
    colours = asdict(palette(dark=dark))
    return {f"--{name.replace('_', '-')}": colour for name, colour in colours.items()} | {"--font": FONT} | TOKENS


@cache
def stylesheet() -> str:
    """Our CSS for the panes of HTML: every file of ``styles``."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(STYLES.glob("*.css")))


def material_theme() -> dict[str, Any]:
    """Material UI's theme configuration, light and dark."""
    return {"light": _material(LIGHT), "dark": _material(DARK)}


def bokeh_theme() -> Theme:
    """Bokeh's theme: none, since ``figures`` dresses each chart.

    What it names Material UI leaves alone; else it would dress every part of every chart anew in the browser with each
    change of theme, and send more than a thousand messages about that.
    """
    return Theme(json={"attrs": {name: {} for name in ("Axis", "Figure", "Grid", "Legend", "Title")}})


def page_sx() -> dict[str, Any]:
    """Background and custom properties of the page: they reach every pane, and a change of theme redraws none."""
    themes = {"light": css_variables(dark=False), "dark": css_variables(dark=True)}
    backgrounds = {f"&.mui-{name} .main": {"backgroundColor": "var(--page)", "colorScheme": name} for name in themes}
    bar = {"minHeight": f"{BAR_PX}px !important", "padding": "0 16px"}
    return (
        {f"&.mui-{name}": variables for name, variables in themes.items()} | backgrounds | {"& .MuiToolbar-root": bar}
    )


def on_bar_sx() -> dict[str, Any]:
    """A group of buttons on the app bar: outlined, the chosen one filled."""
    button = {"color": ON_BAR, "borderColor": f"{ON_BAR}66", "minWidth": "40px", "padding": "2px 8px"}
    chosen = {"color": LIGHT.bar, "backgroundColor": ON_BAR}
    return {"& .MuiToggleButton-root": button, "& .MuiToggleButton-root.Mui-selected": chosen} | {
        "& .MuiToggleButton-root.Mui-selected:hover": chosen
    }


def _material(colours: Palette) -> dict[str, Any]:
    return {
        "palette": {
            "primary": {"main": colours.accent},
            "background": {"default": colours.page, "paper": colours.surface},
            "text": {"primary": colours.ink, "secondary": colours.muted},
            "divider": colours.line,
        },
        "typography": {
            "fontFamily": FONT,
            "h3": {"fontSize": "1.1rem", "fontWeight": 700},
            "button": {"textTransform": "none", "fontWeight": 700},
        },
        "shape": {"borderRadius": 8},
        "components": {
            "MuiAppBar": {
                "styleOverrides": {
                    "root": {
                        "backgroundColor": colours.bar,
                        "backgroundImage": "none",
                        "boxShadow": "none",
                        "color": ON_BAR,
                    },
                }
            },
        },
    }
