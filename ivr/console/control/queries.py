"""The strip of call control, as it is now. Everything here runs in the open transaction of ``ivr.db``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from ivr.db import session
from ivr.dispatch import service as dispatch
from ivr.dispatch.models import Staff
from ivr.intake.models import Intake
from ivr.recordings import service as recordings
from ivr.recordings.models import Recording
from ivr.transfers import clicks, rules


@dataclass(frozen=True)
class Button:
    """One thing to do. ``path`` is its address below the call's; ``why_not`` is None when it can be done."""

    action: str
    label: str
    path: str
    key: str | None = None
    undoes: bool = False
    why_not: str | None = None


@dataclass(frozen=True)
class Strip:
    """What can be done with the call of one intake, by one member of staff. ``recording`` is the one being made."""

    reference: str
    is_theirs: bool
    is_on_line: bool
    is_held: bool
    transfer: str | None
    with_whom: Sequence[str]
    recording: Recording | None
    buttons: Sequence[Button]


BUTTONS: Final = (
    Button(rules.HOLD, "Hold", "hold", "h"),
    Button(rules.RESUME, "Back to the caller", "hold", "r", undoes=True),
    Button(rules.TRANSFER, "Transfer", "transfer", "t"),
    Button(rules.BRING_IN, "Bring the caller in", "bring-in", "a"),
    Button(rules.HAND_OVER, "Hand over", "hand-over", "o"),
    Button(rules.CALL_BACK, "Call back", "call-back"),
    Button(rules.HANG_UP, "Hang up", "hang-up"),
)


def strip(reference: str, staff_id: int) -> Strip | None:
    """For the intake of this reference, None when there is none."""
    intake = session.scalar(select(Intake).where(Intake.reference == reference))
    if intake is None:
        return None
    staff = session.get_one(Staff, staff_id)
    offer = clicks.acting(intake.id, staff)
    standing = clicks.standing(intake, staff, offer)
    return Strip(
        reference=reference,
        is_theirs=standing.is_theirs,
        is_on_line=standing.is_on_line,
        is_held=standing.is_held,
        transfer=standing.transfer,
        with_whom=[one.staff.name for one in dispatch.present(intake.id)],
        recording=recordings.running(intake.id),
        buttons=[
            Button(one.action, one.label, one.path, one.key, one.undoes, rules.why_not(one.action, standing))
            for one in BUTTONS
        ],
    )
