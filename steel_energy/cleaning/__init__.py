"""Cleaning with an audit: raw rows of a meter export in, one sound row for each interval out."""

from steel_energy.cleaning.placement import place
from steel_energy.cleaning.repair import Cleaned, clean, period
from steel_energy.cleaning.report import CleaningReport, reference_match
from steel_energy.cleaning.rules import RULES, Rule

__all__ = ["RULES", "Cleaned", "CleaningReport", "Rule", "clean", "period", "place", "reference_match"]
