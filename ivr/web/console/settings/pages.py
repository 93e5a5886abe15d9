"""What the settings pages share: access, tabs, and rendering."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from flask import abort, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.web.console.common.gate import blueprint

P = ParamSpec("P")
R = TypeVar("R")

#: The tabs, the most often needed first: endpoint and words.
TABS: Final = {
    "console.opening_hours": "Hours",
    "console.people": "Staff",
    "console.calls_settings": "Calls",
    "console.dialing_settings": "Outgoing calls",
    "console.prompts": "Prompts",
    "console.money_settings": "Prices",
    "console.company_settings": "Company",
    "console.robot_settings": "Robots",
    "console.personal_data_page": "Personal data",
    "console.audit": "Changes",
}


def owners_only(view: Callable[P, R]) -> Callable[P, R]:
    """Restricts a page to the owner; others get a 403."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.is_owner:
            abort(403)
        return view(*args, **kwargs)

    return guarded


def shown(template: str, **values: Any) -> str:
    """Renders a page of the settings, with its tabs."""
    return render_template(f"console/settings/{template}", tabs=TABS, **values)


@blueprint.get("/settings")
@owners_only
def settings() -> Response:
    """Redirects to the first tab."""
    return redirect(url_for("console.opening_hours"))
