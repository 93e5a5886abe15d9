"""Robots and blocked numbers: they take a message at most, and no time of staff.

press_first --1--> front_door.arrived
    +--silence--> message
unanswered --4, then 2--> is_person --> intake.served
    +--silence--> message
refused, message --> rescue.message
"""

from flows import front_door, intake, rescue
from flows.phrases import also_in_other_language, to_reach_us, twice
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.shield import service as shield
from ivr.company.policy import service as policy
from ivr.platform.voice import Flow, Reply, Turn, _, ask, choose, hang_up

#: No agent exit and no words: a recording that talks answers nothing, and cuts off nothing.
flow: Flow[CustomerCall] = Flow(
    "robots",
    subject=lambda turn: calls.customer_call(turn.call_sid, turn.caller),
    note_key=callbacks.note_key,
)


@flow.step
def press_first(turn: Turn[CustomerCall]) -> Reply:
    if is_cut_short(turn):
        return message(turn)
    if turn.attempt == 1:
        turn = turn.saying_first(
            _("Thank you for calling %(company)s.", company=policy.current().company_name)
        )
    words = to_reach_us()
    return ask(turn, words, words, keys=1, ending=also_in_other_language(turn), then=pressed)


@flow.step
def pressed(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"1": front_door.arrived}, no_match=press_first)


@flow.step
def unanswered(turn: Turn[CustomerCall]) -> Reply:
    """Ask for two keys: whoever presses keys at random rarely presses these two."""
    if turn.leg_has_ended:
        return hang_up(turn)
    words = _("To reach a person, press 4, then 2. To leave a message, stay on the line.")
    return ask(turn, *twice(words), keys=2, then=unanswered_chosen)


@flow.step
def unanswered_chosen(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"42": is_person}, no_match=unanswered)


@flow.step
def is_person(turn: Turn[CustomerCall]) -> Reply:
    shield.note_person(turn.subject)
    return intake.served(turn)


@flow.step
def refused(turn: Turn[CustomerCall]) -> Reply:
    return rescue.message(turn.saying_first(_("We can't connect your call.")))


@flow.fallback
def message(turn: Turn[CustomerCall]) -> Reply:
    return rescue.message(turn.saying_first(_("I didn't get an answer.")))


def is_cut_short(turn: Turn[CustomerCall]) -> bool:
    """Return whether a first question was met by silence on a day that has brought too much of it."""
    is_silence = turn.attempt > 1 and turn.subject.intake.is_silent and not (turn.digits or turn.speech)
    return is_silence and shield.silence() is not None
