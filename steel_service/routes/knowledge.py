"""GET /knowledge: passages of the notes on columns, tariff, terms and reports."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from steel_service.api_models.copilot import KnowledgeAnswer, KnowledgeQuery
from steel_service.chats import knowledge_answer
from steel_service.requests import QUERY_ERRORS
from steel_service.state import StateOf

router = APIRouter(tags=["copilot"], responses=QUERY_ERRORS)


@router.get("/knowledge", summary="What the notes say of something")
def knowledge(query: Annotated[KnowledgeQuery, Query()], state: StateOf) -> KnowledgeAnswer:
    """Passages on what readings, tariff and terms mean, how things work, what to do, and what the reports say."""
    return knowledge_answer(query, state)
