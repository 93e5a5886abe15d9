"""The values of ``ivr.company.policy`` on six pages; a page saves all its values, or none."""

from collections.abc import Mapping
from typing import Final

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.company.policy import rules as policy_rules
from ivr.company.policy import service as policy
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import shown
from ivr.web.once import once

MONEY: Final = (
    "base_fee_cents",
    "increment_cents",
    "hourly_rate_cents",
    "estimate_valid_days",
    "refund_days",
)
VISITS: Final = (
    "visit_drive_seconds",
    "visit_window_hours",
    "customer_changes",
    "customer_change_hours",
    "customer_moves_at_most",
)
CALLS: Final = (
    "ring_seconds",
    "ring_all_at_once",
    "ring_customer_first",
    "longest_wait_seconds",
    "wrap_up_seconds",
    "unanswered_pause",
    "unanswered_pause_seconds",
    "languages",
    "recording_of_calls",
    "recording_needs_yes",
)
DIALING: Final = (
    "dial_countries",
    "dial_never",
    "dial_number_limit",
    "dial_matter_limit",
    "dial_hour_limit",
    "dial_day_limit",
    "longest_call_seconds",
)
COMPANY: Final = (
    "company_name",
    "company_phone",
    "company_address",
    "reply_to",
    "operations_email",
    "monday_letter",
    "retention_days",
    "calendar_names_customer",
    "second_factor_technicians",
    "second_factor_operators",
    "second_factor_owners",
    "staff_take_leave",
)
ROBOTS: Final = ("silent_minutes_a_day",)
FOLLOW_UPS: Final = (
    "follow_up_unopened_seconds",
    "follow_up_unpaid_days",
    "follow_up_expiring_days",
    "remind_customers",
)


@blueprint.get("/settings/prices")
def money_settings() -> str:
    """Show the fee, the increment, the rate."""
    return _page("Prices", MONEY)


@blueprint.post("/settings/prices")
def set_money() -> Response | tuple[str, int]:
    """Save them."""
    return _kept("Prices", MONEY, "console.money_settings")


@blueprint.get("/settings/visits")
def visit_settings() -> str:
    """Show the drive time, and what customers may do about their visit."""
    return _page("Visits", VISITS)


@blueprint.post("/settings/visits")
def set_visits() -> Response | tuple[str, int]:
    """Save them."""
    return _kept("Visits", VISITS, "console.visit_settings")


@blueprint.get("/settings/calls")
def calls_settings() -> str:
    """Show how staff are rung, how long callers wait, and the languages."""
    return _page("Calls", CALLS)


@blueprint.post("/settings/calls")
def set_calls() -> Response | tuple[str, int]:
    """Save them."""
    return _kept("Calls", CALLS, "console.calls_settings")


@blueprint.get("/settings/dialing")
def dialing_settings() -> str:
    """Show which numbers the service calls, how often, and for how long."""
    return _page("Outgoing calls", DIALING)


@blueprint.post("/settings/dialing")
def set_dialing() -> Response | tuple[str, int]:
    """Save them."""
    return _kept("Outgoing calls", DIALING, "console.dialing_settings")


@blueprint.get("/settings/robots")
def robot_settings() -> str:
    """Show how much silence a day may bring."""
    return _page("Robots", ROBOTS)


@blueprint.post("/settings/robots")
def set_robots() -> Response | tuple[str, int]:
    """Save them."""
    return _kept("Robots", ROBOTS, "console.robot_settings")


@blueprint.get("/settings/follow-ups")
def follow_up_settings() -> str:
    """Show when an estimate is followed up, and whether customers are reminded."""
    return _page("Follow-ups", FOLLOW_UPS)


@blueprint.post("/settings/follow-ups")
def set_follow_ups() -> Response | tuple[str, int]:
    """Save them."""
    return _kept("Follow-ups", FOLLOW_UPS, "console.follow_up_settings")


@blueprint.get("/settings/company")
def company_settings() -> str:
    """Show the company's name, telephone number, email address, retention, and who needs a second factor."""
    return _page("Company", COMPANY)


@blueprint.post("/settings/company")
def set_company() -> Response | tuple[str, int]:
    """Save them."""
    return _kept("Company", COMPANY, "console.company_settings")


def _page(title: str, names: tuple[str, ...]) -> str:
    with services().database.reading():
        current = policy.current()
    return _shown(title, {name: policy_rules.written(current, name) for name in names}, {})


def _kept(title: str, names: tuple[str, ...], endpoint: str) -> Response | tuple[str, int]:
    # Several boxes of one name are one value; a browser does not send an unticked box.
    typed = {name: " ".join(request.form.getlist(name)) for name in names}
    try:
        with once():
            changed = policy.change_all(typed, current_user)
    except policy.BadValuesError as refused:
        return _shown(title, typed, refused.errors), 422
    labels = ", ".join(policy_rules.value(name).label for name in changed)
    flash(f"Saved: {labels}." if changed else "Nothing has changed.")
    return redirect(url_for(endpoint), 303)


def _shown(title: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    values = [policy_rules.value(name) for name in typed]
    labels = {one.name: one.label for one in values}
    return shown("values.html", title=title, values=values, labels=labels, typed=typed, errors=errors)
