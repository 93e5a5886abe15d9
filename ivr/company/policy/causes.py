"""What an alarm may be about. The words are the owner's, on pages and in letters; the telephone's are in ``flows``."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """The codes are kept in the database."""

    WAITING = "waiting"
    NO_TECHNICIAN = "no_technician"
    NO_OPERATOR = "no_operator"
    ON_CALL = "on_call"
    UNANSWERED = "unanswered"
    CALLBACK = "callback"
    PAYMENT = "payment"
    DISPUTE = "dispute"
    NETWORK = "network"
    WORKER = "worker"
    CONTINUITY = "continuity"
    SPENDING = "spending"


LABELS: Final[Mapping[str, str]] = {
    Cause.WAITING: "A caller waits too long",
    Cause.NO_TECHNICIAN: "No technician is on shift",
    Cause.NO_OPERATOR: "No operator is on shift",
    Cause.ON_CALL: "Nobody on call can be reached",
    Cause.UNANSWERED: "The last who can take a call does not answer",
    Cause.CALLBACK: "A callback is overdue",
    Cause.PAYMENT: "Payment issue",
    Cause.DISPUTE: "A customer disputes a payment",
    Cause.NETWORK: "The phone network is not responding",
    Cause.WORKER: "The worker does not run",
    Cause.CONTINUITY: "The backup answers callers, not this service",
    Cause.SPENDING: "Calls cost more than the limit of a day",
}
#: These come in quiet hours too, unless the owner sets otherwise: callers are lost meanwhile.
URGENT: Final = (
    Cause.WAITING,
    Cause.NO_TECHNICIAN,
    Cause.ON_CALL,
    Cause.UNANSWERED,
    Cause.NETWORK,
    Cause.WORKER,
    Cause.CONTINUITY,
)
