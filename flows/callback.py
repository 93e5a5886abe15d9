"""The service calls a customer back: for a member of staff who waits in the conference or, by a setting, first.

answered --1, or words that only a person says--> connected (the conversation)
   |                      +--nobody is there yet--> looking: music --> still_looking --1, 2, 3--> called back, at a time
   |                          +--a technician accepts--> waiting.joined    +--silence--> waiting.place
   |--silence, words, a wrong key--> reminded, for 35 seconds
   +--then--> machine: a short message with the reference and the number; a key still connects
"""

from datetime import timedelta

from flows import answering, waiting
from flows.answering import Lines
from flows.phrases import spoken_reference
from ivr.callcenter.callbacks import attempts, settlement
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.rules import ASKED_BY_CUSTOMER, CallbackReason
from ivr.callcenter.calls import answers
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.routing import offers
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.core.phone_numbers import spoken_number
from ivr.platform.voice import Flow, Reply, Turn, _, announce, choose, hang_up

flow: Flow[CustomerCall] = Flow(
    "callback",
    subject=lambda turn: (
        attempts.customer_call(turn.ids["callback"], turn.call_sid) if "callback" in turn.ids else None
    ),
)


@flow.step
def answered(turn: Turn[CustomerCall]) -> Reply:
    """Say who is calling, then ask for a key, because a voicemail presses none."""
    calls.answered(turn.subject)
    lines = _lines(turn)
    company, reference = policy.current().company_name, _reference(turn)
    sentences = [
        _("%(company)s, calling you back. Reference %(reference)s.", company=company, reference=reference)
    ]
    if _was_asked_for(turn):
        words = _(
            "This is %(company)s, you asked us to call back. Reference %(reference)s.",
            company=company,
            reference=reference,
        )
        sentences.insert(0, words)
    sentence = answering.first_within_six_seconds([*sentences, lines.who])
    return answering.told(
        turn, sentence, then=answered_chosen, no_input=reminded, seconds=answering.FOR_WORDS
    )


@flow.step
def reminded(turn: Turn[CustomerCall]) -> Reply:
    return answering.reminded(
        turn, _lines(turn), then=answered_chosen, no_input=reminded, accepted=connected, over=machine
    )


@flow.step
def answered_chosen(turn: Turn[CustomerCall]) -> Reply:
    if turn.digits:
        return choose(turn, {"1": connected}, no_match=reminded)
    return answering.heard(
        turn, _lines(turn), then=answered_chosen, no_input=reminded, accepted=connected, over=machine
    )


@flow.step
def connected(turn: Turn[CustomerCall]) -> Reply:
    on_line = calls.live_call(turn.subject.intake_id)
    if on_line is not None and on_line.id != turn.subject.id:
        return hang_up(turn, _("Thank you. Goodbye."))  # they have called themselves meanwhile
    answers.reached(turn.subject)
    staff = offers.present(turn.subject.intake_id)
    if not staff:
        return looking(turn)
    attempts.completed(turn.ids["callback"])
    offers.talk_again(turn.subject.intake, staff[-1])
    settlement.talking(turn.subject, staff=staff[-1].staff.name)
    return waiting.joined(turn)


@flow.step
def looking(turn: Turn[CustomerCall]) -> Reply:
    """The customer is there, and staff are rung: the callback is kept once they talk, or choose otherwise."""
    attempts.keep_place(turn.ids["callback"])
    return waiting.in_line(turn, _("One moment, I'm finding a technician for you."), music)


@flow.step
def music(turn: Turn[CustomerCall]) -> Reply:
    """Music, for less than 20 seconds: a customer whom we called should not wait long."""
    return waiting.wait(turn, "", then=still_looking_chosen, afterwards=still_looking)


@flow.step
def still_looking(turn: Turn[CustomerCall]) -> Reply:
    words = _(
        "Sorry, nobody could take your call yet. Please hold, or choose a callback. "
        "When somebody is free, press 1. In one hour, press 2. When we open, press 3."
    )
    return waiting.wait(turn, words, then=still_looking_chosen, afterwards=waiting.place)


@flow.step
def still_looking_chosen(turn: Turn[CustomerCall]) -> Reply:
    times = {"1": None, "2": callbacks.from_now(timedelta(hours=1)), "3": hours.status_now().next_opening}
    if turn.digits not in times:
        return waiting.stay(turn)
    return waiting.leave(turn, CallbackReason.NOBODY_CAME, not_before=times[turn.digits])


@flow.step
def machine(turn: Turn[CustomerCall]) -> Reply:
    answers.silent(turn.subject)
    words = _(
        "We tried to call you back. Your reference is %(reference)s. Please call us at %(number)s. Goodbye.",
        reference=_reference(turn),
        number=spoken_number(turn.caller),
    )
    reply = announce(turn, words, then=answered_chosen)
    reply.hangup()
    return reply


@flow.agent_exit
def person(turn: Turn[CustomerCall]) -> Reply:
    return connected(turn)


@flow.fallback
def alone(turn: Turn[CustomerCall]) -> Reply:
    return waiting.line(turn)


def _lines(turn: Turn[CustomerCall]) -> Lines:
    company = policy.current().company_name
    asked_for = _("%(company)s, you asked us to call back.", company=company)
    who = asked_for if _was_asked_for(turn) else _("%(company)s, calling you back.", company=company)
    return Lines(
        who,
        keys=_("Press 1 to be connected to %(company)s.", company=company),
        aloud=_("Press 1, or say one, to be connected."),
        thanks=_("Thank you. One moment."),
    )


def _was_asked_for(turn: Turn[CustomerCall]) -> bool:
    """Whether the customer asked for this call. One who was cut off, or waits for a price, did not."""
    return callbacks.reason(turn.ids["callback"]) in ASKED_BY_CUSTOMER


def _reference(turn: Turn[CustomerCall]) -> str:
    return spoken_reference(turn.subject.intake.reference)
