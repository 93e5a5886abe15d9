"""One of staff calls from their own telephone; an owner closes the office, or opens it again.

front_door.menu, after_hours.closed --*--> pin --right, an owner--> choices
   |--right, anybody else--> on_and_off.choices
   choices --1, 2--> read_back --1--> closed --> choices
      |----4--> until --a time--> read_back
      |----3--> message --> message_recorded --> choices    (while it is closed by hand)
      |----5--> on_and_off.choices
      |----*--> opened --> choices
      +--silence--> goodbye

Caller ID can be forged, so it only leads to the question for the PIN. No step after the PIN changes anything before
``pin_log_in.require_owner`` has said which owner it is.
"""

from datetime import datetime

from flows import on_and_off
from flows.phrases import time_to_key, twice
from ivr.backoffice.line_closing import closures
from ivr.backoffice.pin_log_in import service as pin_log_in
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.intake import service as intakes
from ivr.company.hours import outlook
from ivr.company.hours import service as hours
from ivr.platform.voice import POUND, Flow, Reply, Turn, _, ask, choose, hang_up, record

flow: Flow[CustomerCall] = Flow(
    "closing", subject=lambda turn: calls.customer_call(turn.call_sid, turn.caller), is_private=True
)

#: For the audit.
BY_TELEPHONE = "by phone"


@flow.step
def pin(turn: Turn[CustomerCall]) -> Reply:
    if not pin_log_in.may_try(turn.call_sid):
        return refused(turn)
    question = _("Enter your PIN, then press the pound key.")
    return ask(turn, question, question, question, keys=POUND, seconds=10, then=pin_heard)


@flow.step
def pin_heard(turn: Turn[CustomerCall]) -> Reply:
    verdict = pin_log_in.try_pin(turn.call_sid, turn.digits)
    if verdict == "right":
        return choices(turn) if pin_log_in.is_owner(turn.call_sid) else on_and_off.choices(turn)
    if verdict == "refused":
        return refused(turn)
    return pin.retry(turn.saying_first(_("That isn't the PIN.")))


@flow.step
def refused(turn: Turn[CustomerCall]) -> Reply:
    return hang_up(turn, _("There were too many wrong tries. Try again later, or use the console."))


@flow.step
def choices(turn: Turn[CustomerCall]) -> Reply:
    pin_log_in.require_owner(turn.call_sid)
    first, second = closures.usual_end_times()
    language = turn.subject.language
    question = _(
        "Press 1 to close until %(first)s, 2 until %(second)s, 4 for another time, 5 for your own calls.",
        first=hours.spoken_day(first, language),
        second=hours.spoken_day(second, language),
    )
    if closures.in_force():
        question = f"{_('Press star to open, 3 to record a message.')} {question}"
    return ask(turn, f"{_stands(turn)} {question}", question, keys=1, then=chosen)


@flow.step
def chosen(turn: Turn[CustomerCall]) -> Reply:
    menu = {"1": first_way, "2": second_way, "3": message, "4": until, "5": on_and_off.choices, "*": opened}
    return choose(turn, menu, no_match=choices)


@flow.step
def first_way(turn: Turn[CustomerCall]) -> Reply:
    pin_log_in.propose(turn.call_sid, closures.usual_end_times()[0])
    return read_back(turn)


@flow.step
def second_way(turn: Turn[CustomerCall]) -> Reply:
    pin_log_in.propose(turn.call_sid, closures.usual_end_times()[1])
    return read_back(turn)


@flow.step
def until(turn: Turn[CustomerCall]) -> Reply:
    return ask(turn, *twice(time_to_key()), keys=4, then=until_heard, no_input=choices)


@flow.step
def until_heard(turn: Turn[CustomerCall]) -> Reply:
    wall = outlook.keyed_time(turn.digits)
    if wall is None:
        return until.retry(turn)
    pin_log_in.propose(turn.call_sid, hours.next_time(wall))
    return read_back(turn)


@flow.step
def read_back(turn: Turn[CustomerCall]) -> Reply:
    until_at = pin_log_in.proposed(turn.call_sid)
    if until_at is None:
        return choices(turn)
    question = _(
        "Closed from now on, open again %(when)s. If that is right, press 1. To change it, press 2.",
        when=_when(turn, closures.reopens_at(until_at)),
    )
    return ask(turn, *twice(question), keys=1, then=read_back_chosen, no_input=not_done)


@flow.step
def read_back_chosen(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"1": closed, "2": choices}, no_match=read_back)


@flow.step
def not_done(turn: Turn[CustomerCall]) -> Reply:
    return goodbye(turn.saying_first(_("Nothing was changed.")))


@flow.step
def closed(turn: Turn[CustomerCall]) -> Reply:
    owner, until_at = pin_log_in.require_owner(turn.call_sid), pin_log_in.proposed(turn.call_sid)
    if until_at is not None:
        closures.close(until_at, owner, BY_TELEPHONE)
    return choices(turn)


@flow.step
def opened(turn: Turn[CustomerCall]) -> Reply:
    closures.reopen(pin_log_in.require_owner(turn.call_sid), BY_TELEPHONE)
    return choices(turn)


@flow.step
def message(turn: Turn[CustomerCall]) -> Reply:
    if not closures.in_force():
        return choices(turn)
    words = _("After the tone, say what callers should hear. Press the pound key to end.")
    return record(turn, words, then=message_recorded)


@flow.step
def message_recorded(turn: Turn[CustomerCall]) -> Reply:
    owner = pin_log_in.require_owner(turn.call_sid)
    if turn.recording_url:
        intakes.note_clip(turn.subject.intake, turn.recording_url, seconds=turn.recording_seconds)
        closures.set_message(turn.subject.intake, owner)
    if turn.leg_has_ended:
        return hang_up(turn)
    return choices(turn.saying_first(_("Callers hear it from now on.")))


@flow.fallback
def goodbye(turn: Turn[CustomerCall]) -> Reply:
    return hang_up(turn, _("Goodbye."))


def _stands(turn: Turn[CustomerCall]) -> str:
    """Return whether the service is open or closed, and until when."""
    status = hours.status_now()
    if status.closes_at:
        return hours.spoken_reason(turn.subject.language)
    return _("The line is closed until %(when)s.", when=_when(turn, status.next_opening))


def _when(turn: Turn[CustomerCall], at: datetime) -> str:
    return hours.spoken(at, turn.subject.language)
