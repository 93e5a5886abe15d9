"""What the days cost: those that are over as they are stored, the others counted from their calls."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import func, select, update

from ivr.backoffice.costs import price_list, queries
from ivr.backoffice.costs.models import CostDay
from ivr.backoffice.costs.rules import Cost, Tariff, Used, recorded_minutes
from ivr.backoffice.reports.rules import DAYS_AT_MOST
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.recording.models import Recording
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar, local
from ivr.core import clock
from ivr.core.db import changed, insert_once, session

#: After so many days no report of a call, a recording or a payment comes late any more.
_SETTLED_AFTER: Final = timedelta(days=3)
#: Until then most calls over midnight have ended.
_REST: Final = timedelta(hours=1)


def tariff() -> Tariff:
    """Return the prices that the application was made with."""
    found: Tariff = session.info.get("tariff") or price_list.usual()
    return found


def spent_on(day: date) -> int:
    """Return what this day has cost up to now, in micro-dollars (millionths of a dollar).

    The day is one of the company's time zone. What goes on now counts up to now; card fees are in it.
    """
    return days(hours.calendar(), day, day)[day].total


def days(calendar: Calendar, first: date, last: date) -> dict[date, Cost]:
    """Return what was used on each of these days, both included, and what it costs."""
    prices = tariff()
    used = _stored(calendar, first, last)
    for one, other in _gaps(first, last, used):
        used |= queries.used(calendar, one, other, prices.inbound)
    return {one: prices.cost(used[one], one) for one in _each(first, last)}


def of_intake(
    intake: Intake,
    calls: Iterable[tuple[CustomerCall, Recording | None]],
    clips: Iterable[Any],
    legs: Sequence[Any],
) -> int:
    """Return what the telephone network charges for an intake up to now, in micro-dollars.

    Each leg has the price of its day. ``legs`` have the columns of ``queries.LEG``.
    """
    calendar, prices, now = hours.calendar(), tariff(), clock.now()
    accepted = sorted(leg.accepted_at for leg in legs if leg.accepted_at)
    parts: list[tuple[datetime, Used]] = [(leg.started_at, queries.of_leg(leg, now)) for leg in legs]
    parts += [(clip.made_at, queries.of_clip(clip)) for clip in clips]
    for call, recording in calls:
        joined_at = next((at for at in accepted if at >= call.started_at), None)
        parts.append((call.started_at, queries.of_call(call, joined_at, prices.inbound, now)))
        parts.append(
            (call.started_at, Counter(recordings=recorded_minutes(recording.seconds if recording else 0)))
        )
    parts.append((intake.created_at, Counter(speech=int(intake.issue is not None))))
    return sum(prices.cost(used, local(calendar, at).date()).total for at, used in parts)


def uncounted(calendar: Calendar, *, most: int) -> list[date]:
    """Return the days that are over and not settled, and up to so many that are settled and not stored.

    The latest come first.
    """
    began = session.scalar(select(func.min(CustomerCall.started_at)))
    if began is None:
        return []
    last = local(calendar, clock.now() - _REST).date() - timedelta(days=1)
    first = max(local(calendar, began).date(), last - timedelta(days=DAYS_AT_MOST))
    days = _each(first, last)[::-1]
    stored = _stored(calendar, first, last)
    settled = [one for one in days if _is_settled(calendar, one) and one not in stored]
    return [*(one for one in days if not _is_settled(calendar, one)), *settled[:most]]


def keep(calendar: Calendar, day: date, used: Mapping[str, int]) -> None:
    """Store what was used on a day that is over. What is stored of a settled day stays as it is."""
    amounts = {name: amount for name, amount in used.items() if amount}
    if not _is_settled(calendar, day):
        its = update(CostDay).where(CostDay.zone == calendar.zone, CostDay.day == day)
        if changed(its.values(used=amounts), in_session=False):
            return
    insert_once(CostDay, zone=calendar.zone, day=day, used=amounts)


def _is_settled(calendar: Calendar, day: date) -> bool:
    return local(calendar, clock.now()).date() - day > _SETTLED_AFTER


def _stored(calendar: Calendar, first: date, last: date) -> dict[date, Used]:
    rows = select(CostDay.day, CostDay.used).where(
        CostDay.zone == calendar.zone, CostDay.day.between(first, last)
    )
    return {row.day: Counter(row.used) for row in session.execute(rows)}


def _gaps(first: date, last: date, stored: Container[date]) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each stretch, of these days, that is not stored."""
    for is_stored, stretch in groupby(_each(first, last), key=stored.__contains__):
        if not is_stored:
            one, *others = stretch
            yield one, (others or [one])[-1]


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
