"""How far a recording has come. Pure."""

import re
from typing import Final

ANNOUNCED: Final = "announced"
#: The caller would rather not.
DECLINED: Final = "declined"
#: The caller was told and did not mind.
AGREED: Final = "agreed"
RUNNING: Final = "running"
COMPLETED: Final = "completed"
#: There was nothing on it, or it never began.
ABSENT: Final = "absent"
#: Deleted, here and at the network.
FORGOTTEN: Final = "forgotten"

#: Which state may follow which: what is late or comes twice changes nothing.
BEFORE: Final = {
    DECLINED: {ANNOUNCED},
    AGREED: {ANNOUNCED},
    RUNNING: {AGREED},
    ABSENT: {AGREED, RUNNING},
    COMPLETED: {AGREED, RUNNING, ABSENT},
}

#: The network's words (Twilio, recordingStatusCallback and the recording resource); any other tells nothing new.
OF_STATUS: Final = {"in-progress": RUNNING, "paused": RUNNING, "completed": COMPLETED, "absent": ABSENT}
SID: Final = re.compile(r"RE[0-9a-f]{32}", re.ASCII)
