"""The paid time on site ends soon: the technician is asked whether it is enough, and the customer about more.

technician --1--> enough
    |  ^ --2, 3--> more: an operator calls the customer, or the service does
    |--silence, words, a wrong key--> technician_reminded, as long as there is time
    +--then--> gone

customer --1, or words that only a person says--> price --1--> agreed: the link is mailed
    |                                               |--2--> declined
    |                                               |--0, silence--> office: an operator calls
    |                                               +--the technician is done meanwhile--> no_longer
    |--silence, words, a wrong key--> customer_reminded, as long as there is time
    +--then--> gone
"""

from dataclasses import replace

from flows import answering
from flows.answering import Lines
from ivr.backoffice.paid_time import service as paid_time
from ivr.backoffice.paid_time import site_calls
from ivr.backoffice.paid_time.models import SiteCall
from ivr.backoffice.paid_time.rules import NotAskedError
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.platform.voice import Flow, Reply, Turn, _, ask, choose, hang_up

flow: Flow[SiteCall] = Flow(
    "paid_time", subject=lambda turn: site_calls.find_call(turn.ids.get("site_call", 0), turn.call_sid)
)


@flow.step
def technician(turn: Turn[SiteCall]) -> Reply:
    site_calls.picked_up(turn.subject)
    check = turn.subject.check
    words = _(
        "Your paid time on site ends %(at)s.",
        at=hours.spoken(check.ends_at, turn.subject.language),
    )
    return answering.told(
        turn, words, line=_for_technician().keys, then=technician_chosen, no_input=technician_reminded
    )


@flow.step
def technician_reminded(turn: Turn[SiteCall]) -> Reply:
    return answering.reminded(
        turn,
        _for_technician(),
        then=technician_chosen,
        no_input=technician_reminded,
        accepted=technician,
        over=gone,
    )


@flow.step
def technician_chosen(turn: Turn[SiteCall]) -> Reply:
    if turn.digits:
        return choose(turn, {"1": enough, "2": one_more, "3": two_more}, no_match=technician_reminded)
    return answering.heard(
        turn,
        _for_technician(),
        then=technician_chosen,
        no_input=technician_reminded,
        accepted=technician,
        over=gone,
    )


@flow.step
def enough(turn: Turn[SiteCall]) -> Reply:
    site_calls.reached(turn.subject)
    try:
        paid_time.enough(turn.subject.check_id, by=_name(turn))
    except NotAskedError:
        return answered_already(turn)
    return hang_up(turn, _("Thank you. Goodbye."))


@flow.step
def one_more(turn: Turn[SiteCall]) -> Reply:
    return _more(turn, 1)


@flow.step
def two_more(turn: Turn[SiteCall]) -> Reply:
    return _more(turn, 2)


@flow.step
def answered_already(turn: Turn[SiteCall]) -> Reply:
    return hang_up(turn, _("This was answered already. Thank you. Goodbye."))


@flow.step
def customer(turn: Turn[SiteCall]) -> Reply:
    site_calls.picked_up(turn.subject)
    lines = _for_customer()
    return answering.told(
        turn,
        lines.who,
        then=customer_chosen,
        no_input=customer_reminded,
        seconds=answering.FOR_WORDS,
    )


@flow.step
def customer_reminded(turn: Turn[SiteCall]) -> Reply:
    return answering.reminded(
        turn, _for_customer(), then=customer_chosen, no_input=customer_reminded, accepted=price, over=gone
    )


@flow.step
def customer_chosen(turn: Turn[SiteCall]) -> Reply:
    if turn.digits:
        return choose(turn, {"1": price}, no_match=customer_reminded)
    return answering.heard(
        turn, _for_customer(), then=customer_chosen, no_input=customer_reminded, accepted=price, over=gone
    )


@flow.step
def price(turn: Turn[SiteCall]) -> Reply:
    """Only a key agrees, and only to a price that was heard: a word may be meant for somebody in the room."""
    check = turn.subject.check
    if not paid_time.is_wanted(check):
        return no_longer(turn)
    cents = paid_time.hour_cents(check)
    if cents is None or check.hours is None:
        return office(turn)
    dollars = f"{cents * check.hours / 100:.2f}".removesuffix(".00")
    if check.hours == 1:
        sentence = _("Your technician needs one more hour. It costs %(dollars)s dollars.", dollars=dollars)
    else:
        sentence = _(
            "Your technician needs %(hours)s more hours. They cost %(dollars)s dollars.",
            hours=check.hours,
            dollars=dollars,
        )
    keys = _(
        "To agree and get the link to pay by email, press 1. To decline, press 2. For our office, press 0."
    )
    said = replace(turn, ids={**turn.ids, "cents": cents})
    return ask(said, keys, keys, uncut=sentence, keys=1, then=price_chosen, no_input=office)


@flow.step
def price_chosen(turn: Turn[SiteCall]) -> Reply:
    return choose(turn, {"1": agreed, "2": declined, "0": office}, no_match=price)


@flow.step
def agreed(turn: Turn[SiteCall]) -> Reply:
    cents = paid_time.hour_cents(turn.subject.check)
    if cents is None or cents != turn.ids.get("cents"):
        return price(turn)  # it was changed since it was said
    site_calls.reached(turn.subject)
    if not paid_time.agreed(turn.subject, cents):
        return no_longer(turn)
    return hang_up(turn, _("Thank you. The link to pay is on its way to your email. Goodbye."))


@flow.step
def no_longer(turn: Turn[SiteCall]) -> Reply:
    """The technician is done meanwhile, or an operator was faster."""
    site_calls.reached(turn.subject)
    return hang_up(turn, _("Your technician doesn't need more time any longer. Goodbye."))


@flow.step
def declined(turn: Turn[SiteCall]) -> Reply:
    site_calls.reached(turn.subject)
    paid_time.declined(turn.subject)
    return hang_up(turn, _("All right. Nothing is added to your bill. Goodbye."))


@flow.step
def office(turn: Turn[SiteCall]) -> Reply:
    site_calls.reached(turn.subject)
    paid_time.to_operator(turn.subject.check, "the customer asked for it")
    return hang_up(
        turn, _("Our office will call you. Nothing is added to your bill until you agree. Goodbye.")
    )


@flow.fallback
def gone(turn: Turn[SiteCall]) -> Reply:
    site_calls.silent(turn.subject)
    return hang_up(turn, _("Goodbye."))


def _more(turn: Turn[SiteCall], count: int) -> Reply:
    site_calls.reached(turn.subject)
    try:
        paid_time.more(turn.subject.check_id, count, by=_name(turn))
    except NotAskedError:
        return answered_already(turn)
    return hang_up(turn, _("Thank you. The customer is asked now. Please don't go on before they agree."))


def _name(turn: Turn[SiteCall]) -> str:
    person = turn.subject.check.technician
    return person.name if person else "The technician"


def _for_technician() -> Lines:
    company = policy.current().company_name
    return Lines(
        _("%(company)s, about the time on site.", company=company),
        keys=_("Press 1 if that is enough, 2 for one more hour, 3 for two more hours."),
        aloud=_("Press 1 if the time is enough, 2 for one more hour, 3 for two more."),
        thanks=_("Thank you. One moment."),
    )


def _for_customer() -> Lines:
    """What whoever picks up hears first. No price: a machine, or somebody else, may have answered."""
    company = policy.current().company_name
    return Lines(
        _("This is %(company)s, about your technician's visit today.", company=company),
        keys=_("Press 1 to hear what your technician asks."),
        aloud=_("Press 1, or say one, to hear it."),
        thanks=_("Thank you. One moment."),
    )
