"""The stage of a matter: sales and people move it.

An event that continues a closed matter first reopens it, to the stage in which it was closed.
"""

from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, Stage
from ivr.company.policy.trail import Somebody
from ivr.core.errors import Refusal
from ivr.platform.timeline import service as timeline


class NoClosingReasonError(Refusal):
    message = "Enter a short reason, 300 characters at most."


def reopen(intake: Intake, *, because: str, by: Somebody | None = None) -> bool:
    """Reopen a matter that is closed, or that only key 9 has settled. Returns whether it was one of these.

    ``because`` of a person, a call, a callback, a payment, an estimate, a price that was promised, a booking.
    """
    goes_on = intake.reopen()
    if intake.stage == Stage.OPEN and intake.call_state == CallState.SETTLED:
        intake.call_state, goes_on = CallState.FINISHED, True
    if goes_on:
        timeline.append(intake.id, "matter_reopened", because=because, staff=by.name if by else "")
    return goes_on


def estimate_sent(intake: Intake) -> None:
    """The customer has been sent an estimate for the visit."""
    reopen(intake, because="estimate")
    _move(intake, stages.ONCE_SENT[intake.stage])


def estimate_withdrawn(intake: Intake) -> None:
    """The visit has no estimate left that could be paid."""
    if intake.stage == Stage.QUOTED:
        _move(intake, Stage.OPEN)


def visit_paid(intake: Intake) -> None:
    """The visit is paid in full."""
    reopen(intake, because="payment")
    _move(intake, stages.ONCE_PAID[intake.stage])


def visit_booked(intake: Intake) -> None:
    """The visit has a day, or a new day."""
    reopen(intake, because="booking")
    _move(intake, Stage.BOOKED)


def visit_cancelled(intake: Intake, *, has_paid: bool, is_sent: bool) -> None:
    """The visit has no day any more. ``has_paid``: there is money of the customer; ``is_sent``: an estimate counts."""
    _move(intake, stages.once_cancelled(has_paid=has_paid, is_sent=is_sent))


def not_done(intake: Intake, *, by: Somebody) -> None:
    """The visit has not taken place after all. A repeat changes nothing."""
    if intake.stage == Stage.DONE:
        _move(intake, intake.closed_from or Stage.BOOKED)
        intake.closed_from = None
        timeline.append(intake.id, "visit_not_done", staff=by.name)


def visit_done(intake: Intake, *, by: Somebody) -> None:
    """The technician has made the visit. A repeat changes nothing. Raises OutOfOrderError."""
    if intake.stage != Stage.DONE:
        intake.closed_from = intake.stage
        _move(intake, Stage.DONE)
        timeline.append(intake.id, "visit_done", staff=by.name)


def close(intake: Intake, why: str, *, by: Somebody) -> None:
    """A person has decided that nothing more is to be done. A repeat changes nothing.

    Raises NoClosingReasonError. ``backoffice.closing`` checks whether money or a visit stands in the way.
    """
    words = " ".join(why.split())
    if not (0 < len(words) <= stages.LONGEST_REASON and words.isprintable()):
        raise NoClosingReasonError
    if intake.stage == Stage.CLOSED:
        return
    was = intake.stage
    _move(intake, Stage.CLOSED)
    intake.closed_from, intake.closed_why = was, words
    timeline.append(intake.id, "matter_closed", staff=by.name, words=words)


def _move(intake: Intake, stage: Stage) -> None:
    intake.stage = stages.next_stage(intake.stage, stage)
