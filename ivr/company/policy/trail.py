"""The audit trail: who changed what, who came in, and who looked at what. Each line is in words for people.

No line holds a customer's data: a matter is named by its reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, and_, delete, or_, select

from ivr.company.policy.models import Audit
from ivr.core import clock
from ivr.core.db import changed, insert_once, session

_LONGEST: Final = 2000


class Somebody(Protocol):
    """The person who acts; ``id`` is their id in the roster, None for a command or the service itself."""

    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...


class Kind(StrEnum):
    """What sort of thing was done."""

    CHANGE = "change"
    LOG_IN = "log_in"
    #: A log-in that did not come to pass.
    REFUSED = "refused"
    LOG_OUT = "log_out"
    #: A link to somebody's own page let them in.
    LINK = "link"
    HEARD = "heard"
    LETTER = "letter"
    EXPORT = "export"


#: How long a line is kept: a change, and all the rest.
CHANGES_KEPT: Final = timedelta(days=730)
VISITS_KEPT: Final = timedelta(days=365)


@dataclass(frozen=True)
class Wanted:
    """Which lines are looked for; None is any. ``until`` itself is left out."""

    staff_id: int | None = None
    kind: Kind | None = None
    since: datetime | None = None
    until: datetime | None = None


def note(kind: Kind, subject: str, by: Somebody, *, before: str = "", after: str = "") -> None:
    """Add a line: ``subject`` was ``before`` and is ``after``, or what was done to it."""
    session.add(Audit(**_row(kind, subject, by, before, after)))


def note_hourly(kind: Kind, subject: str, by: Somebody, *, after: str = "", but_for: str = "") -> None:
    """Add a line, once an hour for this person and subject however often it is asked for.

    ``but_for`` is what else makes it another line: strangers cannot fill the database with refused log-ins.
    """
    insert_once(Audit, **_row(kind, subject, by, "", after), once=_once(kind, subject, by, but_for))


def is_noted(kind: Kind, subject: str, by: Somebody) -> bool:
    """Whether ``note_hourly`` would add nothing, so that no transaction need write."""
    return session.scalar(select(Audit.id).where(Audit.once == _once(kind, subject, by))) is not None


def lines(wanted: Wanted, *, before: int | None = None, limit: int) -> Sequence[Audit]:
    """Return the lines, latest first, with an id below ``before``."""
    found = select(Audit).order_by(Audit.id.desc()).limit(limit)
    if wanted.staff_id is not None:
        found = found.where(Audit.staff_id == wanted.staff_id)
    if wanted.kind is not None:
        found = found.where(Audit.kind == wanted.kind)
    if wanted.since is not None:
        found = found.where(Audit.at >= wanted.since)
    if wanted.until is not None:
        found = found.where(Audit.at < wanted.until)
    if before is not None:
        found = found.where(Audit.id < before)
    return session.scalars(found).all()


def forget() -> int:
    """Delete the lines that have been kept for long enough, and return how many."""
    now = clock.now()
    is_change: ColumnElement[bool] = Audit.kind == Kind.CHANGE
    return changed(
        delete(Audit).where(
            or_(
                and_(is_change, Audit.at < now - CHANGES_KEPT), and_(~is_change, Audit.at < now - VISITS_KEPT)
            )
        ),
        in_session=False,
    )


def _row(kind: Kind, subject: str, by: Somebody, before: str, after: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "at": clock.now(),
        "staff_id": by.id,
        "staff_name": by.name[:100],
        "subject": subject[:200],
        "before": before[:_LONGEST],
        "after": after[:_LONGEST],
    }


def _once(kind: Kind, subject: str, by: Somebody, but_for: str = "") -> str:
    return f"{clock.now():%Y%m%d%H} {kind} {by.id or 0} {subject} {but_for}"[:200]
