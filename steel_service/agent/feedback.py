"""What people thought of answers: a line of JSON each, with the question and the answer, in the data folder's logs."""

from __future__ import annotations

import datetime as dt
import json
import logging
from contextlib import closing
from dataclasses import asdict

from steel_energy.errors import StorageError
from steel_service.agent.memory import Kept, Session
from steel_service.agent.settings import CopilotSettings
from steel_service.api_models.copilot import FeedbackAnswer, FeedbackRequest
from steel_service.errors import UnknownSessionError
from steel_service.owner_file import OwnerFile

FULL_FILES = 10


class FeedbackLog:
    """A file that lines are added to; a full one is renamed, and the oldest are removed."""

    def __init__(self, settings: CopilotSettings) -> None:
        self._file = settings.feedback_file
        self._handler = OwnerFile(
            self._file,
            maxBytes=settings.copilot_feedback_file_bytes,
            backupCount=FULL_FILES,
            encoding="utf-8",
            delay=True,
        )

    def take(self, given: FeedbackRequest, session: Session) -> FeedbackAnswer:
        """Write feedback down.

        Raises:
            UnknownSessionError: the conversation has no such answer, or no longer.
            StorageError: it cannot be written.
        """
        kept = _kept(given.answer_id, session)
        line = {
            "given_at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "who": session.owner,
            "session_id": session.id,
            "plant": session.plant,
            **asdict(kept),
            "at": kept.at.isoformat(timespec="milliseconds"),
            "rating": given.rating,
            "comment": given.comment,
        }
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._handler):  # opened for each line, so one that was moved away is made anew
                self._handler.handle(logging.makeLogRecord({"msg": json.dumps(line, ensure_ascii=False)}))
        except OSError as error:
            raise StorageError(f"the feedback cannot be written: {error.strerror}", remedy="try again later") from error
        return FeedbackAnswer(session_id=session.id, answer_id=given.answer_id, rating=given.rating)


def _kept(answer_id: str, session: Session) -> Kept:
    for kept in session.kept:
        if kept.answer_id == answer_id:
            return kept
    raise UnknownSessionError(
        "the conversation has no such answer, or no longer", field="answer_id", remedy="send that of a recent answer"
    )
