"""What the models page shows, asked for together; what the last build did not keep is None and told on the page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from steel_client import model_questions, questions
from steel_client.models import EvaluationAnswer, ImportanceAnswer, ModelsAnswer, ModelVersion, VersionsAnswer
from steel_ui.client import EnergyService, Problem
from steel_ui.expected import known, or_problem, problems_in


@dataclass(frozen=True)
class ModelFacts:
    """The last answers of the service.

    Attributes:
        models: leaderboard and champions so far.
        versions: the bundles that may serve.
        importance: what drives the champion; None where no build explained it.
        evaluation: its backtest, taken apart; None where there is none.
    """

    models: ModelsAnswer
    versions: VersionsAnswer
    importance: ImportanceAnswer | None = None
    evaluation: EvaluationAnswer | None = None

    @property
    def champion(self) -> ModelVersion | None:
        """The version that is to serve."""
        return self.version(self.versions.champion)

    def version(self, name: str | None) -> ModelVersion | None:
        """The kept version called ``name``."""
        return next((one for one in self.versions.versions if one.version == name), None)


async def model_facts(service: EnergyService) -> tuple[ModelFacts, tuple[Problem, ...]]:
    """All answers, and the problems of those that may be had at the next try.

    Raises:
        ServiceError: there is no leaderboard, or no list of versions.
    """
    plant = service.plant
    drives = or_problem(service.ask(model_questions.model_importance(plant=plant)))
    errs = or_problem(service.ask(model_questions.model_evaluation(plant=plant)))
    models, versions, importance, evaluation = await asyncio.gather(
        service.ask(questions.models(plant=plant)),
        service.ask(model_questions.model_versions(plant=plant)),
        drives,
        errs,
    )
    facts = ModelFacts(models, versions, known(importance), known(evaluation))
    passing = [problem for problem in problems_in((importance, evaluation)) if problem.code]  # the rest is not built
    return facts, tuple(passing)
