"""What staff leave for each other about a matter: a thread of lines of its timeline, which are never changed."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from ivr.callcenter.intake.models import Intake
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.core.text import readable
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent

KIND: Final = "note_left"
LONGEST: Final = 2000


class NoWordsError(Refusal):
    message = f"Type a note first, {LONGEST:,} characters at most."


@dataclass(frozen=True)
class Note:
    """What one member of staff left, when. An erased note has no words."""

    staff: str
    at: datetime
    words: str


def leave(intake: Intake, words: str, *, by: str) -> None:
    """Add a note to the thread. Raises NoWordsError."""
    words = readable(words.replace("\r\n", "\n")).strip()
    if not 0 < len(words) <= LONGEST:
        raise NoWordsError
    # Two notes of one moment are two: the key tells them apart.
    timeline.append(intake.id, KIND, key=secrets.token_hex(8), staff=by, words=words)


def among(events: Iterable[Any]) -> list[Note]:
    """Return the notes that are among the events of a timeline, in their order."""
    return [
        Note(one.data.get("staff", ""), one.at, one.data["words"])
        for one in events
        if one.kind == KIND and one.data.get("words")
    ]


def of(intake_ids: Collection[int]) -> Mapping[int, list[Note]]:
    """Return the thread of each of these matters, the oldest note first; matters without one are left out."""
    wanted = select(CallEvent.intake_id, CallEvent.at, CallEvent.kind, CallEvent.data).where(
        CallEvent.intake_id.in_(intake_ids), CallEvent.kind == KIND
    )
    threads: dict[int, list[Any]] = {}
    for one in session.execute(wanted.order_by(CallEvent.at, CallEvent.id)) if intake_ids else ():
        threads.setdefault(one.intake_id or 0, []).append(one)
    return {intake_id: among(events) for intake_id, events in threads.items()}
