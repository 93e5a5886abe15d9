"""Estimates: prepared, sent, superseded, opened, paid.

What is sent is what the customer reads, so it is never edited: every change is an UPDATE that names the state it
expects and counts its rows. Each change of an intake's estimates first locks the intake's row: of two operators
who send at once, the second gets a refusal.
"""

from typing import Any, Final

from sqlalchemy import select, update

from ivr.backoffice.estimates import customer_links, letters, queries
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.draft import EstimateDraft, values_of
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import rules as intake_rules
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import offers
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.core.errors import Refusal
from ivr.core.money import format_cents
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline


class NotAllAskedError(Refusal):
    """The intake lacks fields. ``missing`` says what to ask for first."""

    message = "The record is not complete."

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"Still missing: {', '.join(missing)}. Ask for it, save it, then send.")
        self.missing = missing


class SomebodyWasFasterError(Refusal):
    message = "Someone else has just changed or sent this estimate. Look at theirs first: yours was not sent."


class NotYetError(Refusal):
    message = "More time is for a visit whose estimate was sent. Send that first."


def prepare(intake: Intake, wanted: EstimateDraft, *, seen: int, by: Somebody) -> Estimate:
    """Keep this as the draft. ``seen`` is the newest version of the kind that the operator has seen, 0 for none.

    Raises SomebodyWasFasterError, NotYetError, BadPriceError.
    """
    intakes.lock(intake.id)
    if wanted.kind == EstimateKind.MORE_TIME and queries.in_force(intake.id, EstimateKind.VISIT) is None:
        raise NotYetError
    values = values_of(intake, wanted)
    newest = queries.latest(intake.id, wanted.kind)
    if (newest.version if newest else 0) != seen:
        raise SomebodyWasFasterError
    if newest is not None and newest.state == EstimateState.DRAFT:
        if not _change(newest.id, {EstimateState.DRAFT}, **values):
            raise SomebodyWasFasterError
        session.refresh(newest)
        return newest
    quote = Estimate(
        intake_id=intake.id,
        version=_next_version(intake.id),
        created_at=clock.now(),
        created_by=by.id,
        **values,
    )
    session.add(quote)
    session.flush()
    return quote


def send(quote_id: int, *, links: Links, by: Somebody) -> str:
    """Mail the draft to the customer, in place of the one before. Returns the link, which only the letter has.

    Raises NotAllAskedError, SomebodyWasFasterError, OutOfOrderError, NoSuchEstimateError.
    """
    quote = queries.get(quote_id)
    intake = intakes.lock(quote.intake_id)
    session.refresh(quote)
    if quote.state != EstimateState.DRAFT:
        raise SomebodyWasFasterError
    if missing := intake_rules.missing(intake):
        raise NotAllAskedError(missing)
    if quote.kind == EstimateKind.VISIT:
        matters.estimate_sent(intake)
    else:
        matters.reopen(intake, because="estimate", by=by)
    settlement.price_told(intake.id, by=by.name)
    offers.withdraw_settled(intake.id)
    secret, now = customer_links.new_secret(), clock.now()
    _supersede(intake.id, quote.kind)
    sent = _change(
        quote_id,
        {EstimateState.DRAFT},
        state=EstimateState.SENT,
        sent_at=now,
        sent_by=by.id,
        secret_hash=customer_links.hashed(secret),
        language=intake.language,
    )
    if not sent:
        raise SomebodyWasFasterError
    session.refresh(quote)
    _tell(quote, "quote_sent", staff=by.name, until=quote.valid_until.isoformat())
    url = links.url(quote_id, secret)
    letters.post(quote, intake, url)
    return url


def send_again(quote_id: int, *, to: str) -> None:
    """Mail the same estimate and link once more, to ``to``, after the letter bounced.

    Raises SomebodyWasFasterError when it cannot be paid any more, BadAddressError, NotReturnedError.
    """
    quote = queries.get(quote_id)
    intakes.lock(quote.intake_id)
    session.refresh(quote)
    if queries.state_today(quote) != EstimateState.SENT:
        raise SomebodyWasFasterError
    letters.post_again(quote, to)


def withdraw(quote_id: int, *, by: Somebody) -> None:
    """Disables the link at once. Raises SomebodyWasFasterError when the estimate was paid or superseded meanwhile."""
    quote = queries.get(quote_id)
    if not _change(quote_id, {EstimateState.DRAFT, EstimateState.SENT}, state=EstimateState.WITHDRAWN):
        raise SomebodyWasFasterError
    _tell(quote, "quote_withdrawn", staff=by.name)
    _close_payment_pages(quote_id)
    if queries.in_force(quote.intake_id, EstimateKind.VISIT) is None:
        matters.estimate_withdrawn(intakes.lock(quote.intake_id))


def opened(quote_id: int) -> None:
    """Note that the customer has opened the page; only the first time counts.

    What opens it within a minute of the mail is perhaps a mail scanner; the first opening after that is noted instead.
    """
    quote, now = queries.get(quote_id), clock.now()
    before, is_perhaps = quote.opened_at, letters.is_perhaps_scanned(quote, now)
    if before is not None and (is_perhaps or not letters.is_perhaps_scanned(quote, before)):
        return
    statement = update(Estimate).where(
        Estimate.id == quote_id, Estimate.opened_at.is_not_distinct_from(before)
    )
    if changed(statement.values(opened_at=now)):
        _tell(quote, "quote_perhaps_opened" if is_perhaps else "quote_opened")


def paid(quote_id: int) -> None:
    """Mark the estimate as paid in full, whatever its state was. Repeating it changes nothing."""
    quote = queries.get(quote_id)
    intake = intakes.lock(quote.intake_id)
    if not _change(
        quote_id,
        {EstimateState.SENT, EstimateState.SUPERSEDED, EstimateState.WITHDRAWN},
        state=EstimateState.PAID,
        paid_at=clock.now(),
    ):
        return
    _tell(quote, "quote_paid")
    if quote.kind == EstimateKind.VISIT:
        matters.visit_paid(intake)


#: They end what was to be followed up.
_ENDS_A_FOLLOW_UP: Final = frozenset({"quote_superseded", "quote_withdrawn", "quote_opened", "quote_paid"})
_TOLD: Final = {EstimateKind.VISIT: "the visit", EstimateKind.MORE_TIME: "more time"}


def _tell(quote: Estimate, kind: str, **more: str) -> None:
    timeline.append(
        quote.intake_id,
        kind,
        key=str(quote.id),
        version=quote.version,
        what=_TOLD[quote.kind],
        total=format_cents(quote.total_cents),
        **more,
    )
    if kind in _ENDS_A_FOLLOW_UP:
        enqueue("follow_ups.settle", key=f"follow_ups:{quote.intake_id}", intake_id=quote.intake_id)


def _next_version(intake_id: int) -> int:
    newest = queries.versions(intake_id)
    return newest[0].version + 1 if newest else 1


def _supersede(intake_id: int, kind: EstimateKind) -> None:
    before = session.scalar(
        select(Estimate).where(
            Estimate.intake_id == intake_id, Estimate.kind == kind, Estimate.state == EstimateState.SENT
        )
    )
    if before is not None and _change(before.id, {EstimateState.SENT}, state=EstimateState.SUPERSEDED):
        _tell(before, "quote_superseded")
        _close_payment_pages(before.id)


def _change(quote_id: int, only_from: set[str], **values: Any) -> bool:
    statement = (
        update(Estimate).where(Estimate.id == quote_id, Estimate.state.in_(only_from)).values(**values)
    )
    return changed(statement) == 1


def _close_payment_pages(quote_id: int) -> None:
    """Have a job close the estimate's open pages at the provider, so that it can no longer be paid."""
    enqueue("payments.close_pages", key=f"close_pages:{quote_id}", quote_id=quote_id)
