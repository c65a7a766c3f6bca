"""The reports of a plant as they lie on disk, ``<reports>/plant=<id>/<name>``; what they say is ``reporting``'s."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass
from pathlib import Path

MEDIA_TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Kinds of files that are reports; whatever else lies beside them is none."""
PAGES = (".html", ".json")
"""Those that a browser shows by itself; the others are for keeping."""
WEEKLY = re.compile(r"weekly-(\d{4})-W(\d{2})-(en|es)")
DRIFT = re.compile(r"drift-(\d{4})-W(\d{2})")
WEEKLY_TITLES = {
    "en": "Weekly energy report, week {week} of {year}",
    "es": "Informe semanal de energía, semana {week} de {year}",
}
HEAD_BYTES = 4096  # a page names itself before its styles
TITLE = re.compile(r"<title>([^<]*)</title>", re.IGNORECASE)


@dataclass(frozen=True)
class ReportFile:
    """One report.

    Attributes:
        path: where it lies.
        title: what the page calls itself; of a week's report, its week; else the file's name.
        created_at: when it was written, UTC.
        size_bytes: of the file.
        media_type: by its suffix.
    """

    path: Path
    title: str
    created_at: dt.datetime
    size_bytes: int
    media_type: str

    @property
    def name(self) -> str:
        """The file's name, which no other report of the plant has."""
        return self.path.name

    @property
    def kind(self) -> str:
        """What it is about: the name without its suffix, such as ``quality``; of a week's, ``weekly`` or ``drift``."""
        of_weeks = {"weekly": WEEKLY, "drift": DRIFT}
        return next((kind for kind, name in of_weeks.items() if name.fullmatch(self.path.stem)), self.path.stem)

    @property
    def is_page(self) -> bool:
        """Whether a browser shows it by itself."""
        return self.path.suffix in PAGES


def weekly_name(week: str, language: str, suffix: str) -> str:
    """The file of a week's report.

    >>> weekly_name("2018-W47", "es", ".pdf")
    'weekly-2018-W47-es.pdf'
    """
    return f"weekly-{week}-{language}{suffix}"


def drift_name(week: str) -> str:
    """The page on a week's drift.

    >>> drift_name("2018-W49")
    'drift-2018-W49.html'
    """
    return f"drift-{week}.html"


def report_files(reports_dir: Path, plant_id: str) -> list[ReportFile]:
    """The plant's reports by name; none where nothing was written yet. Hidden files and links are left out."""
    found = sorted((reports_dir / f"plant={plant_id}").glob("[!.]*"))
    return [
        _described(path) for path in found if path.suffix in MEDIA_TYPES and path.is_file() and not path.is_symlink()
    ]


def _described(path: Path) -> ReportFile:
    stat = path.stat()
    return ReportFile(
        path=path,
        title=_title(path),
        created_at=dt.datetime.fromtimestamp(stat.st_mtime, dt.UTC),
        size_bytes=stat.st_size,
        media_type=MEDIA_TYPES[path.suffix],
    )


def _title(path: Path) -> str:
    """What a page calls itself, a week's report by its week; else the file's name."""
    if weekly := WEEKLY.fullmatch(path.stem):
        year, week, language = weekly.groups()
        return WEEKLY_TITLES[language].format(week=int(week), year=year)
    if path.suffix != ".html":
        return path.name
    with path.open("rb") as file:
        titled = TITLE.search(file.read(HEAD_BYTES).decode("utf-8", errors="ignore"))
    return html.unescape(titled[1]).strip() if titled else path.name
