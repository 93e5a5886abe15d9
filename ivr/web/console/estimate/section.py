"""Everything that the intake page shows of estimates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, select

from ivr.backoffice.estimates import draft, letters, promises
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import rules as estimates_rules
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD, BadPriceError, EstimateKind, EstimateState, Price
from ivr.backoffice.paid_time import queries as paid_time_queries
from ivr.backoffice.paid_time.models import TimeCheck
from ivr.backoffice.payments import queries as payments_queries
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.policy.rules import Policy
from ivr.core.db import session
from ivr.web.console.estimate import forms


@dataclass(frozen=True)
class Section:
    """The versions, and the form of the next one. ``price`` is the form's total, ``refusal`` why there is none.

    ``seen`` is the newest version of the form's kind; sending requires that the operator has seen it.
    """

    intake: Intake
    policy: Policy
    calendar: Calendar
    versions: Sequence[Estimate]
    standings: Mapping[int, EstimateState]
    letters: Mapping[int, Mail]
    #: Those whose money is on its way from a bank, by id.
    on_their_way: frozenset[int]
    promise: Callback | None
    latest_booking: Booking | None
    #: The question about the end of the paid time; None before the technician has arrived.
    time_check: TimeCheck | None
    in_force: Estimate | None
    kind: EstimateKind
    seen: int
    agreed_cents: int | None
    typed: Mapping[str, str]
    price: Price | None = None
    refusal: BadPriceError | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def is_perhaps_scanned(self, quote: Estimate) -> bool:
        """Whether what opened the link was perhaps a mail scanner. None pays."""
        if quote.paid_at is not None or quote.id in self.on_their_way:
            return False
        mailed_at = letters.mailed_at(quote, self.letters.get(quote.id))
        return quote.opened_at is not None and estimates_rules.is_perhaps_scanned(quote.opened_at, mailed_at)

    @property
    def awaited(self) -> list[Estimate]:
        """Versions of the form's kind whose money is on its way from a bank: it counts for one that replaces them."""
        return [one for one in self.versions if one.kind == self.kind and one.id in self.on_their_way]

    def counts_for(self, quote: Estimate) -> Estimate | None:
        """Return the version that this one replaced and whose money is on its way: until it is here, none is asked."""
        if quote.state != EstimateState.SENT:
            return None
        return next((one for one in self.awaited if one.kind == quote.kind and one.state not in GOOD), None)

    @property
    def draft(self) -> Estimate | None:
        return next(
            (one for one in self.versions if one.state == EstimateState.DRAFT and one.kind == self.kind),
            None,
        )

    @property
    def booking(self) -> Booking | None:
        return self.latest_booking if self.latest_booking and not self.latest_booking.is_cancelled else None

    @property
    def cancelled(self) -> Booking | None:
        return self.latest_booking if self.latest_booking and self.latest_booking.is_cancelled else None

    @property
    def booking_seen(self) -> int:
        """The booking's sequence: moving and canceling require that the operator has seen it."""
        return bookings.sequence_of(self.latest_booking)

    @property
    def is_paid(self) -> bool:
        return any(
            one.state == EstimateState.PAID and one.kind == EstimateKind.VISIT for one in self.versions
        )


@dataclass(frozen=True)
class Stored:
    """What is stored of an intake's estimates: the versions, newest first, their letters, the promise, the visit."""

    versions: Sequence[Estimate]
    letters: Mapping[int, Mail]
    on_their_way: frozenset[int]
    promise: Callback | None
    latest_booking: Booking | None
    time_check: TimeCheck | None


def stored(intake_id: int) -> Stored:
    """Return what is stored of this intake's estimates."""
    versions = estimates_queries.versions(intake_id)
    visit = bookings.latest_booking(intake_id)
    return Stored(
        versions,
        letters.letters_by_estimate(versions),
        payments_queries.on_their_way(intake_id) if versions else frozenset(),
        promises.owed(intake_id),
        visit,
        paid_time_queries.latest(visit),
    )


def section(intake: Intake, its: Stored) -> Section:
    """Return the section as stored: the form continues the newest version, for more time once the visit is paid."""
    versions = its.versions
    paid = any(one.state == EstimateState.PAID and one.kind == EstimateKind.VISIT for one in versions)
    kind = EstimateKind.MORE_TIME if paid else EstimateKind.VISIT
    newest = next((one for one in versions if one.kind == kind), None)
    goes_on = (
        newest if newest is not None and newest.state in {EstimateState.DRAFT, EstimateState.SENT} else None
    )
    in_force = next((one for one in versions if one.kind == EstimateKind.VISIT and one.state in GOOD), None)
    agreed = draft.rate_after(in_force if kind == EstimateKind.MORE_TIME else None)
    found = Section(
        intake=intake,
        policy=policy.current(),
        calendar=hours.calendar(),
        versions=versions,
        standings={one.id: estimates_queries.state_today(one) for one in versions},
        letters=its.letters,
        on_their_way=its.on_their_way,
        promise=its.promise,
        latest_booking=its.latest_booking,
        time_check=its.time_check,
        in_force=in_force,
        kind=kind,
        seen=newest.version if newest else 0,
        agreed_cents=agreed,
        typed=forms.shown(goes_on, agreed_cents=agreed),
    )
    return replace(found, price=goes_on.price if goes_on else None)


def typed(
    intake: Intake,
    form: Mapping[str, str],
    wrong: Mapping[str, str] = MappingProxyType({}),
    its: Stored | None = None,
) -> tuple[Section, EstimateDraft | None]:
    """Return the section with what an operator typed, its total, and what is wrong with it.

    ``wrong`` holds errors that the estimates' own checks found, by field.
    """
    fields = {name: form.get(name, "")[:300] for name in forms.FIELDS}
    found = replace(section(intake, its or stored(intake.id)), typed=fields)
    seen = form.get("seen", "")
    # The visit was paid meanwhile: these hours were for another kind.
    if form.get("kind", found.kind) != found.kind:
        found = replace(found, seen=-1)
    elif seen.isdecimal() and seen.isascii() and len(seen) < 6:
        found = replace(found, seen=int(seen))
    try:
        want = forms.read({**form, "kind": found.kind}, today=estimates_queries.today())
    except forms.BadFieldsError as refused:
        return replace(found, price=None, errors=refused.errors), None
    try:
        price = draft.price(intake.id, want)
    except BadPriceError as refusal:
        return replace(found, price=None, refusal=refusal, errors={refusal.field: refusal.shown}), None
    return replace(found, price=price, errors=wrong), want


def by_state(state: str | None, limit: int = 100) -> Sequence[Row[Any]]:
    """Return estimates of one state or of all, newest first, each with its intake."""
    statement: Any = (
        select(Estimate, Intake.reference, Intake.contact_name, Intake.site_address)
        .join(Intake, Intake.id == Estimate.intake_id)
        .order_by(Estimate.id.desc())
        .limit(limit)
    )
    rows: Sequence[Row[Any]] = session.execute(
        statement.where(Estimate.state == state) if state else statement
    ).all()
    return rows
