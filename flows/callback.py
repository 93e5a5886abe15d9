"""The line rings a customer back, for a member of staff who waits in the conference; or first, if the owner set it so.

answered --1--> connected (the conversation)
   |               +--nobody is there yet--> looking: music --20 s--> still_looking --1, 2, 3--> called back, at a time
   |                                           +--a technician accepts--> waiting.joined  +--silence--> waiting.place
   +--silence--> machine: a short message with the reference and the number
"""

from datetime import timedelta

from flows import waiting
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.routing import offers
from ivr.company.hours import service as hours
from ivr.core.phone_numbers import spoken_number
from ivr.platform.voice import Flow, Reply, Turn, _, ask, choose, hang_up

flow: Flow[CustomerCall] = Flow(
    "callback", subject=lambda turn: callbacks.customer_call(turn.ids.get("callback", 0), turn.call_sid)
)


@flow.step
def answered(turn: Turn[CustomerCall]) -> Reply:
    """Ask for a key, because a voicemail presses none."""
    calls.answered(turn.subject)
    words = _("This is the onsite support line, calling you back. Press 1 to be connected.")
    return ask(turn, words, words, keys=1, then=answered_chosen, no_input=machine)


@flow.step
def answered_chosen(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"1": connected}, no_match=answered)


@flow.step
def connected(turn: Turn[CustomerCall]) -> Reply:
    staff = offers.present(turn.subject.intake_id)
    if not staff:
        return looking(turn)
    callbacks.completed(turn.ids["callback"])
    offers.talk_again(turn.subject.intake, staff[-1])
    settlement.talking(turn.subject, staff=staff[-1].staff.name)
    return waiting.joined(turn)


@flow.step
def looking(turn: Turn[CustomerCall]) -> Reply:
    """The customer is there, and staff are rung: the callback is kept once they talk, or choose otherwise."""
    callbacks.keep_place(turn.ids["callback"])
    return waiting.in_line(turn, _("One moment, I am finding a technician for you."), music)


@flow.step
def music(turn: Turn[CustomerCall]) -> Reply:
    """Music for less than 20 seconds: whoever is rung is not to wait."""
    return waiting.wait(turn, "", then=still_looking_chosen, afterwards=still_looking)


@flow.step
def still_looking(turn: Turn[CustomerCall]) -> Reply:
    words = _(
        "I am sorry, nobody could take your call yet. Please stay on the line, or choose when we call you back. "
        "As soon as somebody is free, press 1. In one hour, press 2. When we open next, press 3."
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
    return hang_up(
        turn,
        _(
            "We tried to call you back. Your reference is %(reference)s. Please call us at %(number)s. Goodbye.",
            reference=", ".join(turn.subject.intake.reference),
            number=spoken_number(turn.caller),
        ),
    )


@flow.agent_exit
def person(turn: Turn[CustomerCall]) -> Reply:
    return connected(turn)


@flow.fallback
def alone(turn: Turn[CustomerCall]) -> Reply:
    return waiting.line(turn)
