"""A telephone network on this machine. It stands where Twilio stands: REST in, signed webhooks out.

It knows an application by its URL only. Each name is imported when it is first asked for, so that a pytest run that
loads the plugin and has no use for it does not wait for Flask and Twilio's SDK.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from twilio_simulator.behaviours import (
        AutoAttendant,
        Behaviour,
        DoublesKeys,
        Person,
        Robot,
        ScreenedPerson,
        Voicemail,
    )
    from twilio_simulator.behaviours.voicemail import voicemail
    from twilio_simulator.client import AtAddress, InProcessTwilio
    from twilio_simulator.clock import HeldClock, WallClock
    from twilio_simulator.exchange import ACCOUNT_SID, AUTH_TOKEN, Exchange
    from twilio_simulator.in_process import InProcessExchange
    from twilio_simulator.phone import CannotError, Phone
    from twilio_simulator.position import Position
    from twilio_simulator.story import Handset
    from twilio_simulator.switches import Switches
    from twilio_simulator.timeline import Background
    from twilio_simulator.web import InProcessWeb, LoopbackWeb, Web, WebAnswer, WebRequest

__all__ = [
    "ACCOUNT_SID",
    "AUTH_TOKEN",
    "AtAddress",
    "AutoAttendant",
    "Background",
    "Behaviour",
    "CannotError",
    "DoublesKeys",
    "Exchange",
    "Handset",
    "HeldClock",
    "InProcessExchange",
    "InProcessTwilio",
    "InProcessWeb",
    "LoopbackWeb",
    "Person",
    "Phone",
    "Position",
    "Robot",
    "ScreenedPerson",
    "Switches",
    "Voicemail",
    "WallClock",
    "Web",
    "WebAnswer",
    "WebRequest",
    "voicemail",
]

#: Which file has which name.
_FILES: Final = {
    "behaviours": "AutoAttendant Behaviour DoublesKeys Person Robot ScreenedPerson Voicemail",
    "behaviours.voicemail": "voicemail",
    "client": "AtAddress InProcessTwilio",
    "clock": "HeldClock WallClock",
    "exchange": "ACCOUNT_SID AUTH_TOKEN Exchange",
    "in_process": "InProcessExchange",
    "phone": "CannotError Phone",
    "position": "Position",
    "story": "Handset",
    "switches": "Switches",
    "timeline": "Background",
    "web": "InProcessWeb LoopbackWeb Web WebAnswer WebRequest",
}


if not TYPE_CHECKING:  # or every name would be one for a type checker

    def __getattr__(name: str) -> Any:
        for file, names in _FILES.items():
            if name in names.split():
                value = getattr(import_module(f"{__name__}.{file}"), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
