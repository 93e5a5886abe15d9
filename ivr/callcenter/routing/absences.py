"""What follows from an absence: pages show it, and a job ends it."""

from datetime import datetime

from ivr.callcenter.routing import rules
from ivr.company.staff.models import Staff
from ivr.company.staff.sessions import LogIn
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline


def begun(staff: Staff, until: datetime | None, *, by: str) -> None:
    """Plan the end of an absence that has just been set. The reason is on the board, and in no timeline."""
    shown = {"until": until.isoformat()} if until else {}
    timeline.append(None, "staff_away", staff=staff.name, staff_id=staff.id, by=by, **shown)
    if until is not None:
        enqueue("dispatch.end_absences", run_at=until)


def is_paused(staff: Staff | LogIn) -> bool:
    """Return whether they are away because they did not answer: whatever they press shows that they are back."""
    return not staff.is_available and staff.unanswered >= rules.UNANSWERED
