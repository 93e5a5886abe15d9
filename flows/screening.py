"""What a technician hears when a caller is offered: the brief, then 1, 2 or 9. Only 1 joins, so no voicemail can.

brief --1--> accepted (the conversation; star leads to star_menu.menu)
  |  ^--2--- whole: all of the caller's words, and the clip
  +--9--> declined
  +--silence--> gone: the next technician is rung
"""

from flows import star_menu
from flows.phrases import spoken_phone
from ivr.callcenter.intake import clips
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.routing import offers, ring_back, staff_calls
from ivr.callcenter.routing.offers import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.platform.voice import Flow, Reply, Sound, Step, Turn, _, ask, choose, hang_up, join_conference

flow: Flow[Offer] = Flow(
    "screening", subject=lambda turn: staff_calls.find_offer(turn.ids.get("offer", 0), turn.call_sid)
)

#: Letters of the caller's words in the brief, so that it stays short; pressing 2 gives them all.
BRIEF_LETTERS = 60
WHOLE_LETTERS = 1000


@flow.step
def brief(turn: Turn[Offer]) -> Reply:
    return offered(turn, letters=BRIEF_LETTERS, then=brief_chosen, if_over=gone)


@flow.step
def whole(turn: Turn[Offer]) -> Reply:
    return offered(turn, letters=WHOLE_LETTERS, then=brief_chosen, if_over=gone)


@flow.step
def brief_chosen(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"1": accepted, "2": whole, "9": declined}, no_match=brief)


@flow.step
def accepted(turn: Turn[Offer]) -> Reply:
    offers.accept(turn.subject)
    if turn.subject.callback_id is not None:
        ring_back.ring_now(turn.subject)
        return connected(turn.saying_first(_("Ringing the caller.")))
    offers.give_caller_to(turn.subject)
    return connected(turn)


@flow.step
def declined(turn: Turn[Offer]) -> Reply:
    offers.not_accepted(turn.subject, OfferState.DECLINED)
    return hang_up(turn, _("Thank you."))


@flow.fallback
def gone(turn: Turn[Offer]) -> Reply:
    offers.not_accepted(turn.subject, OfferState.UNACCEPTED)
    return hang_up(turn, _("Goodbye."))


# Shared with the operator's briefing.


def offered(
    turn: Turn[Offer], sender: str = "", *, letters: int, then: Step[Offer], if_over: Step[Offer]
) -> Reply:
    """Say the kind, the number, the caller's words up to ``letters``, and the keys; with all words also the clip.

    If the offer is over, say none of it: the call goes to ``if_over``.
    """
    offer = turn.subject
    offers.picked_up(offer)
    if not offer.is_open:
        return if_over(turn)
    intake = intakes.get(offer.intake_id)
    issue = intake.issue or (
        _("The issue is recorded.") if intake.issue_recording_url else _("No issue given.")
    )
    if len(issue) > letters:
        issue = issue[:letters].rsplit(" ", 1)[0] + "..."
    kinds = {intakes.ONSITE: _("Onsite."), intakes.REMOTE: _("Remote.")}
    number = (
        f"{spoken_phone(intake.best_number, intake.best_extension)}."
        if intake.best_number
        else _("No number.")
    )
    sender = _("Callback.") if offer.callback_id is not None else sender
    keys = _("Press 1 to accept, 2 to hear it all, 9 to decline.")
    words = " ".join([sender, kinds.get(intake.kind or "", _("A caller.")), number, issue, keys]).strip()
    url = clips.latest_url(intake.id) if letters == WHOLE_LETTERS else None
    clip = Sound(url) if url else None
    return ask(turn, words, words, keys=1, seconds=4, ending=clip, then=then)


def connected(turn: Turn[Offer]) -> Reply:
    """Join the conference of the caller who has just been accepted."""
    room = intakes.get(turn.subject.intake_id).conference_name
    words = _("Connecting. Press star for the menu.")
    return join_conference(turn.saying_first(words), room, afterwards=star_menu.menu, is_caller=False)
