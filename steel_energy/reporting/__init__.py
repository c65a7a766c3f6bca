"""Reports for people: self-contained HTML pages and small previews, made from domain objects.

Nothing here decides anything: numbers are computed where they belong and shown here.
"""
