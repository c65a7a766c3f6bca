"""Pieces that several pages are made of: cards, charts, tables, notices, the menu."""
