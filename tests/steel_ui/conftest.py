"""The toy service of ``steel_ui.testing`` behind the real client, and its answers as records."""

from __future__ import annotations

import httpx
import pytest

from steel_ui import testing
from steel_ui.client import EnergyService, Forecast, Health, History, ModelInfo
from steel_ui.expected import Data
from steel_ui.frame import Frame
from steel_ui.state import Session
from steel_ui.testing import ToyService
from steel_ui.words import Words, words


@pytest.fixture
def toy() -> ToyService:
    return ToyService()


@pytest.fixture
def service(toy: ToyService) -> EnergyService:
    return EnergyService("http://toy", timeout_s=1, transport=httpx.MockTransport(toy.handle))


@pytest.fixture
def session(service: EnergyService) -> Session:
    return Session(service, retry_s=3, refresh_s=60)


@pytest.fixture
def frame(session: Session) -> Frame:
    """The application on its forecast page."""
    session.page = "forecast"
    return Frame(session)


@pytest.fixture(scope="session")
def history() -> History:
    return History.model_validate(testing.history())


@pytest.fixture(scope="session")
def forecast() -> Forecast:
    return Forecast.model_validate(testing.forecast())


@pytest.fixture(scope="session")
def data(history: History, forecast: Forecast) -> Data:
    health = Health.model_validate(testing.health())
    return Data(health=health, history=history, forecast=forecast, model=ModelInfo.model_validate(testing.model_info()))


@pytest.fixture(scope="session")
def english() -> Words:
    return words("en")


@pytest.fixture(scope="session")
def spanish() -> Words:
    return words("es")
