"""A telephone network on the desk. It stands where Twilio stands: REST in, signed webhooks out.

It imports nothing of the line and knows an application by its URL only.
"""

from ivr.simulator.background import Background
from ivr.simulator.client import InProcessTwilio
from ivr.simulator.clock import HeldClock, WallClock
from ivr.simulator.exchange import Exchange
from ivr.simulator.phone import CannotError, Phone, voicemail
from ivr.simulator.story import Handset
from ivr.simulator.switches import Switches
from ivr.simulator.web import InProcessWeb, LoopbackWeb, Web, WebAnswer, WebRequest

__all__ = [
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
