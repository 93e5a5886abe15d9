"""What the settings pages share: tabs, rendering, and which button was pressed."""

from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ivr.web.console.common.gate import blueprint

#: The tabs, the most often needed first: endpoint and words.
TABS: Final = {
    "console.opening_hours": "Hours",
    "console.people": "Staff",
    "console.shifts_page": "Shifts",
    "console.on_call_page": "On call",
    "console.calls_settings": "Calls",
    "console.dialing_settings": "Outgoing calls",
    "console.prompts": "Prompts",
    "console.money_settings": "Prices",
    "console.visit_settings": "Visits",
    "console.follow_up_settings": "Follow-ups",
    "console.company_settings": "Company",
    "console.robot_settings": "Robots",
    "console.alarm_settings": "Alarms",
    "console.personal_data_page": "Personal data",
    "console.audit": "Changes",
    "console.checklist_page": "Checklist",
    "console.health_page": "Health",
}


def shown(template: str, **values: Any) -> str:
    """Renders a page of the settings, with its tabs. ``tab`` is that of a page below one of them."""
    return render_template(f"console/settings/{template}", tabs=TABS, **{"tab": "", **values})


def button(name: str, *values: str) -> str:
    """Returns the value of the button that was pressed. A form that names none of them does nothing."""
    value = request.form.get(name)
    return value if value in values else abort(400)


@blueprint.get("/settings")
def settings() -> Response:
    """Redirects to the first tab."""
    return redirect(url_for("console.opening_hours"))
