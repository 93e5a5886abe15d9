"""The rows of one person in any table: found, counted, read and erased by the rules of the registry."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    false,
    func,
    or_,
    select,
    union_all,
    update,
)

from ivr.backoffice.personal_data.registry import RULES, Rule
from ivr.backoffice.personal_data.subject import Subject
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.recording.rules import RecordingState
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.core.db import Base, changed, session
from ivr.platform import jobs

#: Of rows that no object of the session maps to.
_count: Final = partial(changed, in_session=False)
_JOBS: Final = "job"
_OF_SOUND: Final = "recording"


def counts(subject: Subject) -> dict[str, int]:
    """Return how many rows of each kind say something about the person, by what they are called. None are left out."""
    found = {
        rule.label: session.scalar(
            select(func.count()).select_from(table).where(_theirs(table, rule, subject))
        )
        for table, rule in _tables()
        if rule.is_about_customers
    }
    return {label: number for label, number in found.items() if number}


def exported(subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """Return every row that belongs to the person, by its table, without what opens something."""
    found = {}
    for table, rule in _tables():
        shown = [column for column in table.columns if column.name not in rule.hidden.split()]
        rows = session.execute(select(*shown).where(_theirs(table, rule, subject)))
        found[table.name] = [dict(row._mapping) for row in rows]  # noqa: SLF001  # its public name
    return {name: rows for name, rows in found.items() if rows}


def erase(subject: Subject) -> dict[str, int]:
    """Erase what is personal in every row of the person, and return how many rows of each kind there were.

    Money, moments and states stay. Safe to repeat.
    """
    session.flush()
    done: dict[str, int] = {}
    for table, rule in _tables():
        if rule.is_about_customers:
            erased = _erase(table, rule, subject)
            if erased:
                done[rule.label] = erased
    session.expire_all()
    return done


def _tables() -> Iterator[tuple[Table, Rule]]:
    return ((table, RULES[table.name]) for table in Base.metadata.sorted_tables)


def _erase(table: Table, rule: Rule, subject: Subject) -> int:
    theirs = _theirs(table, rule, subject)
    if table.name == _JOBS:
        return jobs.forget_naming(subject.spellings)
    if rule.is_deleted:
        return _count(delete(table).where(theirs))
    if rule.rewrite is not None:
        return _rewrite(table, rule, subject)
    blank: dict[str, Any] = dict.fromkeys(rule.personal.split()) | dict(rule.blanks)
    if table.name == _OF_SOUND:
        has_sound = and_(theirs, table.c.sid.is_not(None))
        return _count(update(table).where(has_sound).values(blank | {"state": RecordingState.FORGOTTEN}))
    return _count(update(table).where(theirs).values(blank))


def _rewrite(table: Table, rule: Rule, subject: Subject) -> int:
    rewrite = rule.rewrite or (lambda _row, _words: {})
    (key,) = table.primary_key.columns
    rows = session.execute(select(table).where(_theirs(table, rule, subject))).mappings().all()
    new = [{"_key": row[key.name], **rewrite(dict(row), subject.spellings)} for row in rows]
    if new:
        values: dict[str, Any] = {name: bindparam(name) for name in new[0] if name != "_key"}
        session.connection().execute(update(table).where(key == bindparam("_key")).values(values), new)
    return len(new)


def _theirs(table: Table, rule: Rule, subject: Subject) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if rule.matter:
        ways.append(table.c[rule.matter].in_(subject.intake_ids))
    if rule.through:
        column, name = rule.through
        other = Base.metadata.tables[name]
        of_it = select(other.c.id).where(other.c.intake_id.in_(subject.intake_ids))
        ways.append(table.c[column].in_(of_it))
    if rule.address and subject.words:
        known = func.lower(table.c[rule.address]).in_([word.lower() for word in subject.words])
        # What is of another matter is of whoever that matter is: two people may share a number.
        ways.append(known & table.c[rule.matter].is_(None) if rule.matter else known)
    if rule.leg:
        ways.append(table.c[rule.leg].in_(_legs(subject.intake_ids)))
    for name in rule.words.split():
        text = table.c[name].cast(Text)
        ways += [text.icontains(word, autoescape=True) for word in sorted(subject.spellings)]
    return or_(*ways) if ways else false()


def _legs(intake_ids: Sequence[int]) -> Any:
    """Select the SIDs of their legs and of those of staff who were rung for them, and the names of conferences."""
    callers = select(CustomerCall.sid).where(CustomerCall.intake_id.in_(intake_ids))
    staff = select(StaffCall.sid).join(Offer).where(Offer.intake_id.in_(intake_ids))
    rooms = select(Intake.conference_name).where(Intake.id.in_(intake_ids))
    return union_all(callers, staff, rooms)
