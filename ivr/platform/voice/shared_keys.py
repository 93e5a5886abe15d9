"""Webhooks that came signed with a shared key are noted, once, for ``doctor``: the log alone is easily missed."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.clock import now
from ivr.core.db import insert_once, session
from ivr.platform.idempotency.models import WebhookReply
from ivr.platform.voice.runtime import runtime

#: In the table of webhooks, which forgets it when it forgets old answers.
_KEY: Final = "refused: signed with a shared key"


class SharedKeys:
    """What one process has noted: anybody can send such a request, and none but the first may cost a write."""

    def __init__(self) -> None:
        self._is_noted = False

    def note(self) -> None:
        """Note that one was refused just now."""
        if self._is_noted:
            return
        self._is_noted = True
        try:
            with runtime().transaction():
                insert_once(WebhookReply, key=_KEY, at=now(), answer=None)
        except SQLAlchemyError:
            self._is_noted = False


def refused_at() -> datetime | None:
    """Return when one was refused first in the last days; None when none was."""
    return session.scalar(select(WebhookReply.at).where(WebhookReply.key == _KEY))
