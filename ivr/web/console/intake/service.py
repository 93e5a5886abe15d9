"""What the console changes. Everything here runs in the open transaction of ``ivr.core.db``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ivr.callcenter.intake.models import Intake
from ivr.core.db import session
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent


@dataclass(frozen=True)
class Conflict:
    """Somebody else has changed the same field since the page was made. ``theirs`` is what is kept now."""

    theirs: str | None
    by: str | None
    at: datetime | None


def fill_in(
    reference: str, values: Mapping[str, str | None], *, by: str, seen: Mapping[str, str | None] | None = None
) -> dict[str, Conflict] | None:
    """Keep what was typed, and note in the timeline which fields have changed. None when there is no such intake.

    ``seen`` is what the page had, as it was kept. A field that is still so on the page is left alone. One that both
    the page and somebody else have changed, each otherwise, is a conflict: then nothing is kept, and all are told.
    """
    # Two who save in the same moment: the second waits here and then sees what the first has kept.
    intake = session.scalar(select(Intake).where(Intake.reference == reference).with_for_update())
    if intake is None:
        return None
    seen = seen or {}
    touched = {name: value for name, value in values.items() if name not in seen or seen[name] != value}
    changed = {name: value for name, value in touched.items() if getattr(intake, name) != value}
    conflicts = {
        name: _conflict(intake, name)
        for name in changed
        if name in seen and seen[name] != getattr(intake, name)
    }
    if conflicts or not changed:
        return conflicts
    for name, value in changed.items():
        setattr(intake, name, value)
    timeline.append(intake.id, "fields_filled", staff=by, fields=list(changed))
    return {}


def _conflict(intake: Intake, name: str) -> Conflict:
    events = session.scalars(
        select(CallEvent)
        .where(CallEvent.intake_id == intake.id, CallEvent.kind == "fields_filled")
        .order_by(CallEvent.id.desc())
    )
    last = next((one for one in events if name in one.data.get("fields", ())), None)
    return Conflict(
        getattr(intake, name), last.data.get("staff") if last else None, last.at if last else None
    )
