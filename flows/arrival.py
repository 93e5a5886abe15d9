"""A call arrives. If its number was cut off lately, the caller is asked whether it is about the same matter.

incoming --a new caller--> front_door.welcome
    +--a refused number--> robots.refused
    +--nobody vouches for an unknown number--> robots.press_first
    +--cut off lately, two of one number--> which_matter --1, 2--> goes_on, other_goes_on --> front_door.goes_on
    |                                           +--3, no, 0, silence--> as below
    +--cut off lately--> same_matter --1, yes--> goes_on --> front_door.goes_on
                            |--2, no--> something_else --> front_door.arrived
                            |--0--> person --> intake.person
                            +--silence, or somebody else was first--> new_matter --> front_door.welcome

An office shows one number for all its people, and caller ID can be forged: before the yes nothing is touched, and whose
number fails validation is a new caller.
After it nothing is read out that was said in the earlier call.
"""

from dataclasses import replace

from flows import front_door, intake, robots, said
from flows.phrases import twice
from ivr.callcenter.calls import arrivals
from ivr.callcenter.calls.arrivals import Arrival
from ivr.callcenter.calls.rules import Shield
from ivr.callcenter.shield import service as shield
from ivr.company.policy import service as policy
from ivr.platform.voice import Flow, Reply, Turn, _, ask, choose, hang_up

flow: Flow[Arrival] = Flow(
    "arrival",
    subject=lambda turn: arrivals.arrival(
        turn.call_sid, turn.caller, turn.ids.get("intake", 0), turn.stir_verstat
    ),
)

#: Minutes.
FEW, HOUR = 15, 60


@flow.at("/voice/incoming")
def incoming(turn: Turn[Arrival]) -> Reply:
    arrival = turn.subject
    if arrival.call is None and (meets := shield.meets(arrival.number, arrival.stir_verstat)):
        call = arrivals.begin_matter(arrival, meets=meets)
        return (
            robots.refused(turn.about(call))
            if meets == Shield.REFUSED
            else robots.press_first(turn.about(call))
        )
    if turn.subject.earlier is None:
        return new_matter(turn)
    arrivals.asked(turn.subject, turn.subject.earlier)
    company = policy.current().company_name
    turn = turn.saying_first(_("Thank you for calling %(company)s.", company=company))
    return which_matter(turn)


@flow.step
def which_matter(turn: Turn[Arrival]) -> Reply:
    """Two people of one office may have been cut off together. Each knows when they called."""
    if _has_left(turn):
        return hang_up(turn)
    other = arrivals.other(turn.subject, turn.ids.get("other", 0))
    if turn.subject.earlier is None or other is None or other.earlier is None:
        return same_matter(turn)
    minutes, before = arrivals.minutes_since_call(turn.subject), arrivals.minutes_since_call(other)
    if minutes == before:
        return same_matter(turn)
    about_them = replace(turn, ids={"intake": turn.subject.earlier.id, "other": other.earlier.id})
    question = _(
        "For your call of %(minutes)s minutes ago, press 1. For the one of %(before)s minutes ago, press 2. "
        "For something else, press 3.",
        minutes=minutes,
        before=before,
    )
    return ask(about_them, *twice(question), keys=1, then=which_matter_chosen)


@flow.step
def which_matter_chosen(turn: Turn[Arrival]) -> Reply:
    if _has_left(turn):
        return hang_up(turn)
    menu = {"1": goes_on, "2": other_goes_on, "3": something_else}
    return choose(turn, menu, no_match=which_matter, yes=None, no="3", said={"3": said.SOMETHING_ELSE})


@flow.step
def other_goes_on(turn: Turn[Arrival]) -> Reply:
    other = arrivals.other(turn.subject, turn.ids.get("other", 0))
    return goes_on(replace(turn, subject=other)) if other else new_matter(turn)


@flow.step
def same_matter(turn: Turn[Arrival]) -> Reply:
    if _has_left(turn):
        return hang_up(turn)
    if turn.subject.earlier is None:
        return new_matter(turn)
    about_it = replace(turn, ids={"intake": turn.subject.earlier.id})
    question = _about(turn.subject) + " " + _("Press 1 for yes, or 2 for something else.")
    return ask(about_it, *twice(question), keys=1, then=same_matter_chosen)


@flow.step
def same_matter_chosen(turn: Turn[Arrival]) -> Reply:
    if _has_left(turn):
        return hang_up(turn)
    return choose(
        turn,
        {"1": goes_on, "2": something_else},
        no_match=same_matter,
        no="2",
        said={"2": said.SOMETHING_ELSE},
    )


@flow.step
def goes_on(turn: Turn[Arrival]) -> Reply:
    call = arrivals.goes_on(turn.subject)
    return front_door.goes_on(turn.about(call)) if call else new_matter(turn)


@flow.step
def something_else(turn: Turn[Arrival]) -> Reply:
    return front_door.arrived(turn.about(arrivals.begin_matter(turn.subject)).saying_first(_("All right.")))


@flow.fallback
def new_matter(turn: Turn[Arrival]) -> Reply:
    return front_door.welcome(turn.about(arrivals.begin_matter(turn.subject, is_silent=True)))


@flow.agent_exit
def person(turn: Turn[Arrival]) -> Reply:
    return intake.person(turn.about(arrivals.begin_matter(turn.subject)))


def _has_left(turn: Turn[Arrival]) -> bool:
    """Return whether the caller hung up at the question, and this request has come late."""
    return turn.leg_has_ended or ("intake" in turn.ids and arrivals.has_left(turn.subject))


def _about(arrival: Arrival) -> str:
    minutes = arrivals.minutes_since(arrival)
    if minutes <= FEW:
        return _("Is this about the call of a few minutes ago?")
    if minutes < HOUR:
        return _("Is this about the call of less than an hour ago?")
    return _("Is this about the call of more than an hour ago?")
