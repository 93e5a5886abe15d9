"""What is asked before anyone is rung: a number to ring back, and the issue in the caller's own words.

onsite, remote --> number_and_issue --cut off before--> goes_on --> issue, filed
                     v
                   callback_number --1--> issue --words--> filed --> waiting.line
                        |        ^          | ^ +--not sure--> issue_read_back --1--> filed
                        2        2          | +-------------------2--+
                        v        |          +--nothing heard twice--> clip --> filed
                   other_number --> read_back --1--> issue
                        +--one digit missing--> last_digit --> read_back
                        +--may not be dialed--> other_number

A caller who asks for a person is filed with what is known. A caller who may be a robot goes from filed to
robots.unanswered, all others to served. The file is long because the steps stand in the order in which they are heard.
"""

from flows import after_hours, robots, waiting
from flows.phrases import spoken_phone, twice
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.intake import clips, emergencies
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.shield import service as shield
from ivr.company.dialing import service as dialing
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.core import phone_numbers
from ivr.core.phone_numbers import PhoneNumber
from ivr.core.spoken_digits import in_digits
from ivr.platform.voice import (
    SILENCE_ENDS_RECORDING,
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
    spoken_key,
)

flow: Flow[CustomerCall] = Flow(
    "intake",
    subject=lambda turn: calls.customer_call(turn.call_sid, turn.caller),
    note_key=callbacks.note_key,
)


#: Below this confidence of the recognizer the words are read back.
SURE_ENOUGH = 0.5
#: Fewer digits than this in what was keyed or said are no try at a number.
FEWEST_DIGITS = 3


@flow.step
def onsite(turn: Turn[CustomerCall]) -> Reply:
    intakes.choose_kind(turn.subject.intake, intakes.ONSITE)
    fee = _(
        "An onsite visit starts at %(dollars)s dollars. That includes the trip and the first hour on site.",
        dollars=policy.current().base_fee_cents // 100,
    )
    return number_and_issue(turn.saying_first(fee))


@flow.step
def remote(turn: Turn[CustomerCall]) -> Reply:
    intakes.choose_kind(turn.subject.intake, intakes.REMOTE)
    return number_and_issue(turn)


@flow.step
def number_and_issue(turn: Turn[CustomerCall]) -> Reply:
    return goes_on(turn) if turn.subject.goes_on else callback_number(turn)


@flow.step
def goes_on(turn: Turn[CustomerCall]) -> Reply:
    """The caller was cut off before: ask only for what is still missing.

    No number is asked for: a promise stays with the number that it was made to, because nothing but caller ID, which
    can be forged, tells who is calling now.
    """
    intake = turn.subject.intake
    if intake.issue or intake.transcript:
        return filed(turn)
    # A recording without words that is no longer than the silence which ends one may have nothing in it.
    has_spoken = intake.issue_recording_url and clips.longest_length(intake.id) > SILENCE_ENDS_RECORDING
    return filed(turn) if has_spoken else issue(turn)


@flow.step
def callback_number(turn: Turn[CustomerCall]) -> Reply:
    number = turn.subject.intake.caller_number
    if number is None:
        return other_number(turn)
    if dialing.why_not(number):
        return other_number(turn.saying_first(_("I'm sorry, we can't call the number you're calling from.")))
    question = _if_cut_off if _is_open_for(turn.subject) else _once_open
    return ask(
        turn,
        *twice(question(spoken_phone(number))),
        keys=1,
        then=callback_number_chosen,
        no_input=caller_id_will_do,
    )


@flow.step
def callback_number_chosen(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"1": caller_id_will_do, "2": other_number}, no_match=callback_number, no="2")


def _if_cut_off(number: str) -> str:
    return _(
        "If we get cut off, may we call you back at %(number)s? Press 1 for yes, or 2 for another number.",
        number=number,
    )


def _once_open(number: str) -> str:
    return _("May we call you back at %(number)s? Press 1 for yes, or 2 for another number.", number=number)


@flow.step
def caller_id_will_do(turn: Turn[CustomerCall]) -> Reply:
    number = turn.subject.intake.caller_number
    if number and not dialing.why_not(number):
        intakes.note_callback_number(turn.subject.intake, PhoneNumber(number))
    return issue(turn)


@flow.step
def other_number(turn: Turn[CustomerCall]) -> Reply:
    return ask(
        turn,
        _("Please enter the ten digits of the number to call you back, area code first."),
        _("Please enter the area code and the number: ten digits in all."),
        _("Once more, please: ten digits, for example 4 1 5, 5 5 5, 2 6 7 1. Or press 0 for a person."),
        keys=10,
        then=other_number_heard,
        no_input=caller_id_will_do,
    )


@flow.step
def other_number_heard(turn: Turn[CustomerCall]) -> Reply:
    if phone_numbers.lacks_last_digit(turn.digits):
        calls.note_keys(turn.subject, turn.digits)
        return last_digit(turn)
    return _number_given(turn, turn.digits)


@flow.step
def last_digit(turn: Turn[CustomerCall]) -> Reply:
    """Ask whoever began with a one for the eleventh key.

    A Gather of eleven keys would have everybody who keys ten wait for its timeout, and a short timeout would cut off
    whoever reads the number from a card. Mostly the key comes while this sentence begins, and ends it.
    """
    question = _("Now the last digit once more, please.")
    return ask(turn, question, question, keys=1, then=last_digit_heard, no_input=other_number)


@flow.step
def last_digit_heard(turn: Turn[CustomerCall]) -> Reply:
    last = turn.digits or in_digits(turn.speech)
    if not last.isdecimal() or len(last) > 1:
        return choose(turn, {}, no_match=last_digit)
    keyed = f"{turn.subject.keyed or ''}{last}"
    calls.note_keys(turn.subject, None)
    return _number_given(turn, keyed)


def _number_given(turn: Turn[CustomerCall], keyed: str) -> Reply:
    """Read the number back, or say what is wrong with it. Words that hold no number are noise."""
    try:
        given = phone_numbers.from_caller(keyed=keyed, spoken=turn.speech)
    except phone_numbers.BadNumberError:
        count = len(keyed or phone_numbers.split(in_digits(turn.speech))[0] or "")
        if turn.wants_a_person or count < FEWEST_DIGITS:
            return choose(turn, {}, no_match=other_number)
        wrong = (
            _("There is no such number.")
            if count in {10, 11}
            else _("That was %(count)s digits.", count=count)
        )
        return other_number.retry(turn.saying_first(wrong))
    if why := dialing.why_not(given.number):
        intakes.note_number_not_dialed(turn.subject.intake, given, why)
        return other_number.retry(turn.saying_first(_not_dialed()))
    intakes.note_keyed_number(turn.subject.intake, given)
    return read_back(turn)


def _not_dialed() -> str:
    """A caller is told of the two countries alone: a number from elsewhere is not taken from a telephone."""
    if {"US", "CA"} <= set(policy.current().dial_countries):
        return _("I'm sorry, we can't call that number. It must be in the United States or Canada.")
    return _("I'm sorry, we can't call that number.")


@flow.step
def read_back(turn: Turn[CustomerCall]) -> Reply:
    number = turn.subject.intake.callback_number
    if number is None:
        return other_number(turn)
    question = _(
        "I have %(number)s. If that is right, press 1. To enter it again, press 2.",
        number=spoken_phone(number, turn.subject.intake.callback_extension),
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
    intake = turn.subject.intake
    if intake.callback_number:
        confirmed = PhoneNumber(intake.callback_number, intake.callback_extension)
        intakes.note_callback_number(intake, confirmed)
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
        callbacks.note_key(turn.subject, is_answer=True)
        return filed(turn)
    if not turn.speech:
        # Only at the first try: at the second people press keys for want of words.
        if turn.attempt == 1 and turn.digits.strip("#"):
            callbacks.note_key(turn.subject, is_answer=False)
        return issue.retry(turn)
    if is_small_talk(turn.speech) or spoken_key(turn.speech, no="2"):
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
    return robots.unanswered(turn) if shield.is_doubtful(turn.subject) else served(turn)


@flow.step
def served(turn: Turn[CustomerCall]) -> Reply:
    if not _is_open_for(turn.subject):
        return after_hours.promised(turn)
    return waiting.line(turn.saying_first(_("Thank you.")))


def _is_open_for(call: CustomerCall) -> bool:
    """Return whether this caller waits for somebody: the office is open, or they want whoever is on call."""
    return hours.status_at(call.started_at).open or emergencies.is_asked(call.intake, since=call.started_at)


@flow.agent_exit
def person(turn: Turn[CustomerCall]) -> Reply:
    """Whom we do not know, and nobody vouches for, is asked what is wrong first: no robot can say it."""
    return issue(turn) if shield.is_doubtful(turn.subject) else filed(turn)


@flow.fallback
def said_nothing(turn: Turn[CustomerCall]) -> Reply:
    return filed(turn)
