"""What the console changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ivr.callcenter.intake import rules as intake_rules
from ivr.callcenter.intake.models import Intake
from ivr.core.db import session
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent


@dataclass(frozen=True)
class Conflict:
    """Another person has changed the same field since the page was made. ``theirs`` is what is stored now."""

    theirs: str | None
    by: str | None
    at: datetime | None


def fill_in(
    reference: str, values: Mapping[str, str | None], *, by: str, seen: Mapping[str, str | None] | None = None
) -> dict[str, Conflict] | None:
    """Save what was typed, and note the changed fields in the timeline. None when there is no such intake.

    ``seen`` is what was stored when the page was made. A field that still shows it is left alone. A field that both
    the page and another person changed differently is a conflict: then nothing is saved and all conflicts are returned.
    """
    # Two people may save at the same moment: the second waits here and then sees what the first saved.
    intake = session.scalar(select(Intake).where(Intake.reference == reference).with_for_update())
    if intake is None:
        return None
    seen = seen or {}
    changed = _changed(intake, values, seen)
    if (found := conflicts(intake, values, seen)) or not changed:
        return found
    for name, value in changed.items():
        intake_rules.set_field(intake, name, value)
    timeline.append(intake.id, "fields_filled", staff=by, fields=list(changed))
    return {}


def conflicts(
    intake: Any, values: Mapping[str, str | None], seen: Mapping[str, str | None]
) -> dict[str, Conflict]:
    """Return the fields of ``values`` that another person has changed differently since the page was made."""
    return {
        name: _conflict(intake, name)
        for name in _changed(intake, values, seen)
        if name in seen and seen[name] != intake_rules.field(intake, name)
    }


def _changed(
    intake: Any, values: Mapping[str, str | None], seen: Mapping[str, str | None]
) -> dict[str, str | None]:
    touched = {name: value for name, value in values.items() if name not in seen or seen[name] != value}
    return {name: value for name, value in touched.items() if intake_rules.field(intake, name) != value}


def _conflict(intake: Any, name: str) -> Conflict:
    events = session.scalars(
        select(CallEvent)
        .where(CallEvent.intake_id == intake.id, CallEvent.kind == "fields_filled")
        .order_by(CallEvent.id.desc())
    )
    last = next((one for one in events if name in one.data.get("fields", ())), None)
    return Conflict(
        intake_rules.field(intake, name), last.data.get("staff") if last else None, last.at if last else None
    )
