"""Executions of a flow: list, fetch, end, delete; their contexts and steps. Calls begin them; REST cannot."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request

from twilio_simulator.rest.context import current_exchange
from twilio_simulator.rest.flows import found as found_flow
from twilio_simulator.rest.forms import Form
from twilio_simulator.rest.pages import is_listed, moment_of
from twilio_simulator.rest.refusals import RefusedError, not_found
from twilio_simulator.rest.studio_pages import STUDIO, iso8601, meta_page
from twilio_simulator.studio.executions import Execution, Step

executions = Blueprint("executions", __name__, url_prefix="/Flows/<flow>/Executions")


def found(flow: str, sid: str) -> Execution:
    wanted = next((one for one in found_flow(flow).executions if one.sid == sid), None)
    if wanted is None:
        raise not_found()
    return wanted


@executions.get("")
def listing(flow: str) -> dict[str, Any]:
    wanted = [
        one
        for one in reversed(found_flow(flow).executions)
        if is_listed(one.created)
        and _in_time(one.created)
        and request.args.get("status") in (None, one.status)
    ]
    return meta_page("executions", wanted, show, lambda one: one.sid)


@executions.get("/<sid>")
def fetch(flow: str, sid: str) -> dict[str, Any]:
    return show(found(flow, sid))


@executions.post("/<sid>")
def update(flow: str, sid: str) -> dict[str, Any]:
    """Status=ended: the call goes on to the end of its widget, and no further."""
    execution = found(flow, sid)
    if Form(current_exchange(), "Status").text("Status") != "ended":
        raise RefusedError(20001, "Status can only be ended")
    execution.end()
    return show(execution)


@executions.delete("/<sid>")
def delete(flow: str, sid: str) -> tuple[str, int]:
    found_flow(flow).executions.remove(found(flow, sid))
    return "", 204


@executions.get("/<sid>/Context")
def context(flow: str, sid: str) -> dict[str, Any]:
    execution = found(flow, sid)
    return {
        "account_sid": current_exchange().account_sid,
        "context": execution.context,
        "flow_sid": execution.flow_sid,
        "execution_sid": execution.sid,
        "url": f"{_url(execution)}/Context",
    }


@executions.get("/<sid>/Steps")
def steps(flow: str, sid: str) -> dict[str, Any]:
    execution = found(flow, sid)
    newest_first = list(reversed(execution.steps))
    return meta_page("steps", newest_first, lambda one: _show_step(execution, one), lambda one: one.sid)


@executions.get("/<sid>/Steps/<step>")
def step(flow: str, sid: str, step: str) -> dict[str, Any]:
    execution = found(flow, sid)
    return _show_step(execution, _found_step(execution, step))


@executions.get("/<sid>/Steps/<step>/Context")
def step_context(flow: str, sid: str, step: str) -> dict[str, Any]:
    execution = found(flow, sid)
    wanted = _found_step(execution, step)
    return {
        "account_sid": current_exchange().account_sid,
        "context": {"widgets": {wanted.transitioned_from: wanted.context}},
        "execution_sid": execution.sid,
        "flow_sid": execution.flow_sid,
        "step_sid": wanted.sid,
        "url": f"{_url(execution)}/Steps/{wanted.sid}/Context",
    }


def show(execution: Execution) -> dict[str, Any]:
    """The context stands under a URL of its own; here it is empty, as at Twilio."""
    url = _url(execution)
    return {
        "sid": execution.sid,
        "account_sid": current_exchange().account_sid,
        "flow_sid": execution.flow_sid,
        "contact_channel_address": execution.contact,
        "contact_sid": None,
        "flow_version": execution.revision,
        "context": {},
        "status": execution.status,
        "date_created": iso8601(execution.created),
        "date_updated": iso8601(execution.updated),
        "initiated_by": None,
        "url": url,
        "links": {"steps": f"{url}/Steps", "execution_context": f"{url}/Context"},
    }


def _show_step(execution: Execution, one: Step) -> dict[str, Any]:
    url = f"{_url(execution)}/Steps/{one.sid}"
    return {
        "sid": one.sid,
        "account_sid": current_exchange().account_sid,
        "flow_sid": execution.flow_sid,
        "execution_sid": execution.sid,
        "parent_step_sid": None,
        "name": one.name,
        "context": {},
        "transitioned_from": one.transitioned_from,
        "transitioned_to": one.transitioned_to,
        "type": one.type,
        "date_created": iso8601(one.made),
        "date_updated": iso8601(one.made),
        "url": url,
        "links": {"step_context": f"{url}/Context"},
    }


def _found_step(execution: Execution, sid: str) -> Step:
    wanted = next((one for one in execution.steps if one.sid == sid), None)
    if wanted is None:
        raise not_found()
    return wanted


def _url(execution: Execution) -> str:
    return f"{STUDIO}/v2/Flows/{execution.flow_sid}/Executions/{execution.sid}"


def _in_time(created: datetime) -> bool:
    """On or after DateCreatedFrom, and before DateCreatedTo; whole seconds, as Twilio counts."""
    created = created.replace(microsecond=0)
    since, until = request.args.get("DateCreatedFrom"), request.args.get("DateCreatedTo")
    return (since is None or created >= moment_of("DateCreatedFrom", since)) and (
        until is None or created < moment_of("DateCreatedTo", until)
    )
