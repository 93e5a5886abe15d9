"""Follow-ups looked up: what waits for whom, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.follow_ups import rules
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.follow_ups.rules import OF_ESTIMATES, Estimated
from ivr.callcenter.intake.models import Intake
from ivr.company.mail.models import RETURNED
from ivr.company.staff.models import Staff
from ivr.core import clock, paging
from ivr.core.db import session
from ivr.platform.timeline.models import CallEvent

PAGE: Final = 25


@dataclass(frozen=True)
class Waiting:
    """A page of open follow-ups. ``mine`` and ``mine_overdue`` are the reader's own of all pages, ``count`` is all."""

    rows: Sequence[Row[Any]]
    count: int
    mine: int
    mine_overdue: int
    page: int

    @property
    def pages(self) -> int:
        return paging.pages(self.count, PAGE)


@dataclass(frozen=True)
class Figures:
    """The follow-ups that were made in some days. Sums are cents."""

    made: int
    done: int
    overdue: int
    reminders: int
    at_stake_cents: int
    paid_cents: int


def perhaps_over(since: datetime) -> list[int]:
    """Return the ids of the intakes with an open follow-up that has perhaps ended since then.

    What ends one stands in the timeline, or is an estimate's last day. And each is looked at when it falls due.
    """
    happened = exists().where(CallEvent.intake_id == FollowUp.intake_id, CallEvent.at >= since)
    falls_due = FollowUp.due_at.between(since, clock.now())
    of_estimate, expired = (
        FollowUp.cause.in_(OF_ESTIMATES),
        exists().where(Estimate.id == FollowUp.subject_id, Estimate.valid_until < estimates_queries.today()),
    )
    open_ = select(FollowUp.intake_id).where(FollowUp.closed_at.is_(None))
    return sorted(set(session.scalars(open_.where(or_(happened, falls_due, and_(of_estimate, expired))))))


def waiting(reader_id: int, *, of_all: bool, page: int = 1) -> Waiting:
    """Return a page of the open follow-ups: the reader's own, then colleagues' if ``of_all``, earliest due first.

    ``page`` counts from 1; it is the last one if there are fewer.
    """
    theirs = FollowUp.owner_id == reader_id
    whose = [FollowUp.closed_at.is_(None), *([] if of_all else [theirs])]
    count, mine, overdue = session.execute(
        select(
            func.count(),
            func.count().filter(theirs),
            func.count().filter(theirs, FollowUp.due_at <= clock.now()),
        ).where(*whose)
    ).one()
    page = paging.nearest(page, count, PAGE)
    order = case((theirs, 0), else_=1), FollowUp.due_at, FollowUp.id
    wanted = _rows().where(*whose).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)
    return Waiting(session.execute(wanted).all(), count, mine, overdue, page)


def returned(follow_ups: Iterable[Any]) -> set[int]:
    """Return the ids of those whose estimate did not arrive: its letter came back."""
    by_quote = {one.subject_id: one.id for one in follow_ups if one.cause in OF_ESTIMATES}
    quotes = session.scalars(select(Estimate).where(Estimate.id.in_(by_quote))).all() if by_quote else []
    mailed = letters.letters_by_estimate(quotes) if quotes else {}
    return {by_quote[quote_id] for quote_id, letter in mailed.items() if letter.state in RETURNED}


def figures(since: datetime, until: datetime) -> Figures:
    """Return what was made from ``since`` to before ``until``, and what came of it up to now."""
    made_then = FollowUp.made_at >= since, FollowUp.made_at < until
    overdue = FollowUp.closed_at.is_(None) & (FollowUp.due_at <= clock.now())
    row = session.execute(
        select(
            func.count().label("made"),
            func.count(FollowUp.closed_at).label("done"),
            func.count(case((overdue, 1))).label("overdue"),
            func.count(FollowUp.reminded_at).label("reminders"),
        ).where(*made_then)
    ).one()
    followed = _estimated(since, until)
    return Figures(*row, at_stake_cents=rules.at_stake(followed), paid_cents=rules.came_of_it(followed))


#: What an export holds, in this order.
EXPORTED: Final = (
    *("reference", "cause", "owner", "made_at", "due_at", "cents", "reminded_at", "note", "closed_at"),
    *("closed_because", "closed_by"),
)


def exported(*, after: int = 0, limit: int = 500) -> list[tuple[int, dict[str, Any]]]:
    """Return up to ``limit`` follow-ups with an id above ``after``, oldest first: the id and the fields of EXPORTED.

    ``owner`` and ``closed_by`` are names; nobody closed what ended by itself. The last id gives the next batch.
    """
    closer = aliased(Staff)
    wanted = (
        _rows().add_columns(closer.name.label("closer")).outerjoin(closer, closer.id == FollowUp.closed_by)
    )
    rows = session.execute(wanted.where(FollowUp.id > after).order_by(FollowUp.id).limit(limit)).all()
    whole = ((row.id, {**row._mapping, "closed_by": row.closer}) for row in rows)  # noqa: SLF001  # its public name
    return [(id_, {name: fields[name] for name in EXPORTED}) for id_, fields in whole]


def _rows() -> Select[Any]:
    return (
        select(
            *FollowUp.__table__.columns,
            *(Staff.name.label("owner"), Intake.reference, Intake.contact_name, Intake.language),
            *(Intake.callback_number, Intake.caller_number, Intake.contact_number, Intake.contact_extension),
        )
        .join(Staff, Staff.id == FollowUp.owner_id)
        .join(Intake, Intake.id == FollowUp.intake_id)
    )


def _estimated(since: datetime, until: datetime) -> list[Estimated]:
    """Return the follow-ups about estimates, each with what its matter has paid since the follow-up was made."""
    paid = (
        select(func.coalesce(func.sum(Estimate.total_cents), 0))
        .where(Estimate.intake_id == FollowUp.intake_id, Estimate.paid_at >= FollowUp.made_at)
        .correlate(FollowUp)
        .scalar_subquery()
    )
    rows = session.execute(
        select(FollowUp.intake_id, Estimate.kind, Estimate.version, func.coalesce(FollowUp.cents, 0), paid)
        .join(Estimate, Estimate.id == FollowUp.subject_id)
        .where(FollowUp.made_at >= since, FollowUp.made_at < until, FollowUp.cause.in_(OF_ESTIMATES))
    )
    return [Estimated(*row) for row in rows]
