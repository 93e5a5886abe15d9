"""What the settings pages share: tabs, rendering, and which button was pressed."""

from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ivr.web.console.common.gate import blueprint

#: The tabs in their groups, the most often needed first: endpoint and words.
TABS: Final = {
    "The line": {
        "console.opening_hours": "Hours",
        "console.prompts": "Prompts",
        "console.calls_settings": "Calls",
        "console.dialing_settings": "Outgoing calls",
        "console.robot_settings": "Robots",
    },
    "People": {
        "console.people": "Staff",
        "console.shifts_page": "Shifts",
        "console.on_call_page": "On call",
    },
    "Sales": {
        "console.money_settings": "Prices",
        "console.visit_settings": "Visits",
        "console.follow_up_settings": "Follow-ups",
    },
    "Company": {
        "console.company_settings": "Company",
        "console.alarm_settings": "Alarms",
        "console.personal_data_page": "Personal data",
        "console.audit": "Changes",
    },
    "Set-up": {
        "console.checklist_page": "Checklist",
        "console.health_page": "Health",
    },
}


def shown(template: str, **values: Any) -> str:
    """Render a page of the settings, with its tabs. ``tab`` is that of a page below one of them."""
    places = {request.endpoint, values.get("tab")}
    titled = {words: endpoint for group in TABS.values() for endpoint, words in group.items()}
    here = next((words for words, endpoint in titled.items() if endpoint in places), values.get("title"))
    return render_template(
        f"console/settings/{template}", tabs=TABS, here=here if here in titled else "", **values
    )


def button(name: str, *values: str) -> str:
    """Return the value of the button that was pressed. A form that names none of them does nothing."""
    value = request.form.get(name)
    return value if value in values else abort(400)


@blueprint.get("/settings")
def settings() -> Response:
    """Redirect to the first tab."""
    return redirect(url_for("console.opening_hours"))
