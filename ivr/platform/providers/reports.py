"""What the network is asked to report, and why: each report is a webhook, and what nobody acts upon is not asked for.

The numbers that ring us have no choice: Twilio reports the end of their calls and no more (IncomingPhoneNumber).
docs/decisions/0030-fewer-webhooks.md says what tells us the rest.
"""

from typing import Final

#: A leg to a member of staff, and a test ring. ``initiated`` names the leg before it rings, should the answer to our
#: request be lost (``ivr/callcenter/routing/lost_answers.py``). ``completed`` tells that they have hung up or declined,
#: or were not reached. That they have answered is told by their first request for a document, in the same moment.
STAFF_LEG: Final = ("initiated", "completed")

#: A leg to a customer. The keys of an extension are dialed before the first document is asked for, so that only
#: ``answered`` tells in time that they have picked up.
CUSTOMER_LEG: Final = ("initiated", "answered", "completed")

#: A conference. ``join`` tells its SID, and that a caller is there who is to be held. ``start`` comes with the second
#: to join, and makes up for a ``join`` that is lost. Who leaves, or hears that the conference has ended, asks for the
#: next document; that somebody is held we have told the network ourselves.
CONFERENCE: Final = ("start", "join")

#: A recording: that it has begun, how long it is, and that there is none.
RECORDING: Final = ("in-progress", "completed", "absent")
