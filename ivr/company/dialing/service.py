"""Whether a number may be dialed. Whoever has a telephone ring needs a ``Permit``, and gets it here.

Calls to customers are counted, because strangers can bring them about: a caller gives a number, or claims one as their
caller ID. Calls to staff are not: the owner has entered those numbers, and a limit would leave callers in the queue.
"""

from datetime import timedelta
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, case, delete, func, select
from structlog import get_logger

from ivr.company.dialing import rules
from ivr.company.dialing.models import Dial
from ivr.company.dialing.rules import DAY, HOUR, WORDS, Allowed, Counts, Network, NotDialed, Standing
from ivr.company.mail import service as mail
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import UTCDateTime, insert_once, one_at_a_time, session
from ivr.core.errors import Refusal
from ivr.platform.providers.telephone import Permit

log = get_logger(__name__)

#: What is older counts no more.
_KEPT: Final = timedelta(days=2)


class NotDialedError(Refusal):
    """The number may not be dialed. ``why`` is the reason."""

    message = "The line can't call this number."

    def __init__(self, why: NotDialed) -> None:
        super().__init__(f"The line can't call this number. {WORDS[why]}")
        self.why = why


def why_not(number: str) -> NotDialed | None:
    """Return why this number, E.164, may never be dialed as the settings are; None when it may be."""
    current = policy.current()
    # A database without an application has no number of its own.
    network: Network = session.info.get("network", Network())
    allowed = Allowed(frozenset(current.dial_countries), current.dial_never, network)
    return rules.not_dialed(number, allowed)


def check_number(number: str) -> None:
    """Raise NotDialedError if the settings rule out dialing this number at all."""
    if why := why_not(number):
        raise NotDialedError(why)


def why_not_now(number: str, intake_id: int) -> NotDialed | None:
    """Return why the customer of this intake may not be called at this number now; None when they may be."""
    return why_not(number) or rules.limit_reached(_counts(number, intake_id), _limits())


def permit_staff(number: str) -> Permit | NotDialed:
    """Permit a call to a member of staff, or return why it is not made."""
    return why_not(number) or _permit(number)


def permit_customer(number: str, intake_id: int, *, key: str) -> Permit | NotDialed:
    """Permit one call to the customer of this intake and count it, or return why it is not made.

    What was permitted for the same ``key`` before stays permitted. Of two who ask for the last place one gets it.
    """
    if why := why_not(number):
        return why
    if session.scalar(select(Dial.id).where(Dial.key == key)):
        return _permit(number)
    one_at_a_time(Dial.__tablename__)
    were, limits = _counts(number, intake_id), _limits()
    if reached := rules.limit_reached(were, limits):
        return reached
    insert_once(Dial, key=key, at=clock.now(), number=number, intake_id=intake_id)
    _tell(Counts(were.number + 1, were.matter + 1, were.hour + 1, were.day + 1), limits)
    return _permit(number)


def standing() -> list[Standing]:
    """Return the limits of the whole line of which so much is used up that people are told."""
    return list(rules.told(_counts("", 0), _limits()))


def forget() -> None:
    """Delete what counts no more."""
    session.execute(delete(Dial).where(Dial.at < clock.now() - _KEPT))


def _permit(number: str) -> Permit:
    return Permit(number, longest_seconds=policy.current().longest_call_seconds)


def _limits() -> Counts:
    current = policy.current()
    return Counts(
        current.dial_number_limit, current.dial_matter_limit, current.dial_hour_limit, current.dial_day_limit
    )


def _counts(number: str, intake_id: int) -> Counts:
    now = clock.now()
    values = {"number": number, "intake_id": intake_id, "hour_ago": now - HOUR, "day_ago": now - DAY}
    return Counts(*session.execute(_counted(), values).one())


@cache  # to build it takes longer than to run it
def _counted() -> Select[*tuple[int, ...]]:
    def those(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return select(
        those(Dial.number == bindparam("number")),
        those(Dial.intake_id == bindparam("intake_id")),
        those(Dial.at > bindparam("hour_ago", type_=UTCDateTime)),
        func.count(),
    ).where(Dial.at > bindparam("day_ago", type_=UTCDateTime))


def _tell(were: Counts, limits: Counts) -> None:
    """Tell operations, once in an hour or a day, that a limit of the whole service is nearly or quite used up."""
    for one in rules.told(were, limits):
        to, at = policy.current().operations_email, clock.now()
        log.warning("calls_to_customers", window=one.window, made=one.made, most=one.most)
        if to is None:
            continue
        when = f"{at:%Y%m%d%H}" if one.window == "hour" else f"{at:%Y%m%d}"
        level = "reached" if one.is_reached else "near"
        mail.post(
            "calls_limit",
            to=to,
            language="en",
            key=f"calls-limit:{one.window}:{when}:{level}",
            **one._asdict(),
        )
