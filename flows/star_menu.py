"""The star menu, for whoever has the caller. Star leaves the conference; a caller who would be alone is held.

menu --1--> transfer --> ringing --an operator accepts--> consultation
  |            ^            |  +--3--> back
  |            +------1-- nobody_took_it --2--> promise --> back
  +--2--> holding --any key--> back
  +--3--> back (the conversation)
  +--9--> settled

in a consultation: menu --1--> hand_over
                     +----3--> bring_in
a consultation has ended, or the caller is there again:
                     brought_back --> back
the caller hung up, or could not be called back:
                     caller_gone --1--> ring_back
                         +-------9--> finished
somebody rings from the caller's number, and nothing proves who:
                     is_it_them --1--> taken_back
                         +-------9, silence--> leave
"""

from typing import assert_never

from flows import phrases
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls import service as calls
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.routing import offers, staff_calls
from ivr.callcenter.routing.offers import Offer
from ivr.callcenter.routing.ring_back import ring_now
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.transfers import queries as transfers_queries
from ivr.callcenter.transfers import service as transfers
from ivr.callcenter.transfers.rules import GivenUp, TransferState
from ivr.platform.voice import Flow, Reply, Turn, _, ask, choose, hang_up, join_conference, play_then_one_key

flow: Flow[Offer] = Flow(
    "desk", subject=lambda turn: staff_calls.find_offer(turn.ids.get("offer", 0), turn.call_sid)
)

#: A held caller is given back after this many reminders, a minute apart.
REMINDERS = 10


@flow.step
def menu(turn: Turn[Offer]) -> Reply:
    """Star was pressed, or the conference has ended."""
    if turn.leg_has_ended:
        return hang_up(turn)
    if (instead := _no_caller(turn)) is not None:
        return instead
    transfers.step_out(turn.subject)
    if transfers_queries.shared_with(turn.subject):
        return shared_menu(turn)
    words = _("Press 1 to transfer, 2 to hold, 3 to go back to the caller, 9 if everything is settled.")
    return ask(turn, words, words, keys=1, then=menu_chosen)


@flow.step
def menu_chosen(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"1": transfer, "2": holding, "3": back, "9": settled}, no_match=menu)


@flow.step
def settled(turn: Turn[Offer]) -> Reply:
    """The caller is not asked whether they want somebody else: the call ends for both."""
    transfers.settled(turn.subject)
    return leave(turn)


@flow.step
def shared_menu(turn: Turn[Offer]) -> Reply:
    words = _("Press 1 to hand over and leave, 3 to bring the caller in.")
    return ask(turn, words, words, keys=1, then=shared_menu_chosen)


@flow.step
def shared_menu_chosen(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"1": hand_over, "3": bring_in}, no_match=shared_menu)


@flow.step
def hand_over(turn: Turn[Offer]) -> Reply:
    if not transfers.hand_over_from(turn.subject):
        return menu(turn)
    return hang_up(turn, _("Handed over. Thank you."))


@flow.step
def bring_in(turn: Turn[Offer]) -> Reply:
    transfers.bring_in_for(turn.subject)
    return _conversation(turn)


@flow.step
def holding(turn: Turn[Offer]) -> Reply:
    words = _("The caller is on hold. Press 2 to go back to them.")
    return ask(turn, *[words] * REMINDERS, keys=1, seconds=60, then=back)


@flow.step
def transfer(turn: Turn[Offer]) -> Reply:
    if (instead := _no_caller(turn)) is not None:
        return instead
    transfers.begin(turn.subject)
    return ringing(turn)


@flow.step
def ringing(turn: Turn[Offer]) -> Reply:
    """The technician hears ringing. A job moves this leg on; if it fails, the next request for this step does."""
    state = transfers_queries.state_for(turn.subject)
    if state == TransferState.GIVEN_UP:
        return nobody_took_it(turn)
    if state != TransferState.RINGING:
        return consultation(turn)
    words = _("Calling the operators. Press 3 to go back to the caller.")
    reply = play_then_one_key(turn, words, then=ringing_key, play="ringing", seconds=18)
    reply.redirect(ringing.path(**turn.ids))
    return reply


@flow.step
def ringing_key(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"3": back}, no_match=ringing)


@flow.step
def consultation(turn: Turn[Offer]) -> Reply:
    words = _("The operator is on the line. The caller can't hear you. Press star for the menu.")
    return _conversation(turn.saying_first(words))


@flow.step
def nobody_took_it(turn: Turn[Offer]) -> Reply:
    choices = _("Press 1 to try again, 2 to schedule a callback, 3 to go back to the caller.")
    why = _why(transfers_queries.reason_for(turn.subject))
    return ask(turn, f"{why} {choices}", choices, keys=1, then=nobody_took_it_chosen)


@flow.step
def nobody_took_it_chosen(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"1": transfer, "2": promise, "3": back}, no_match=nobody_took_it)


@flow.step
def promise(turn: Turn[Offer]) -> Reply:
    promised = callbacks.promise(
        intakes.get(turn.subject.intake_id), CallbackReason.NO_OPERATOR, staff_id=turn.subject.staff_id
    )
    if promised.number is None or promised.not_dialed:
        words = _("There's no number we can call. You're going back to the caller; please ask for one.")
    else:
        words = _("A callback is scheduled. You're going back to the caller; please tell them.")
    return back(turn.saying_first(words))


@flow.fallback
def back(turn: Turn[Offer]) -> Reply:
    if (instead := _no_caller(turn)) is not None:
        return instead
    transfers.take_back(turn.subject)
    return _conversation(turn)


@flow.step
def brought_back(turn: Turn[Offer]) -> Reply:
    """A job brings this leg to the caller. They hear so: a consultation that ends by itself is private no more."""
    return back(turn.saying_first(_("You're with the caller now.")))


@flow.step
def caller_gone(turn: Turn[Offer]) -> Reply:
    offers.heard_caller_left(turn.subject)
    words = _hung_up() if offers.had_caller(turn.subject) else _not_reached()
    return ask(turn, words, words, keys=1, then=caller_gone_chosen, no_input=leave)


def _hung_up() -> str:
    return _("The caller hung up. Press 1 to call them back, or 9 if no callback is needed.")


def _not_reached() -> str:
    return _("We couldn't reach the caller. Press 1 to try again, or 9 if no callback is needed.")


@flow.step
def caller_gone_chosen(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"1": ring_back, "9": finished}, no_match=caller_gone)


@flow.step
def ring_back(turn: Turn[Offer]) -> Reply:
    call = calls.live_call(turn.subject.intake_id)
    if call is not None and offers.is_to_be_recognized(call):
        return is_it_them(turn)
    if call is None:
        offers.withdraw(turn.subject.intake_id)  # another telephone may ring for the same callback
        callback = ring_now(turn.subject)
        if callback.number is None:
            return leave(turn.saying_first(_("There is no number to call.")))
        if callback.not_dialed:
            return leave(turn.saying_first(phrases.number_not_dialed()))
    return _conversation(turn.saying_first(_("Calling the caller.")))


@flow.step
def is_it_them(turn: Turn[Offer]) -> Reply:
    """Caller ID can be forged: nobody is joined to staff who wait for a customer by their number alone."""
    words = _(
        "A caller says they were cut off. The number isn't verified. Press 1 to talk to them, or 9 to leave."
    )
    return ask(turn, words, words, keys=1, then=is_it_them_chosen, no_input=leave)


@flow.step
def is_it_them_chosen(turn: Turn[Offer]) -> Reply:
    return choose(turn, {"1": taken_back, "9": leave}, no_match=is_it_them)


@flow.step
def taken_back(turn: Turn[Offer]) -> Reply:
    return _conversation(turn) if offers.recognize(turn.subject) else caller_gone(turn)


@flow.step
def finished(turn: Turn[Offer]) -> Reply:
    """The conversation that has ended needs no callback. The matter and other promises stay as they are.

    A colleague who was in it may think otherwise, and be calling the customer: then only this leg ends.
    """
    if offers.is_called_by_colleague(turn.subject):
        return leave(turn)
    offers.withdraw(turn.subject.intake_id)
    settlement.no_callback_needed(turn.subject.intake_id, by=turn.subject.staff.name)
    settlement.settle_call(intakes.get(turn.subject.intake_id))
    return leave(turn)


@flow.step
def leave(turn: Turn[Offer]) -> Reply:
    return hang_up(turn, _("Thank you. Goodbye."))


def _no_caller(turn: Turn[Offer]) -> Reply | None:
    """Return what to say where the caller has left, or where whoever rings now may be somebody else."""
    call = calls.live_call(turn.subject.intake_id)
    if call is None:
        return caller_gone(turn)
    return is_it_them(turn) if offers.is_to_be_recognized(call) else None


def _conversation(turn: Turn[Offer]) -> Reply:
    offers.back_in_conversation(turn.subject)
    return join_conference(
        turn, intakes.get(turn.subject.intake_id).conference_name, afterwards=menu, is_caller=False
    )


def _why(reason: OfferState | GivenUp | None) -> str:
    match reason:
        case OfferState.BUSY:
            return _("The operator is busy.")
        case OfferState.NO_ANSWER | OfferState.UNACCEPTED:
            return _("No operator answered.")
        case OfferState.DECLINED:
            return _("The operator declined.")
        case OfferState.FAILED:
            return _("The operator couldn't be reached.")
        case GivenUp.OPERATOR_LEFT:
            return _("The operator has left.")
        case OfferState.CANCELED | GivenUp.NOBODY_FREE | GivenUp.TAKEN_BACK | GivenUp.CALLER_LEFT | None:
            return _("No operator is free.")
        case OfferState.RINGING | OfferState.BRIEFING | OfferState.ACCEPTED:  # none of them ends a transfer
            return _("No operator is free.")
    assert_never(reason)
