"""A telephone network on this machine. It stands where Twilio stands: REST in, signed webhooks out.

It knows an application by its URL only.
"""

from twilio_simulator.background import Background
from twilio_simulator.client import AtAddress, InProcessTwilio
from twilio_simulator.clock import HeldClock, WallClock
from twilio_simulator.exchange import Exchange
from twilio_simulator.phone import CannotError, Phone, voicemail
from twilio_simulator.story import Handset
from twilio_simulator.switches import Switches
from twilio_simulator.web import InProcessWeb, LoopbackWeb, Web, WebAnswer, WebRequest

__all__ = [
    "AtAddress",
    "Background",
    "CannotError",
    "Exchange",
    "Handset",
    "HeldClock",
    "InProcessTwilio",
    "InProcessWeb",
    "LoopbackWeb",
    "Phone",
    "Switches",
    "WallClock",
    "Web",
    "WebAnswer",
    "WebRequest",
    "voicemail",
]
