"""Where alarms go and when, and the links to the wall."""

from collections.abc import Callable, Mapping
from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.alarms import channels, walls
from ivr.backoffice.alarms.channels import Told
from ivr.backoffice.alarms.rules import ChannelKind
from ivr.company.policy import rules as policy_rules
from ivr.company.policy import service as policy
from ivr.company.policy.causes import LABELS
from ivr.company.staff import roster
from ivr.core.errors import Refusal
from ivr.platform.providers.messenger import BadServiceError
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import shown
from ivr.web.once import once, show_once

VALUES: Final = (
    "alarm_wait_seconds",
    "alarm_callback_seconds",
    "alarm_spending_cents",
    "alarm_step_seconds",
    "alarm_quiet_from",
    "alarm_quiet_until",
    "alarm_urgent",
)
#: The fields of a new channel.
OF_CHANNEL: Final = {"kind", "to", "service_url", "staff", "causes"}
STEPS: Final = {"0": "At once", "1": "Second", "2": "Third"}
KINDS: Final = {
    ChannelKind.MAIL: "Email",
    ChannelKind.SERVICE: "Slack, Teams, ntfy and others",
    ChannelKind.PHONE: "A call",
}
#: The field beside which each refusal is shown.
AT: Final[Mapping[type[Refusal], str]] = {
    channels.BadChannelAddressError: "to",
    BadServiceError: "service_url",
    channels.NobodyToCallError: "staff",
    channels.NoCauseError: "causes",
    walls.NoNameError: "wall",
    walls.TooManyLinksError: "wall",
}


@blueprint.get("/settings/alarms")
def alarm_settings() -> str:
    """Show the channels, the limits, and the links to the wall."""
    return _page({}, {})


@blueprint.post("/settings/alarms")
def set_alarms() -> Response | tuple[str, int]:
    """Save the limits and the quiet hours."""
    typed = {name: " ".join(request.form.getlist(name)) for name in VALUES}
    try:
        with once():
            changed = policy.change_all(typed, current_user)
    except policy.BadValuesError as refused:
        return _page(typed, refused.errors), 422
    labels = ", ".join(policy_rules.value(name).label for name in changed)
    return _back(f"Saved: {labels}." if changed else "Nothing has changed.")


@blueprint.post("/settings/alarms/channels")
def add_alarm_channel() -> Response | tuple[str, int]:
    """Add a channel. The address of a service is not shown again."""
    kind, told = request.form.get("kind", ""), _told()
    try:
        match kind:
            case ChannelKind.MAIL:
                with once():
                    channels.add_mail(request.form.get("to", ""), told, current_user)
            case ChannelKind.SERVICE:
                url = request.form.get("service_url", "").strip()
                name = services().messenger.name_of(
                    url
                )  # first: it reads its plugins, and no transaction waits for it
                with once():
                    channels.add_service(url, name, told, current_user)
            case ChannelKind.PHONE:
                staff_id = request.form.get("staff", "")
                with once():
                    channels.add_phone(_number(staff_id), told, current_user)
            case _:
                abort(400)
    except Refusal as refused:
        typed = {"kind": kind, "to": request.form.get("to", ""), "staff": request.form.get("staff", "")}
        typed |= {"causes": " ".join(told.causes), "step": str(told.step)}
        return _page(typed, {AT.get(type(refused), "kind"): refused.shown}), 422
    return _back("Added. Send a test alarm to see that it arrives.")


@blueprint.post("/settings/alarms/channels/<int:channel_id>")
def change_alarm_channel(channel_id: int) -> Response | tuple[str, int]:
    """Change, test or remove a channel."""
    acts: dict[str, Callable[[], str]] = {
        "save": lambda: f"Saved: {channels.change(channel_id, _told(), current_user)}.",
        "test": lambda: f"A test alarm is on its way to {channels.test(channel_id)}.",
        "remove": lambda: f"Removed: {channels.remove(channel_id, current_user)}. Its address is deleted.",
    }
    act = acts.get(request.form.get("press", "")) or abort(400)
    try:
        with once():
            said = act()
    except channels.NoCauseError as refused:
        return _page({}, {f"causes-{channel_id}": refused.shown}), 422
    return _back(said)


@blueprint.post("/settings/alarms/wall")
def make_wall_link() -> Response | tuple[str, int]:
    """Make a link to the wall, and show it once."""
    try:
        with once():
            token = walls.make(request.form.get("wall", ""), current_user)
    except Refusal as refused:
        return _page({"wall": request.form.get("wall", "")}, {"wall": refused.shown}), 422
    show_once(
        f"Open this link on the screen. Anyone with the link sees the wall. It isn't shown again: "
        f"{services().public_url}{url_for('wall.wall', token=token)}"
    )
    return redirect(url_for("console.alarm_settings"), 303)


@blueprint.post("/settings/alarms/wall/<int:link_id>")
def revoke_wall_link(link_id: int) -> Response:
    """Close a link to the wall."""
    if request.form.get("do") != "close":
        abort(400)
    with once():
        name = walls.revoke(link_id, current_user)
    return _back(f"Closed: {name}." if name else "That link was already closed.")


def _back(said: str) -> Response:
    flash(said)
    return redirect(url_for("console.alarm_settings"), 303)


def _told() -> Told:
    return Told(request.form.getlist("causes"), _number(request.form.get("step", "")) or 0)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _page(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with services().database.reading():
        current = policy.current()
        everyone, people, links = channels.everyone(), roster.everyone(), walls.in_force()
    first = {
        "kind": ChannelKind.MAIL,
        "to": "",
        "service_url": "",
        "staff": "",
        "causes": " ".join(LABELS),
        "step": "0",
    }
    values = {name: policy_rules.written(current, name) for name in VALUES}
    return shown(
        "alarms.html",
        title="Alarms",
        values=[policy_rules.value(name) for name in VALUES],
        channels=everyone,
        people=[one for one in people if one.is_active],
        links=links,
        causes=LABELS,
        steps=STEPS,
        kinds=KINDS,
        typed={"wall": "", **first, **values, **typed},
        errors=errors,
        is_channel_wrong=bool(errors.keys() & OF_CHANNEL),
        are_limits_wrong=bool(errors.keys() & {*VALUES}),
    )
