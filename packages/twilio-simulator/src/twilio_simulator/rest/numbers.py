"""IncomingPhoneNumbers: list, fetch, update."""

from typing import Any, Final

from flask import Blueprint, request

from twilio_simulator.numbers import Number
from twilio_simulator.rest.context import current_exchange, uri
from twilio_simulator.rest.forms import Form
from twilio_simulator.rest.pages import page
from twilio_simulator.rest.refusals import not_found
from twilio_simulator.webhooks import API_VERSION, rfc2822

UPDATE: Final = (
    "FriendlyName VoiceUrl VoiceMethod VoiceFallbackUrl VoiceFallbackMethod "
    "StatusCallback StatusCallbackMethod"
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
        "voice_application_sid": None,
        "voice_receive_mode": "voice",
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
        "trunk_sid": None,
        "type": "local",
        "uri": uri(f"IncomingPhoneNumbers/{number.sid}.json"),
    }


@numbers.get("/IncomingPhoneNumbers.json")
def listing() -> dict[str, Any]:
    pattern = request.args.get("PhoneNumber", "").lstrip("+ ")
    wanted = [number for number in current_exchange().numbers if pattern in number.number]
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
    return show(number)
