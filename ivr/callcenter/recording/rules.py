"""How far a recording has come. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RecordingState(StrEnum):
    """How far a recording has come."""

    ANNOUNCED = "announced"
    #: The caller would rather not.
    DECLINED = "declined"
    #: The caller was told and did not mind.
    AGREED = "agreed"
    RUNNING = "running"
    COMPLETED = "completed"
    #: There was nothing on it, or it never began.
    ABSENT = "absent"
    #: Deleted, here and at the network.
    FORGOTTEN = "forgotten"


#: Which state may follow which: what is late or comes twice changes nothing.
BEFORE: Final[Mapping[RecordingState, set[RecordingState]]] = {
    RecordingState.DECLINED: {RecordingState.ANNOUNCED},
    RecordingState.AGREED: {RecordingState.ANNOUNCED},
    RecordingState.RUNNING: {RecordingState.AGREED},
    RecordingState.ABSENT: {RecordingState.AGREED, RecordingState.RUNNING},
    RecordingState.COMPLETED: {RecordingState.AGREED, RecordingState.RUNNING, RecordingState.ABSENT},
}

#: The network's words (Twilio, recordingStatusCallback and the recording resource); any other tells nothing new.
OF_STATUS: Final[Mapping[str, RecordingState]] = {
    "in-progress": RecordingState.RUNNING,
    "paused": RecordingState.RUNNING,
    "completed": RecordingState.COMPLETED,
    "absent": RecordingState.ABSENT,
}
SID: Final = re.compile(r"RE[0-9a-f]{32}", re.ASCII)
