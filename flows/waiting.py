"""In line for a technician.

line --> place (music, every 45 s) --1--> leaves: called back, the place is kept; or without a number, a message
            |          +--the bound--> rescue.nobody_came
            +--a technician accepts--> joined --> the conversation
                    where calls are recorded, first told_of_recording, or asked_for_recording if that needs a yes
"""

from datetime import datetime

from flows import rescue
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.intake import emergencies
from ivr.callcenter.intake import rules as intake_rules
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import IN_CONVERSATION, IN_LINE, CallState
from ivr.callcenter.recording import service as recordings
from ivr.callcenter.recording.service import Wording
from ivr.callcenter.routing import availability, offers
from ivr.company.policy import service as policy
from ivr.platform.voice import (
    Flow,
    Reply,
    Step,
    Turn,
    _,
    hang_up,
    join_conference,
    play_then_one_key,
    say,
    say_then_one_key,
    version,
)

flow: Flow[CustomerCall] = Flow(
    "waiting", subject=lambda turn: calls.customer_call(turn.call_sid, turn.caller)
)

#: The queue's name at the network.
LINE = "line"


@flow.step
def line(turn: Turn[CustomerCall]) -> Reply:
    has_number = callbacks.number_to_ring(turn.subject.intake) is not None
    if emergencies.holds(turn.subject.intake):
        words = _("Please hold for the technician on call.")
        if has_number:
            words = " ".join([words, _("If we get cut off, they'll call you back.")])
    elif has_number:
        words = _("Please hold for a technician. If we get cut off, we'll call you back.")
    else:
        words = _("Please hold for a technician.")
    return in_line(turn, words, place)


def in_line(turn: Turn[CustomerCall], words: str, first: Step[CustomerCall]) -> Reply:
    """Put the caller in the queue, unless nobody is on shift: these words, then the wait document ``first``."""
    calls.left_conference(turn.subject)
    record = turn.subject.intake
    if not availability.is_staffed(record, turn.subject.language):
        return rescue.nobody_speaks(turn) if availability.is_staffed(record) else rescue.nobody_came(turn)
    intakes.join_line(record)
    offers.wake()
    reply = say(turn, words)
    # Not as its action, which the network requests as well when the caller hangs up or is moved on.
    reply.enqueue(LINE, wait_url=first.path(**turn.ids))
    reply.redirect(left.path())
    return reply


@flow.step
def place(turn: Turn[CustomerCall]) -> Reply:
    return wait(turn, _place_words(turn), then=key_pressed, afterwards=place, seconds=32)


def wait(
    turn: Turn[CustomerCall],
    words: str,
    *,
    then: Step[CustomerCall],
    afterwards: Step[CustomerCall],
    seconds: int = 16,
) -> Reply:
    """Return a wait document: words and music, one key meanwhile (``then``), and the document that comes next.

    A job moves a caller who has been accepted; if it fails, the next document lets the caller go on.
    """
    if turn.subject.intake.call_state not in IN_LINE or calls.has_waited_too_long(turn.subject):
        reply = Reply()
        reply.leave()
        return reply
    reply = play_then_one_key(turn, words, then=then, play="music", seconds=seconds)
    reply.redirect(afterwards.path(**turn.ids))
    return reply


def _place_words(turn: Turn[CustomerCall]) -> str:
    words = []
    if turn.queue_position > 1:
        words.append(_("You're number %(place)s in line.", place=turn.queue_position))
    if (minutes := intake_rules.minutes_to_wait(turn.average_queue_time)) is not None:
        words.append(_("The wait is about %(minutes)s minutes.", minutes=minutes))
    if callbacks.number_to_ring(turn.subject.intake):
        words.append(_("To be called back and keep your place, press 1."))
    else:
        words.append(_("To leave a message, press 1."))
    return " ".join(words)


@flow.step
def key_pressed(turn: Turn[CustomerCall]) -> Reply:
    if turn.digits != "1":
        return stay(turn)
    rung_back = turn.subject.direction == "callback"
    return leave(turn, CallbackReason.NOBODY_CAME if rung_back else CallbackReason.LEFT_LINE)


def stay(turn: Turn[CustomerCall]) -> Reply:
    """The caller stays in the queue."""
    reply = Reply()
    reply.redirect(place.path(**turn.ids))
    return reply


def leave(turn: Turn[CustomerCall], reason: CallbackReason, *, not_before: datetime | None = None) -> Reply:
    """The caller leaves the queue to be called back, unless a technician has just accepted them.

    One who cannot be called leaves it for a message.
    """
    intake = turn.subject.intake
    if intake.call_state not in IN_LINE:
        return stay(turn)
    if callbacks.number_to_ring(intake):
        offers.withdraw(intake.id)
        callbacks.promise(intake, reason, not_before=not_before)
        intakes.leave_word(intake)
    reply = Reply()
    reply.leave()
    return reply


@flow.step
def left(turn: Turn[CustomerCall]) -> Reply:
    """The leg has left the queue: by key, after the longest wait, or because a technician accepted."""
    state = turn.subject.intake.call_state
    if turn.leg_has_ended:
        return Reply()
    if state == CallState.LEFT_WORD:
        return rescue.called_back_words(turn)
    return joined(turn) if state in IN_CONVERSATION else rescue.nobody_came(turn)


@flow.step
def joined(turn: Turn[CustomerCall]) -> Reply:
    calls.joined_conference(turn.subject)
    words = _("You're being connected.")
    turn = turn.saying_first(words)
    if policy.current().recording_needs_yes:
        question = _("This call may be recorded. If you agree, press 1. If not, press 2.")
        if recordings.announce(turn.subject, _wording(turn, question)):
            return say_then_one_key(turn, question, then=asked_for_recording, seconds=3)
    else:
        notice = _("This call is recorded. To go on without a recording, press 9.")
        if recordings.announce(turn.subject, _wording(turn, notice)):
            return say_then_one_key(turn, notice, then=told_of_recording)
    return _conversation(turn)


@flow.step
def told_of_recording(turn: Turn[CustomerCall]) -> Reply:
    minds = turn.digits == "9"
    recordings.answered(turn.subject, agrees=not minds, has_spoken=minds)
    return _conversation(turn.saying_first(_("You're not recorded.")) if minds else turn)


@flow.step
def asked_for_recording(turn: Turn[CustomerCall]) -> Reply:
    """Only 1 is a yes. Without one the call goes on all the same."""
    agrees = turn.digits == "1"
    recordings.answered(turn.subject, agrees=agrees, has_spoken=bool(turn.digits))
    return _conversation(turn if agrees else turn.saying_first(_("You're not recorded.")))


def _wording(turn: Turn[CustomerCall], sentence: str) -> Wording:
    return Wording(sentence, turn.subject.language, version(sentence))


def _conversation(turn: Turn[CustomerCall]) -> Reply:
    return join_conference(turn, turn.subject.intake.conference_name, afterwards=left_room, is_caller=True)


@flow.step
def left_room(turn: Turn[CustomerCall]) -> Reply:
    """The conference has ended for the caller, or the leg has been sent elsewhere meanwhile."""
    return hang_up(turn) if turn.leg_has_ended else rescue.staff_left(turn)


@flow.fallback
def back_in_line(turn: Turn[CustomerCall]) -> Reply:
    return line(turn)
