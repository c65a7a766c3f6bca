"""Colours and type of the page: one palette for light, one for dark, and what Material UI and our own CSS make of them.

Graphite for what was measured, one blue for what is expected, amber for what needs a look; the tariff bands are
pale enough to stay behind both. Every pair of text and background keeps a contrast of at least 4.5.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

FONT = "Roboto, 'Helvetica Neue', Arial, sans-serif"
ON_BAR = "#ffffff"
"""Text on the app bar, which is dark in both themes."""
STYLE_FILE = Path(__file__).parent / "style.css"


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
    band_light="#1a2a29",
    band_medium="#37301c",
    band_maximum="#44261f",
)


def palette(*, dark: bool) -> Palette:
    """The palette of the dark or the light theme."""
    return DARK if dark else LIGHT


def css_variables(*, dark: bool) -> dict[str, str]:
    """The palette as the custom properties that ``style.css`` uses: ``--ink``, ``--band-light``, ... and ``--font``."""
    colours = asdict(palette(dark=dark))
    return {f"--{name.replace('_', '-')}": colour for name, colour in colours.items()} | {"--font": FONT}


@cache
def stylesheet() -> str:
    """Our CSS for the panes of HTML."""
    return STYLE_FILE.read_text(encoding="utf-8")


def material_theme() -> dict[str, Any]:
    """Material UI's theme configuration, light and dark."""
    return {"light": _material(LIGHT), "dark": _material(DARK)}


def page_sx() -> dict[str, Any]:
    """The page's own background, behind the panels."""
    return {f"&.mui-{name} .main": {"backgroundColor": p.page} for name, p in (("light", LIGHT), ("dark", DARK))}


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
