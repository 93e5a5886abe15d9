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
    """Returns the reference as stored: people may type it in small letters."""
    if not _REFERENCE.fullmatch(reference.upper()):
        abort(404)
    return reference.upper()


def page(
    reference: str,
    shown: Mapping[str, Any] | None = None,
    sent: desk.Sent | None = None,
) -> str:
    """Shows everything about the intake; a live page gets it without the frame.

    ``shown`` is the answer to a form (``console.answers``), ``sent`` a form of the fields that was refused.
    """
    what: dict[str, Any] = {"said": {}, **(shown or {})}
    typed, wrong = what.pop("estimate_form", None), what.pop("estimate_errors", {})
    with services().database.reading():
        sees_costs = scope.may(Action.REPORTS)
        record = everything(known(reference), current_user.id, scope.among(), with_legs=sees_costs)
        if record is None:
            abort(404)
        intake, calendar = record.intake, hours.calendar()
        calls_recorded = record.recordings if scope.hears(intake.id) else []
        call = call_control_queries.strip(intake, record.viewer, record.now, record.running)
        sheet = desk.sheet(intake, record.earlier)
        if sent:
            sheet = desk.again(sheet, intake, sent, calendar)
        cost = _cost(record) if sees_costs else None
        stored = record.estimates
        orders = refunds.of_intake(intake.id) if record.money.paid_cents else []
        estimate = (
            section.typed(intake, typed, wrong, stored)[0] if typed else section.section(intake, stored)
        )
        sells = scope.may(Action.SELL)
        makers = visit_makers.choices(estimate, what.get("booking_typed")) if sells else []
    _note_read(record)
    events = record.events if scope.may(Action.MONEY) else timeline.without_money(record.events)
    told = timeline.describe(events, lambda at: time_format.moment(at, calendar))
    return render_template(
        "console/intake.html",
        layout="console/bare.html" if is_live() else "console/layout.html",
        intake=intake,
        technician=record.technician,
        operator=record.operator,
        visitor=record.visitor,
        makers=makers,
        call=call,
        refused=record.refused,
        has_rung_us=record.rang is not None,
        found=record.rang.stir_verstat if record.rang else None,
        clips=record.clips,
        recordings=calls_recorded,
        money=record.money,
        refund_orders=orders,
        refundable=refunds.refundable(record.money.entries, orders) if scope.may(Action.REFUND) else [],
        cost=cost,
        estimate=estimate,
        is_typed=typed is not None,
        now=clock.now(),
        callbacks=record.callbacks,
        follow_ups=record.follow_ups,
        notes=notes.among(record.events),
        earlier=record.earlier,
        returned=record.returned,
        days=[
            (day, list(entries))
            for day, entries in groupby(told, lambda one: time_format.day(one.at, calendar))
        ],
        fields=forms.FIELDS,
        handled=forms.HANDLED,
        notes_field=forms.NOTES,
        wrap_up=forms.WRAP_UP,
        missing=[field for field in forms.FIELDS if not sheet.kept[field.name]],
        sheet=sheet,
        choices=desk.CHOICES,
        calendar=calendar,
        words=words,
        **what,
    )


def _note_read(record: Everything) -> None:
    """Notes that somebody has opened the page and reads what the messages on it say."""
    read = [one.id for one in record.clips if one.transcript and one.heard_at is None]
    if read and not is_live():  # a page that is open anyway takes what is new by itself
        with services().database.transaction():
            clips.heard(record.intake.id, read, by=current_user.name)
            follow_ups.settle_soon(record.intake.id)
        frame_views.look_again()


def _cost(record: Everything) -> str:
    return costs_rules.dollars(costs.of_intake(record.intake, record.calls, record.clips, record.legs))
