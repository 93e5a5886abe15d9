"""Nobody came, or somebody dropped: never alone.

staff_left --staff are there, or an operator is rung--> waiting.joined
    +------technician--> waiting.line
    +------operator--> operator_left --the caller stays--> find_somebody --> waiting.joined, waiting.line
nobody_came --1, silence--> promised
    +-------2--> message --> message_left
nobody_speaks --> called_back_words, with an interpreter
"""

from flows import phrases, said, waiting
from flows.phrases import twice
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.intake import emergencies
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing import offers
from ivr.callcenter.shield import service as shield
from ivr.callcenter.transfers import queries as transfers_queries
from ivr.callcenter.transfers import service as transfers
from ivr.company.hours import service as hours
from ivr.platform.voice import Flow, Reply, Turn, _, ask, choose, hang_up, record

flow: Flow[CustomerCall] = Flow(
    "rescue",
    subject=lambda turn: calls.customer_call(turn.call_sid, turn.caller),
    note_key=callbacks.note_key,
)


@flow.step
def staff_left(turn: Turn[CustomerCall]) -> Reply:
    intake_id = turn.subject.intake_id
    if offers.present(intake_id) or transfers_queries.open_transfer(intake_id):
        return waiting.joined(turn)
    if turn.subject.intake.call_state == CallState.WITH_OPERATOR:
        return waiting.line(turn) if transfers_queries.was_in_vain(intake_id) else operator_left(turn)
    return waiting.line(
        turn.saying_first(_("The other person was disconnected. One moment, I'm finding the next person."))
    )


def bring_staff_back(turn: Turn[CustomerCall]) -> bool:
    """A caller who was cut off has called again: bring back the staff who are still waiting for them.

    Returns whether there are any. They are joined to the caller at once if the carrier vouches for the number;
    otherwise they are asked first (``star_menu.is_it_them``). No other telephone goes on ringing for the caller.
    """
    offers.withdraw(turn.subject.intake_id)
    staff = offers.bring_staff_back(turn.subject.intake_id)
    if staff is not None and not turn.subject.is_claimed:
        offers.talk_again(turn.subject.intake, staff)
        settlement.talking(turn.subject, staff=staff.staff.name)
    return staff is not None


@flow.step
def operator_left(turn: Turn[CustomerCall]) -> Reply:
    """Most conversations end so, and a line that dropped looks the same. Whoever stays has not finished."""
    words = _("The operator has left. If everything is settled, just hang up. Otherwise stay on the line.")
    return ask(turn, words, keys=1, then=find_somebody, no_input=find_somebody)


@flow.step
def find_somebody(turn: Turn[CustomerCall]) -> Reply:
    """Whatever the caller has pressed or said, they are still there. If no operator is free, a technician is rung."""
    if transfers.find_operator(turn.subject.intake):
        return waiting.joined(turn.saying_first(_("One moment, I'm finding somebody.")))
    return waiting.line(turn)


@flow.step
def goodbye(turn: Turn[CustomerCall]) -> Reply:
    return hang_up(turn, _("Thank you for calling. Goodbye."))


@flow.step
def nobody_came(turn: Turn[CustomerCall]) -> Reply:
    intake = turn.subject.intake
    offers.withdraw(intake.id)
    intakes.leave_line(intake)
    sorry = _("I'm sorry, everybody is busy.")
    if emergencies.holds(intake):
        sorry = _("I'm sorry, the technician on call didn't answer.")
    number = callbacks.number_to_ring(intake)
    if number is None:
        return message(turn.saying_first(sorry))
    choices = _(
        "To be called back at %(number)s, press 1. To leave a message, press 2.",
        number=phrases.callback_number(turn.subject, number, intake.best_extension),
    )
    return ask(
        turn,
        *twice(f"{sorry} {choices}"),
        keys=1,
        then=nobody_came_chosen,
    )


@flow.step
def nobody_speaks(turn: Turn[CustomerCall]) -> Reply:
    """Staff are on shift, but none speaks the caller's language: say so in it, and arrange an interpreter."""
    intake = turn.subject.intake
    offers.withdraw(intake.id)
    intakes.leave_line(intake)
    if callbacks.number_to_ring(intake) is None:
        return message(turn.saying_first(_("Nobody who speaks your language is here now.")))
    callbacks.give_to_a_person(callbacks.promise(intake, CallbackReason.INTERPRETER))
    intakes.leave_word(intake)
    return called_back_words(turn.saying_first(_("Nobody who speaks your language is here now.")))


@flow.step
def nobody_came_chosen(turn: Turn[CustomerCall]) -> Reply:
    words = {"1": said.CALLED_BACK, "2": said.MESSAGE}
    return choose(turn, {"1": promised, "2": message}, no_match=nobody_came, said=words)


@flow.fallback
def promised(turn: Turn[CustomerCall]) -> Reply:
    intake = turn.subject.intake
    if callbacks.number_to_ring(intake) is None:
        return message(turn)
    callbacks.promise(intake, CallbackReason.NOBODY_CAME)
    intakes.leave_word(intake)
    return called_back_words(turn)


@flow.agent_exit
def person(turn: Turn[CustomerCall]) -> Reply:
    return waiting.line(turn)


@flow.step
def called_back_words(turn: Turn[CustomerCall]) -> Reply:
    intake = turn.subject.intake
    callback = callbacks.open_callback(intake.id)
    if callback is None or callback.number is None or callback.not_dialed:
        return goodbye(turn)
    if callback.reason == CallbackReason.INTERPRETER:
        when = _("with an interpreter")
    elif callbacks.is_due(callback):
        when = _("as soon as somebody is free")
    else:
        when = hours.spoken(callback.due_at, intake.language)
    number = phrases.callback_number(turn.subject, callback.number, callback.extension)
    if turn.subject.goes_on:
        return hang_up(
            turn, _("We'll call you back %(when)s, at %(number)s. Goodbye.", when=when, number=number)
        )
    return hang_up(
        turn,
        _(
            "We'll call you back %(when)s, at %(number)s. Your reference is %(reference)s. Goodbye.",
            when=when,
            number=number,
            reference=phrases.spoken_reference(intake.reference),
        ),
    )


@flow.step
def message(turn: Turn[CustomerCall]) -> Reply:
    words = _("Please leave your name, your number and a message after the tone. Press the pound key to end.")
    return record(turn, words, then=message_left)


@flow.step
def message_left(turn: Turn[CustomerCall]) -> Reply:
    intake = turn.subject.intake
    is_served = not shield.may_be_robot(turn.subject)
    clip_id = None
    if turn.recording_url and (is_served or not phrases.is_empty(turn)):
        clip_id = intakes.note_clip(intake, turn.recording_url, seconds=turn.recording_seconds)
    if clip_id or is_served:
        intakes.leave_message(intake, clip_id)
    if intake.best_number and is_served:
        callbacks.promise(intake, CallbackReason.LEFT_MESSAGE)
    if turn.leg_has_ended:
        return hang_up(turn)
    if clip_id and callbacks.number_to_ring(intake) is None:
        return hang_up(turn, _("Thank you, we have your message. Goodbye."))
    return called_back_words(turn.saying_first(_("Thank you.")))
