"""The state of transfers, read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, exists, select

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.calls.service import live_call
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import offers
from ivr.callcenter.routing import rules as routing_rules
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.transfers import rules
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.rules import GivenUp, Reason, TransferState
from ivr.company.staff.models import Role, Staff
from ivr.core.db import one_of, run, session

_OPEN: Final = (
    select(Transfer)
    .where(Transfer.intake_id == bindparam("intake_id"), one_of(Transfer.state, rules.OPEN))
    .order_by(Transfer.id.desc())
    .limit(1)
)
_LAST_FROM: Final = (
    select(Transfer).where(Transfer.from_offer_id == bindparam("offer")).order_by(Transfer.id.desc()).limit(1)
)
_IS_ALONE: Final = select(
    ~exists().where(Offer.intake_id == bindparam("intake_id"), Offer.ended_at.is_(None))
    & ~exists().where(Transfer.intake_id == bindparam("intake_id"), one_of(Transfer.state, rules.OPEN))
)


@dataclass(frozen=True)
class Scene:
    """What goes on with an intake now: the customer's call, the telephones of staff (oldest first), a transfer."""

    call: CustomerCall | None
    offers: Sequence[Offer]
    transfer: Transfer | None

    @property
    def present(self) -> list[Offer]:
        """The offers whose staff are in the call."""
        return [one for one in self.offers if one.state == OfferState.ACCEPTED]


def scene(intake_id: int) -> Scene:
    """Return what goes on with this intake now."""
    return Scene(live_call(intake_id), offers.not_ended(intake_id), open_transfer(intake_id))


def is_alone(intake_id: int) -> bool:
    """Return whether no telephone of staff rings for this customer or is with them, and no transfer goes on."""
    return bool(run(_IS_ALONE, {"intake_id": intake_id}).scalar())


def open_transfer(intake_id: int) -> Transfer | None:
    """Return the transfer that is going on for this intake."""
    return session.scalar(_OPEN, {"intake_id": intake_id})


def situation(
    intake: Intake, staff: Staff, offer: Offer | None, now: Scene, *, is_open: bool
) -> rules.CallSituation:
    """Return the call of this intake as a member of staff may act on it; ``offer`` is the one they act by."""
    call, transfer = now.call, now.transfer
    return rules.CallSituation(
        is_theirs=offer is not None,
        is_engaged=staff.offer_id is not None,
        is_live=call is not None,
        is_on_line=call is not None and call.status == CallStatus.IN_PROGRESS,
        is_held=call is not None and call.on_hold,
        transfer=transfer.state if transfer else None,
        began_transfer=transfer is not None and offer is not None and transfer.from_offer_id == offer.id,
        has_number=intake.best_number is not None,
        rings=bool(now.offers),
        is_open=is_open,
    )


def last_transfer_from(offer_id: int) -> Transfer | None:
    """Return the latest transfer that this member of staff began."""
    return session.scalar(_LAST_FROM, {"offer": offer_id})


def last_operator(intake_id: int) -> Offer | None:
    """Return the offer of the operator who had the caller last."""
    theirs = Offer.intake_id == intake_id, Offer.role == Role.OPERATOR, Offer.state == OfferState.ACCEPTED
    return session.scalar(select(Offer).where(*theirs).order_by(Offer.id.desc()).limit(1))


def was_in_vain(intake_id: int) -> bool:
    """Return whether operators were rung last because the one before had left, and none of them accepted."""
    last = select(Transfer.state, Transfer.begun_at, Offer.ended_at).join(
        Offer, Offer.id == Transfer.from_offer_id
    )
    row = session.execute(
        last.where(Transfer.intake_id == intake_id).order_by(Transfer.id.desc()).limit(1)
    ).one_or_none()
    return (
        row is not None
        and row.state == TransferState.GIVEN_UP
        and row.ended_at is not None
        and row.ended_at <= row.begun_at
    )


def sender(intake_id: int) -> str:
    """Return the name of the member of staff who began the transfer that is going on; empty without one."""
    going_on = Transfer.intake_id == intake_id, Transfer.state.in_(rules.OPEN)
    name = (
        select(Staff.name)
        .join(Offer, Offer.staff_id == Staff.id)
        .join(Transfer, Transfer.from_offer_id == Offer.id)
    )
    return session.scalar(name.where(*going_on).order_by(Transfer.id.desc()).limit(1)) or ""


def shared_with(offer: Offer) -> Transfer | None:
    """Return the transfer in which this member of staff is together with another."""
    transfer = open_transfer(offer.intake_id)
    return transfer if transfer and transfer.state in rules.SHARED else None


def has_consulted_too_long(transfer: Transfer, before: datetime) -> bool:
    """Return whether the consultation goes on, and its longest time had passed by ``before``."""
    since = session.scalar(select(Offer.accepted_at).where(Offer.id == transfer.to_offer_id))
    is_private = transfer.state == TransferState.CONSULTING
    return is_private and since is not None and since + rules.LONGEST_CONSULTATION < before


def state_for(offer: Offer) -> TransferState:
    """Return the state of the latest transfer that this member of staff began; given up without one."""
    transfer = last_transfer_from(offer.id)
    return transfer.state if transfer else TransferState.GIVEN_UP


def reason_for(offer: Offer) -> Reason | None:
    """Return why no operator took the latest transfer that this member of staff began."""
    transfer = last_transfer_from(offer.id)
    return transfer.reason if transfer else None


def rings(intake_id: int) -> bool:
    """Return whether an operator is being rung, or hears the brief."""
    return bool(
        session.scalar(
            select(Offer.id)
            .where(
                Offer.intake_id == intake_id,
                Offer.role == Role.OPERATOR,
                Offer.state.in_(routing_rules.OPEN),
            )
            .limit(1)
        )
    )


def last_outcome(transfer: Transfer) -> Reason:
    """Return why the last operator did not take the transfer."""
    return (
        session.scalar(
            select(Offer.state)
            .where(
                Offer.intake_id == transfer.intake_id,
                Offer.role == Role.OPERATOR,
                Offer.made_at >= transfer.begun_at,
            )
            .order_by(Offer.id.desc())
            .limit(1)
        )
        or GivenUp.NOBODY_FREE
    )
