"""Calls: create, fetch, list, update."""

from datetime import datetime
from typing import Any, Final

from flask import Blueprint, request

from twilio_simulator import calling
from twilio_simulator.calling import Detection
from twilio_simulator.leg import Leg
from twilio_simulator.performance import Fetch, Inline
from twilio_simulator.rest.context import current_exchange, uri
from twilio_simulator.rest.forms import CALL_EVENTS, RECORDING, Form
from twilio_simulator.rest.pages import in_time, is_listed, page
from twilio_simulator.rest.refusals import RefusedError, not_found, not_in_progress
from twilio_simulator.webhooks import API_VERSION, Fallback, StatusCallback, rfc2822

CREATE: Final = (
    "To From Url Method Twiml FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod StatusCallbackEvent "
    "Timeout TimeLimit SendDigits CallerId MachineDetection MachineDetectionTimeout AsyncAmd AsyncAmdStatusCallback "
    f"AsyncAmdStatusCallbackMethod CallReason ApplicationSid Passports RecordingConfigurationId {RECORDING}"
)
UPDATE: Final = (
    "Url Method Twiml Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod TimeLimit"
)
MAX_TWIML: Final = 4000


calls = Blueprint("calls", __name__)


@calls.post("/Calls.json")
def create() -> tuple[dict[str, Any], int]:
    form = Form(current_exchange(), CREATE)
    caller, called = form.parties()
    url, twiml = form.url("Url"), form.text("Twiml")
    if "ApplicationSid" in form:
        raise RefusedError(21218, "Invalid ApplicationSid: this account has no applications. Give a Url.")
    if url is None and not twiml:
        raise RefusedError(21205, "Url parameter is required.")
    order = calling.Order(
        caller,
        called,
        Fetch(url, form.method("Method"), "voice.outbound_api.url") if url else _inline(twiml),
        _callback(form),
        _fallback(form),
        form.whole("Timeout", 60, 5, 600),
        form.whole("TimeLimit", 14_400, 1, 86_400) if "TimeLimit" in form else None,
        record=form.recorded(),
        # Keys to be sent switch the detection off (Twilio, Call resource).
        detection=None if form.text("SendDigits") else _detection(form),
        send_digits=form.send_digits(),
        shown=form.shown(),
    )
    return show(calling.place(current_exchange(), order)), 201


@calls.get("/Calls.json")
def listing() -> dict[str, Any]:
    wanted = [
        leg for leg in reversed(current_exchange().legs.values()) if is_listed(leg.created) and _matches(leg)
    ]
    return page("calls", wanted, show, lambda leg: leg.sid)


@calls.get("/Calls/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return show(_found(sid))


@calls.post("/Calls/<sid>.json")
def update(sid: str) -> dict[str, Any]:
    leg = _found(sid)
    form = Form(current_exchange(), UPDATE)
    _change(leg, form)
    return show(leg)


@calls.delete("/Calls/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    """The record is gone; recordings of the call are resources of their own, and stay."""
    leg = _found(sid)
    if not leg.over:
        raise RefusedError(20009, "Cannot delete this resource before it is complete")
    leg.exchange.forget_leg(leg)
    return "", 204


def _found(sid: str) -> Leg:
    leg = current_exchange().legs.get(sid)
    if leg is None:
        raise not_found()
    return leg


def _inline(twiml: str) -> Inline:
    if len(twiml) > MAX_TWIML:
        raise RefusedError(21205, f"Twiml is longer than {MAX_TWIML} characters")
    return Inline(twiml)


def _callback(form: Form) -> StatusCallback:
    return StatusCallback(
        form.url("StatusCallback"),
        form.method("StatusCallbackMethod"),
        form.words("StatusCallbackEvent", "completed", CALL_EVENTS),
    )


def _fallback(form: Form) -> Fallback | None:
    url = form.url("FallbackUrl")
    return Fallback(url, form.method("FallbackMethod")) if url else None


def _detection(form: Form) -> Detection | None:
    mode = form.text("MachineDetection")
    if not mode:
        return None
    if mode not in ("Enable", "DetectMessageEnd"):
        raise RefusedError(21234, f"Invalid MachineDetection: {mode}")
    wait = form.flag("AsyncAmd", default=False)
    return Detection(
        mode, form.url("AsyncAmdStatusCallback"), form.method("AsyncAmdStatusCallbackMethod"), aside=wait
    )


def _matches(leg: Leg) -> bool:
    exact = (("To", leg.to_number), ("From", leg.from_number), ("Status", leg.status))
    parent = request.args.get("ParentCallSid")
    return (
        all(request.args.get(name, value) == value for name, value in exact)
        and (parent is None or (leg.parent is not None and leg.parent.sid == parent))
        and in_time("StartTime", _started(leg))
        and in_time("EndTime", leg.ended_at)
    )


def _started(leg: Leg) -> datetime | None:
    """When a leg that waits for its turn has started is a switch; it has no start_time either way."""
    waits = leg.exchange.switches.queued_calls_have_started
    return leg.started_at or (leg.created if waits else None)


def _change(leg: Leg, form: Form) -> None:
    status, url, twiml = form.text("Status"), form.url("Url"), form.text("Twiml")
    if url and twiml:
        raise RefusedError(21205, "Url and Twiml exclude each other.")
    if leg.over:
        raise not_in_progress()
    if "StatusCallback" in form:
        leg.callback.url, leg.callback.method = (
            form.url("StatusCallback"),
            form.method("StatusCallbackMethod"),
        )
    leg.fallback = _fallback(form) or leg.fallback
    if "TimeLimit" in form:
        leg.limit(form.whole("TimeLimit", 14_400, 1, 86_400))
    if status:
        _finish(leg, status)
    elif url or twiml:
        if leg.status != "in-progress":
            raise not_in_progress()
        leg.move(Fetch(url, form.method("Method")) if url else _inline(twiml))


def _finish(leg: Leg, status: str) -> None:
    if status not in ("canceled", "completed"):
        raise RefusedError(21220, f"Invalid Status: {status}")
    if leg.status == "in-progress":
        if status == "canceled":
            raise not_in_progress()
        leg.end("completed")
    elif status == "completed" and not leg.exchange.switches.completed_ends_ringing_leg:
        raise not_in_progress()
    else:
        leg.end("canceled")


def show(leg: Leg) -> dict[str, Any]:
    number = leg.exchange.numbers.owned(leg.to_number if leg.direction == "inbound" else leg.from_number)
    answered = leg.over and leg.answered_at is not None
    return {
        "sid": leg.sid,
        "date_created": rfc2822(leg.created),
        "date_updated": rfc2822(leg.updated),
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "account_sid": leg.exchange.account_sid,
        "to": leg.to_number,
        "to_formatted": leg.to_number,
        "from": leg.from_number,
        "from_formatted": leg.from_number,
        "phone_number_sid": number.sid if number else None,
        "status": leg.status,
        "start_time": rfc2822(leg.started_at) if leg.started_at else None,
        "end_time": rfc2822(leg.ended_at) if leg.ended_at else None,
        "duration": str(leg.duration) if answered else None,
        "price": None,
        "price_unit": "USD",
        "direction": leg.direction,
        "answered_by": leg.answered_by,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(leg.queue_time_ms),
        "stir_verstat": leg.stir_verstat,
        "trunk_sid": None,
        "uri": uri(f"Calls/{leg.sid}.json"),
        "subresource_uris": {"recordings": uri(f"Calls/{leg.sid}/Recordings.json")},
    }
