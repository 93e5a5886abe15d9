"""What the settings pages share: their door, their tabs, and how one is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from flask import abort, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.web.console.common.gate import blueprint

P = ParamSpec("P")
R = TypeVar("R")

#: The tabs, in the order of how often an owner needs them: endpoint and words.
TABS: Final = {
    "console.opening_hours": "Hours",
    "console.people": "Staff",
    "console.calls_settings": "Calls",
    "console.prompts": "Prompts",
    "console.money_settings": "Prices",
    "console.company_settings": "Company",
    "console.audit": "Changes",
}


def owners_only(view: Callable[P, R]) -> Callable[P, R]:
    """The door of a page that only the owner may see."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.is_owner:
            abort(403)
        return view(*args, **kwargs)

    return guarded


def shown(template: str, **values: Any) -> str:
    """A page of the settings, under its tabs."""
    return render_template(f"console/settings/{template}", tabs=TABS, **values)


@blueprint.get("/settings")
@owners_only
def settings() -> Response:
    """The first tab."""
    return redirect(url_for("console.opening_hours"))
