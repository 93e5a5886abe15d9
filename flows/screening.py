"""What a technician hears when a caller is offered: the brief, then 1, 2 or 9. Only 1 joins, so no voicemail can.

brief --1--> accepted (the conversation; star leads to desk.menu)
  |  ^--2--- whole: all of the caller's words, and the clip
  +--9--> declined
  +--silence--> gone: the next technician is rung
"""

from flows import desk
from ivr.dispatch import rules, service
from ivr.dispatch.service import Offer
from ivr.intake import service as intakes
from ivr.intake.rules import spoken_number
from ivr.voice import Flow, Reply, Turn, _, ask, choose, hang_up, join

flow: Flow[Offer] = Flow(
    "screening", subject=lambda turn: service.find(turn.ids.get("offer", 0), turn.call_sid)
)

#: The caller's words in the brief; pressing 2 gives them all.
BRIEF_LETTERS = 60


@flow.step
def brief(turn: Turn[Offer]) -> Reply:
    service.picked_up(turn.subject)
    if not turn.subject.is_open:
        return gone(turn)
    words = brief_words(turn.subject, letters=BRIEF_LETTERS)
    return ask(turn, words, words, keys=1, seconds=4, then=brief_chosen)


def brief_words(offer: Offer, *, letters: int) -> str:
    """Kind, callback number, the caller's words, the keys: what fits into six seconds, or everything."""
    intake = intakes.of(offer.intake_id)
    issue = intake.issue or (
        _("The issue is recorded.") if intake.issue_recording_url else _("No issue given.")
    )
    if len(issue) > letters:
        issue = issue[:letters].rsplit(" ", 1)[0] + "..."
    kind = {intakes.ONSITE: _("Onsite."), intakes.REMOTE: _("Remote.")}.get(intake.kind or "", _("A caller."))
    number = spoken_number(intake.best_number) + "." if intake.best_number else _("No number.")
    return " ".join([kind, number, issue, _("Press 1 to accept, 2 to hear it all, 9 to decline.")])


@flow.step
def brief_chosen(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"1": accepted, "2": whole, "9": declined}, otherwise=brief)


@flow.step
def whole(turn: Turn[Offer]) -> Reply:
    if not turn.subject.is_open:
        return gone(turn)
    words = brief_words(turn.subject, letters=1000)
    clip = intakes.of(turn.subject.intake_id).issue_recording_url
    return ask(turn, words, words, keys=1, seconds=4, sound=clip, then=brief_chosen)


@flow.step
def accepted(turn: Turn[Offer]) -> Reply:
    service.accept(turn.subject)
    service.give_caller_to(turn.subject)
    room = intakes.of(turn.subject.intake_id).room
    words = _("Connecting. Press star for the menu.")
    return join(turn.after(words), room, afterwards=desk.menu, is_caller=False)


@flow.step
def declined(turn: Turn[Offer]) -> Reply:
    service.not_accepted(turn.subject, rules.DECLINED)
    return hang_up(turn, _("Thank you."))


@flow.way_out
def gone(turn: Turn[Offer]) -> Reply:
    service.not_accepted(turn.subject, rules.UNACCEPTED)
    return hang_up(turn, _("Goodbye."))
