"""The buttons of call control as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.recording.models import Recording
from ivr.callcenter.transfers import call_control
from ivr.callcenter.transfers import rules as transfers_rules
from ivr.callcenter.transfers.queries import Scene
from ivr.callcenter.transfers.rules import Action, CallSituation, TransferState
from ivr.company.staff.models import Staff


@dataclass(frozen=True)
class Button:
    """One action. ``view`` is the view that does it; ``why_not`` is None when it is possible."""

    action: Action
    label: str
    view: str
    key: str | None = None
    undoes: bool = False
    why_not: str | None = None


@dataclass(frozen=True)
class Strip:
    """What one member of staff can do with an intake's call. ``recording`` is the one being made."""

    reference: str
    is_theirs: bool
    is_on_line: bool
    is_held: bool
    transfer: TransferState | None
    with_whom: Sequence[str]
    recording: Recording | None
    buttons: Sequence[Button]


BUTTONS: Final = (
    Button(Action.HOLD, "Hold", "console.hold", "h"),
    Button(Action.RESUME, "Back to the caller", "console.hold", "r", undoes=True),
    Button(Action.TRANSFER, "Transfer", "console.transfer", "t"),
    Button(Action.BRING_IN, "Bring the caller in", "console.bring_in", "a"),
    Button(Action.HAND_OVER, "Hand over", "console.hand_over", "o"),
    Button(Action.CALL_BACK, "Call back", "console.call_back"),
    Button(Action.HANG_UP, "Hang up", "console.hang_up"),
)


def strip(intake: Intake, staff: Staff, now: Scene, recording: Recording | None) -> Strip:
    """Return the buttons of this intake's call for this member of staff; ``recording`` is the one being made."""
    standing = call_control.situation(intake, staff, call_control.acting(now, staff), now)
    return Strip(
        reference=intake.reference,
        is_theirs=standing.is_theirs,
        is_on_line=standing.is_on_line,
        is_held=standing.is_held,
        transfer=standing.transfer,
        with_whom=[one.staff.name for one in now.present],
        recording=recording,
        buttons=_buttons(standing),
    )


def _buttons(standing: CallSituation) -> list[Button]:
    """Return all actions while the caller is there; afterwards those still possible, and the callback."""
    buttons = [replace(one, why_not=transfers_rules.why_not(one.action, standing)) for one in BUTTONS]
    if standing.is_on_line:
        return buttons
    return [one for one in buttons if one.why_not is None or one.action == Action.CALL_BACK]
