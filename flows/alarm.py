"""Somebody is called about an alarm. Only a key acknowledges it, or a word that only a person says: no voicemail can.

brief --1, or that word--> acknowledged
  |  ^--2
  |--9--> declined: the next is told in time
  |--silence, words, a wrong key--> reminded, as long as there is time
  +--then--> gone
"""

from flows import answering
from flows.answering import Lines
from ivr.backoffice.alarms import phone_calls
from ivr.backoffice.alarms.models import AlarmNotice
from ivr.company.policy import service as policy
from ivr.company.policy.causes import Cause
from ivr.platform.voice import Flow, Reply, Turn, _, choose, hang_up

flow: Flow[AlarmNotice] = Flow(
    "alarm", subject=lambda turn: phone_calls.find_call(turn.ids.get("notice", 0), turn.call_sid)
)


@flow.step
def brief(turn: Turn[AlarmNotice]) -> Reply:
    phone_calls.picked_up(turn.subject)
    keys = _("Press 1 to acknowledge, 2 to hear it again, 9 to leave it to somebody else.")
    return answering.told(turn, _what(turn.subject), line=keys, then=brief_chosen, no_input=reminded)


@flow.step
def reminded(turn: Turn[AlarmNotice]) -> Reply:
    return answering.reminded(
        turn, _lines(), then=brief_chosen, no_input=reminded, accepted=acknowledged, over=gone
    )


@flow.step
def brief_chosen(turn: Turn[AlarmNotice]) -> Reply:
    if turn.digits:
        return choose(turn, {"1": acknowledged, "2": brief, "9": declined}, no_match=reminded)
    return answering.heard(
        turn, _lines(), then=brief_chosen, no_input=reminded, accepted=acknowledged, over=gone
    )


@flow.step
def acknowledged(turn: Turn[AlarmNotice]) -> Reply:
    phone_calls.acknowledge(turn.subject)
    return hang_up(turn, _("Thank you. You're taking care of it. Goodbye."))


@flow.step
def declined(turn: Turn[AlarmNotice]) -> Reply:
    phone_calls.declined(turn.subject)
    return hang_up(turn, _("Thank you."))


@flow.fallback
def gone(turn: Turn[AlarmNotice]) -> Reply:
    phone_calls.silent(turn.subject)
    return hang_up(turn, _("Goodbye."))


def _lines() -> Lines:
    """What whoever was rung hears again. Nothing of the alarm: a machine may have answered."""
    return Lines(
        _("%(company)s, an alarm for you.", company=policy.current().company_name),
        keys=_("Press 1 to acknowledge, 9 to leave it to somebody else."),
        aloud=_("Press 1, or say one, to acknowledge."),
        thanks=_("Thank you. One moment."),
    )


def _what(call: AlarmNotice) -> str:  # noqa: C901, PLR0912  # one case for each cause
    """Say what is wrong, without a name or a number: a machine may listen."""
    match call.cause:
        case None:
            return _("This is a test of the alarm by phone.")
        case Cause.WAITING:
            return _("An alarm: a caller has been waiting in line too long.")
        case Cause.NO_TECHNICIAN:
            return _("An alarm: the line is open, and a technician is missing.")
        case Cause.NO_OPERATOR:
            return _("An alarm: the line is open, and no operator is on shift.")
        case Cause.ON_CALL:
            return _("An alarm: the line is closed, and nobody on call can be reached.")
        case Cause.UNANSWERED:
            return _("An alarm: somebody doesn't answer, and nobody else can take the calls.")
        case Cause.CALLBACK:
            return _("An alarm: a callback is overdue.")
        case Cause.PAYMENT:
            return _("An alarm: there is a payment issue.")
        case Cause.DISPUTE:
            return _("An alarm: a customer disputes a payment.")
        case Cause.NETWORK:
            return _("An alarm: the phone network didn't answer.")
        case Cause.WORKER:
            return _("An alarm: the worker doesn't run, so that no phone rings.")
        case Cause.CONTINUITY:
            return _("An alarm: the service didn't answer, and the backup took its calls.")
        case Cause.SPENDING:
            return _("An alarm: today's calls cost more than your limit.")
