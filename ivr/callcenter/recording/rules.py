"""How far a recording has come. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RecordingState(StrEnum):
    """How far a recording has come."""

    ANNOUNCED = "announced"
    #: The caller has said no, or nothing where a yes is needed.
    DECLINED = "declined"
    #: The caller has said yes, or nothing where that is enough.
    AGREED = "agreed"
    RUNNING = "running"
    COMPLETED = "completed"
    #: It is empty, or it never began.
    ABSENT = "absent"
    #: Deleted, here and at the network.
    FORGOTTEN = "forgotten"


#: The states that may come before each: a late or repeated report changes nothing.
BEFORE: Final[Mapping[RecordingState, set[RecordingState]]] = {
    RecordingState.DECLINED: {RecordingState.ANNOUNCED},
    RecordingState.AGREED: {RecordingState.ANNOUNCED},
    RecordingState.RUNNING: {RecordingState.AGREED},
    RecordingState.ABSENT: {RecordingState.AGREED, RecordingState.RUNNING},
    RecordingState.COMPLETED: {RecordingState.AGREED, RecordingState.RUNNING, RecordingState.ABSENT},
}

#: The network's words (Twilio, recordingStatusCallback and the recording resource); other words are no news.
OF_STATUS: Final[Mapping[str, RecordingState]] = {
    "in-progress": RecordingState.RUNNING,
    "paused": RecordingState.RUNNING,
    "completed": RecordingState.COMPLETED,
    "absent": RecordingState.ABSENT,
}
SID: Final = re.compile(r"RE[0-9a-f]{32}", re.ASCII)
