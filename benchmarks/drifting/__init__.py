"""What ``benchmarks/drift.py`` is made of: champions and their readings, what is injected, and how it is shown."""
