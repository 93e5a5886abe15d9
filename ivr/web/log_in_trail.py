"""Who came in, who was refused, who left: lines of the audit trail, with the browser and the network.

Each needs an open transaction.
"""

from typing import NamedTuple

from ivr.company.policy import trail
from ivr.company.policy.trail import Kind, Somebody
from ivr.company.staff.models import Staff
from ivr.web import browsers
from ivr.web.client_address import client_network


class Unproven(NamedTuple):
    """Somebody who has not shown who they are. ``id`` is of the person whose log-in they tried."""

    name: str
    id: int | None


def came_in(staff: Staff, how: str, kind: Kind = Kind.LOG_IN) -> None:
    """Note that a person was let in: ``how`` is what they showed."""
    trail.note(kind, f"Log-in of {staff.name}", staff, after=f"{how}; {_place()}")


def refused(staff: Staff | None, why: str) -> None:
    """Note that a log-in was refused, once an hour for one reason, person and network.

    The address that was typed is not kept: it may be a customer's.
    """
    whose = f"Log-in of {staff.name}" if staff else "Log-in with an unknown address"
    by = Unproven("Someone", staff.id if staff else None)
    trail.note_hourly(
        Kind.REFUSED, whose, by, after=f"{why}; {_place()}", but_for=f"{why} {client_network()}"
    )


def left(by: Somebody, what: str) -> None:
    """Note that a person ended their log-in, or more of them."""
    trail.note(Kind.LOG_OUT, f"Log-in of {by.name}", by, after=what)


def _place() -> str:
    return f"{browsers.this_browser()}, from {client_network() or 'an unknown network'}"
