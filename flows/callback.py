"""The line rings a customer back, for a member of staff who waits in the conference.

answered --1--> connected (the conversation)
   +--silence--> machine: a short message with the reference and the number
"""

from flows import rescue, waiting
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.routing import offers
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
    callbacks.completed(turn.ids["callback"])
    staff = offers.present(turn.subject.intake_id)
    if not staff:
        return rescue.staff_left(turn)
    offers.talk_again(turn.subject.intake, staff[-1])
    settlement.talking(turn.subject, staff=staff[-1].staff.name)
    return waiting.joined(turn)


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
