"""Answers in plain words, made from the results of tools: short, with units and period, each number from a result."""
