"""What is asked before anyone is rung: a number to ring back, and the issue in the caller's own words.

onsite, remote --> callback_number --1--> issue --words--> filed --> waiting.line
                        |        ^          | ^ +--not sure--> issue_read_back --1--> filed
                        2        2          | +-------------------2--+
                        v        |          +--nothing heard twice--> clip --> filed
                   other_number --> read_back --1--> issue

A caller who asks for a person, or says nothing at all, is filed with what is known.
"""

from flows import after_hours, waiting
from flows.phrases import twice
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.intake import service as intakes
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.core import phone_numbers
from ivr.platform.voice import (
    Flow,
    Reply,
    Turn,
    _,
    ask,
    choose,
    hang_up,
    is_small_talk,
    record,
    says_what_about,
)

flow: Flow[CustomerCall] = Flow(
    "intake", subject=lambda turn: calls.customer_call(turn.call_sid, turn.caller)
)


#: Below this confidence of the recogniser the words are read back.
SURE_ENOUGH = 0.5


@flow.step
def onsite(turn: Turn[CustomerCall]) -> Reply:
    intakes.choose_kind(turn.subject.intake, intakes.ONSITE)
    fee = _(
        "An onsite visit starts at %(dollars)s dollars. That includes the trip and the first hour on site.",
        dollars=policy.current().base_fee_cents // 100,
    )
    return callback_number(turn.saying_first(fee))


@flow.step
def remote(turn: Turn[CustomerCall]) -> Reply:
    intakes.choose_kind(turn.subject.intake, intakes.REMOTE)
    return callback_number(turn)


@flow.step
def goes_on(turn: Turn[CustomerCall]) -> Reply:
    """The caller was cut off before: ask only for what is still missing."""
    intake = turn.subject.intake
    if intake.callback_number is None:
        return callback_number(turn)
    if not (intake.issue or intake.issue_recording_url):
        return issue(turn)
    return filed(turn)


@flow.step
def callback_number(turn: Turn[CustomerCall]) -> Reply:
    number = turn.subject.intake.caller_number
    if number is None:
        return other_number(turn)
    question = _(
        "In case we are cut off, may we call you back at %(number)s? Press 1 for yes, or 2 for another number.",
        number=phone_numbers.spoken_number(number),
    )
    return ask(
        turn,
        *twice(question),
        keys=1,
        then=callback_number_chosen,
        no_input=caller_id_will_do,
    )


@flow.step
def callback_number_chosen(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"1": caller_id_will_do, "2": other_number}, no_match=callback_number, no="2")


@flow.step
def caller_id_will_do(turn: Turn[CustomerCall]) -> Reply:
    if turn.subject.intake.caller_number:
        intakes.note_callback_number(turn.subject.intake, turn.subject.intake.caller_number)
    return issue(turn)


@flow.step
def other_number(turn: Turn[CustomerCall]) -> Reply:
    return ask(
        turn,
        _("Please key in the ten digits of the number to call you back, area code first."),
        _("That was not ten digits. Please key in the area code and the number, without a leading one."),
        _("Once more, please: ten digits, for example 4 1 5, 5 5 5, 2 6 7 1. Or press 0 for a person."),
        keys=10,
        then=other_number_heard,
        no_input=caller_id_will_do,
    )


@flow.step
def other_number_heard(turn: Turn[CustomerCall]) -> Reply:
    number = phone_numbers.keyed_number(turn.digits or turn.spoken_digits)
    if number is None:
        return choose(turn, {}, no_match=other_number)
    intakes.note_keyed_number(turn.subject.intake, number)
    return read_back(turn)


@flow.step
def read_back(turn: Turn[CustomerCall]) -> Reply:
    number = turn.subject.intake.callback_number
    if number is None:
        return other_number(turn)
    question = _(
        "I have %(number)s. If that is right, press 1. To enter it again, press 2.",
        number=phone_numbers.spoken_number(number),
    )
    return ask(
        turn,
        *twice(question),
        keys=1,
        then=read_back_chosen,
        no_input=issue,
    )


@flow.step
def read_back_chosen(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"1": number_confirmed, "2": other_number}, no_match=read_back, no="2")


@flow.step
def number_confirmed(turn: Turn[CustomerCall]) -> Reply:
    if turn.subject.intake.callback_number:
        intakes.note_callback_number(turn.subject.intake, turn.subject.intake.callback_number)
    return issue(turn)


@flow.step
def issue(turn: Turn[CustomerCall]) -> Reply:
    return ask(
        turn,
        _("In a few words, what is going wrong with your phone system?"),
        _("Please tell me in a few words, for example: the phones at the front desk are dead."),
        then=issue_heard,
        no_input=clip,
    )


@flow.step
def issue_heard(turn: Turn[CustomerCall]) -> Reply:
    if turn.wants_a_person and not says_what_about(turn.speech):
        return person(turn)
    if not turn.speech:
        return issue.retry(turn)
    if is_small_talk(turn.speech):
        return issue.again(turn)
    intakes.note_issue(turn.subject.intake, turn.speech, confidence=turn.confidence)
    return issue_read_back(turn) if turn.confidence < SURE_ENOUGH else filed(turn)


@flow.step
def issue_read_back(turn: Turn[CustomerCall]) -> Reply:
    question = _(
        "I heard: %(issue)s. If that is right, press 1. To say it again, press 2.",
        issue=turn.subject.intake.issue or "",
    )
    return ask(turn, *twice(question), keys=1, then=issue_read_back_chosen, no_input=filed)


@flow.step
def issue_read_back_chosen(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"1": filed, "2": issue}, no_match=issue_read_back, no="2")


@flow.step
def clip(turn: Turn[CustomerCall]) -> Reply:
    words = _(
        "Please leave it as a message of up to a minute after the tone. Press the pound key when you are done."
    )
    return record(turn, words, then=clip_recorded)


@flow.step
def clip_recorded(turn: Turn[CustomerCall]) -> Reply:
    if turn.recording_url:
        intakes.note_clip(turn.subject.intake, turn.recording_url, seconds=turn.recording_seconds)
    return filed(turn)


@flow.step
def filed(turn: Turn[CustomerCall]) -> Reply:
    if turn.leg_has_ended:
        return hang_up(turn)
    if not hours.status_at(turn.subject.started_at).open:
        return after_hours.promised(turn)
    return waiting.line(turn.saying_first(_("Thank you.")))


@flow.agent_exit
def person(turn: Turn[CustomerCall]) -> Reply:
    return filed(turn)


@flow.fallback
def said_nothing(turn: Turn[CustomerCall]) -> Reply:
    return filed(turn)
