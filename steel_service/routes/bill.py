"""POST /bill: what a period costs, line by line."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from steel_service.api_models.bill import EXAMPLES, BillAnswer, BillRequest
from steel_service.api_models.fields import ErrorAnswer
from steel_service.bills import bill_answer
from steel_service.bodies import JsonRoute
from steel_service.requests import BODY_ERRORS, NOT_READY, Responses
from steel_service.state import StateOf

ERRORS: Responses = {
    **BODY_ERRORS,
    404: {"model": ErrorAnswer, "description": "There is no such plant or tariff."},
    409: {"model": ErrorAnswer, "description": "The period is empty, off the 15-minute grid or not wholly known."},
    **NOT_READY,
}
router = APIRouter(tags=["cost"], route_class=JsonRoute, responses=ERRORS)


@router.post("/bill", summary="The bill of a period, line by line")
def bill(wanted: Annotated[BillRequest, Body(openapi_examples=EXAMPLES)], state: StateOf) -> BillAnswer:
    """Bill the readings of `[from, to)` under the plant's tariff, or under several to compare them, cheapest first.

    Each line carries its quantity, price, amount, rule and source. Energy is billed by season and band; the demand
    charge looks back as the tariff says, and a month that the period holds in part bears that part of it.
    """
    return bill_answer(wanted, state)
