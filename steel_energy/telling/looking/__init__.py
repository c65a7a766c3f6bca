"""Answers to requests that only look: readings, forecasts, bills, estimates, drift, health, the model and the notes."""
