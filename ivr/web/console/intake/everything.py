"""Everything that the page of an intake shows, in a few statements: people wait for it with a caller in their ear."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from ivr.backoffice.costs import queries as costs_queries
from ivr.backoffice.estimates import letters, promises
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.paid_time import queries as paid_time_queries
from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments.queries import Account
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake import clips
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.recording.models import Recording
from ivr.callcenter.recording.rules import RecordingState
from ivr.callcenter.routing import offers
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.shield import refusals
from ivr.callcenter.shield.models import RefusedNumber
from ivr.callcenter.transfers import rules as transfers_rules
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.queries import Scene
from ivr.company.mail.models import RETURNED, Mail
from ivr.company.policy import cache
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import UTCDateTime, session
from ivr.platform.timeline.models import CallEvent
from ivr.web.console.estimate.section import Stored
from ivr.web.console.intake import queries


@dataclass(frozen=True)
class Everything:
    """An intake, what belongs to it, each in order, and what goes on with it now. ``viewer`` is whoever looks."""

    intake: Intake
    technician: str | None
    operator: str | None
    #: Who makes the visit.
    visitor: str | None
    viewer: Staff
    now: Scene
    #: The refusal of the caller's number that holds now.
    refused: RefusedNumber | None
    #: The last call in which they rang us.
    rang: CustomerCall | None
    #: All its calls, each with its recording.
    calls: Sequence[tuple[CustomerCall, Recording | None]]
    #: All its staff calls (``costs.queries.LEG``), if they were asked for.
    legs: Sequence[Any]
    callbacks: Sequence[Row[Callback, str | None]]
    #: The open ones, each with the name of its owner.
    follow_ups: Sequence[tuple[FollowUp, str]]
    earlier: Sequence[Row[Any]]
    events: Sequence[Any]
    #: The latest letter to the email address that it has now, if that letter did not arrive.
    returned: Mail | None
    clips: Sequence[Any]
    recordings: Sequence[Recording]
    money: Account
    estimates: Stored

    @property
    def running(self) -> Recording | None:
        """The recording that is being made now."""
        return next((one for one in self.recordings[::-1] if one.state == RecordingState.RUNNING), None)


def everything(
    reference: str, viewer_id: int, among: Select[Any] | None = None, *, with_legs: bool = False
) -> Everything | None:
    """Return everything about the intake of this reference; of the earlier ones those in ``among``."""
    values = {"reference": reference, "viewer_id": viewer_id, "now": clock.now()}
    rows = session.execute(_matter(), values).all()
    if not rows:
        return None
    found = rows[0]
    cache.note_version(found.settings)
    intake = found.Intake
    calls, legs = _all_calls(intake.id, with_legs=with_legs)
    callbacks = session.execute(_callbacks(), {"intake_id": intake.id}).all()
    mail = session.scalars(_mail(), {"intake_id": intake.id}).all()
    versions = estimates_queries.versions(intake.id)
    return Everything(
        intake=intake,
        technician=found.technician,
        operator=found.operator,
        visitor=found.visitor,
        viewer=found.viewer,
        now=Scene(
            next((call for call, _ in calls[::-1] if not call.has_ended), None),
            offers.not_ended(intake.id),
            found.Transfer,
        ),
        refused=found.RefusedNumber,
        rang=next((call for call, _ in calls[::-1] if call.direction == "inbound"), None),
        calls=calls,
        legs=legs,
        callbacks=callbacks,
        follow_ups=[*{row.FollowUp.id: (row.FollowUp, row.owner) for row in rows if row.FollowUp}.values()],
        earlier=queries.earlier(intake, among),
        events=session.execute(_events(), {"intake_id": intake.id}).all(),
        returned=_returned(mail, intake.contact_email),
        clips=clips.of_intake(intake.id),
        recordings=sorted((one for _, one in calls if one is not None), key=lambda one: one.id),
        money=payments_queries.account(intake.id),
        estimates=Stored(
            versions,
            letters.among(mail, versions),
            payments_queries.on_their_way(intake.id) if versions else frozenset(),
            promises.owed_among(callback for callback, _ in callbacks),
            found.Booking,
            paid_time_queries.latest(found.Booking),
        ),
    )


# The statements are built once: building one takes longer than sending it.


@functools.cache
def _matter() -> Any:
    """The intake, and what there is one of: the first row has the latest transfer, and the refusal of its number.

    Beside them stand its open follow-ups, of which there are few.
    """
    technician, operator, viewer = aliased(Staff), aliased(Staff), aliased(Staff, name="viewer")
    owner = aliased(Staff)
    waits = and_(FollowUp.intake_id == Intake.id, FollowUp.closed_at.is_(None))
    visitor = aliased(Staff)
    is_refused = refusals.of_matter_of(Intake.caller_number, Intake.id, bindparam("now", type_=UTCDateTime()))
    goes_on = and_(Transfer.intake_id == Intake.id, Transfer.state.in_(transfers_rules.OPEN))
    return (
        select(
            *(Intake, technician.name.label("technician"), operator.name.label("operator"), viewer),
            visitor.name.label("visitor"),
            *(Booking, RefusedNumber, Transfer, cache.VERSION.label("settings")),
            *(FollowUp, owner.name.label("owner")),
        )
        .select_from(Intake)
        .join(viewer, viewer.id == bindparam("viewer_id"))
        .outerjoin(technician, Intake.technician_id == technician.id)
        .outerjoin(operator, Intake.operator_id == operator.id)
        .outerjoin(Booking, Booking.intake_id == Intake.id)
        .outerjoin(visitor, Booking.technician_id == visitor.id)
        .outerjoin(RefusedNumber, is_refused)
        .outerjoin(Transfer, goes_on)
        .outerjoin(FollowUp, waits)
        .outerjoin(owner, owner.id == FollowUp.owner_id)
        .where(Intake.reference == bindparam("reference"))
        .order_by(Transfer.id.desc(), *refusals.theirs_first(Intake.caller_number), FollowUp.id)
    )


def _all_calls(
    intake_id: int, *, with_legs: bool
) -> tuple[list[tuple[CustomerCall, Recording | None]], list[Any]]:
    """Return its calls, each with its recording, and its staff calls."""
    rows = session.execute(_calls(with_legs=with_legs), {"intake_id": intake_id}).all()
    calls = {call.id: (call, recording) for call, recording, *_ in rows}
    legs = {row.leg_id: row for row in rows if row.leg_id is not None} if with_legs else {}
    return [*calls.values()], [*legs.values()]


@functools.cache
def _calls(*, with_legs: bool) -> Any:
    """Its calls, each with its recording; with legs, each of them beside each staff call: there are few of both."""
    recording = Recording.call_id == CustomerCall.id
    calls = select(CustomerCall, Recording).outerjoin(Recording, recording)
    if with_legs:
        calls = calls.add_columns(StaffCall.id.label("leg_id"), *costs_queries.LEG)
        calls = calls.outerjoin(Offer, Offer.intake_id == CustomerCall.intake_id)
        calls = calls.outerjoin(StaffCall, StaffCall.offer_id == Offer.id)
    return calls.where(CustomerCall.intake_id == bindparam("intake_id")).order_by(CustomerCall.id)


@functools.cache
def _callbacks() -> Any:
    callbacks = select(Callback, Staff.name.label("staff")).outerjoin(Staff, Callback.staff_id == Staff.id)
    return callbacks.where(Callback.intake_id == bindparam("intake_id")).order_by(Callback.id)


@functools.cache
def _events() -> Any:
    events = select(CallEvent.at, CallEvent.kind, CallEvent.data)
    its = CallEvent.intake_id == bindparam("intake_id")
    return events.where(its).order_by(CallEvent.at, CallEvent.id)


@functools.cache
def _mail() -> Any:
    return (
        select(Mail)
        .where(Mail.intake_id == bindparam("intake_id"))
        .order_by(Mail.created_at.desc(), Mail.id.desc())
    )


def _returned(mail: Sequence[Mail], to: str | None) -> Mail | None:
    latest = next((one for one in mail if one.to == to), None)
    return latest if latest is not None and latest.state in RETURNED else None
