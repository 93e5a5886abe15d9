"""What a technician hears when a caller is offered: the brief, then 1, 2 or 9. Only 1 joins, so no voicemail can.

brief --1, or words that only a person says--> accepted (the conversation; star leads to star_menu.menu)
  |  ^--2--- whole: all of the caller's words, and the clip
  |--9--> declined
  |--silence, words, a wrong key--> reminded, for as long as a telephone is rung
  +--then--> gone: the next technician is rung
"""

from flows import answering, phrases, star_menu
from flows.answering import Lines
from flows.phrases import call_recorded, spoken_phone
from ivr.callcenter.calls import outcomes
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.intake import clips, emergencies
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.recording import service as recordings
from ivr.callcenter.routing import offers, ring_back, staff_calls
from ivr.callcenter.routing.offers import Offer
from ivr.company.policy import service as policy
from ivr.platform.voice import Flow, Reply, Sound, Step, Turn, _, choose, hang_up, join_conference

flow: Flow[Offer] = Flow(
    "screening", subject=lambda turn: staff_calls.find_offer(turn.ids.get("offer", 0), turn.call_sid)
)

#: Letters of the caller's words in the brief, so that it stays short; pressing 2 gives them all.
BRIEF_LETTERS = 60


@flow.step
def brief(turn: Turn[Offer]) -> Reply:
    return offered(turn, then=brief_chosen, no_input=reminded, if_over=gone)


@flow.step
def whole(turn: Turn[Offer]) -> Reply:
    return offered(turn, is_whole=True, then=brief_chosen, no_input=reminded, if_over=gone)


@flow.step
def reminded(turn: Turn[Offer]) -> Reply:
    return answering.reminded(
        turn, lines(), then=brief_chosen, no_input=reminded, accepted=accepted, over=gone
    )


@flow.step
def brief_chosen(turn: Turn[Offer]) -> Reply:
    if turn.digits:
        return choose(turn, {"1": accepted, "2": whole, "9": declined}, no_match=reminded)
    return answering.heard(turn, lines(), then=brief_chosen, no_input=reminded, accepted=accepted, over=gone)


@flow.step
def accepted(turn: Turn[Offer]) -> Reply:
    offers.accept(turn.subject)
    if turn.subject.callback_id is not None:
        if ring_back.ring_now(turn.subject).not_dialed:
            return hang_up(turn, phrases.number_not_dialed())
        return connected(turn.saying_first(_("Calling the caller.")))
    call = offers.give_caller_to(turn.subject)
    if call is not None and call.is_claimed:
        turn = turn.saying_first(_("The number isn't verified. Ask who is calling."))
    return connected(turn)


@flow.step
def declined(turn: Turn[Offer]) -> Reply:
    offers.not_accepted(turn.subject, Outcome.DECLINED)
    return hang_up(turn, _("Thank you."))


@flow.fallback
def gone(turn: Turn[Offer]) -> Reply:
    offers.not_accepted(turn.subject, outcomes.of_silence(turn.subject.heard))
    return hang_up(turn, _("Goodbye."))


# Shared with the operator's briefing.


def lines() -> Lines:
    """What whoever was rung hears again. Nothing of the customer: a machine may have answered."""
    who = _("%(company)s, a call for you.", company=policy.current().company_name)
    return Lines(
        who,
        keys=_("Press 1 to accept, 9 to decline."),
        aloud=_("Press 1, or say one, to accept."),
        thanks=_("Thank you. One moment."),
    )


def offered(
    turn: Turn[Offer],
    sender: str = "",
    *,
    is_whole: bool = False,
    then: Step[Offer],
    no_input: Step[Offer],
    if_over: Step[Offer],
) -> Reply:
    """Say the kind, the number and the caller's words, then the keys. No word cuts it off.

    The brief has one word before the kind, the number without its extension, and the beginning of the caller's words:
    six seconds and those words. With ``is_whole`` it has all the words, the extension and the clip.

    If the offer is over, say none of it: the call goes to ``if_over``.
    """
    offer = turn.subject
    offers.picked_up(offer)
    if not offer.is_open:
        return if_over(turn)
    intake = intakes.get(offer.intake_id)
    kinds = {intakes.ONSITE: _("Onsite."), intakes.REMOTE: _("Remote.")}
    extension = intake.best_extension if is_whole else None
    number = f"{spoken_phone(intake.best_number, extension)}." if intake.best_number else _("No number.")
    lead = [_("Callback.") if offer.callback_id is not None else sender]
    if emergencies.holds(intake):
        lead = [_("Emergency."), *(lead if is_whole else [])]
    begin = " ".join([*filter(None, lead), kinds.get(intake.kind or "", _("A caller.")), number])
    unwritten = _recorded(intake.id) if intake.issue_recording_url else _("No issue given.")
    issue = intake.issue or intake.transcript or unwritten
    if not is_whole and len(issue) > BRIEF_LETTERS:
        issue = issue[:BRIEF_LETTERS].rsplit(" ", 1)[0] + "..."
    url = clips.latest_url(intake.id) if is_whole else None
    keys = _("Press 1 to accept, 2 to hear it all, 9 to decline.")
    clip = Sound(url) if url else None
    return answering.told(turn, f"{begin} {issue}", clip, line=keys, then=then, no_input=no_input)


def _recorded(intake_id: int) -> str:
    """Return what is said of a recording that has no transcript: five seconds of it may be silence."""
    seconds = clips.latest_length(intake_id)
    return _("A recording of %(seconds)s seconds.", seconds=seconds) if seconds else _("A recording.")


def connected(turn: Turn[Offer]) -> Reply:
    """Join the conference of the caller who has just been accepted."""
    conference = intakes.get(turn.subject.intake_id).conference_name
    words = _("Connecting. Press star for the menu.")
    if policy.current().recording_of_calls and recordings.running(turn.subject.intake_id):
        words = f"{words} {call_recorded()}"
    return join_conference(turn.saying_first(words), conference, afterwards=star_menu.menu, is_caller=False)
