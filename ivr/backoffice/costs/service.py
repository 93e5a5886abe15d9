"""What the days cost: settled ones as they are stored, the others counted from their calls."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

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
from ivr.core.db import insert_once, session

#: After so many days no report of a call, a recording or a payment comes late any more.
_SETTLED_AFTER: Final = timedelta(days=3)


def tariff() -> Tariff:
    """Returns the prices that the application was made with."""
    found: Tariff = session.info.get("tariff") or price_list.usual()
    return found


def spent_on(day: date) -> int:
    """Returns what this day has cost up to now, in micro-dollars (millionths of a dollar).

    The day is one of the company's time zone. What goes on now counts up to now; card fees are in it.
    """
    return days(hours.calendar(), day, day)[day].total


def days(calendar: Calendar, first: date, last: date) -> dict[date, Cost]:
    """Returns what was used on each of these days, both included, and what it costs."""
    prices = tariff()
    stored = _stored(calendar, first, last)
    others = [one for one in _each(first, last) if one not in stored]
    counted = queries.used(calendar, others[0], others[-1], prices.inbound) if others else {}
    return {
        one: prices.cost(stored[one] if one in stored else counted[one], one) for one in _each(first, last)
    }


def of_intake(
    intake: Intake,
    calls: Iterable[tuple[CustomerCall, Recording | None]],
    clips: Iterable[Any],
    legs: Sequence[Any],
) -> int:
    """Returns what the telephone network charges for an intake up to now, in micro-dollars.

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


def missing(calendar: Calendar, *, most: int) -> list[date]:
    """Returns up to so many days that are settled and not stored, the latest first."""
    began = session.scalar(select(func.min(CustomerCall.started_at)))
    if began is None:
        return []
    last = local(calendar, clock.now()).date() - _SETTLED_AFTER - timedelta(days=1)
    first = max(local(calendar, began).date(), last - timedelta(days=DAYS_AT_MOST))
    stored = _stored(calendar, first, last)
    return [one for one in reversed(_each(first, last)) if one not in stored][:most]


def keep(calendar: Calendar, day: date, used: Mapping[str, int]) -> None:
    """Stores what was used on a settled day. A day that is stored stays as it is."""
    insert_once(CostDay, zone=calendar.zone, day=day, used={name: n for name, n in used.items() if n})


def _stored(calendar: Calendar, first: date, last: date) -> dict[date, Used]:
    rows = select(CostDay.day, CostDay.used).where(
        CostDay.zone == calendar.zone, CostDay.day.between(first, last)
    )
    return {row.day: Counter(row.used) for row in session.execute(rows)}


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
