"""Plans: when to run what, at the least cost under the tariff, with the reasons.

``request.py`` and ``jobs.py`` say what is asked for, ``result.py`` what is answered. Nothing is switched here: a plan
is advice.
"""

from steel_energy.planning.jobs import After, AnyJob, FixedJob, FlexibleJob, InterruptibleJob, Window
from steel_energy.planning.linear import PlanningParams
from steel_energy.planning.optimizer import plan
from steel_energy.planning.pareto import pareto_front
from steel_energy.planning.request import (
    BlackOut,
    Crew,
    CrewShift,
    Limits,
    Movable,
    PlanRequest,
    Weights,
    read_request,
)
from steel_energy.planning.result import JobPlan, Marginal, ParetoPoint, Plan, Reason, Run, Savings, Status

__all__ = [
    "After",
    "AnyJob",
    "BlackOut",
    "Crew",
    "CrewShift",
    "FixedJob",
    "FlexibleJob",
    "InterruptibleJob",
    "JobPlan",
    "Limits",
    "Marginal",
    "Movable",
    "ParetoPoint",
    "Plan",
    "PlanRequest",
    "PlanningParams",
    "Reason",
    "Run",
    "Savings",
    "Status",
    "Weights",
    "Window",
    "pareto_front",
    "plan",
    "read_request",
]
