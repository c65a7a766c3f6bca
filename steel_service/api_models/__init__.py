"""The JSON of every route, typed: what a request may hold, with unit, range and example, and what an answer holds.

One module for each kind of question, over the shared ``fields``. No logic here beyond the checks of single fields.
"""
