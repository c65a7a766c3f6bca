"""Simulated plants: readings that obey the meter's physics, and damage with known truth."""
