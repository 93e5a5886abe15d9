"""The caller is welcomed, or goes on where they were cut off.

welcome, arrived --open--> menu --1--> intake.onsite
            |                |---2--> intake.remote
            |                |---9--> menu, in the other language
            |                |---*--> closing.pin, from the telephone of one of staff
            |                +---0--> intake.person
            +--closed--> after_hours.closed
goes_on --staff wait for them--> waiting.joined
   |--staff wait, and the number is not vouched for--> staff_asked --> not_expected
   +--nobody waits--> not_expected --closed--> after_hours.closed
                          |--open, or they asked for who is on call--> intake.goes_on
                          +--staff take them--> waiting.joined
"""

from flows import after_hours, closing, intake, rescue, robots, said, waiting
from flows.phrases import in_other_language, other_language, twice
from ivr.backoffice.pin_log_in import service as pin_log_in
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.intake import emergencies
from ivr.callcenter.intake.stages import IN_CONVERSATION
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.platform.voice import Flow, Reply, Turn, _, ask, choose, play_then_one_key

flow: Flow[CustomerCall] = Flow(
    "front_door",
    subject=lambda turn: calls.customer_call(turn.call_sid, turn.caller),
    note_key=callbacks.note_key,
)


@flow.step
def welcome(turn: Turn[CustomerCall]) -> Reply:
    if not hours.status_now().open:
        return after_hours.closed(turn)
    return menu(
        turn.saying_first(_("Thank you for calling %(company)s.", company=policy.current().company_name))
    )


@flow.step
def arrived(turn: Turn[CustomerCall]) -> Reply:
    """The caller has been greeted, and calls about something new."""
    return menu(turn) if hours.status_now().open else after_hours.closed(turn)


@flow.step
def goes_on(turn: Turn[CustomerCall]) -> Reply:
    """The caller was cut off before, and calls about the same matter."""
    turn = turn.saying_first(_("Welcome back."))
    if not rescue.bring_staff_back(turn):
        return not_expected(turn)
    return staff_asked(turn) if turn.subject.is_claimed else waiting.joined(turn)


@flow.step
def staff_asked(turn: Turn[CustomerCall]) -> Reply:
    """The caller hears music while staff are asked. If they take the caller, a job moves this leg on."""
    words = _("One moment please.")
    reply = play_then_one_key(turn, words, then=not_expected, play="music", seconds=16)
    reply.redirect(not_expected.path())
    return reply


@flow.step
def not_expected(turn: Turn[CustomerCall]) -> Reply:
    if turn.subject.intake.call_state in IN_CONVERSATION:
        return waiting.joined(turn)
    if emergencies.holds(turn.subject.intake):
        return intake.goes_on(turn.saying_first(_("One moment please.")))
    if not hours.status_now().open:
        return after_hours.closed(turn)
    if turn.subject.intake.kind:
        return intake.goes_on(turn.saying_first(_("One moment please.")))
    return menu(turn)


@flow.step
def menu(turn: Turn[CustomerCall]) -> Reply:
    if robots.is_cut_short(turn):
        return robots.unanswered(turn)
    choices = _("For an onsite visit, press 1. For remote support, press 2. For a person, press 0.")
    return ask(
        turn,
        *twice(choices),
        _("Please use your keypad.") + " " + choices,
        keys=1,
        ending=other_language(turn),
        then=menu_chosen,
    )


@flow.step
def menu_chosen(turn: Turn[CustomerCall]) -> Reply:
    if turn.digits == "*" and pin_log_in.begin(turn.subject, turn.caller, turn.stir_verstat):
        return closing.pin(turn)
    menu_of_keys = {"1": intake.onsite, "2": intake.remote, "9": changed_language}
    words = {"1": said.ONSITE, "2": said.REMOTE, "0": said.OFFICE}
    return choose(turn, menu_of_keys, no_match=menu, yes=None, said=words)


@flow.step
def changed_language(turn: Turn[CustomerCall]) -> Reply:
    return menu(in_other_language(turn))


@flow.fallback
def nobody_chose(turn: Turn[CustomerCall]) -> Reply:
    return intake.filed(turn)


@flow.agent_exit
def person(turn: Turn[CustomerCall]) -> Reply:
    return intake.person(turn)
