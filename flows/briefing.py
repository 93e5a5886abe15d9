"""What an operator hears when a caller is transferred: the brief, then 1, 2 or 9.

brief --1--> accepted (a private consultation first; star leads to desk.menu)
  |  ^--2--- whole
  +--9--> declined
  +--silence--> gone: the next operator is rung
"""

from flows import desk, screening
from ivr.dispatch import rules, service
from ivr.dispatch.service import Offer
from ivr.intake import service as intakes
from ivr.transfers import service as transfers
from ivr.voice import Flow, Reply, Turn, _, ask, choose, hang_up, join

flow: Flow[Offer] = Flow(
    "briefing", subject=lambda turn: service.find(turn.ids.get("offer", 0), turn.call_sid)
)


@flow.step
def brief(turn: Turn[Offer]) -> Reply:
    service.picked_up(turn.subject)
    if not turn.subject.is_open:
        return gone(turn)
    words = _brief_words(turn.subject, letters=screening.BRIEF_LETTERS)
    return ask(turn, words, words, keys=1, seconds=4, then=brief_chosen)


def _brief_words(offer: Offer, *, letters: int) -> str:
    sender = _("Transfer from %(name)s.", name=transfers.sender(offer.intake_id))
    return f"{sender} {screening.brief_words(offer, letters=letters)}"


@flow.step
def brief_chosen(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"1": accepted, "2": whole, "9": declined}, otherwise=brief)


@flow.step
def whole(turn: Turn[Offer]) -> Reply:
    if not turn.subject.is_open:
        return gone(turn)
    words = _brief_words(turn.subject, letters=1000)
    clip = intakes.of(turn.subject.intake_id).issue_recording_url
    return ask(turn, words, words, keys=1, seconds=4, sound=clip, then=brief_chosen)


@flow.step
def accepted(turn: Turn[Offer]) -> Reply:
    service.accept(turn.subject)
    transfers.take(turn.subject)
    room = intakes.of(turn.subject.intake_id).room
    words = _("Connecting. Press star for the menu.")
    return join(turn.after(words), room, afterwards=desk.menu, is_caller=False)


@flow.step
def declined(turn: Turn[Offer]) -> Reply:
    service.not_accepted(turn.subject, rules.DECLINED)
    transfers.go_on(turn.subject.intake_id)
    return hang_up(turn, _("Thank you."))


@flow.way_out
def gone(turn: Turn[Offer]) -> Reply:
    service.not_accepted(turn.subject, rules.UNACCEPTED)
    transfers.go_on(turn.subject.intake_id)
    return hang_up(turn, _("Goodbye."))
