"""What a feature of a forecast is called in the reader's language; the service's English where it is a new one."""

from __future__ import annotations

import re

from steel_ui.words import Words

SIMILAR = re.compile(r"(slot|hour|day)_(kind|weekday|open)_(\d+)_kwh")
BACK = re.compile(r"usage_(\d+)_back_kwh")
WINDOW = re.compile(r"(mean|spread|lowest|highest)_(\d+)([hd])_kwh")
MINUTES = 15


def feature_name(feature: str, label: str, *, words: Words) -> str:
    """The name of ``feature``; ``label`` is what the service calls it.

    Args:
        feature: its name in the model, such as ``slot_kind_4_kwh``.
        label: used where there is no text for it.
        words: the language.
    """
    if found := SIMILAR.fullmatch(feature):
        table, group, days = found.groups()
        which = words("feature_newest") if days == "1" else words("feature_last", n=days)
        return words(
            "feature_similar", what=words(f"feature_table_{table}"), which=which, of=words(f"feature_group_{group}")
        )
    if found := BACK.fullmatch(feature):
        return words("feature_back", minutes=MINUTES * int(found[1]))
    if found := WINDOW.fullmatch(feature):
        return words(f"feature_{found[1]}", span=f"{found[2]} {found[3]}")
    return words.texts.get(f"feature_{feature}", label)
