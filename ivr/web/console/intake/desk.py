"""The fields of an intake, saved by the form or, field by field, by the page itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, TypeAlias

from flask import jsonify, request
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from ivr.callcenter.intake import rules as intake_rules
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.rules import WRAP_UPS
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.core import clock
from ivr.core.email_addresses import email_meant
from ivr.web.card_numbers import CARD_REMOVED, cards_removed
from ivr.web.console.common import time_format
from ivr.web.console.intake import forms, queries, rules, service
from ivr.web.console.intake.rules import Known
from ivr.web.console.intake.service import Conflict

#: A form as it was sent.
Sent: TypeAlias = MultiDict[str, str]
#: The options of each select.
CHOICES: Final = {"wrap_up": WRAP_UPS}


@dataclass(frozen=True)
class Sheet:
    """The fields as a page shows them: ``typed`` in the inputs, ``was`` stored when the page was made, and notes."""

    typed: dict[str, str]
    was: dict[str, str]
    kept: dict[str, str | None]
    known: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def email_meant(self) -> str | None:
        return email_meant(self.typed["contact_email"])

    @property
    def keys(self) -> dict[str, int]:
        """Return the key that takes over each known value."""
        return {one.use: key for key, one in enumerate(_each(self.known), 1)}


def sheet(intake: Any, earlier: Sequence[Any] = ()) -> Sheet:
    """Return the stored values for a page; ``intake`` has the columns, ``earlier`` the intakes to take values from."""
    kept = {name: intake_rules.field(intake, name) for name in forms.BY_NAME}
    shown = {name: one.shown(kept[name]) for name, one in forms.BY_NAME.items()}
    was = {name: value or "" for name, value in kept.items()}
    return Sheet(shown, was, kept, rules.known(intake, earlier))


def again(fresh: Sheet, intake: Any, sent: Sent, calendar: Calendar) -> Sheet:
    """Return the page's fields with everything in a form that was refused, and what is wrong with it now.

    Untouched fields get what is stored now.
    """
    form = _form(fresh.known, sent)
    (values, errors), seen = _read(form), forms.seen(form)
    conflicts = {} if errors else service.conflicts(intake, values, seen)
    typed, was = dict(fresh.typed), dict(fresh.was)
    for name in form.keys() & forms.BY_NAME.keys():
        if name in form.getlist("take") or (name in seen and values.get(name, "") == seen[name]):
            continue
        typed[name] = form[name]
        if name in seen and name not in conflicts:
            was[name] = seen[name] or ""
    told = {name: _told(name, one, calendar) for name, one in conflicts.items()}
    return replace(fresh, typed=typed, was=was, errors=errors, conflicts=told)


def keep(
    reference: str, *, by: str, among: Select[Any] | None = None
) -> tuple[dict[str, str], dict[str, Conflict]] | None:
    """Save the whole form or nothing. Returns errors and conflicts by field; None when there is no such intake.

    The form may ask to take over known values; from earlier intakes only those in ``among``, if given.
    """
    form = _form(_known(reference, among) if "use" in request.form else {}, request.form)
    values, errors = _read(form)
    if errors:
        return errors, {}
    conflicts = service.fill_in(reference, values, by=by, seen=forms.seen(form))
    return None if conflicts is None else ({}, conflicts)


def answer(
    intake: Any,
    errors: dict[str, str],
    conflicts: dict[str, Conflict],
    among: Select[Any] | None = None,
) -> Response:
    """Answer a live page. 200: saved; 422: ``errors`` by field; 409: ``conflicts`` by field."""
    calendar = hours.calendar()
    now = sheet(intake, queries.earlier(intake, among))
    said = jsonify(
        fields={name: {"was": now.was[name], "shown": now.typed[name]} for name in forms.BY_NAME},
        errors=errors,
        conflicts={name: _told(name, one, calendar) for name, one in conflicts.items()},
        meant=now.email_meant,
        known=[asdict(one) for one in _each(now.known)],
        at=time_format.minute(clock.now(), calendar),
        cards=dict.fromkeys(cards_removed() & forms.BY_NAME.keys(), CARD_REMOVED),
    )
    said.status_code = 422 if errors else 409 if conflicts else 200
    return said


def sent() -> frozenset[str]:
    """Return the names of the fields that the form has."""
    return frozenset(request.form.keys() & forms.BY_NAME.keys())


def _read(form: Sent) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return values and errors, but for the fields where what is stored is taken."""
    values, errors = forms.read(form)
    for name in form.getlist("take"):
        values.pop(name, None)
        errors.pop(name, None)
    return values, errors


def _form(known: Mapping[str, Sequence[Known]], sent: Sent) -> Sent:
    """Return the form, with the known or corrected value where its button was pressed."""
    form = MultiDict(sent)
    for one in _each(known):
        if one.use == form.get("use"):
            form[one.field] = one.typed
    if "meant" in form:
        form["contact_email"] = email_meant(form.get("contact_email")) or form.get("contact_email", "")
    return form


def _known(reference: str, among: Select[Any] | None) -> Mapping[str, Sequence[Known]]:
    intake = intakes.by_reference(reference)
    return rules.known(intake, queries.earlier(intake, among)) if intake else {}


def _each(known: Mapping[str, Sequence[Known]]) -> Iterable[Known]:
    """Iterate in the order of the page."""
    return (one for name in forms.BY_NAME for one in known.get(name, ()))


def _told(name: str, one: Conflict, calendar: Calendar) -> dict[str, str]:
    when = f", {time_format.time_of_day(one.at, calendar)}" if one.at else ""
    return {
        "was": one.theirs or "",
        "shown": forms.BY_NAME[name].shown(one.theirs)
        if name not in CHOICES
        else CHOICES[name].get(one.theirs or "", ""),
        "words": f"{one.by or 'Someone else'} has changed this{when}:",
    }
