"""Closed: why, until when, and what we can do for you until then.

closed --1--> intake.number_and_issue --> promised
   |-----2--> rescue.message
   |-----*--> closing.pin, from the telephone of one of staff
   |--silence--> robots.message; of whoever has answered before, promised
   +--somebody is on call--> on_call --1--> emergency --> intake.number_and_issue --> waiting.line
                                |------2--> rescue.message
                                |------3--> intake.number_and_issue --> promised
                                +--silence, *--> as above
"""

from flows import closing, intake, rescue, robots, said
from flows.phrases import in_other_language, other_language
from ivr.backoffice.line_closing import closures
from ivr.backoffice.pin_log_in import service as pin_log_in
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.intake import emergencies
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.routing import availability
from ivr.callcenter.shield import service as shield
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.platform.voice import Flow, Reply, Sound, Step, Turn, _, ask, choose

flow: Flow[CustomerCall] = Flow(
    "after_hours",
    subject=lambda turn: calls.customer_call(turn.call_sid, turn.caller),
    note_key=callbacks.note_key,
)


@flow.step
def closed(turn: Turn[CustomerCall]) -> Reply:
    if robots.is_cut_short(turn):
        return robots.message(turn)
    if availability.is_on_call(turn.subject.language):
        return on_call(turn)
    choices = _("To be called back then, press 1. To leave a message, press 2.")
    return _asked(turn, choices, then=closed_chosen)


def _asked(turn: Turn[CustomerCall], choices: str, *, then: Step[CustomerCall]) -> Reply:
    language = turn.subject.language
    own_words = closures.message_url()
    why = "" if own_words else hours.spoken_reason(language)
    when = _("We open again %(when)s.", when=hours.spoken(hours.status_now().next_opening, language))
    if turn.attempt == 1 and not turn.noise:
        if not turn.preface:  # else the caller has been greeted
            turn = turn.saying_first(
                _("Thank you for calling %(company)s.", company=policy.current().company_name)
            )
        turn = turn.saying_first(Sound(own_words) if own_words else None)
    return ask(
        turn,
        " ".join(filter(None, [why, when, choices])),
        " ".join([_("Sorry, I didn't get that."), when, choices]),
        keys=1,
        ending=other_language(turn),
        then=then,
    )


@flow.step
def closed_chosen(turn: Turn[CustomerCall]) -> Reply:
    if turn.digits == "*" and pin_log_in.begin(turn.subject, turn.caller, turn.stir_verstat):
        return closing.pin(turn)
    menu = {"1": intake.number_and_issue, "2": rescue.message, "9": changed_language}
    return choose(turn, menu, no_match=closed, said={"1": said.CALLED_BACK, "2": said.MESSAGE})


@flow.step
def on_call(turn: Turn[CustomerCall]) -> Reply:
    emergency_words = _("If this is an emergency, press 1 to reach the technician on call.")
    choices = _("To leave a message, press 2. To be called back when we open, press 3.")
    return _asked(turn, f"{emergency_words} {choices}", then=on_call_chosen)


@flow.step
def on_call_chosen(turn: Turn[CustomerCall]) -> Reply:
    if turn.digits == "*" and pin_log_in.begin(turn.subject, turn.caller, turn.stir_verstat):
        return closing.pin(turn)
    menu = {
        "1": emergency,
        "2": rescue.message,
        "3": intake.number_and_issue,
        "9": changed_language,
    }
    # Only the key wakes somebody: a "yes" may be meant for somebody else in the room.
    words = {"2": said.MESSAGE, "3": said.CALLED_BACK}
    return choose(turn, menu, no_match=on_call, yes=None, said=words)


@flow.step
def emergency(turn: Turn[CustomerCall]) -> Reply:
    emergencies.ask(turn.subject.intake)
    return intake.number_and_issue(turn)


@flow.step
def changed_language(turn: Turn[CustomerCall]) -> Reply:
    return closed(in_other_language(turn))


@flow.fallback
def promised(turn: Turn[CustomerCall]) -> Reply:
    record = turn.subject.intake
    if shield.is_doubtful(turn.subject):
        return robots.message(turn)
    if callbacks.number_to_ring(record) is None:
        return rescue.message(turn)
    callbacks.promise(record, CallbackReason.CLOSED)
    intakes.leave_word(record)
    return rescue.called_back_words(turn)


@flow.agent_exit
def person(turn: Turn[CustomerCall]) -> Reply:
    return promised(turn.saying_first(_("Nobody is here now.")))
