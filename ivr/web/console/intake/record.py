"""The page of one intake, for every URL that answers with it. It opens its own transaction."""

import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from flask import abort, render_template
from flask_login import current_user

from ivr.backoffice.costs import rules as costs_rules
from ivr.backoffice.costs import service as costs
from ivr.backoffice.follow_ups import service as follow_ups
from ivr.backoffice.payments import refunds
from ivr.callcenter.intake import clips, notes
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.core import clock
from ivr.services import services
from ivr.web.console.call_control import queries as call_control_queries
from ivr.web.console.common import scope, time_format, words
from ivr.web.console.common.actions import is_live
from ivr.web.console.common.permissions import Action
from ivr.web.console.estimate import section, visit_makers
from ivr.web.console.frame import views as frame_views
from ivr.web.console.intake import desk, forms, timeline
from ivr.web.console.intake.everything import Everything, everything

_REFERENCE: Final = re.compile(r"[A-Z0-9]{1,12}", re.ASCII)


def known(reference: str) -> str:
    """Return the reference as stored: people may type it in small letters."""
    if not _REFERENCE.fullmatch(reference.upper()):
        abort(404)
    return reference.upper()


def page(
    reference: str,
    shown: Mapping[str, Any] | None = None,
    sent: desk.Sent | None = None,
) -> str:
    """Show everything about the intake; a live page gets it without the frame.

    ``shown`` is the answer to a form (``console.answers``), ``sent`` a form of the fields that was refused.
    """
    what: dict[str, Any] = {"said": {}, **(shown or {})}
    with services().database.reading():
        sees_costs = scope.may(Action.REPORTS)
        record = everything(known(reference), current_user.id, scope.among(), with_legs=sees_costs)
        if record is None:
            abort(404)
        calendar = hours.calendar()
        parts = {
            **_call(record),
            **_fields(record, sent, calendar),
            **_estimate(record, what),
            **_money(record),
            "cost": _cost(record) if sees_costs else None,
        }
    _note_read(record)
    return render_template(
        "console/intake.html",
        layout="console/bare.html" if is_live() else "console/layout.html",
        intake=record.intake,
        technician=record.technician,
        operator=record.operator,
        visitor=record.visitor,
        callbacks=record.callbacks,
        follow_ups=record.follow_ups,
        notes=notes.among(record.events),
        earlier=record.earlier,
        returned=record.returned,
        days=_days(record, calendar),
        now=clock.now(),
        calendar=calendar,
        words=words,
        **parts,
        **what,
    )


def _call(record: Everything) -> dict[str, Any]:
    """Return what the page shows of the customer's calls, and what can be done with the present one."""
    intake = record.intake
    return {
        "call": call_control_queries.strip(intake, record.viewer, record.now, record.running),
        "refused": record.refused,
        "has_rung_us": record.rang is not None,
        "found": record.rang.stir_verstat if record.rang else None,
        "clips": record.clips,
        "recordings": record.recordings if scope.hears(intake.id) else [],
    }


def _fields(record: Everything, sent: desk.Sent | None, calendar: Calendar) -> dict[str, Any]:
    """Return the six fields, with what is typed into a refused form, and what is left after a call."""
    sheet = desk.sheet(record.intake, record.earlier)
    if sent:
        sheet = desk.again(sheet, record.intake, sent, calendar)
    return {
        "sheet": sheet,
        "fields": forms.FIELDS,
        "missing": [field for field in forms.FIELDS if not sheet.kept[field.name]],
        "choices": desk.CHOICES,
        "handled": forms.HANDLED,
        "notes_field": forms.NOTES,
        "wrap_up": forms.WRAP_UP,
    }


def _estimate(record: Everything, what: dict[str, Any]) -> dict[str, Any]:
    """Return the estimate as stored, or as typed into the form that ``what`` answers; and who can make the visit."""
    typed, wrong = what.pop("estimate_form", None), what.pop("estimate_errors", {})
    if typed:
        shown, _ = section.typed(record.intake, typed, wrong, record.estimates)
    else:
        shown = section.section(record.intake, record.estimates)
    makers = visit_makers.choices(shown, what.get("booking_typed")) if scope.may(Action.SELL) else []
    return {"estimate": shown, "is_typed": typed is not None, "makers": makers}


def _money(record: Everything) -> dict[str, Any]:
    """Return the ledger, and what of it can be refunded by whoever is logged in."""
    orders = refunds.of_intake(record.intake.id) if record.money.paid_cents else []
    refundable = refunds.refundable(record.money.entries, orders) if scope.may(Action.REFUND) else []
    return {"money": record.money, "refund_orders": orders, "refundable": refundable}


def _days(record: Everything, calendar: Calendar) -> list[tuple[str, list[timeline.Entry]]]:
    """Return the timeline in words, by day."""
    events = record.events if scope.may(Action.MONEY) else timeline.without_money(record.events)
    told = timeline.describe(events, lambda at: time_format.moment(at, calendar))
    by_day = groupby(told, lambda one: time_format.day(one.at, calendar))
    return [(day, list(entries)) for day, entries in by_day]


def _note_read(record: Everything) -> None:
    """Note that somebody has opened the page and reads what the messages on it say."""
    read = [one.id for one in record.clips if one.transcript and one.heard_at is None]
    if read and not is_live():  # a page that is open anyway takes what is new by itself
        with services().database.transaction():
            clips.heard(record.intake.id, read, by=current_user.name)
            follow_ups.settle_soon(record.intake.id)
        frame_views.look_again()


def _cost(record: Everything) -> str:
    return costs_rules.dollars(costs.of_intake(record.intake, record.calls, record.clips, record.legs))
