"""IncomingPhoneNumbers: list, fetch, update."""

import re
from typing import Any, Final

from flask import Blueprint, request

from twilio_simulator.numbers import Number
from twilio_simulator.rest.context import current_exchange, uri
from twilio_simulator.rest.forms import Form
from twilio_simulator.rest.pages import page
from twilio_simulator.rest.refusals import RefusedError, not_found
from twilio_simulator.webhooks import API_VERSION, rfc2822

UPDATE: Final = (
    "FriendlyName VoiceUrl VoiceMethod VoiceFallbackUrl VoiceFallbackMethod "
    "StatusCallback StatusCallbackMethod VoiceApplicationSid TrunkSid VoiceReceiveMode"
)


numbers = Blueprint("numbers", __name__)


def found(sid: str) -> Number:
    number = current_exchange().numbers.by_sid(sid)
    if number is None:
        raise not_found()
    return number


def show(number: Number) -> dict[str, Any]:
    return {
        "sid": number.sid,
        "account_sid": current_exchange().account_sid,
        "friendly_name": number.friendly_name,
        "phone_number": number.number,
        "voice_url": number.voice_url,
        "voice_method": number.voice_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_caller_id_lookup": False,
        "voice_application_sid": number.voice_application_sid,
        "voice_receive_mode": number.voice_receive_mode,
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "sms_url": None,
        "sms_method": "POST",
        "sms_fallback_url": None,
        "sms_fallback_method": "POST",
        "sms_application_sid": None,
        "address_requirements": "none",
        "address_sid": None,
        "api_version": API_VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
        "date_created": rfc2822(number.created),
        "date_updated": rfc2822(number.created),
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "identity_sid": None,
        "origin": "twilio",
        "status": "in-use",
        "trunk_sid": number.trunk_sid,
        "type": {"Local": "local", "TollFree": "toll-free"}[number.kind],
        "uri": uri(f"IncomingPhoneNumbers/{number.sid}.json"),
    }


@numbers.get("/IncomingPhoneNumbers.json")
def listing() -> dict[str, Any]:
    return _listed({"Local", "TollFree"})


@numbers.get("/IncomingPhoneNumbers/<any(Local, TollFree, Mobile):kind>.json")
def of_kind(kind: str) -> dict[str, Any]:
    return _listed({kind})


def _listed(kinds: set[str]) -> dict[str, Any]:
    pattern = request.args.get("PhoneNumber", "").lstrip("+ ")
    wanted = [
        number for number in current_exchange().numbers if number.kind in kinds and pattern in number.number
    ]
    return page("incoming_phone_numbers", wanted, show, lambda number: number.sid)


@numbers.get("/IncomingPhoneNumbers/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return show(found(sid))


@numbers.post("/IncomingPhoneNumbers/<sid>.json")
def update(sid: str) -> dict[str, Any]:
    number = found(sid)
    form = Form(current_exchange(), UPDATE)
    number.friendly_name = form.text("FriendlyName", number.friendly_name)
    if "VoiceUrl" in form:
        number.voice_url = form.url("VoiceUrl", 21402) or number.voice_url
    if "VoiceFallbackUrl" in form:
        number.voice_fallback_url = form.url("VoiceFallbackUrl", 21402)
    if "StatusCallback" in form:
        number.status_callback = form.url("StatusCallback", 21402)
    number.voice_method = form.method("VoiceMethod", number.voice_method)
    number.voice_fallback_method = form.method("VoiceFallbackMethod", number.voice_fallback_method)
    number.status_callback_method = form.method("StatusCallbackMethod", number.status_callback_method)
    _lead_elsewhere(number, form)
    return show(number)


def _lead_elsewhere(number: Number, form: Form) -> None:
    """To an application or a trunk: one takes the place of the other, and an empty SID takes it away."""
    if "VoiceApplicationSid" in form:
        number.voice_application_sid = _sid(form, "VoiceApplicationSid", "AP")
        number.trunk_sid = None if number.voice_application_sid else number.trunk_sid
    if "TrunkSid" in form:
        number.trunk_sid = _sid(form, "TrunkSid", "TK")
        number.voice_application_sid = None if number.trunk_sid else number.voice_application_sid
    if "VoiceReceiveMode" in form:
        number.voice_receive_mode = form.one_of("VoiceReceiveMode", ("voice", "fax"))


def _sid(form: Form, name: str, prefix: str) -> str | None:
    sid = form.text(name)
    if sid and not re.fullmatch(prefix + "[0-9a-fA-F]{32}", sid):
        raise RefusedError(20001, f"Invalid {name}: {sid}")
    return sid or None
