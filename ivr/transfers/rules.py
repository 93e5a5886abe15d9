"""The states of a warm transfer. Pure."""

from typing import Final

#: Operators are being rung; the caller is held, the technician hears ringing.
RINGING: Final = "ringing"
#: Both members of staff are in the conference and the caller stays held: the private consultation.
CONSULTING: Final = "consulting"
#: All three talk.
TOGETHER: Final = "together"
HANDED_OVER: Final = "handed_over"
GIVEN_UP: Final = "given_up"

OPEN: Final = frozenset({RINGING, CONSULTING, TOGETHER})
