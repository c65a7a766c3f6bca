"""The copilot of the service: a language model with tools where one answers, the plain planner where none does."""
