"""The webhooks and forms that arrived, and the answers to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.clock import now
from ivr.core.db import Base


class WebhookReply(Base):
    """One for each request, and for each report that was news, whose answer is empty; and for each form of a page.

    A form has no more than key and answer (``ivr/web/once.py``); its answer is None until it is given. ``about``,
    ``path`` and ``params`` are for ``flask replay``. The parameters are personal: no log has them.
    """

    __tablename__ = "given_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    answer: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    #: The CallSid, or in the report of a conference its name.
    about: Mapped[str | None] = mapped_column(String(64), index=True)
    path: Mapped[str | None] = mapped_column(String(500))
    #: None where the keys or words are private.
    params: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
