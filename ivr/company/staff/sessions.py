"""The sessions of staff: a row for each browser that a log-in or a link has let in, until it ends.

A session ends for a reason (``SessionEnd``), or it lapses: twelve hours after it began, and one of the console after
two hours without a request. A page that is open at a desk makes requests by itself. A phone that sleeps in a pocket
makes none, so only its twelve hours count.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, or_, select, update

from ivr.company.staff.models import Role, SessionEnd, SessionKind, Staff, StaffSession
from ivr.core import clock
from ivr.core.db import changed, session

LASTS: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=2)
#: A request is noted at most so often: to read a page should seldom write.
NOTED_EVERY: Final = timedelta(minutes=5)
#: As long as its cookie, which tells whose words a form brings that is sent too late.
KEPT: Final = 2 * LASTS


class Holder(NamedTuple):
    """A person, and the session by which they were found."""

    staff: Staff
    session: StaffSession


class LogIn(NamedTuple):
    """What every request of a browser asks: who it is, and by which session."""

    id: int
    name: str
    role: Role
    session_id: int
    #: When they logged in.
    began_at: datetime
    #: The last use of the session that was noted.
    used_at: datetime
    #: As of ``Staff``.
    is_available: bool
    unanswered: int


def begin(staff_id: int, kind: SessionKind, *, browser: str, network: str | None) -> str:
    """Begin a session and return its secret, which is not kept."""
    secret, now = secrets.token_urlsafe(24), clock.now()
    session.add(
        StaffSession(
            staff_id=staff_id,
            kind=kind,
            secret_hash=_hashed(secret),
            browser=browser,
            network=network,
            created_at=now,
            used_at=now,
        )
    )
    return secret


def holder(secret: str, kind: SessionKind) -> Holder | None:
    """Return who holds this secret, and the session, while it is open and they work here."""
    return _found(secret, kind, _is_open())


def log_in(secret: str) -> LogIn | None:
    """Return who holds this secret of the console, and the session, while it is open and they work here."""
    now = clock.now()
    values = {"secret": _hashed(secret), "began": now - LASTS, "used": now - IDLE}
    row = session.execute(_log_in(), values).one_or_none()
    return LogIn(*row) if row else None


@cache  # each request of a page asks
def _log_in() -> Select[*tuple[Any, ...]]:
    its = StaffSession
    return (
        select(Staff.id, Staff.name, Staff.role, its.id, its.created_at, its.used_at)
        .add_columns(Staff.is_available, Staff.unanswered)
        .join(its, its.staff_id == Staff.id)
        .where(its.secret_hash == bindparam("secret"), its.kind == SessionKind.CONSOLE, Staff.is_active)
        .where(_goes_on(bindparam("began"), bindparam("used")))
    )


def holder_of_lapsed(secret: str, kind: SessionKind) -> int | None:
    """Return the id of who held this secret, when its time is over and nothing else has ended it."""
    found = _found(secret, kind, StaffSession.ended_at.is_(None), ~_is_open())
    return found.staff.id if found else None


def open_among(ids: Collection[int]) -> set[int]:
    """Return the ids of those sessions that go on, and whose holders work here."""
    these = select(StaffSession.id).join(Staff).where(StaffSession.id.in_(ids), Staff.is_active)
    return set(session.scalars(these.where(_is_open())))


def is_worth_noting(used_at: datetime) -> bool:
    """Whether so much time has passed since the last use that was noted that this one must be, too."""
    return used_at <= clock.now() - NOTED_EVERY


def note_use(session_id: int) -> None:
    """Note that the session is in use."""
    mine = StaffSession.id == session_id, StaffSession.ended_at.is_(None)
    changed(update(StaffSession).where(*mine).values(used_at=clock.now()))


def open_ones(staff_id: int) -> Sequence[StaffSession]:
    """Return a person's open sessions, the last used first."""
    mine = select(StaffSession).where(StaffSession.staff_id == staff_id, _is_open())
    return session.scalars(mine.order_by(StaffSession.used_at.desc(), StaffSession.id.desc())).all()


def end(staff_id: int, session_id: int, *, why: SessionEnd) -> bool:
    """End one session of this person. Returns whether it was open."""
    return _end(why, StaffSession.staff_id == staff_id, StaffSession.id == session_id) == 1


def end_held(held: Iterable[str], *, why: SessionEnd) -> None:
    """End the sessions of these secrets."""
    _end(why, StaffSession.secret_hash.in_([_hashed(secret) for secret in held]))


def end_all(
    staff_id: int, *, why: SessionEnd, but: int | None = None, kind: SessionKind | None = None
) -> int:
    """End a person's sessions, and return how many were open.

    ``but`` is the id of one that goes on. With a ``kind`` only those are ended.
    """
    theirs: list[ColumnElement[bool]] = [StaffSession.staff_id == staff_id]
    if but is not None:
        theirs.append(StaffSession.id != but)
    if kind is not None:
        theirs.append(StaffSession.kind == kind)
    return _end(why, *theirs)


def forget() -> int:
    """Delete the sessions that nothing needs any more, and return how many."""
    return changed(delete(StaffSession).where(StaffSession.created_at <= clock.now() - KEPT))


def _end(why: SessionEnd, *which: ColumnElement[bool]) -> int:
    ended = update(StaffSession).where(*which, StaffSession.ended_at.is_(None))
    return changed(ended.values(ended_at=clock.now(), ended_because=why))


def _found(secret: str, kind: SessionKind, *conditions: ColumnElement[bool]) -> Holder | None:
    mine = StaffSession.secret_hash == _hashed(secret), StaffSession.kind == kind, Staff.is_active
    both = select(Staff, StaffSession).join(StaffSession, StaffSession.staff_id == Staff.id)
    row = session.execute(both.where(*mine, *conditions)).one_or_none()
    return Holder(*row) if row else None


def _is_open() -> ColumnElement[bool]:
    now = clock.now()
    return _goes_on(now - LASTS, now - IDLE)


def _goes_on(began: Any, used: Any) -> ColumnElement[bool]:
    """Whether nothing has ended it and its time is not over: it began, and was used, after these moments."""
    in_use = or_(StaffSession.kind == SessionKind.LINK, StaffSession.used_at > used)
    return and_(StaffSession.ended_at.is_(None), StaffSession.created_at > began, in_use)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
