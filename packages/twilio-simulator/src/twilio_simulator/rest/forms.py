"""Reads the form of a REST request: known names, checked values."""

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import request

from twilio_simulator.calling import RecordOrder
from twilio_simulator.numbers import is_e164
from twilio_simulator.recordings import RecordingCallback
from twilio_simulator.rest.refusals import RefusedError

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange

CALL_EVENTS: Final = ("initiated", "ringing", "answered", "completed")
RECORDING_EVENTS: Final = ("in-progress", "completed", "absent")
RECORDING: Final = (
    "Record RecordingStatusCallback RecordingStatusCallbackMethod RecordingStatusCallbackEvent RecordingChannels "
    "RecordingTrack Trim"
)
SEND_DIGITS: Final = re.compile(r"[0-9A-D*#wW]*")


class Form:
    """The body of the request at hand. A name outside ``known`` is the warning 20001."""

    def __init__(self, exchange: "Exchange", known: str) -> None:
        self._form = request.form
        self._exchange = exchange
        for name in sorted(set(self._form) - set(known.split())):
            exchange.fault(20001, f"parameter {name} in {request.method} {request.path}")

    def __contains__(self, name: str) -> bool:
        return name in self._form

    def text(self, name: str, default: str = "") -> str:
        return self._form.get(name, default)

    def flag(self, name: str, *, default: bool) -> bool:
        """Anything but true is false (Twilio, Participant)."""
        return self._form[name].lower() == "true" if name in self._form else default

    def method(self, name: str, default: str = "POST") -> str:
        method = self._form.get(name, default).upper()
        if method not in ("GET", "POST"):
            raise RefusedError(21209, f"{name} is not valid: {method}")
        return method

    def url(self, name: str, code: int = 21205) -> str | None:
        url = self._form.get(name) or None
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise RefusedError(code, f"{name} is not a valid URL: {url}")
        return url

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        text = self._form.get(name, str(default))
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise RefusedError(21208, f"{name} is not valid: {text}")
        return int(text)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """The first of ``allowed`` when nothing is said."""
        text = self._form.get(name) or allowed[0]
        if text not in allowed:
            raise RefusedError(20001, f"Invalid {name}: {text}")
        return text

    def words(self, name: str, default: str, allowed: tuple[str, ...]) -> frozenset[str]:
        """Repeated names, or several words in one."""
        words = {word for value in self._form.getlist(name) or [default] for word in value.split()}
        for stray in sorted(words - set(allowed)):
            self._exchange.fault(20001, f"{name}={stray}")
        return frozenset(words & set(allowed))

    def parties(self) -> tuple[str, str]:
        """From and To, as Twilio checks them."""
        caller, called = self.text("From"), self.text("To")
        if not called:
            raise RefusedError(21201, "No 'To' number is specified")
        if not caller:
            raise RefusedError(21213, "No 'From' number is specified")
        if not is_e164(called) or called == caller:
            raise RefusedError(21211, f"The phone number you are attempting to call, {called}, is not valid.")
        if not is_e164(caller):
            raise RefusedError(21212, f"The From phone number {caller} is not a valid phone number.")
        if not self._exchange.numbers.may_show(caller):
            raise RefusedError(21210, f"The source phone number provided, {caller}, is not yet verified.")
        return caller, called

    def shown(self) -> str | None:
        """CallerId: a number of the account, or a verified one."""
        number = self.text("CallerId") or None
        if number is not None and not self._exchange.numbers.may_show(number):
            raise RefusedError(21210, f"The source phone number provided, {number}, is not yet verified.")
        return number

    def send_digits(self) -> str:
        """Keys pressed when the call is answered; w waits half a second."""
        digits = self.text("SendDigits")
        if not SEND_DIGITS.fullmatch(digits):
            raise RefusedError(20001, f"Invalid SendDigits: {digits}")
        return digits

    def recording_callback(self) -> RecordingCallback:
        return RecordingCallback(
            self.url("RecordingStatusCallback"),
            self.method("RecordingStatusCallbackMethod"),
            self.words("RecordingStatusCallbackEvent", "completed", RECORDING_EVENTS),
        )

    def channels(self) -> int:
        self.one_of("RecordingTrack", ("both", "inbound", "outbound"))
        # The sound of this network is words: there is no silence at its ends to trim.
        self.one_of("Trim", ("trim-silence", "do-not-trim"))
        return {"mono": 1, "dual": 2}[self.one_of("RecordingChannels", ("mono", "dual"))]

    def recorded(self) -> RecordOrder | None:
        """Record=true and what goes with it."""
        channels = self.channels()
        return (
            RecordOrder(self.recording_callback(), channels) if self.flag("Record", default=False) else None
        )
