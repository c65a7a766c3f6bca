"""The reports in an order that a person looks for: the same report in several languages and forms is one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from steel_client.models import Report

WEEK = re.compile(r"-(?P<year>\d{4})-W(?P<week>\d{2})$")
LANGUAGE = re.compile(r"-(?P<language>[a-z]{2})$")


@dataclass(frozen=True)
class Volume:
    """One report: its forms in the reader's language, or in any where it is written in no other.

    Attributes:
        subject: its name without language and form, such as ``weekly-2018-W52``.
        kind: what it is about.
        title: what it calls itself in that language.
        forms: its files, by name.
    """

    subject: str
    kind: str
    title: str
    forms: tuple[Report, ...]

    @property
    def week(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day of the week that it is about; None where it is about no week."""
        found = WEEK.search(self.subject)
        if found is None:
            return None
        first = dt.date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
        return first, first + dt.timedelta(days=6)


def volumes(reports: Iterable[Report], *, language: str) -> list[Volume]:
    """Every report once: the weekly ones first, then by kind, the newest of each kind first."""
    by_subject: dict[str, dict[str, list[Report]]] = {}
    for report in reports:
        subject, written_in = _parted(report.name)
        by_subject.setdefault(subject, {}).setdefault(written_in, []).append(report)
    found = [_volume(subject, forms, language) for subject, forms in by_subject.items()]
    newest_first = sorted(found, key=lambda volume: volume.subject, reverse=True)
    return sorted(newest_first, key=lambda volume: (volume.kind != "weekly", volume.kind))


def _parted(name: str) -> tuple[str, str]:
    """Subject and language of a file.

    >>> _parted("weekly-2018-W52-es.pdf")
    ('weekly-2018-W52', 'es')
    >>> _parted("models.html")
    ('models', '')
    """
    stem = PurePath(name).stem
    found = LANGUAGE.search(stem)
    return (stem[: found.start()], found["language"]) if found else (stem, "")


def _volume(subject: str, by_language: dict[str, list[Report]], language: str) -> Volume:
    forms = by_language.get(language) or next(iter(by_language.values()))
    return Volume(subject, forms[0].kind, forms[0].title, tuple(sorted(forms, key=lambda report: report.name)))
