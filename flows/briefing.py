"""What an operator hears when a caller is transferred: from whom, the brief, then 1, 2 or 9.

brief --1--> accepted (a private consultation first; star leads to desk.menu)
  |  ^--2--- whole
  +--9--> declined
  +--silence--> gone: the next operator is rung
"""

from flows import screening
from ivr.callcenter.routing import offers, staff_calls
from ivr.callcenter.routing.offers import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.transfers import queries as transfers_queries
from ivr.callcenter.transfers import service as transfers
from ivr.platform.voice import Flow, Reply, Turn, _, choose, hang_up

flow: Flow[Offer] = Flow(
    "briefing", subject=lambda turn: staff_calls.find_offer(turn.ids.get("offer", 0), turn.call_sid)
)


@flow.step
def brief(turn: Turn[Offer]) -> Reply:
    return _offered(turn, letters=screening.BRIEF_LETTERS)


@flow.step
def whole(turn: Turn[Offer]) -> Reply:
    return _offered(turn, letters=screening.WHOLE_LETTERS)


@flow.step
def brief_chosen(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"1": accepted, "2": whole, "9": declined}, otherwise=brief)


@flow.step
def accepted(turn: Turn[Offer]) -> Reply:
    offers.accept(turn.subject)
    transfers.take(turn.subject)
    return screening.connected(turn)


@flow.step
def declined(turn: Turn[Offer]) -> Reply:
    transfers.not_taken(turn.subject, OfferState.DECLINED)
    return hang_up(turn, _("Thank you."))


@flow.way_out
def gone(turn: Turn[Offer]) -> Reply:
    transfers.not_taken(turn.subject, OfferState.UNACCEPTED)
    return hang_up(turn, _("Goodbye."))


def _offered(turn: Turn[Offer], *, letters: int) -> Reply:
    sender = _("Transfer from %(name)s.", name=transfers_queries.sender(turn.subject.intake_id))
    return screening.offered(turn, sender, letters=letters, then=brief_chosen, otherwise=gone)
