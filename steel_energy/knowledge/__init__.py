"""What is known in words: what readings, tariff and terms mean, how things work, what to do, what reports say.

``Library.look_up`` answers a question with passages of notes in its language. Written notes lie in ``notes``; those on
columns, tariff and plant are made from their files, those on reports from the lake's newest tables.
"""

from steel_energy.knowledge.library import Library
from steel_energy.knowledge.reading import looked_up
from steel_energy.knowledge.records import Note, Passage

__all__ = ["Library", "Note", "Passage", "looked_up"]
