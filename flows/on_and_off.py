"""One of staff says on their own telephone whether they get calls, and until when not.

closing.pin --right--> choices
   choices --1--> on --> choices
      |----2--> how_long --1, 2, 3--> read_back --1--> away --> choices
      |            +----4--> until --a time--> read_back --2--> how_long
      +--silence--> goodbye

No step changes anything before ``pin_log_in.require_staff`` has said who it is.
"""

from datetime import datetime

from flows.phrases import time_to_key, twice
from ivr.backoffice.pin_log_in import service as pin_log_in
from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.service import CustomerCall
from ivr.callcenter.routing import availability
from ivr.callcenter.routing.availability import HowLong
from ivr.company.hours import outlook
from ivr.company.hours import service as hours
from ivr.platform.voice import Flow, Reply, Turn, _, ask, choose, hang_up

flow: Flow[CustomerCall] = Flow(
    "on_and_off", subject=lambda turn: calls.customer_call(turn.call_sid, turn.caller), is_private=True
)


@flow.step
def choices(turn: Turn[CustomerCall]) -> Reply:
    question = _("To get calls, press 1. To get no calls for a while, press 2.")
    return ask(turn, f"{_stands(turn)} {question}", question, keys=1, then=chosen)


@flow.step
def chosen(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"1": on, "2": how_long}, no_match=choices)


@flow.step
def on(turn: Turn[CustomerCall]) -> Reply:
    staff = pin_log_in.require_staff(turn.call_sid)
    availability.set_available(staff.id, on=True, by=staff.name)
    return choices(turn)


@flow.step
def how_long(turn: Turn[CustomerCall]) -> Reply:
    question = _(
        "For one hour, press 1. For today, press 2. Until you say so, press 3. Until a time that you enter, press 4."
    )
    return ask(turn, *twice(question), keys=1, then=how_long_chosen, no_input=not_done)


@flow.step
def how_long_chosen(turn: Turn[CustomerCall]) -> Reply:
    menu = {"1": one_hour, "2": today, "3": no_end, "4": until}
    return choose(turn, menu, no_match=how_long)


@flow.step
def one_hour(turn: Turn[CustomerCall]) -> Reply:
    return _proposed(turn, HowLong.HOUR)


@flow.step
def today(turn: Turn[CustomerCall]) -> Reply:
    return _proposed(turn, HowLong.TODAY)


@flow.step
def no_end(turn: Turn[CustomerCall]) -> Reply:
    return _proposed(turn, HowLong.OPEN)


@flow.step
def until(turn: Turn[CustomerCall]) -> Reply:
    return ask(turn, *twice(time_to_key()), keys=4, then=until_heard, no_input=how_long)


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
        what = _("No calls from now on, until you say so.")
    else:
        what = _("No calls from now on, until %(when)s.", when=_end(turn, until_at))
    question = f"{what} {_('If that is right, press 1. To choose again, press 2.')}"
    return ask(turn, *twice(question), keys=1, then=read_back_chosen, no_input=not_done)


@flow.step
def read_back_chosen(turn: Turn[CustomerCall]) -> Reply:
    return choose(turn, {"1": away, "2": how_long}, no_match=read_back)


@flow.step
def not_done(turn: Turn[CustomerCall]) -> Reply:
    return goodbye(turn.saying_first(_("Nothing was changed.")))


@flow.step
def away(turn: Turn[CustomerCall]) -> Reply:
    staff = pin_log_in.require_staff(turn.call_sid)
    until_at = pin_log_in.proposed(turn.call_sid)
    availability.set_available(staff.id, on=False, by=staff.name, until=until_at)
    return choices(turn)


@flow.fallback
def goodbye(turn: Turn[CustomerCall]) -> Reply:
    return hang_up(turn, _("Goodbye."))


def _proposed(turn: Turn[CustomerCall], how_long: HowLong) -> Reply:
    staff = pin_log_in.require_staff(turn.call_sid)
    pin_log_in.propose(turn.call_sid, availability.end_of(staff, how_long))
    return read_back(turn)


def _stands(turn: Turn[CustomerCall]) -> str:
    """Return whether they are on shift and available, and until when."""
    now = availability.standing(pin_log_in.require_staff(turn.call_sid))
    changes = _end(turn, now.shift_changes_at) if now.shift_changes_at else ""
    if now.is_on_shift and changes and now.is_available:
        return _("You're on shift until %(when)s and available.", when=changes)
    if now.is_available:
        how = _("You're available.")
    elif now.away_until:
        how = _("You're away until %(when)s.", when=_end(turn, now.away_until))
    else:
        how = _("You're away until you say so.")
    if now.is_on_shift:
        shift = _("You're on shift until %(when)s.", when=changes) if changes else ""
    elif changes:
        shift = _("You're not on shift until %(when)s.", when=changes)
    else:
        shift = _("You're not on shift now.")
    return f"{shift} {how}".strip()


def _end(turn: Turn[CustomerCall], at: datetime) -> str:
    return hours.spoken_end(at, turn.subject.language)
