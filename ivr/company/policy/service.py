"""The owner's settings: cached (``cache``), and every change is written to the audit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from ivr.company.policy import cache, rules, trail
from ivr.company.policy.field_types import BadValueError
from ivr.company.policy.models import PolicyValue
from ivr.company.policy.rules import Policy
from ivr.company.policy.trail import Kind, Somebody
from ivr.core import clock
from ivr.core.db import session

_READ: Final = "company.policy"


class Command(NamedTuple):
    """A change by the command line."""

    name: str
    id: None = None


class BadValuesError(BadValueError):
    """Some typed values are invalid. ``errors`` gives the reason by name."""

    message = "Some values can't be saved as typed. Check what is marked below."

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def current() -> Policy:
    """Return the values in force."""
    return cache.cached(_READ, _read_policy)


def change(name: str, typed: str, by: Somebody) -> bool:
    """Set one value from typed text. Returns whether it changed. Raises BadValuesError, UnknownValueError."""
    return bool(change_all({name: typed}, by))


def change_all(typed: Mapping[str, str], by: Somebody) -> list[str]:
    """Set several values at once, or none. Returns the names of those that changed.

    Raises BadValuesError, UnknownValueError.
    """
    before = current()
    values, errors = _read(typed)
    if not errors:
        after, errors = _together(before, values)
    if errors:
        raise BadValuesError(errors)
    changed = [name for name in values if getattr(before, name) != getattr(after, name)]
    for name in changed:
        _keep(name, rules.written(after, name), by)
        record(rules.value(name).label, rules.shown(before, name), rules.shown(after, name), by)
    session.flush()
    if changed:
        cache.changed(_READ)
    return changed


def record(subject: str, before: str, after: str, by: Somebody) -> None:
    """Add one change to the audit: ``subject`` was ``before`` and is ``after``, in words for people."""
    trail.note(Kind.CHANGE, subject, by, before=before, after=after)


def _read_policy() -> Policy:
    kept = session.execute(select(PolicyValue.name, PolicyValue.value))
    return rules.policy({name: value for name, value in kept})  # noqa: C416  # rows, not pairs


def _read(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    values, errors = {}, {}
    for name, text in typed.items():
        try:
            values[name] = rules.value(name).kind.read(text)
        except rules.UnknownValueError:
            raise
        except BadValueError as refused:
            errors[name] = refused.shown
    return values, errors


def _together(before: Policy, values: Mapping[str, Any]) -> tuple[Policy, dict[str, str]]:
    try:
        return replace(before, **values), {}
    except rules.RateNotInIncrementsError as refused:
        at_fault = "hourly_rate_cents" if "hourly_rate_cents" in values else "increment_cents"
        return before, {at_fault: refused.shown}


def _keep(name: str, text: str, by: Somebody) -> None:
    session.merge(PolicyValue(name=name, value=text, changed_at=clock.now(), changed_by=by.name[:100]))
