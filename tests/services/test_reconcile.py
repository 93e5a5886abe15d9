"""Rows and legs that nobody looks after any more, each made by hand: the next look ends it, and the timeline tells."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from twilio.rest import Client

from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.service import arrived, new_intake
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, IntakeState
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.transfers.models import Transfer
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from ivr.core.db import session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline.models import CallEvent
from tests.support.states import in_state
from tests.support.world import ADDRESS, LINE, World
from twilio_simulator import InProcessTwilio

LONG_AGO = timedelta(minutes=5)


def an_intake(state: str) -> Intake:
    intake = new_intake("+14155552671")
    for name, value in in_state(state).items():
        setattr(intake, name, value)
    intake.heard_at = intake.created_at = clock.now() - LONG_AGO
    return intake


def an_offer(intake: Intake, state: OfferState, *, role: str = "technician", ended: bool = False) -> Offer:
    """To Dana, or Olive; by no telephone."""
    then = clock.now() - LONG_AGO
    staff = session.scalars(select(Staff).where(Staff.role == role).order_by(Staff.id)).first()
    assert staff
    offer = Offer(intake_id=intake.id, staff_id=staff.id, role=role, language="en", made_at=then, state=state)
    offer.ended_at = then if ended else None
    offer.accepted_at = then if state == OfferState.ACCEPTED else None
    session.add(offer)
    session.flush()
    staff.offer_id = offer.id
    return offer


def on_the_line(intake: Intake, sid: str = "CA" + "1" * 32) -> CustomerCall:
    call = arrived(sid, intake)
    call.started_at = clock.now() - LONG_AGO
    return call


def a_claim_that_outlived_its_offer() -> None:
    an_offer(an_intake(IntakeState.CLOSED), OfferState.DECLINED, ended=True)


def a_ring_by_no_telephone() -> None:
    an_offer(an_intake(IntakeState.CLOSED), OfferState.RINGING)


def a_caller_for_whom_nobody_is_rung() -> None:
    on_the_line(an_intake(IntakeState.RINGING))


def a_caller_in_line_without_a_call() -> None:
    an_intake(IntakeState.WAITING)


def a_transfer_without_anybody() -> None:
    intake = an_intake(IntakeState.WITH_OPERATOR)
    intake.call_state = CallState.FINISHED
    offer = an_offer(intake, OfferState.ACCEPTED, ended=True)
    session.get_one(Staff, offer.staff_id).offer_id = None
    session.add(Transfer(intake_id=intake.id, from_offer_id=offer.id, begun_at=clock.now() - LONG_AGO))


def a_callback_placed_by_nobody() -> None:
    promised = callbacks.promise(an_intake(IntakeState.ABANDONED), CallbackReason.DROPPED)
    promised.state = CallbackState.PLACED


def a_telephone_connected_for_nobody(sid: str) -> None:
    offer = an_offer(an_intake(IntakeState.CLOSED), OfferState.DECLINED, ended=True)
    session.get_one(Staff, offer.staff_id).offer_id = None
    session.add(StaffCall(sid=sid, offer=offer, status="in-progress", started_at=clock.now() - LONG_AGO))


def over(world: World) -> dict[str, bool]:
    """What of it all has come to its end."""
    with world.database.reading():
        return {
            "claim": not session.scalars(select(Staff.id).where(Staff.offer_id.is_not(None))).all(),
            "offer": not session.scalars(select(Offer.id).where(Offer.ended_at.is_(None))).all(),
            "caller": not session.scalars(
                select(Intake.id).where(Intake.call_state == CallState.WAITING)
            ).all(),
            "transfer": not session.scalars(select(Transfer.id).where(Transfer.ended_at.is_(None))).all(),
            "callback": not session.scalars(
                select(Callback.id).where(Callback.state == CallbackState.PLACED)
            ).all(),
        }


def repairs(world: World) -> list[str]:
    with world.database.reading():
        told = select(CallEvent).where(CallEvent.kind == "repaired").order_by(CallEvent.id)
        return [event.data["thing"] for event in session.scalars(told)]


def looks(world: World) -> None:
    """The minute's look, and what comes of it."""
    with world.database.transaction():
        enqueue("calls.reconcile")
    world.exchange.settle()


def rung_by_nobody(world: World) -> str:
    """Olive hears music, and none of ours has had her rung. The SID of her leg."""
    network = Client(SIMULATED_ACCOUNT, SIMULATED_TOKEN, http_client=InProcessTwilio(world.exchange.rest))
    made = network.calls.create(
        to=world.people.olive.phone.number, from_=LINE, url=f"{ADDRESS}/voice/hold_music"
    )
    world.people.olive.rings().answers()
    return str(made.sid)


@pytest.mark.parametrize(
    ("orphan", "thing"),
    [
        (a_claim_that_outlived_its_offer, "claim"),
        (a_ring_by_no_telephone, "offer"),
        (a_caller_in_line_without_a_call, "caller"),
        (a_transfer_without_anybody, "transfer"),
    ],
)
def test_an_orphan_is_ended_and_told_once(world: World, orphan: Callable[[], None], thing: str) -> None:
    with world.database.transaction():
        orphan()
    assert not over(world)[thing]

    looks(world)
    looks(world)

    assert over(world) == dict.fromkeys(over(world), True)
    assert repairs(world) == [thing]


def test_a_callback_for_which_nobody_is_rung_is_given_up_at_the_second_look(world: World) -> None:
    with world.database.transaction():
        a_callback_placed_by_nobody()

    looks(world)
    assert repairs(world) == []
    world.advance(30)

    assert repairs(world) == ["callback"]
    assert [callback.tries for callback in world.callbacks()] == [1]


def test_who_was_counted_as_waiting_is_owed_a_callback(world: World) -> None:
    with world.database.transaction():
        a_caller_in_line_without_a_call()

    looks(world)

    assert [callback.reason for callback in world.callbacks()] == ["dropped"]


def test_a_caller_for_whom_nobody_is_rung_is_offered_to_the_next(world: World) -> None:
    with world.database.transaction():
        a_caller_for_whom_nobody_is_rung()

    looks(world)

    world.people.dana.rings()
    assert repairs(world) == ["offer"]


def test_a_known_telephone_that_is_connected_for_nobody_is_hung_up(world: World) -> None:
    sid = rung_by_nobody(world)
    with world.database.transaction():
        a_telephone_connected_for_nobody(sid)

    looks(world)

    assert world.people.olive.ended
    assert repairs(world) == ["leg"]


def test_what_is_on_its_way_is_left_alone(world: World) -> None:
    with world.database.transaction():
        intake = an_intake(IntakeState.WAITING)
        intake.heard_at = clock.now()
        an_offer(intake, OfferState.RINGING).made_at = clock.now()

    looks(world)

    assert repairs(world) == []


def test_a_transfer_that_rings_nobody_goes_on_to_the_next_operator(world: World) -> None:
    with world.database.transaction():
        intake = an_intake(IntakeState.TRANSFERRING)
        on_the_line(intake)
        offer = an_offer(intake, OfferState.ACCEPTED)
        session.add(StaffCall(sid="CA" + "2" * 32, offer=offer, status="in-progress", started_at=clock.now()))
        session.add(Transfer(intake_id=intake.id, from_offer_id=offer.id, begun_at=clock.now() - LONG_AGO))

    looks(world)

    world.people.olive.rings()
    assert repairs(world) == ["transfer"]


def test_a_leg_at_the_network_that_the_line_does_not_know_is_hung_up(world: World) -> None:
    rung_by_nobody(world)
    looks(world)
    assert not world.people.olive.ended

    world.advance(60)
    looks(world)

    assert world.people.olive.ended
    assert repairs(world) == ["leg"]
