"""The intake desk: what is typed on an intake, kept by the form or, field by field, by the page itself."""

from dataclasses import dataclass, field
from typing import Any, Final

from flask import jsonify, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from ivr.console import forms, moments, service
from ivr.console.service import Conflict
from ivr.hours import service as hours
from ivr.hours.rules import Calendar
from ivr.intake.rules import WRAP_UPS, email_meant

#: What a select offers.
CHOICES: Final = {"wrap_up": WRAP_UPS}


@dataclass(frozen=True)
class Sheet:
    """The fields as a page shows them: ``typed`` in them, ``was`` kept when it was made, the rest beside them."""

    typed: dict[str, str]
    was: dict[str, str]
    kept: dict[str, str | None]
    errors: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def email_meant(self) -> str | None:
        return email_meant(self.typed["contact_email"])


def sheet(intake: Any) -> Sheet:
    """What is kept, to be shown; ``intake`` has the columns."""
    kept = {name: getattr(intake, name) for name in forms.BY_NAME}
    shown = {name: one.shown(kept[name]) for name, one in forms.BY_NAME.items()}
    return Sheet(shown, {name: value or "" for name, value in kept.items()}, kept)


def again(fresh: Sheet, errors: dict[str, str], conflicts: dict[str, Conflict], calendar: Calendar) -> Sheet:
    """The page once more with everything that was typed in it; where it was untouched, with what is kept now."""
    form, values, seen = _form(), forms.read(_form())[0], forms.seen(_form())
    typed, was = dict(fresh.typed), dict(fresh.was)
    for name in form.keys() & forms.BY_NAME.keys():
        if name in form.getlist("take") or (name in seen and values.get(name, "") == seen[name]):
            continue
        typed[name] = form[name]
        if name in seen and name not in conflicts:
            was[name] = seen[name] or ""
    return Sheet(
        typed, was, fresh.kept, errors, {name: _told(name, one, calendar) for name, one in conflicts.items()}
    )


def keep(reference: str, *, by: str) -> tuple[dict[str, str], dict[str, Conflict]] | None:
    """Keep what the form says, or nothing of it: what is wrong by field, or who was faster. None: no such intake."""
    form = _form()
    values, errors = forms.read(form)
    for name in form.getlist("take"):
        values.pop(name, None)
        errors.pop(name, None)
    if errors:
        return errors, {}
    conflicts = service.fill_in(reference, values, by=by, seen=forms.seen(form))
    return None if conflicts is None else ({}, conflicts)


def answer(intake: Any, errors: dict[str, str], conflicts: dict[str, Conflict]) -> Response:
    """The same for a live page. 200: as kept; 422: ``errors`` by field; 409: ``conflicts`` by field."""
    calendar = hours.calendar()
    told = {name: _told(name, one, calendar) for name, one in conflicts.items()}
    said = jsonify(fields=live(intake), errors=errors, conflicts=told, meant=sheet(intake).email_meant)
    said.status_code = 422 if errors else 409 if conflicts else 200
    return said


def live(intake: Any) -> dict[str, dict[str, str]]:
    """Every field as it is kept (``was``) and as it is shown."""
    now = sheet(intake)
    return {name: {"was": now.was[name], "shown": now.typed[name]} for name in forms.BY_NAME}


def sent() -> frozenset[str]:
    """Which fields the form has."""
    return frozenset(request.form.keys() & forms.BY_NAME.keys())


def _form() -> MultiDict[str, str]:
    """What was sent; the e-mail address as it was meant, when somebody took the suggestion."""
    form = MultiDict(request.form)
    if "meant" in form:
        form["contact_email"] = email_meant(form.get("contact_email")) or form.get("contact_email", "")
    return form


def _told(name: str, one: Conflict, calendar: Calendar) -> dict[str, str]:
    when = f", {moments.time_of_day(one.at, calendar)}" if one.at else ""
    return {
        "was": one.theirs or "",
        "shown": forms.BY_NAME[name].shown(one.theirs)
        if name not in CHOICES
        else CHOICES[name].get(one.theirs or "", ""),
        "words": f"{one.by or 'Somebody else'} has changed this{when}:",
    }
