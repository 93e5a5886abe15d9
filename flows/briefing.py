"""What an operator hears when a caller is transferred: from whom, the brief, then 1, 2 or 9.

brief --1, or words that only a person says--> accepted (a private consultation first; star leads to star_menu.menu)
  |  ^--2--- whole
  |--9--> declined
  |--silence, words, a wrong key--> reminded, for as long as a telephone is rung
  +--then--> gone: the next operator is rung
"""

from flows import answering, screening
from ivr.callcenter.calls import outcomes
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.routing import offers, staff_calls
from ivr.callcenter.routing.offers import Offer
from ivr.callcenter.transfers import queries as transfers_queries
from ivr.callcenter.transfers import service as transfers
from ivr.platform.voice import Flow, Reply, Turn, _, choose, hang_up

flow: Flow[Offer] = Flow(
    "briefing", subject=lambda turn: staff_calls.find_offer(turn.ids.get("offer", 0), turn.call_sid)
)


@flow.step
def brief(turn: Turn[Offer]) -> Reply:
    return _offered(turn, is_whole=False)


@flow.step
def whole(turn: Turn[Offer]) -> Reply:
    return _offered(turn, is_whole=True)


@flow.step
def reminded(turn: Turn[Offer]) -> Reply:
    return answering.reminded(
        turn, screening.lines(), then=brief_chosen, no_input=reminded, accepted=accepted, over=gone
    )


@flow.step
def brief_chosen(turn: Turn[Offer]) -> Reply:
    if turn.digits:
        return choose(turn, {"1": accepted, "2": whole, "9": declined}, no_match=reminded)
    return answering.heard(
        turn, screening.lines(), then=brief_chosen, no_input=reminded, accepted=accepted, over=gone
    )


@flow.step
def accepted(turn: Turn[Offer]) -> Reply:
    offers.accept(turn.subject)
    transfers.take(turn.subject)
    return screening.connected(turn)


@flow.step
def declined(turn: Turn[Offer]) -> Reply:
    transfers.not_taken(turn.subject, Outcome.DECLINED)
    return hang_up(turn, _("Thank you."))


@flow.fallback
def gone(turn: Turn[Offer]) -> Reply:
    transfers.not_taken(turn.subject, outcomes.of_silence(turn.subject.heard))
    return hang_up(turn, _("Goodbye."))


def _offered(turn: Turn[Offer], *, is_whole: bool) -> Reply:
    name = transfers_queries.sender(turn.subject.intake_id)
    sender = _("From %(name)s.", name=name if is_whole else name.partition(" ")[0])
    return screening.offered(
        turn, sender, is_whole=is_whole, then=brief_chosen, no_input=reminded, if_over=gone
    )
